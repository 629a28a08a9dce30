use super::*;

/// A list on a server: row `n` of version `v` is `v * 1_000_000 + n`.
struct Server {
    rows: usize,
    version: usize,
    gives_total: bool,
    cap: usize,
}

impl Server {
    fn with(rows: usize) -> Server {
        Server { rows, version: 0, gives_total: true, cap: usize::MAX }
    }

    fn answer(&self, asked: PageRequest) -> (Vec<usize>, Option<usize>, bool) {
        let end = (asked.offset + asked.limit.min(self.cap)).min(self.rows);
        let rows = (asked.offset..end).map(|row| self.version * 1_000_000 + row).collect();
        (rows, self.gives_total.then_some(self.rows), end < self.rows)
    }

    /// Answers everything until nothing more is asked; gives how many requests that took.
    fn settle(&self, cache: &mut WindowCache<usize>, in_sight: Range<usize>) -> usize {
        let mut requests = 0;
        loop {
            let asked = cache.plan(in_sight.clone()).ask;
            if asked.is_empty() {
                return requests;
            }
            for request in asked {
                let (rows, total, has_more) = self.answer(request);
                assert!(cache.accept(request, rows, total, has_more), "{request:?}");
                requests += 1;
            }
        }
    }
}

fn offsets(requests: &[PageRequest]) -> Vec<usize> {
    requests.iter().map(|request| request.offset).collect()
}

#[test]
fn the_first_page_is_shown_without_the_rest() {
    let mut cache = WindowCache::new(100, 20);
    let plan = cache.plan(0..40);
    assert_eq!(offsets(&plan.ask), [0], "until the total is known, one page is enough to ask for");
    assert_eq!(cache.state(0), RowState::Loading);
    assert!(cache.plan(0..40).ask.is_empty(), "what is under way is not asked for again");
    let (rows, total, has_more) = Server::with(1_000_000).answer(plan.ask[0]);
    assert!(cache.accept(plan.ask[0], rows, total, has_more));
    assert_eq!((cache.count(), cache.row(99)), (RowCount::Exactly(1_000_000), Some(&99)));
    assert_eq!(cache.state(100), RowState::Loading);
}

#[test]
fn pages_in_sight_come_first_and_those_passed_by_are_abandoned() {
    let mut cache = WindowCache::new(100, 20);
    Server::with(1_000_000).settle(&mut cache, 0..40);
    let first = cache.plan(500_080..500_120);
    assert_eq!(offsets(&first.ask), [500_000, 500_100]);
    let second = cache.plan(900_020..900_060);
    assert_eq!(offsets(&second.abandon), [500_000, 500_100]);
    assert_eq!(offsets(&second.ask), [900_000, 899_900, 900_100]);
    let (rows, total, has_more) = Server::with(1_000_000).answer(first.ask[0]);
    assert!(cache.accept(first.ask[0], rows, total, has_more), "an abandoned answer is still good");
    assert_eq!(cache.row(500_050), Some(&500_050));
}

#[test]
fn an_answer_to_an_older_question_changes_nothing() {
    let mut cache = WindowCache::new(100, 20);
    let old = cache.plan(0..40).ask[0];
    cache.restart();
    let new = cache.plan(0..40).ask[0];
    let server = Server::with(50);
    let (rows, total, has_more) = server.answer(old);
    assert!(!cache.accept(old, rows.clone(), total, has_more));
    assert!(!cache.fail(old, "late"));
    assert_eq!((cache.count(), cache.state(0)), (RowCount::Unknown, RowState::Loading));
    assert!(cache.accept(new, rows.clone(), total, has_more));
    assert!(!cache.accept(new, rows, total, has_more), "a repeated answer neither");
    assert_eq!(cache.loaded().count(), 50);
}

#[test]
fn a_refresh_keeps_rows_in_sight_until_their_successors_arrive() {
    let mut cache = WindowCache::new(10, 20);
    let mut server = Server::with(1_000);
    server.settle(&mut cache, 0..30);
    server.settle(&mut cache, 300..330);
    server.version = 1;
    cache.refresh();
    assert_eq!((cache.row(305), cache.row(5)), (Some(&305), None));
    assert_eq!(cache.state(305), RowState::Loaded);
    server.settle(&mut cache, 300..330);
    assert_eq!(cache.row(305), Some(&1_000_305));
}

#[test]
fn a_failed_page_says_so_and_is_asked_again_only_on_request() {
    let mut cache = WindowCache::new(10, 20);
    let server = Server::with(1_000);
    server.settle(&mut cache, 0..5);
    let plan = cache.plan(100..110);
    for request in &plan.ask {
        assert!(cache.fail(*request, "503"));
    }
    assert_eq!((cache.state(105), cache.failure(105)), (RowState::Failed, Some("503")));
    assert_eq!(cache.state(5), RowState::Loaded);
    assert!(cache.plan(100..110).ask.is_empty());
    cache.retry();
    assert_eq!(cache.state(105), RowState::Loading);
    assert_eq!(server.settle(&mut cache, 100..110), plan.ask.len());
    assert_eq!(cache.row(105), Some(&105));
}

#[test]
fn memory_is_bounded_and_the_farthest_pages_go_first() {
    let mut cache = WindowCache::new(100, 10);
    let server = Server::with(1_000_000);
    for start in (0..100_000).step_by(70) {
        server.settle(&mut cache, start..start + 40);
        assert!(cache.pages.len() <= 10);
        assert!((start..start + 40).all(|row| cache.row(row) == Some(&row)));
    }
    assert_eq!(cache.row(0), None);
    server.settle(&mut cache, 0..3_000);
    assert_eq!(cache.loaded().filter(|(row, _)| *row < 3_000).count(), 3_000, "all in sight stay");
}

#[test]
fn a_list_without_a_total_grows_to_its_end() {
    let mut cache = WindowCache::new(100, 50);
    let server = Server { gives_total: false, ..Server::with(250) };
    server.settle(&mut cache, 0..10);
    assert_eq!(cache.count(), RowCount::AtLeast(100));
    server.settle(&mut cache, 80..130);
    assert_eq!(cache.count(), RowCount::AtLeast(200));
    server.settle(&mut cache, 180..230);
    assert_eq!(cache.count(), RowCount::Exactly(250));
    assert!(cache.loaded().map(|(row, _)| row).eq(0..250));
}

#[test]
fn a_server_that_gives_less_than_asked_is_asked_for_the_rest() {
    let mut cache = WindowCache::new(100, 50);
    let server = Server { cap: 30, ..Server::with(180) };
    server.settle(&mut cache, 0..180);
    assert!(cache.loaded().map(|(row, value)| (row, *value)).eq((0..180).map(|row| (row, row))));
}

#[test]
fn the_total_may_shrink_and_an_empty_list_is_an_answer() {
    let mut cache = WindowCache::new(100, 50);
    Server::with(1_000).settle(&mut cache, 0..40);
    Server::with(1_000).settle(&mut cache, 900..940);
    cache.refresh();
    Server::with(320).settle(&mut cache, 280..320);
    assert_eq!(cache.count(), RowCount::Exactly(320));
    assert_eq!(cache.row(950), None);
    let mut none = WindowCache::new(100, 50);
    Server::with(0).settle(&mut none, 0..40);
    assert_eq!(none.count(), RowCount::Exactly(0));
    none.refresh();
    Server::with(7).settle(&mut none, 0..40);
    assert_eq!(none.count(), RowCount::Exactly(7));
}

#[test]
fn nothing_is_asked_beyond_the_end() {
    let mut cache = WindowCache::new(100, 50);
    let server = Server::with(100);
    assert_eq!(server.settle(&mut cache, 0..400), 1);
}

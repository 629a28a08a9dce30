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
    assert!(cache.has_failed());
    assert_eq!((cache.state(105), cache.failure(105)), (RowState::Failed, Some("503")));
    assert_eq!(cache.state(5), RowState::Loaded);
    assert!(cache.plan(100..110).ask.is_empty());
    cache.retry();
    assert!(!cache.has_failed());
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
    assert_eq!(Server::with(50).settle(&mut WindowCache::new(100, 50), 0..400), 1);
}

#[test]
fn an_answer_to_what_was_asked_before_a_refresh_changes_nothing() {
    let mut cache = WindowCache::new(10, 20);
    let server = Server::with(1_000);
    server.settle(&mut cache, 0..5);
    let (before, asked) = (cache.generation(), cache.plan(100..110).ask[0]);
    cache.refresh();
    assert_eq!(cache.generation(), before + 1);
    let (rows, total, has_more) = server.answer(asked);
    assert!(!cache.accept(asked, rows, total, has_more));
    cache.restart();
    assert_eq!(cache.generation(), before + 2);
}

#[test]
fn what_is_under_way_is_told() {
    let mut cache = WindowCache::new(10, 20);
    let server = Server::with(1_000);
    assert!(!cache.is_fetching());
    let first = cache.plan(0..5).ask[0];
    assert!(cache.is_fetching());
    let (rows, total, has_more) = server.answer(first);
    cache.accept(first, rows, total, has_more);
    assert!(!cache.is_fetching());
    for asked in cache.plan(100..110).ask {
        assert!(cache.is_fetching());
        cache.fail(asked, "503");
    }
    assert!(!cache.is_fetching());
}

#[test]
fn a_row_is_changed_in_its_place() {
    let mut cache = WindowCache::new(10, 20);
    Server::with(1_000).settle(&mut cache, 20..40);
    *cache.row_mut(25).unwrap() = 7;
    assert_eq!((cache.row(24), cache.row(25), cache.row(26)), (Some(&24), Some(&7), Some(&26)));
    assert_eq!(cache.row_mut(500), None);
}

#[test]
fn a_few_pages_are_asked_for_at_a_time_from_the_middle_outwards() {
    let mut cache = WindowCache::new(10, 20);
    let server = Server::with(1_000);
    let first = cache.plan(0..5).ask[0];
    let (rows, total, has_more) = server.answer(first);
    cache.accept(first, rows, total, has_more);
    let asked = cache.plan(100..200).ask;
    assert_eq!(offsets(&asked), [140, 150, 130, 160]);
    assert!(cache.plan(100..200).ask.is_empty());
    let (rows, total, has_more) = server.answer(asked[1]);
    cache.accept(asked[1], rows, total, has_more);
    assert_eq!(offsets(&cache.plan(100..200).ask), [120]);
}

/// Where the pages that are here begin.
fn here(cache: &WindowCache<usize>) -> Vec<usize> {
    cache.loaded().map(|(row, _)| row).filter(|row| row % 10 == 0).collect()
}

#[test]
fn pages_far_from_the_rows_in_sight_go_on_either_side() {
    let server = Server::with(1_000);
    let mut cache = WindowCache::new(10, 3);
    server.settle(&mut cache, 0..5);
    server.settle(&mut cache, 100..110);
    server.settle(&mut cache, 120..130);
    assert_eq!(here(&cache), [110, 120, 130]);
    server.settle(&mut cache, 100..110);
    assert_eq!(here(&cache), [90, 100, 110]);
    // As far on one side as on the other: the later one goes.
    let mut cache = WindowCache::new(10, 5);
    server.settle(&mut cache, 0..5);
    server.settle(&mut cache, 81..84);
    server.settle(&mut cache, 126..129);
    server.settle(&mut cache, 101..104);
    assert_eq!(here(&cache), [70, 80, 90, 100, 120]);
}

#[test]
fn the_rows_in_sight_and_a_page_on_either_side_stay_however_few_may_be_kept() {
    let mut cache = WindowCache::new(10, 1);
    let server = Server::with(1_000);
    server.settle(&mut cache, 0..5);
    for asked in cache.plan(100..110).ask {
        let (rows, total, has_more) = server.answer(asked);
        cache.accept(asked, rows, total, has_more);
    }
    assert!(cache.plan(100..110).ask.is_empty());
    assert_eq!(here(&cache), [90, 100, 110]);
}

#[test]
fn part_of_a_page_replaces_only_its_own_rows() {
    let mut cache = WindowCache::new(100, 50);
    let mut server = Server { cap: 30, ..Server::with(180) };
    server.settle(&mut cache, 0..50);
    server.version = 1;
    cache.refresh();
    let asked = cache.plan(0..50).ask[0];
    let (rows, total, has_more) = server.answer(asked);
    assert!(cache.accept(asked, rows.clone(), total, has_more));
    assert_eq!((cache.row(20), cache.row(30), cache.row(99)), (Some(&1_000_020), Some(&30), Some(&99)));
    assert!(!cache.accept(asked, rows, total, has_more), "a repeated answer changes nothing");
}

#[test]
fn pages_behind_a_new_end_go_at_once() {
    let mut cache = WindowCache::new(10, 20);
    Server::with(1_000).settle(&mut cache, 0..60);
    cache.refresh();
    let asked = cache.plan(0..60).ask;
    let first = *asked.iter().find(|asked| asked.offset == 20).unwrap();
    let (rows, total, has_more) = Server::with(30).answer(first);
    assert!(cache.accept(first, rows, total, has_more));
    assert_eq!((cache.count(), cache.row(29), cache.row(30)), (RowCount::Exactly(30), Some(&29), None));
}

#[test]
fn an_empty_answer_is_the_end_whatever_it_says_of_more() {
    let mut cache: WindowCache<usize> = WindowCache::new(10, 20);
    let first = cache.plan(0..5).ask[0];
    assert!(cache.accept(first, Vec::new(), None, true));
    assert_eq!(cache.count(), RowCount::Exactly(0));
    assert!(cache.plan(0..5).ask.is_empty());
}

#[test]
fn a_total_counts_only_beyond_what_came() {
    let after = |second_total, total, has_more| {
        let mut cache = WindowCache::new(10, 20);
        let first = cache.plan(0..5).ask[0];
        cache.accept(first, (0..10).collect(), total, true);
        let count = cache.count();
        let asked = PageRequest { offset: 10, ..first };
        cache.accept(asked, (10..20).collect(), second_total, has_more);
        (count, cache.count())
    };
    use RowCount::{AtLeast, Exactly};
    assert_eq!(after(None, Some(10), true), (AtLeast(10), AtLeast(20)));
    assert_eq!(after(Some(20), Some(5), true), (AtLeast(10), AtLeast(20)));
    // What an earlier answer counted stands until it is outgrown.
    assert_eq!(after(None, Some(50), true), (Exactly(50), Exactly(50)));
    assert_eq!(after(None, Some(20), true), (Exactly(20), AtLeast(20)));
    assert_eq!(after(None, Some(15), true), (Exactly(15), AtLeast(20)));
    assert_eq!(after(None, Some(50), false), (Exactly(50), Exactly(20)));
}

#[test]
fn behind_the_last_row_of_a_short_page_nothing_is_loaded() {
    let mut cache = WindowCache::new(100, 50);
    Server::with(50).settle(&mut cache, 0..40);
    assert_eq!((cache.state(49), cache.state(50)), (RowState::Loaded, RowState::Loading));
}

#[test]
fn where_the_end_is_not_known_one_page_beyond_is_asked_for() {
    let mut cache = WindowCache::new(10, 20);
    let first = cache.plan(0..5).ask[0];
    cache.accept(first, (0..10).collect(), None, true);
    assert_eq!(offsets(&cache.plan(0..100).ask), [10]);
}

#[test]
fn a_list_without_a_total_goes_on_to_a_row_that_was_met_elsewhere() {
    let server = Server { gives_total: false, ..Server::with(1_000) };
    let mut cache = WindowCache::new(100, 50);
    server.settle(&mut cache, 0..20);
    cache.reach(730);
    assert_eq!(cache.count(), RowCount::AtLeast(730));
    server.settle(&mut cache, 725..745);
    assert_eq!(cache.row(730), Some(&730));
    cache.reach(10);
    assert!(cache.count().known() >= 730, "{:?}", cache.count());
    // A total that the server gave is believed.
    let mut counted = WindowCache::new(100, 50);
    Server::with(1_000).settle(&mut counted, 0..20);
    counted.reach(2_000);
    assert_eq!(counted.count(), RowCount::Exactly(1_000));
}

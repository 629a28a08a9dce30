use std::ops::Range;

/// The tallest element that is asked of a browser, in pixels. Browsers stop between 17 and 33 million
/// pixels of the screen, which on a fine screen or a zoomed page are fewer of these: a browser that says
/// so gets [`Viewport::limit_to`]. A list that is taller scrolls through a shorter element.
pub const ELEMENT_HEIGHT_LIMIT: i64 = 15_000_000;

/// At either end of a list that is taller than its element, scrolling is pixel for pixel over so
/// many pixels; the middle is stretched. So both ends are reached exactly, whatever the wheel.
const EXACT_END: i64 = 500_000;

/// The part of a list that is in sight.
///
/// Two positions are kept. `top` counts in the list: row `n` begins at `n * row_height`.
/// `scroll_top` is the browser's and counts in the element. They are the same until the list is
/// taller than the element may be; then a long move is mapped by its fraction, a short one (wheel,
/// trackpad, arrow) goes pixel for pixel, and [`Viewport::settle`] brings the scrollbar's thumb
/// back in line once the movement is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewport {
    row_height: i64,
    rows: usize,
    /// Height of the part of the body that is in sight, without the header.
    height: i64,
    top: i64,
    scroll_top: i64,
    limit: i64,
    overscan: usize,
}

impl Viewport {
    /// An empty list in a body of no height.
    pub fn new(row_height: u32, overscan: usize) -> Viewport {
        Viewport {
            row_height: i64::from(row_height.max(1)),
            rows: 0,
            height: 0,
            top: 0,
            scroll_top: 0,
            limit: ELEMENT_HEIGHT_LIMIT,
            overscan,
        }
    }

    /// With another limit of the element's height, for browsers that stop earlier and for tests.
    #[must_use]
    pub fn with_limit(mut self, limit: i64) -> Viewport {
        self.limit = limit;
        self
    }

    /// The browser lays out no taller element than this, which may change with the zoom. The row at the
    /// top stays there as far as it can.
    pub fn limit_to(&mut self, limit: i64) {
        let limit = limit.clamp(self.row_height, ELEMENT_HEIGHT_LIMIT);
        if limit != self.limit {
            self.limit = limit;
            self.go_to(self.top);
        }
    }

    pub fn row_height(&self) -> i64 {
        self.row_height
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn height(&self) -> i64 {
        self.height
    }

    /// Pixels of the list above the part in sight.
    pub fn top(&self) -> i64 {
        self.top
    }

    /// What the element's `scrollTop` should be.
    pub fn scroll_top(&self) -> i64 {
        self.scroll_top
    }

    pub fn list_height(&self) -> i64 {
        i64::try_from(self.rows).unwrap_or(i64::MAX).saturating_mul(self.row_height)
    }

    /// The height to give the element that scrolls.
    pub fn element_height(&self) -> i64 {
        self.list_height().min(self.limit)
    }

    pub fn max_scroll_top(&self) -> i64 {
        (self.element_height() - self.height).max(0)
    }

    fn max_top(&self) -> i64 {
        (self.list_height() - self.height).max(0)
    }

    fn exact_end(&self) -> i64 {
        EXACT_END.min(self.max_scroll_top() / 4)
    }

    /// Where in the list a scroll position lies.
    fn top_of(&self, scroll_top: i64) -> i64 {
        let scroll_top = scroll_top.clamp(0, self.max_scroll_top());
        let (end, inner, outer) = self.stretch();
        if scroll_top <= end {
            scroll_top
        } else if scroll_top >= self.max_scroll_top() - end {
            self.max_top() - (self.max_scroll_top() - scroll_top)
        } else {
            end + scaled(scroll_top - end, outer, inner)
        }
    }

    /// The scroll position for a place in the list.
    fn scroll_top_of(&self, top: i64) -> i64 {
        let (end, inner, outer) = self.stretch();
        if top <= end {
            top
        } else if top >= self.max_top() - end {
            self.max_scroll_top() - (self.max_top() - top)
        } else {
            end + scaled(top - end, inner, outer)
        }
    }

    /// The exact ends' length, then the length of the middle in the element and in the list. Where the list is
    /// no taller than its element they are the same, and so are the two positions.
    fn stretch(&self) -> (i64, i64, i64) {
        let end = self.exact_end();
        (end, (self.max_scroll_top() - 2 * end).max(1), (self.max_top() - 2 * end).max(1))
    }

    /// The list or its body changed size. The row at the top stays there as far as it can. Gives
    /// true when the element must be given a new height or scroll position.
    pub fn resize(&mut self, rows: usize, row_height: u32, height: i64) -> bool {
        let row_height = i64::from(row_height.max(1));
        let height = height.max(0);
        if (rows, row_height, height) == (self.rows, self.row_height, self.height) {
            return false;
        }
        let first = self.top / self.row_height;
        let within = (self.top % self.row_height) * row_height / self.row_height;
        self.rows = rows;
        self.row_height = row_height;
        self.height = height;
        self.go_to(first.saturating_mul(row_height) + within);
        true
    }

    /// The browser scrolled the element.
    pub fn scrolled(&mut self, scroll_top: i64) {
        let scroll_top = scroll_top.clamp(0, self.max_scroll_top());
        let moved = scroll_top - self.scroll_top;
        if moved == 0 {
            return;
        }
        let at_an_end = scroll_top == 0 || scroll_top == self.max_scroll_top();
        let short = moved.abs() <= 2 * self.height;
        self.top = if short && !at_an_end {
            (self.top + moved).clamp(0, self.max_top())
        } else {
            self.top_of(scroll_top)
        };
        self.scroll_top = scroll_top;
    }

    /// Scrolling has come to rest: gives the scroll position that shows the same rows and puts
    /// the thumb where it belongs, if that is another one.
    pub fn settle(&mut self) -> Option<i64> {
        let settled = self.scroll_top_of(self.top);
        (settled != self.scroll_top).then(|| {
            self.scroll_top = settled;
            settled
        })
    }

    fn go_to(&mut self, top: i64) {
        self.top = top.clamp(0, self.max_top());
        self.scroll_top = self.scroll_top_of(self.top);
    }

    /// Puts a row at the top, as far as the list allows.
    pub fn show_at_top(&mut self, row: usize) {
        self.go_to(self.row_top(row));
    }

    /// Scrolls as little as needed for the whole row to be in sight. True when it did scroll.
    pub fn reveal(&mut self, row: usize) -> bool {
        let start = self.row_top(row);
        let end = start + self.row_height;
        let before = self.top;
        // Into a body without room, such as one that is hidden, it comes at the top.
        if start < self.top || self.height < self.row_height {
            self.go_to(start);
        } else if end > self.top + self.height {
            self.go_to(end - self.height);
        }
        self.top != before
    }

    /// Whether all of the row is in sight.
    pub fn shows(&self, row: usize) -> bool {
        let start = self.row_top(row);
        row < self.rows && start >= self.top && start + self.row_height <= self.top + self.height
    }

    /// Pixels from the list's start to the row's.
    pub fn row_top(&self, row: usize) -> i64 {
        i64::try_from(row).unwrap_or(i64::MAX).saturating_mul(self.row_height)
    }

    /// Pixels from the element's start to where the list's position 0 has to be drawn for the
    /// rows in sight to stand in their places: 0 unless the list is taller than its element.
    pub fn drift(&self) -> i64 {
        self.scroll_top - self.top
    }

    /// Rows of which at least a pixel is in sight.
    pub fn visible(&self) -> Range<usize> {
        let row = |pixels: i64| usize::try_from(pixels / self.row_height).unwrap_or(0);
        let first = row(self.top).min(self.rows);
        let end = row(self.top + self.height + self.row_height - 1).min(self.rows);
        first..end.max(first)
    }

    /// The rows to keep painted: those in sight and some on either side, so that a short scroll
    /// finds them there. Always [`Viewport::pool_len`] rows, so every element of the pool is used.
    pub fn painted(&self) -> Range<usize> {
        let pool = self.pool_len();
        let first = self.visible().start.saturating_sub(self.overscan);
        let end = first.saturating_add(pool).min(self.rows);
        end - pool..end
    }

    /// How many row elements show any place of the list in a body of this height.
    pub fn pool_len(&self) -> usize {
        let in_sight = usize::try_from(self.height / self.row_height).unwrap_or(0) + 2;
        (in_sight + 2 * self.overscan).min(self.rows)
    }

    /// Rows that Page Up and Page Down go: the whole rows in sight less one, which stays as the
    /// thread.
    pub fn page_step(&self) -> usize {
        usize::try_from(self.height / self.row_height - 1).unwrap_or(0).max(1)
    }
}

/// `value * numerator / denominator` without losing the high half.
fn scaled(value: i64, numerator: i64, denominator: i64) -> i64 {
    let exact = i128::from(value) * i128::from(numerator) / i128::from(denominator);
    i64::try_from(exact).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewport(rows: usize) -> Viewport {
        let mut viewport = Viewport::new(28, 6);
        viewport.resize(rows, 28, 840);
        viewport
    }

    #[test]
    fn a_short_list_scrolls_pixel_for_pixel() {
        let mut v = viewport(10_000);
        assert_eq!(v.element_height(), 280_000);
        assert_eq!((v.visible(), v.painted()), (0..30, 0..44));
        v.scrolled(2_810);
        assert_eq!((v.top(), v.visible(), v.painted()), (2_810, 100..131, 94..138));
        assert_eq!((v.drift(), v.settle()), (0, None));
        v.scrolled(999_999);
        assert_eq!((v.visible(), v.painted()), (9_970..10_000, 9_956..10_000));
    }

    #[test]
    fn a_million_rows_reach_both_ends_through_a_shorter_element() {
        let mut v = viewport(1_000_000);
        assert_eq!(v.element_height(), ELEMENT_HEIGHT_LIMIT);
        v.scrolled(v.max_scroll_top());
        assert_eq!(v.visible(), 999_970..1_000_000);
        assert_eq!(v.drift(), ELEMENT_HEIGHT_LIMIT - 28_000_000);
        v.scrolled(v.max_scroll_top() / 2);
        assert!(v.visible().contains(&500_000), "{:?}", v.visible());
        v.scrolled(0);
        assert_eq!(v.visible(), 0..30);
    }

    #[test]
    fn both_ends_are_reached_whatever_the_browser_lays_out() {
        for (rows, limit) in
            [(500_000, 11_184_810), (500_000, 5_000_000), (1_000_000, 17_895_697), (40_000, 100_000)]
        {
            let mut v = viewport(rows);
            v.limit_to(limit);
            assert!(v.element_height() <= limit, "{rows} {limit}");
            v.reveal(rows - 1);
            assert_eq!((v.visible().end, v.scroll_top()), (rows, v.max_scroll_top()), "{rows} {limit}");
            v.scrolled(0);
            assert_eq!(v.visible().start, 0);
            // Zoomed while in the middle: the same rows are in sight.
            v.reveal(rows / 2);
            let first = v.visible().start;
            v.limit_to(limit / 2);
            assert_eq!(v.visible().start, first, "{rows} {limit}");
            assert!(v.scroll_top() <= v.max_scroll_top());
        }
        let mut small = viewport(10);
        small.limit_to(0);
        assert_eq!(small.visible(), 0..10);
    }

    #[test]
    fn the_mapping_is_monotone_and_its_inverse_brings_back_the_thumb() {
        let v = viewport(5_000_000);
        let mut last = -1;
        for step in 0..=1_000 {
            let scroll_top = v.max_scroll_top() * step / 1_000;
            let top = v.top_of(scroll_top);
            assert!(top > last, "{scroll_top}");
            assert!((v.scroll_top_of(top) - scroll_top).abs() <= 1, "{scroll_top}");
            last = top;
        }
    }

    #[test]
    fn the_wheel_goes_pixel_for_pixel_in_a_stretched_list() {
        let mut v = viewport(5_000_000);
        v.scrolled(7_000_000);
        let before = v.top();
        for turn in 1..=5 {
            v.scrolled(7_000_000 + turn * 100);
        }
        assert_eq!(v.top(), before + 500);
        let shown = v.visible();
        assert!(v.settle().is_some());
        assert_eq!((v.visible(), v.settle()), (shown, None));
    }

    #[test]
    fn every_row_of_a_stretched_list_can_be_revealed_exactly() {
        let mut v = viewport(2_000_000);
        for row in [0, 1, 999_999, 1_000_000, 1_234_567, 1_999_999, 5, 700_000] {
            v.reveal(row);
            let top = v.row_top(row);
            assert!(top >= v.top() && top + 28 <= v.top() + 840, "{row}");
            assert!(v.scroll_top() <= v.max_scroll_top());
        }
        v.reveal(500);
        assert!(!v.reveal(500));
    }

    #[test]
    fn the_first_row_in_sight_stays_when_rows_arrive_or_change_height() {
        let mut v = viewport(1_000);
        v.scrolled(2_800);
        assert!(v.resize(5_000, 28, 840));
        assert_eq!(v.visible().start, 100);
        assert!(v.resize(5_000, 36, 840));
        assert_eq!(v.visible().start, 100);
        assert!(!v.resize(5_000, 36, 840));
        assert!(v.resize(10, 36, 840));
        assert_eq!((v.top(), v.visible()), (0, 0..10));
    }

    #[test]
    fn the_pool_holds_whatever_is_painted() {
        let mut v = viewport(100_000);
        for top in 0..3_000 {
            v.scrolled(top);
            let (painted, visible) = (v.painted(), v.visible());
            assert!(painted.start <= visible.start && visible.end <= painted.end);
            assert_eq!(painted.len(), v.pool_len());
        }
        assert_eq!(viewport(3).pool_len(), 3);
        assert_eq!(viewport(0).painted(), 0..0);
        assert_eq!(viewport(100).page_step(), 29);
    }

    #[test]
    fn a_viewport_tells_its_measures() {
        let v = viewport(100);
        assert_eq!((v.row_height(), v.rows(), v.height(), v.list_height()), (28, 100, 840, 2_800));
        assert_eq!((v.row_top(3), v.max_scroll_top()), (84, 1_960));
        assert_eq!((viewport(10).max_scroll_top(), viewport(30).max_scroll_top()), (0, 0));
        let mut low = viewport(100);
        low.resize(100, 28, 20);
        assert_eq!((low.page_step(), low.visible(), low.pool_len()), (1, 0..1, 14));
    }

    #[test]
    fn the_ends_of_a_stretched_list_are_exact_and_its_middle_is_even() {
        let v = viewport(5_000_000);
        let (most, last) = (14_999_160, 139_999_160);
        assert_eq!((v.max_scroll_top(), v.max_top()), (most, last));
        let places = [
            (0, 0),
            (400_000, 400_000),
            (500_000, 500_000),
            // A quarter, a half and three quarters of what lies between the ends.
            (500_000 + 3_499_790, 500_000 + 34_749_790),
            (most / 2, last / 2),
            (most - 500_000 - 3_499_790, last - 500_000 - 34_749_790),
            (most - 500_000, last - 500_000),
            (most - 400_000, last - 400_000),
            (most, last),
        ];
        for (scroll_top, top) in places {
            assert_eq!((v.top_of(scroll_top), v.scroll_top_of(top)), (top, scroll_top));
        }
        // Of a short element each end is a quarter.
        let mut short = viewport(40_000);
        short.limit_to(100_840);
        assert_eq!([25_000, 24_999, 75_000].map(|at| short.top_of(at)), [25_000, 24_999, 1_094_160]);
    }

    #[test]
    fn a_move_of_two_heights_is_a_short_one_and_a_longer_one_is_mapped() {
        let from = 7_000_000;
        let mut v = viewport(5_000_000);
        v.scrolled(from);
        let before = v.top();
        v.scrolled(from + 1_680);
        assert_eq!(v.top(), before + 1_680);
        v.scrolled(from + 1_680 - 1_681);
        assert_eq!(v.top(), v.top_of(from - 1));
    }

    #[test]
    fn the_wheel_reaches_both_ends_of_a_stretched_list() {
        let mut v = viewport(5_000_000);
        for (start, end, top) in [(14_990_000, v.max_scroll_top(), v.max_top()), (10_000, 0, 0)] {
            v.scrolled(7_000_000);
            // As after much wheeling, the thumb is not where the rows in sight are.
            v.scroll_top = start;
            let mut at = start;
            while at != end {
                at = if end > at { end.min(at + 1_000) } else { end.max(at - 1_000) };
                v.scrolled(at);
            }
            assert_eq!((v.top(), v.scroll_top()), (top, end));
        }
    }

    #[test]
    fn a_row_keeps_its_part_in_sight_when_rows_change_height() {
        let mut v = viewport(1_000);
        v.scrolled(2_814);
        v.resize(1_000, 56, 840);
        assert_eq!(v.top(), 5_628);
        v.resize(1_000, 20, 840);
        assert_eq!(v.top(), 2_010);
    }

    #[test]
    fn a_row_is_revealed_with_as_little_scrolling_as_it_takes() {
        let mut v = viewport(1_000);
        assert!(!v.reveal(29));
        assert!(v.reveal(30));
        assert_eq!(v.top(), 28);
        assert!(v.reveal(0));
        assert_eq!(v.top(), 0);
        v.show_at_top(100);
        assert_eq!((v.top(), v.visible()), (2_800, 100..130));
    }

    #[test]
    fn a_row_that_is_revealed_while_the_body_has_no_room_is_in_sight_once_it_has() {
        let mut viewport = viewport(1_000);
        viewport.resize(1_000, 28, 0);
        viewport.reveal(700);
        viewport.resize(1_000, 28, 840);
        assert_eq!(viewport.visible().start, 700);
    }

    #[test]
    fn a_row_in_sight_is_left_where_it_is_and_so_is_the_thumb() {
        let mut v = viewport(5_000_000);
        v.scrolled(7_000_000);
        let rest = 28 - v.top() % 28;
        v.scrolled(7_000_000 + 700 + rest);
        let first = v.visible().start;
        assert_eq!(v.top(), v.row_top(first));
        assert!(!v.reveal(first) && !v.reveal(first + 29));
        assert_eq!(v.scroll_top(), 7_000_700 + rest);
        assert!(v.settle().is_some(), "the thumb was not in its place");
        // So where the body holds this row and no other.
        v.resize(5_000_000, 28, 28);
        v.scrolled(7_000_000);
        let rest = 28 - v.top() % 28;
        v.scrolled(7_000_000 + rest);
        assert!(!v.reveal(v.visible().start));
        assert_eq!(v.scroll_top(), 7_000_000 + rest);
    }

    #[test]
    fn a_row_is_shown_where_all_of_it_is_in_sight() {
        let mut v = viewport(100);
        let shown = |v: &Viewport| (0..100).filter(|row| v.shows(*row)).collect::<Vec<_>>();
        assert_eq!(shown(&v), (0..30).collect::<Vec<_>>());
        v.scrolled(1);
        assert_eq!(shown(&v), (1..30).collect::<Vec<_>>());
        v.scrolled(28);
        assert_eq!(shown(&v), (1..31).collect::<Vec<_>>());
        // Behind the last row there is room, and no row.
        assert_eq!(shown(&viewport(10)), (0..10).collect::<Vec<_>>());
    }
}

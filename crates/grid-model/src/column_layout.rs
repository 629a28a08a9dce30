use crate::Column;
use std::collections::BinaryHeap;

/// No drag makes a column wider than this, in pixels.
pub const MAX_WIDTH: u32 = 1_200;

/// What a person has made of a screen's columns: their order, their widths, which are hidden and
/// which are frozen. It speaks of columns by id, so it can be kept and applied to a later version
/// of the screen: ids it does not know are ignored and columns that it does not mention keep the
/// screen's own place after those it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnLayout {
    /// Ids, first to last; may be partial.
    pub order: Vec<String>,
    pub hidden: Vec<String>,
    /// Overrides of the columns' own frozen flags.
    pub frozen: Vec<(String, bool)>,
    /// Overrides of the columns' own widths, in pixels.
    pub widths: Vec<(String, u32)>,
}

impl ColumnLayout {
    /// The layout that a text says, such as `Status,Unit;Error;Unit,!Number;Status:180`: the order, what is hidden, what
    /// is frozen or not, the widths in pixels. What it says oddly is passed over.
    pub fn read(text: &str) -> Self {
        let mut parts = pieces(text, ';').into_iter().map(|part| pieces(&part, ','));
        let mut ids = || parts.next().unwrap_or_default().into_iter().filter(|id| !id.is_empty());
        let (order, hidden) = (ids().map(plain).collect(), ids().map(plain).collect());
        let frozen = ids().map(|id| match id.strip_prefix('!') {
            Some(id) => (plain(id.to_owned()), false),
            None => (plain(id), true),
        });
        let frozen = frozen.collect();
        let widths = ids().filter_map(|id| {
            let (id, width) = id.rsplit_once(':')?;
            Some((plain(id.to_owned()), width.parse().ok()?))
        });
        Self { order, hidden, frozen, widths: widths.collect() }
    }

    /// The text that [`ColumnLayout::read`] reads; empty for the screen's own columns.
    pub fn text(&self) -> String {
        let frozen = self.frozen.iter().map(|(id, is)| format!("{}{}", if *is { "" } else { "!" }, safe(id)));
        let widths = self.widths.iter().map(|(id, width)| format!("{}:{width}", safe(id)));
        let parts: [Vec<String>; 4] = [
            self.order.iter().map(|id| safe(id)).collect(),
            self.hidden.iter().map(|id| safe(id)).collect(),
            frozen.collect(),
            widths.collect(),
        ];
        let text = parts.map(|ids| ids.join(",")).join(";");
        text.trim_end_matches(';').to_owned()
    }

    /// The columns to show, frozen ones first, each with the width that is wanted for it.
    pub fn apply(&self, columns: &[Column]) -> Vec<Column> {
        let rank =
            |column: &Column| self.order.iter().position(|id| *id == column.id).unwrap_or(self.order.len());
        let shown = columns.iter().enumerate().filter(|(_, column)| !self.hidden.contains(&column.id));
        // A heap, as for the pages of a window: less code for a browser to load than sorting.
        let order: BinaryHeap<(usize, usize)> = shown.map(|(place, column)| (rank(column), place)).collect();
        let order = order.into_sorted_vec().into_iter();
        let mut shown: Vec<Column> = order.filter_map(|(_, place)| columns.get(place).cloned()).collect();
        for column in &mut shown {
            if let Some((_, width)) = self.widths.iter().find(|(id, _)| *id == column.id) {
                column.width = *width;
            }
            column.width = column.width.clamp(column.min_width, MAX_WIDTH.max(column.min_width));
            if let Some((_, frozen)) = self.frozen.iter().find(|(id, _)| *id == column.id) {
                column.frozen = *frozen;
            }
        }
        frozen_first(shown)
    }

    pub fn set_width(&mut self, id: &str, width: u32) {
        set(&mut self.widths, id, width);
    }

    pub fn set_frozen(&mut self, id: &str, frozen: bool) {
        set(&mut self.frozen, id, frozen);
    }

    pub fn set_hidden(&mut self, id: &str, hidden: bool) {
        self.hidden.retain(|other| other != id);
        if hidden {
            self.hidden.push(id.to_owned());
        }
    }

    /// Moves a column to the place before `before`, or to the end. `columns` are the screen's,
    /// from which an order is written down the first time one is needed.
    pub fn move_before(&mut self, columns: &[Column], id: &str, before: Option<&str>) {
        if before == Some(id) || !columns.iter().any(|column| column.id == id) {
            return;
        }
        for column in columns {
            if !self.order.contains(&column.id) {
                self.order.push(column.id.clone());
            }
        }
        self.order.retain(|other| other != id);
        let place = before
            .and_then(|before| self.order.iter().position(|other| other == before))
            .unwrap_or(self.order.len());
        self.order.insert(place, id.to_owned());
    }
}

/// The pieces between marks that have no backslash before them.
fn pieces(text: &str, mark: char) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut is_plain = false;
    for letter in text.chars() {
        match (letter, pieces.last_mut()) {
            (letter, _) if letter == mark && !is_plain => pieces.push(String::new()),
            (letter, Some(piece)) => piece.push(letter),
            (_, None) => (),
        }
        is_plain = letter == '\\' && !is_plain;
    }
    pieces
}

/// An id with a backslash before each letter that means something in the text of a layout.
fn safe(id: &str) -> String {
    let mut safe = String::new();
    for letter in id.chars() {
        if ",;:!\\".contains(letter) {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

fn plain(safe: String) -> String {
    let mut letters = safe.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

fn set<T>(list: &mut Vec<(String, T)>, id: &str, value: T) {
    match list.iter_mut().find(|(other, _)| other == id) {
        Some(entry) => entry.1 = value,
        None => list.push((id.to_owned(), value)),
    }
}

/// The same columns with the frozen ones in front, each group in its own order.
pub fn frozen_first(columns: Vec<Column>) -> Vec<Column> {
    let (mut frozen, rest): (Vec<Column>, Vec<Column>) =
        columns.into_iter().partition(|column| column.frozen);
    frozen.extend(rest);
    frozen
}

/// Each column's left edge in pixels from the row's start.
pub fn left_edges(widths: &[u32]) -> Vec<u32> {
    let mut left = 0_u32;
    widths
        .iter()
        .map(|width| {
            let edge = left;
            left = left.saturating_add(*width);
            edge
        })
        .collect()
}

pub fn total_width(widths: &[u32]) -> u32 {
    widths.iter().fold(0, |sum, width| sum.saturating_add(*width))
}

/// Where to scroll sideways so that a column is in sight, as little as needed and clear of the frozen
/// columns. `width` is that of the part in sight; all in pixels.
pub fn scroll_left_to_show(columns: &[Column], column: usize, scroll_left: u32, width: u32) -> u32 {
    let widths: Vec<u32> = columns.iter().map(|column| column.width).collect();
    let (Some(shown), Some(left)) = (columns.get(column), left_edges(&widths).get(column).copied()) else {
        return scroll_left;
    };
    if shown.frozen {
        return scroll_left;
    }
    let frozen: u32 = columns.iter().filter(|column| column.frozen).map(|column| column.width).sum();
    let right = left.saturating_add(shown.width);
    // The left edge wins where a column is wider than the room there is.
    let at_most = left.saturating_sub(frozen);
    let at_least = right.saturating_sub(width);
    scroll_left.max(at_least).min(at_most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        vec![
            Column::new("number", "Number", 100).frozen(),
            Column::new("status", "Status", 90),
            Column::new("amount", "Amount", 120).min_width(80).numeric(),
            Column::new("currency", "Currency", 60),
        ]
    }

    fn check(change: impl FnOnce(&mut ColumnLayout), shown: &str) {
        let mut layout = ColumnLayout::default();
        change(&mut layout);
        let seen: Vec<String> = layout
            .apply(&columns())
            .iter()
            .map(|c| format!("{}{}:{}", if c.frozen { "*" } else { "" }, c.id, c.width))
            .collect();
        assert_eq!(seen.join(" "), shown);
    }

    #[test]
    fn a_layout_orders_hides_freezes_and_sizes() {
        check(|_| (), "*number:100 status:90 amount:120 currency:60");
        check(|l| l.set_hidden("status", true), "*number:100 amount:120 currency:60");
        check(|l| l.set_frozen("amount", true), "*number:100 *amount:120 status:90 currency:60");
        check(|l| l.set_frozen("number", false), "number:100 status:90 amount:120 currency:60");
        check(
            |l| l.move_before(&columns(), "currency", Some("status")),
            "*number:100 currency:60 status:90 amount:120",
        );
        check(|l| l.move_before(&columns(), "status", None), "*number:100 amount:120 currency:60 status:90");
        check(
            |l| {
                for id in ["status", "currency", "status"] {
                    l.set_hidden(id, true);
                }
                l.set_hidden("currency", false);
            },
            "*number:100 amount:120 currency:60",
        );
        check(
            |l| {
                l.set_width("status", 100);
                l.set_width("amount", 200);
                l.set_width("status", 110);
            },
            "*number:100 status:110 amount:200 currency:60",
        );
    }

    #[test]
    fn a_column_is_moved_before_another_one_of_the_screen() {
        let all = columns();
        let moved = |id: &str, before: Option<&str>| {
            let mut layout = ColumnLayout::default();
            layout.move_before(&all, id, before);
            layout.order.join(" ")
        };
        assert_eq!(moved("currency", Some("amount")), "number status currency amount");
        assert_eq!(moved("number", Some("currency")), "status amount number currency");
        assert_eq!(moved("status", Some("gone")), "number amount currency status");
        // Before itself it stands already, and a column that the screen has not is not moved.
        assert_eq!(moved("status", Some("status")), "");
        assert_eq!(moved("gone", Some("status")), "");
    }

    #[test]
    fn a_layout_is_its_text() {
        let odd = ["", "a,b", ";", "!x", "\\", "\\,", "x:1", "Zürich", "!", ":"];
        for one in odd {
            for other in odd {
                let mut layout = ColumnLayout::default();
                for id in [one, other].into_iter().filter(|id| !id.is_empty()) {
                    layout.order.push(id.to_owned());
                    layout.set_hidden(id, true);
                    layout.set_frozen(id, id.len() > 1);
                    layout.set_width(id, 120);
                }
                assert_eq!(ColumnLayout::read(&layout.text()), layout, "{}", layout.text());
                let only_wide = ColumnLayout { widths: layout.widths.clone(), ..ColumnLayout::default() };
                assert_eq!(ColumnLayout::read(&only_wide.text()), only_wide);
            }
        }
        assert_eq!(ColumnLayout::default().text(), "");
        let read = ColumnLayout::read("a,,b;c;d,!e;a:90,b:x,c,:5:7;more");
        assert_eq!(read.text(), "a,b;c;d,!e;a:90,\\:5:7");
    }

    #[test]
    fn widths_stay_within_what_can_be_used() {
        check(|l| l.set_width("amount", 10), "*number:100 status:90 amount:80 currency:60");
        check(|l| l.set_width("amount", 9_999), "*number:100 status:90 amount:1200 currency:60");
    }

    #[test]
    fn a_kept_layout_survives_columns_that_came_and_went() {
        check(
            |l| l.order = vec!["gone".into(), "amount".into()],
            "*number:100 amount:120 status:90 currency:60",
        );
    }

    #[test]
    fn a_column_is_brought_into_sight_clear_of_the_frozen_ones() {
        let columns = columns();
        let show = |column, from| scroll_left_to_show(&columns, column, from, 220);
        assert_eq!(show(1, 0), 0);
        assert_eq!(show(2, 0), 90, "its right edge at the body's");
        assert_eq!(show(1, 150), 0, "not beneath the frozen first column");
        assert_eq!(show(0, 150), 150);
        assert_eq!(show(9, 150), 150);
    }

    #[test]
    fn edges_add_up() {
        assert_eq!(left_edges(&[10, 20, 30]), [0, 10, 30]);
        assert_eq!(total_width(&[10, 20, 30]), 60);
    }
}

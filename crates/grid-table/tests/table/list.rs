//! A short list of names, currencies and amounts.

use grid_table::{ColumnKind, Edit, Filter, Question, Table, Test, Value, View};

pub(crate) const NAME: usize = 0;
pub(crate) const CURRENCY: usize = 1;
pub(crate) const AMOUNT: usize = 2;

pub(crate) struct List {
    pub(crate) table: Table,
    pub(crate) view: View,
}

pub(crate) fn list(rows: &[(i64, &str, &str, &str)]) -> List {
    let columns = [ColumnKind::Text, ColumnKind::Text, ColumnKind::Amount { unit: CURRENCY }];
    let mut list = List { table: Table::new(&columns), view: View::new() };
    list.view.add_up(AMOUNT);
    list.view.finish(&mut list.table);
    rows.iter().for_each(|row| list.put(1, *row));
    list.view.finish(&mut list.table);
    list
}

pub(crate) fn amount(text: &str) -> Value<'_> {
    text.parse().map_or(Value::Blank, Value::Decimal)
}

impl List {
    pub(crate) fn put(&mut self, version: i64, (key, name, currency, sum): (i64, &str, &str, &str)) {
        let values = [Value::Text(name), Value::Text(currency), amount(sum)];
        self.edit(&[Edit::Put { key, version, values: &values }]);
    }

    pub(crate) fn edit(&mut self, edits: &[Edit<'_>]) {
        self.view.edit(&mut self.table, edits).expect("values of their columns' kinds");
    }

    pub(crate) fn ask(&mut self, question: Question) -> Vec<i64> {
        self.view.ask(question);
        self.view.finish(&mut self.table);
        self.keys()
    }

    pub(crate) fn filter(&mut self, column: usize, test: Test) -> Vec<i64> {
        self.ask(Question { filters: vec![Filter { column, test }], ..Question::default() })
    }

    pub(crate) fn keys(&self) -> Vec<i64> {
        self.view.rows().iter().map(|row| self.table.key(*row)).collect()
    }

    pub(crate) fn totals(&self) -> Vec<String> {
        let totals = self.view.totals(AMOUNT).expect("sums that are worked out");
        let unread = |unread| if unread == 0 { String::new() } else { format!(", {unread} unread") };
        let lines = totals.lines(&self.table);
        lines
            .iter()
            .map(|line| format!("{} {}{}", line.unit, line.sum.text(2), unread(line.unread)))
            .collect()
    }
}

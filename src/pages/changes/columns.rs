//! The columns of the list of changes, and what it is asked.

use super::Shown;
use crate::features::list::{ColumnSet, ListColumns, ListQuery};
use crate::routes::AddressQuery;
use rest_contract::{Access, Field, Kind, Schema};

/// What a change shows. A record is known by its title, and no text of a change tells it from another.
static SHOWN: Schema = Schema {
    resource: "",
    key: "",
    fields: &[
        shown("at", Kind::DateTime, "When"),
        shown("detail", Kind::Text, "Reason"),
        shown("from", Kind::Text, "Before"),
        shown("record", Kind::Text, "Record"),
        shown("state", Kind::Text, "State"),
        shown("to", Kind::Text, "After"),
        shown("what", Kind::Text, "Change"),
    ],
    children: &[],
};

const fn shown(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field { name, kind, max_length: None, access: Access::ReadOnly, title, lookup: None }
}

pub static CHANGE_COLUMNS: ListColumns = ListColumns {
    schema: &SHOWN,
    columns: &[
        ("at", "When (UTC)", 156),
        ("state", "State", 110),
        ("record", "Record", 200),
        ("what", "Change", 160),
        ("from", "Before", 250),
        ("to", "After", 250),
        ("detail", "Reason", 360),
    ],
    searched: &["record", "what", "from", "to", "detail"],
};

pub fn columns() -> ColumnSet<&'static Field> {
    ColumnSet::of_fields(&SHOWN, CHANGE_COLUMNS.columns, |column, field| {
        let column = column.sortable().filterable();
        match field.name {
            "at" => column.frozen(),
            "record" => column.opening(),
            _ => column,
        }
    })
}

/// Which changes are listed, and in what order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangesQuery {
    pub shown: Shown,
    pub list: ListQuery,
}

const SHOWN_NAME: &str = "shown";

impl ChangesQuery {
    /// Reads the address's query: `shown=open` or `shown=done`, and what every list is asked.
    pub fn read(address: &AddressQuery) -> Self {
        let said = address.text(SHOWN_NAME);
        let shown = Shown::ALL.into_iter().find(|shown| shown.name() == said);
        let own: &[&str] = if shown.is_some() { &[SHOWN_NAME] } else { &[] };
        Self { shown: shown.unwrap_or_default(), list: ListQuery::read(&CHANGE_COLUMNS, own, address) }
    }

    pub fn write(&self) -> String {
        self.list.write([(SHOWN_NAME, self.shown.name().to_owned())])
    }
}

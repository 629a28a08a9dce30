//! What a resource of the REST framework is: a collection, the table behind it, and what may be done with it.

use rest_contract::{Field, Schema};

use crate::accounts::scope;

/// A REST collection and the table behind it.
#[derive(Debug)]
pub(in crate::oracle) struct Resource {
    /// The segment of the path, and the member name where it is nested.
    pub name: &'static str,
    /// What one item is called in a message.
    pub noun: &'static str,
    pub schema: &'static Schema,
    pub table: &'static str,
    pub id_column: &'static str,
    /// The rows are added up as they are read: one by its id costs as much as all that are asked for.
    pub is_added_up: bool,
    /// What `computed` expressions join; `{t}` stands for the table's alias.
    pub joins: &'static str,
    /// Fields that are not plain columns of the table, with their SQL.
    pub computed: &'static [(&'static str, &'static str)],
    /// The column that holds the parent item's id, for a child resource.
    pub parent_column: &'static str,
    pub children: &'static [&'static Resource],
    pub finders: &'static [Finder],
    /// Names of the list-of-values links, by field.
    pub lists_of_values: &'static [(&'static str, &'static str)],
    pub version: Version,
    pub writes: Writes,
    /// What whoever writes must be permitted.
    pub write_scope: &'static str,
    /// Actions of the collection, and of one item.
    pub collection_actions: &'static [&'static str],
    pub actions: &'static [&'static str],
    /// Large texts that are to be had raw at `enclosure/{field}`.
    pub enclosures: &'static [&'static str],
    /// The field by which a client knows an item that it made, unique over the table.
    pub natural_key: &'static str,
}

/// Which methods beside GET a resource takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct Writes {
    pub create: bool,
    pub change: bool,
    pub delete: bool,
}

impl Writes {
    pub(in crate::oracle) const NONE: Self = Self { create: false, change: false, delete: false };
    pub(in crate::oracle) const ALL: Self = Self { create: true, change: true, delete: true };
}

/// How an item's version is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Version {
    /// Set-up data: no change indicator.
    None,
    /// The row's own version number. The letter keeps indicators of different resources apart.
    Row(u8),
    /// The row's version number, and a second number for values derived from other rows.
    RowAndDerived(u8, &'static str),
}

/// A named search: `finder=Name;Variable=value`.
#[derive(Debug)]
pub(in crate::oracle) struct Finder {
    pub name: &'static str,
    /// Variable and the field that it must equal.
    pub variables: &'static [(&'static str, &'static str)],
}

impl Resource {
    /// A collection that is only read, whose items have neither parents nor parts. Its other members are to be
    /// given.
    pub(in crate::oracle) const READ_ONLY: Self = Self {
        name: "",
        noun: "",
        schema: &Schema { resource: "", key: "", fields: &[], children: &[] },
        table: "",
        id_column: "",
        is_added_up: false,
        joins: "",
        computed: &[],
        parent_column: "",
        children: &[],
        finders: &[],
        lists_of_values: &[],
        version: Version::None,
        writes: Writes::NONE,
        write_scope: scope::WRITE,
        collection_actions: &[],
        actions: &[],
        enclosures: &[],
        natural_key: "",
    };

    pub(in crate::oracle) fn child(&self, name: &str) -> Option<&'static Resource> {
        let children: &'static [&'static Resource] = self.children;
        children.iter().copied().find(|child| child.name == name)
    }

    /// The action of one item that goes by this name. The page that names the action "Revert for Edit"
    /// could not be seen: both spellings lead to it.
    pub(in crate::oracle) fn action(&self, name: &str) -> Option<&'static str> {
        let name = if name == "revertForEdit" { "revert" } else { name };
        let actions: &'static [&'static str] = self.actions;
        actions.iter().copied().find(|one| *one == name)
    }

    /// The SQL of a field for the table under `alias`, and whether it needs the joins.
    pub(in crate::oracle) fn column(&self, field: &Field, alias: &str) -> (String, bool) {
        match self.computed.iter().find(|(name, _)| *name == field.name) {
            Some((_, sql)) => (sql.replace("{t}", alias), !self.joins.is_empty()),
            None => (format!("{alias}.{}", column_name(field.name)), false),
        }
    }

    pub(in crate::oracle) fn joins(&self, alias: &str) -> String {
        self.joins.replace("{t}", alias)
    }

    pub(in crate::oracle) fn key_field(&self) -> Option<&'static Field> {
        self.schema.field(self.schema.key)
    }

    /// The field that holds the row's id.
    pub(in crate::oracle) fn id_field(&self) -> Option<&'static Field> {
        let fields: &'static [Field] = self.schema.fields;
        fields.iter().find(|field| column_name(field.name) == self.id_column)
    }

    pub(in crate::oracle) fn is_versioned(&self) -> bool {
        self.version != Version::None
    }
}

/// `EventStartTime` -> `event_start_time`.
pub(in crate::oracle) fn column_name(field: &str) -> String {
    let mut column = String::with_capacity(field.len() + 4);
    for (index, letter) in field.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            column.push('_');
        }
        column.push(letter.to_ascii_lowercase());
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_columns() {
        for (field, column) in [
            ("EventId", "event_id"),
            ("ReportedUsageUnitOfMeasure", "reported_usage_unit_of_measure"),
            ("UOMCode", "u_o_m_code"),
        ] {
            assert_eq!(column_name(field), column);
        }
    }
}

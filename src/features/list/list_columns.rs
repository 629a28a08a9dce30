//! A list as a description: which fields have a column, and into which a search looks.

use rest_contract::{Field, Schema};

pub struct ListColumns {
    pub schema: &'static Schema,
    /// Field, head, width in pixels. What is no field of the schema is a column that nothing can be asked of.
    pub columns: &'static [(&'static str, &'static str, u32)],
    pub searched: &'static [&'static str],
}

impl ListColumns {
    /// The fields that have a column.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.columns.iter().filter_map(|(name, ..)| self.schema.field(name))
    }

    /// The field of a column.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    /// What stands over a field's column.
    pub fn head_of(&self, name: &str) -> &'static str {
        self.columns.iter().find(|(known, ..)| *known == name).map_or("", |(_, head, _)| head)
    }
}

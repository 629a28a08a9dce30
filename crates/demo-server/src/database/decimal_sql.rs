//! Arithmetic on decimal columns in SQL, where it must be done there: exact, on the digits as they
//! are stored.

use super::Connection;

impl Connection {
    /// The SQL of a decimal column's value with its sign turned; zero has none.
    pub fn negated_decimal(&self, column: &str) -> String {
        match self {
            // Digits are text here: the sign is a character.
            Self::Sqlite(..) => format!(
                "CASE WHEN REPLACE(REPLACE({column}, '0', ''), '.', '') IN ('', '-') THEN {column} \
                 WHEN SUBSTR({column}, 1, 1) = '-' THEN SUBSTR({column}, 2) ELSE '-' || {column} END"
            ),
            Self::Postgres(_) => format!("-{column}"),
        }
    }
}

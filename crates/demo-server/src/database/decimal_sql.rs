//! Arithmetic on decimal columns in SQL, where it must be done there: exact, on the digits as they
//! are stored.

use rest_contract::ExactSum;
use rust_decimal::Decimal;

use super::Connection;

/// The SQL of a sum over a decimal column. Rows of one sum may come in several groups, which are read and put
/// together.
#[derive(Debug)]
pub struct ExactSumSql {
    /// What to group by beside the rest.
    pub group: String,
    /// The sum of a group, as text, or those of what stands before and behind the points.
    pub digits: String,
}

/// Texts of so many characters are below 10^12 without their point: nine million of them fit into SQLite's integers.
const SHORT: usize = 12;

/// Behind the decimals in the group of amounts that are added in two parts.
const IN_PARTS: char = '.';

impl ExactSumSql {
    /// The sum of a group of so many rows; nothing where the database told none.
    pub fn read(&self, group: &str, digits: Option<&str>, rows: i64) -> Option<ExactSum> {
        match (digits, group) {
            (Some(digits), "") => Some(ExactSum::of(digits, 0)),
            (Some(digits), places) => {
                let (whole, units) = digits.split_once(' ').unwrap_or(("0", digits));
                let places = places.trim_end_matches(IN_PARTS).parse().ok()?;
                let units = Decimal::try_from_i128_with_scale(units.parse().ok()?, places).ok()?;
                let mut sum = ExactSum::of(&units.to_string(), 0);
                sum.merge(&ExactSum::of(whole, 0));
                Some(sum)
            }
            (None, value) => Some(ExactSum::of(value, 0).times(u32::try_from(rows).ok()?)),
        }
    }
}

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

    /// The exact sum of a decimal column that is not null.
    pub fn exact_sum(&self, column: &str) -> ExactSumSql {
        match self {
            // SQLite adds integers exactly and nothing else: amounts with as many decimals are added without their
            // points, longer ones before and behind them. What is too long for that is a group of its own, counted.
            Self::Sqlite(..) => {
                let point = format!("INSTR({column}, '.')");
                let places = format!("LENGTH({column}) - {point}");
                let is_short = format!("LENGTH({column}) <= {SHORT}");
                let is_in_parts = format!("{point} BETWEEN 2 AND {SHORT} + 1 AND {places} <= {SHORT}");
                let before = format!("CAST(SUBSTR({column}, 1, {point} - 1) AS INTEGER)");
                let behind = format!(
                    "CAST(CASE WHEN SUBSTR({column}, 1, 1) = '-' THEN '-' ELSE '' END || SUBSTR({column}, {point} + 1) AS INTEGER)"
                );
                ExactSumSql {
                    group: format!(
                        "CASE WHEN {is_short} THEN CASE {point} WHEN 0 THEN '0' ELSE CAST({places} AS TEXT) END \
                         WHEN {is_in_parts} THEN ({places}) || '{IN_PARTS}' ELSE {column} END"
                    ),
                    digits: format!(
                        "CAST(SUM(CASE WHEN {is_short} THEN CAST(REPLACE({column}, '.', '') AS INTEGER) \
                         WHEN {is_in_parts} THEN {before} END) AS TEXT) \
                         || COALESCE(' ' || SUM(CASE WHEN {is_short} THEN NULL WHEN {is_in_parts} THEN {behind} END), '')"
                    ),
                }
            }
            Self::Postgres(_) => {
                ExactSumSql { group: "''".to_owned(), digits: format!("CAST(SUM({column}) AS TEXT)") }
            }
        }
    }
}

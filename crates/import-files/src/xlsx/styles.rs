//! What a cell's format says of its number: whether it is a date, and how many noughts stand in front.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::XlsxFault;
use super::package::{LARGEST_KEPT, Package};
use super::xml::{Piece, Xml};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CellFormat {
    pub is_date: bool,
    /// Digits that the whole number has at least.
    pub width: usize,
}

/// The formats that cells name by their place.
pub(super) fn read(package: &Package, part: Option<&str>) -> Result<Arc<[CellFormat]>, XlsxFault> {
    let Some(part) = part.filter(|part| package.has(part)) else { return Ok(Arc::from([])) };
    let mut xml = Xml::new(package.open_part(part, LARGEST_KEPT)?, part);
    let mut codes = BTreeMap::<u32, CellFormat>::new();
    let (mut formats, mut in_cells) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Piece::Open { name, attributes } if name == "numFmt" => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok());
                let code = attributes.get("formatCode").unwrap_or_default();
                codes.extend(id.map(|id| (id, of_code(code))));
            }
            Piece::Open { name, .. } if name == "cellXfs" => in_cells = true,
            Piece::Close { name } if name == "cellXfs" => in_cells = false,
            Piece::Open { name, attributes } if name == "xf" && in_cells => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                formats.push(codes.get(&id).copied().unwrap_or_else(|| built_in(id)));
            }
            Piece::End => return Ok(formats.into()),
            _ => {}
        }
    }
}

/// The formats that have a number and no code (ECMA-376 part 1, 18.8.30).
fn built_in(id: u32) -> CellFormat {
    CellFormat { is_date: matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58), width: 0 }
}

fn of_code(code: &str) -> CellFormat {
    // The first part is for positive numbers.
    let code = code.split(';').next().unwrap_or_default();
    let is_width = code.len() > 1 && code.bytes().all(|sign| sign == b'0');
    CellFormat { is_date: is_date_code(code), width: if is_width { code.len().min(100) } else { 0 } }
}

/// Whether a letter of a date or a time stands in a code outside of quotes, colours and conditions.
fn is_date_code(code: &str) -> bool {
    if code.eq_ignore_ascii_case("general") {
        return false;
    }
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                letters.by_ref().find(|letter| *letter == '"');
            }
            '\\' | '_' | '*' => {
                letters.next();
            }
            '[' => {
                // `[h]` counts hours on; `[Red]` and `[$-407]` are none.
                let inner: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                if !inner.is_empty() && inner.chars().all(|letter| "hmsHMS".contains(letter)) {
                    return true;
                }
            }
            letter if "dmyhsDMYHS".contains(letter) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_dates_from_numbers() {
        for code in
            ["yyyy-mm-dd", "[$-407]d. mmmm yyyy", "dd/mm/yyyy hh:mm", "[h]:mm", "m/d/yy;@", "hh:mm AM/PM"]
        {
            assert!(of_code(code).is_date, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0.00 \"dry\"",
            "[Red]-0.00",
            "0.00E+00",
            "0\\d",
            "_-* #,##0.00",
            "@",
            "0%",
        ] {
            assert!(!of_code(code).is_date, "{code}");
        }
        assert_eq!(of_code("000000000000").width, 12);
        assert_eq!((of_code("0").width, of_code("00.00").width), (0, 0));
        assert!(
            built_in(14).is_date && built_in(22).is_date && !built_in(4).is_date && !built_in(49).is_date
        );
    }
}

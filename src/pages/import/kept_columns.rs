//! What a person said of the columns of files, kept in this browser for the next file with the same columns.

use crate::ui::kept_choice::{keep_choice, kept_choice};
use import_files::{ColumnsMapping, Mapping};

const KEY: &str = "import-columns";
/// The newest ones.
const MOST_KEPT: usize = 20;

fn kept() -> Vec<Mapping> {
    // What an older or a newer console wrote is as good as nothing.
    kept_choice(KEY).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The mapping for a file with these columns, if there was one like it.
pub fn kept_mapping(headers: &[String]) -> Option<Mapping> {
    kept().iter().find_map(|kept| Mapping::of_kept(kept, headers))
}

pub fn keep_mapping(mapping: &Mapping) {
    let Mapping::Columns(columns) = mapping else { return };
    let headers = |columns: &ColumnsMapping| {
        let mut headers: Vec<String> = columns.columns.iter().map(|column| column.header.clone()).collect();
        headers.sort();
        headers
    };
    let own = headers(columns);
    let mut all = kept();
    // A file of corrected rows has two columns more, and does not take the place of the file that it came from.
    all.retain(|kept| matches!(kept, Mapping::Columns(kept) if headers(kept) != own));
    all.insert(0, mapping.clone());
    all.truncate(MOST_KEPT);
    if let Ok(text) = serde_json::to_string(&all) {
        keep_choice(KEY, &text);
    }
}

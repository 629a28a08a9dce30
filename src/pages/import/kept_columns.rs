//! What a person said of the columns of files, kept in this browser for the next file with the same columns.

use crate::ui::kept_choice::{keep_choice, kept_choice};
use import_files::Mapping;

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
    let headers: Vec<String> = columns.columns.iter().map(|column| column.header.clone()).collect();
    let mut all = kept();
    all.retain(|kept| Mapping::of_kept(kept, &headers).is_none());
    all.insert(0, mapping.clone());
    all.truncate(MOST_KEPT);
    if let Ok(text) = serde_json::to_string(&all) {
        keep_choice(KEY, &text);
    }
}

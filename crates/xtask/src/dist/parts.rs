//! The parts that the module was split into, as the splitter's own script names them.
//!
//! What several parts share comes from the splitter in a file for each set of parts, hundreds of them, most
//! of a kilobyte or two. They travel together in a few files, and the script cuts those.

use std::collections::{BTreeMap, BTreeSet};

/// The parts that are there before any other is asked for, in order: the page fetches them as it starts
/// (`src/app/parts.rs`).
pub(crate) const STEPS: [&str; 5] = ["sync", "desk", "rail", "lists", "batches"];

/// Parts that open over what another one shows, so that it is there before them.
pub(crate) const OPENS_OVER: [(&str, &str); 18] = [
    ("batch_tabs", "batch"),
    ("batch_work", "batch"),
    ("correction", "batch"),
    ("list_view", "batch"),
    ("whole_list", "batch"),
    ("one_record", "batch"),
    ("estimate", "batch"),
    ("estimate", "one_record"),
    ("rules", "batch"),
    ("base_bucket", "base_buckets"),
    ("import_columns", "import"),
    ("import_corrections", "import"),
    ("import_outcome", "import"),
    ("workbooks", "import"),
    ("usage_intervals", "service_usage"),
    // Fetched beside them, and ahead of them.
    ("base_buckets", "whole_list"),
    ("changes", "whole_list"),
    ("service_usage", "whole_list"),
];

/// Parts that only come behind others: what they need as well comes no earlier for it.
const ALWAYS_BEHIND: [&str; 4] = ["whole_list", "list_view", "help", "tour"];

/// What these parts have in common with others travels in a file for each, the first of them that needs it.
const GATHERED: [&str; 9] =
    ["sync", "desk", "rail", "lists", "batches", "batch", "import", "correction", "service_usage"];

/// What two of these need, and few others, travels with `batches`, which is there before them.
const SCREENS: [&str; 10] = [
    "approvals",
    "batch",
    "batch_tabs",
    "base_buckets",
    "changes",
    "import",
    "list_view",
    "one_record",
    "overview",
    "service_usage",
];

/// What lists that are here as a whole have in common travels with it: the first screen needs none of it.
const TABLES: &str = "whole_list";

/// What so many parts of any kind need travels with `batches` too. What more of them need travels with `lists`, what
/// most need with `desk`, and what nearly all need with `sync`.
const SOME_PARTS: usize = 4;
/// The first screen of most days: fewer parts that need what it needs are enough.
const FIRST_SCREEN: &str = "overview";
const WITH_FIRST_SCREEN: usize = 3;
const MANY_PARTS: usize = 6;
const MOST_PARTS: usize = 11;
const NEARLY_ALL: usize = 24;

/// A file that several parts need and that has as many bytes travels by itself, unless a step needs it.
const TRAVELS_ALONE: usize = 5_600;

/// A small file in a gathered one, behind those before it.
pub(super) struct Slice {
    pub(super) file: String,
    gathered: String,
    length: usize,
    needed_by: Vec<String>,
}

/// Files with their bytes, by name.
type Gathered = BTreeMap<String, Vec<u8>>;

/// Gathers those of `files` that several parts need. Gives the gathered files with their bytes, and what
/// stands in them, in its order. Nothing where there are more parts than signs for them.
pub(super) fn gather(script: &str, files: &[(String, Vec<u8>)]) -> Option<(Gathered, Vec<Slice>)> {
    let mut all = Gathered::new();
    let mut slices = Vec::new();
    for (file, own) in files.iter().filter(|(file, _)| file.starts_with("chunk_")) {
        let needed_by = needed_by(script, file);
        let first = travels_with(&needed_by);
        if own.len() >= TRAVELS_ALONE && !first.is_some_and(|part| STEPS.contains(&part)) {
            continue;
        }
        let gathered = format!("shared_{}.bin", first.unwrap_or("later"));
        let bytes = all.entry(gathered.clone()).or_default();
        bytes.extend_from_slice(own);
        let needed_by = needed_by.into_iter().map(str::to_owned).collect();
        slices.push(Slice { file: file.clone(), gathered, length: own.len(), needed_by });
    }
    Some((with_tables(all, &slices)?, slices))
}

/// The part with which what these parts need in common is fetched.
fn travels_with(needed_by: &[&str]) -> Option<&'static str> {
    let first = GATHERED.into_iter().find(|part| needed_by.contains(part));
    let screens = SCREENS.iter().filter(|screen| needed_by.contains(screen)).count();
    if first.is_some_and(|part| ["sync", "desk", "rail", "lists"].contains(&part)) {
        return first;
    }
    if needed_by.contains(&TABLES) && !STEPS.iter().any(|step| needed_by.contains(step)) {
        return Some(TABLES);
    }
    match needed_by.iter().filter(|part| !ALWAYS_BEHIND.contains(part)).count() {
        NEARLY_ALL.. => Some("sync"),
        MOST_PARTS.. => Some("desk"),
        MANY_PARTS.. => Some("lists"),
        SOME_PARTS.. => Some("batches"),
        WITH_FIRST_SCREEN.. if needed_by.contains(&FIRST_SCREEN) => Some("batches"),
        _ if screens > 1 => Some("batches"),
        _ => first,
    }
}

/// The parts that need a file, as the script's remark over it has them.
fn needed_by<'s>(script: &'s str, file: &str) -> Vec<&'s str> {
    let before = script.split_once(&format!("{FETCH}{file}{FETCH_END}")).map(|(before, _)| before);
    let remark = before.and_then(|before| before.rsplit_once("/* ")?.1.split_once(" */"));
    remark.map(|(names, _)| names.split(", ").collect()).unwrap_or_default()
}

/// A part, and the files that it is made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) files: Vec<String>,
}

const LOAD: &str = "export const __wasm_split_load_";
const MAKE: &str = "makeLoad(() => ";
const FETCH: &str = "fetch(new URL(\"./";
const FETCH_END: &str = "\", import.meta.url)";

/// The parts by name. A file that several parts need is named in each; what was gathered, by what it is in.
pub(super) fn parts_of(script: &str, slices: &[Slice]) -> Vec<Part> {
    let mut chunks = BTreeMap::new();
    let mut parts = Vec::new();
    let mut before = "";
    for piece in script.split(MAKE) {
        let declared = before.rsplit('\n').next().unwrap_or_default();
        before = piece;
        let Some((body, rest)) = piece.split_once('[').filter(|_| !declared.is_empty()) else { continue };
        let gathered =
            |file: &str| slices.iter().find(|slice| slice.file == file).map(|slice| &*slice.gathered);
        let own = fetched(body).map(|file| gathered(file).unwrap_or(file).to_owned());
        if let Some((_, name)) = declared.split_once(LOAD) {
            let name = name.split(' ').next().unwrap_or_default();
            let needs = rest.split(']').next().unwrap_or_default().split(", ");
            let mut files: Vec<String> = needs.filter_map(|chunk| chunks.get(chunk).cloned()).collect();
            files.sort();
            files.dedup();
            files.extend(own);
            parts.push(Part { name: name.to_owned(), files });
        } else if let Some((_, name)) = declared.split_once("const ") {
            let name = name.split(' ').next().unwrap_or_default();
            chunks.extend(own.map(|file| (name.to_owned(), file)));
        }
    }
    parts.sort_by(|one, other| one.name.cmp(&other.name));
    parts
}

fn fetched(statement: &str) -> Option<&str> {
    statement.split_once(FETCH)?.1.split_once(FETCH_END).map(|(file, _)| file)
}

/// Fetches a gathered file once, and again after a failure, and makes of it what a part loads of it. Its first line
/// says where each slice begins, and which parts need it.
const CUT: &str = r#"
const cut = {};
async function slices(file) {
    const fetched = cut[file] ??= gathered[file].fetch().then((answer) => answer.arrayBuffer()).then(cutUp);
    try {
        return await fetched;
    } catch (reason) {
        if (cut[file] === fetched) delete cut[file];
        throw reason;
    }
}
function cutUp(bytes) {
    let end = new Uint8Array(bytes).indexOf(10) + 1;
    const table = new TextDecoder().decode(bytes.slice(0, end));
    return Array.from(table.matchAll(/(\d+)(\D+)/g), ([, length, parts]) => {
        const begin = end;
        end += +length;
        const headers = { "Content-Type": "application/wasm" };
        const slice = async () => new Response(bytes.slice(begin, begin + +length), { headers });
        return { parts, load: makeLoad(() => whenHere(slice()), []) };
    });
}
function gatheredFor(part) {
    return Object.keys(gathered).filter((file) => gathered[file].parts.includes(part)).map((file) => async () => {
        const needed = (await slices(file)).filter((slice) => slice.parts.includes(part));
        await Promise.all(needed.map((slice) => slice.load()));
    });
}
function whenHere(src) {
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
"#;

/// What the splitter has around each fetch.
const BODY: &str = "{\n    const src = ";
const BODY_END: &str = ";\n    src.catch(() => {});\n    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}\n,";

/// A letter for each part that needs something gathered. Nothing where there are more parts than letters.
fn signs(slices: &[Slice]) -> Option<BTreeMap<&str, char>> {
    let mut signs = BTreeMap::new();
    for part in slices.iter().flat_map(|slice| &slice.needed_by) {
        if !signs.contains_key(part.as_str()) {
            signs.insert(part.as_str(), ('A'..='Z').chain('a'..='z').nth(signs.len())?);
        }
    }
    Some(signs)
}

/// The gathered files, each with a first line that says what stands in it: the length of each slice, and the signs of
/// the parts that need it. A line for each of hundreds of slices would be much of what a browser loads first.
fn with_tables(mut files: BTreeMap<String, Vec<u8>>, slices: &[Slice]) -> Option<BTreeMap<String, Vec<u8>>> {
    let signs = signs(slices)?;
    for (file, bytes) in &mut files {
        let mut table = String::new();
        for slice in slices.iter().filter(|slice| slice.gathered == *file) {
            table += &slice.length.to_string();
            table.extend(slice.needed_by.iter().filter_map(|part| signs.get(part.as_str())));
        }
        table.push('\n');
        bytes.splice(..0, table.into_bytes());
    }
    Some(files)
}

/// The script that finds what was gathered, without the remarks and with what it repeats said once. Nothing where there
/// are more parts than signs for them.
pub(super) fn with_gathered(script: &str, slices: &[Slice]) -> Option<String> {
    let script = script.replace(BODY, "whenHere(").replace(BODY_END, "),");
    let signs = signs(slices)?;
    let mut needed_by = BTreeMap::<&str, BTreeSet<char>>::new();
    for slice in slices {
        let of_slice = slice.needed_by.iter().filter_map(|part| signs.get(part.as_str()));
        needed_by.entry(&slice.gathered).or_default().extend(of_slice);
    }
    let gathered: BTreeSet<&str> = slices.iter().map(|slice| slice.file.trim_end_matches(".wasm")).collect();
    let is_gathered =
        |constant: &str| constant.strip_prefix("__").is_some_and(|file| gathered.contains(file));
    let (mut constants, mut parts) = (Vec::new(), Vec::new());
    for line in script.lines().filter(|line| !line.starts_with("/* ")) {
        if let Some((name, (before, needs))) =
            line.strip_prefix(LOAD).and_then(|rest| Some((rest.split(' ').next()?, line.rsplit_once('[')?)))
        {
            let (needs, after) = needs.split_once(']').unwrap_or((needs, ""));
            let of_gathered = signs.get(name).map(|sign| format!("...gatheredFor(\"{sign}\")"));
            let needs = needs.split(", ").filter(|constant| !constant.is_empty() && !is_gathered(constant));
            let needs: Vec<String> = needs.map(str::to_owned).chain(of_gathered).collect();
            parts.push(format!("{before}[{}]{after}", needs.join(", ")));
        } else if !line
            .strip_prefix("const ")
            .and_then(|rest| rest.split(' ').next())
            .is_some_and(is_gathered)
        {
            constants.push(line);
        }
    }
    let files = needed_by.into_iter().map(|(file, parts)| {
        let parts = String::from_iter(parts);
        format!("    \"{file}\": {{ parts: \"{parts}\", fetch: () => {FETCH}{file}{FETCH_END}) }},\n")
    });
    Some(format!(
        "{}\nconst gathered = {{\n{}}};{CUT}{}\n",
        constants.join("\n"),
        files.collect::<String>(),
        parts.join("\n")
    ))
}

/// Fetches a file, and where that has failed before, from the server: what stands in the browser's cache
/// under its address may be what was refused. Where the server does not know the type of a module it is said
/// for it, for the bytes are vouched for.
const GET: &str = r#"
const refused = new Set();
async function get(file, integrity) {
    const cache = refused.has(file) ? "reload" : "default";
    refused.add(file);
    const answer = await fetch(new URL(file, import.meta.url), { integrity, cache });
    refused.delete(file);
    const type = "application/wasm";
    if (answer.headers.get("Content-Type") === type) return answer;
    return new Response(answer.body, { headers: { "Content-Type": type } });
}
"#;

/// The script with each file vouched for: the browser refuses one that is cut off, or another build's.
/// `hash` gives a file's SHA-256 in base64.
pub(super) fn with_integrity(script: &str, hash: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut pieces = script.split(FETCH);
    let mut whole = pieces.next()?.to_owned();
    for piece in pieces {
        let (file, rest) = piece.split_once(FETCH_END)?;
        let hash = hash(file)?;
        whole += &format!("get(\"{file}\", \"sha256-{hash}\"{rest}");
    }
    Some(whole + GET)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"import { initSync } from "./usage-desk.js";
function makeLoad(fetcher, deps) {
    return () => {};
}
/* changes, desk, sync */
const __chunk_1 = makeLoad(() => {
    const src = fetch(new URL("./chunk_1.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);
/* changes, reversal */
const __chunk_2 = makeLoad(() => {
    const src = fetch(new URL("./chunk_2.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);
export const __wasm_split_load_reversal = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_reversal.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, [__chunk_2]));
export const __wasm_split_load_changes = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), [__chunk_1, __chunk_2]));
"#;

    fn files(lengths: [usize; 2]) -> Vec<(String, Vec<u8>)> {
        let names = ["chunk_1.wasm", "chunk_2.wasm"].into_iter().zip(lengths);
        let mut files: Vec<_> = names.map(|(name, length)| (name.to_owned(), vec![0; length])).collect();
        files.push(("split_reversal.wasm".to_owned(), vec![0; 9]));
        files
    }

    fn parts(script: &str) -> Vec<(String, String)> {
        parts_with(script, &[])
    }

    fn parts_with(script: &str, slices: &[Slice]) -> Vec<(String, String)> {
        parts_of(script, slices).into_iter().map(|part| (part.name, part.files.join(" "))).collect()
    }

    fn part(name: &str, files: &str) -> (String, String) {
        (name.to_owned(), files.to_owned())
    }

    #[test]
    fn parts_are_named_with_what_they_need() {
        let expected = [
            part("changes", "chunk_1.wasm chunk_2.wasm"),
            part("reversal", "chunk_2.wasm split_reversal.wasm"),
        ];
        assert_eq!(parts(SCRIPT), expected);
    }

    #[test]
    fn what_parts_share_is_cut_out_of_gathered_files() {
        let (all, slices) = gather(SCRIPT, &files([9_000, 30])).unwrap();
        let parted = |bytes: &[u8]| {
            let table = bytes.split(|byte| *byte == b'\n').next().unwrap();
            (String::from_utf8(table.to_vec()).unwrap(), bytes.len() - table.len() - 1)
        };
        let told: Vec<_> = all.iter().map(|(file, bytes)| (file.as_str(), parted(bytes))).collect();
        let expected = [
            ("shared_later.bin", ("30AD".to_owned(), 30)),
            ("shared_sync.bin", ("9000ABC".to_owned(), 9_000)),
        ];
        assert_eq!(told, expected);
        let script = with_gathered(SCRIPT, &slices).unwrap();
        for parts in ["\"shared_sync.bin\": { parts: \"ABC\"", "\"shared_later.bin\": { parts: \"AD\""] {
            assert!(script.contains(parts), "{script}");
        }
        let needs = "makeLoad(() => async (_imp) => ({}), [...gatheredFor(\"A\")]));";
        assert!(script.contains(needs), "{script}");
        assert!(!script.contains("/*"), "{script}");
        let expected = [
            part("changes", "shared_later.bin shared_sync.bin"),
            part("reversal", "shared_later.bin split_reversal.wasm"),
        ];
        assert_eq!(parts_with(SCRIPT, &slices), expected);
        let script = with_integrity(&script, |file| Some(format!("of {file}"))).unwrap();
        let fetch = "parts: \"ABC\", fetch: () => get(\"shared_sync.bin\", \"sha256-of shared_sync.bin\") },";
        assert!(script.contains(fetch), "{script}");
    }

    #[test]
    fn what_many_parts_need_comes_with_the_lists() {
        assert_eq!(travels_with(&["batch", "correction", "batch_work"]), Some("batch"));
        assert_eq!(travels_with(&["batch", "changes", "service_usage"]), Some("batches"));
        assert_eq!(travels_with(&["base_bucket", "billing", "changes", "purge", "rules"]), Some("batches"));
        assert_eq!(travels_with(&["base_buckets", "desk", "service_usage"]), Some("desk"));
        assert_eq!(travels_with(&["batch", "changes", "correction", "purge", "rules"]), Some("batches"));
        assert_eq!(travels_with(&["batch", "batches", "lists"]), Some("lists"));
        assert_eq!(travels_with(&["changes", "rules"]), None);
        assert_eq!(travels_with(&["changes", "purge", "rules"]), None);
        assert_eq!(travels_with(&["changes", "overview", "rules"]), Some("batches"));
        assert_eq!(travels_with(&["base_buckets", "service_usage", "whole_list"]), Some("whole_list"));
        let parts: Vec<&str> =
            "a b c d list_view e f g h i j k l m n o p q r s t u v w x".split(' ').collect();
        for (several, step) in
            [(6, "batches"), (7, "lists"), (11, "lists"), (12, "desk"), (24, "desk"), (25, "sync")]
        {
            assert_eq!(travels_with(&parts[..several]), Some(step), "{several}");
        }
    }

    #[test]
    fn what_is_large_travels_alone_unless_a_step_needs_it() {
        let (all, slices) = gather(SCRIPT, &files([9_000, 9_000])).unwrap();
        assert_eq!(all.into_keys().collect::<Vec<_>>(), ["shared_sync.bin"]);
        let expected = [
            part("changes", "chunk_2.wasm shared_sync.bin"),
            part("reversal", "chunk_2.wasm split_reversal.wasm"),
        ];
        assert_eq!(parts_with(SCRIPT, &slices), expected);
        let script = with_gathered(SCRIPT, &slices).unwrap();
        assert!(script.contains("[__chunk_2, ...gatheredFor(\"A\")]"), "{script}");
    }

    #[test]
    fn every_file_is_vouched_for() {
        let script = with_integrity(SCRIPT, |file| Some(format!("of {file}"))).unwrap();
        let vouched = "src = get(\"split_reversal.wasm\", \"sha256-of split_reversal.wasm\");";
        assert!(script.contains(vouched), "{script}");
        assert_eq!(script.matches("\"sha256-of ").count(), 3);
        // Nothing is fetched past it.
        assert_eq!(script.matches("fetch(").count(), 1, "{script}");
        assert_eq!(with_integrity(SCRIPT, |_| None), None);
    }
}

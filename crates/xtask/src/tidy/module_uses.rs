//! Which file of a crate uses which, as far as paths in the source tell: `use` and paths in code that begin
//! with `crate`, `super`, `self` or a module of the file's own.

use super::finding::SourceFile;
use super::rust_text::code_only;
use std::collections::BTreeMap;
use std::ops::Range;

/// How often a name may be passed on before it is given up on.
const LONGEST_CHAIN: usize = 8;

/// The files of one crate, by the path of the module that each is.
pub(crate) struct Modules<'a> {
    files: BTreeMap<Vec<String>, Module<'a>>,
}

struct Module<'a> {
    path: &'a str,
    /// Every path that the code names, whole, with its line.
    named: Vec<(usize, Vec<String>)>,
    /// What `pub use` passes on, by its name here, with its line.
    passed_on: BTreeMap<String, (usize, Vec<String>)>,
}

/// One file uses what another one defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use<'a> {
    pub(crate) from: &'a str,
    pub(crate) line: usize,
    pub(crate) to: &'a str,
}

impl<'a> Modules<'a> {
    /// The crate whose `lib.rs` (or `main.rs`) stands in `root`.
    pub(crate) fn of(files: &'a [SourceFile], root: &str) -> Self {
        let inside = files.iter().filter_map(|file| {
            let name = file.path.strip_prefix(root)?.strip_prefix('/')?.strip_suffix(".rs")?;
            // Tests stand in a file of their own where they are long; they are part of what they test.
            (name != "main" && !name.ends_with("/tests")).then_some((name, file))
        });
        let module_of = |name: &str| -> Vec<String> {
            if name == "lib" { Vec::new() } else { name.split('/').map(str::to_owned).collect() }
        };
        let names: Vec<Vec<String>> = inside.clone().map(|(name, _)| module_of(name)).collect();
        let read = |(name, file): (&str, &'a SourceFile)| {
            let module = module_of(name);
            (module.clone(), Module::read(file, &module, &names))
        };
        Self { files: inside.map(read).collect() }
    }

    /// What files use for themselves.
    pub(crate) fn uses(&self) -> Vec<Use<'a>> {
        let named = |module: &Module<'a>| module.named.clone();
        self.files.values().flat_map(|module| self.uses_of(module, named(module))).collect()
    }

    /// What files only pass on to others.
    pub(crate) fn passed_on(&self) -> Vec<Use<'a>> {
        let passed_on = |module: &Module<'a>| module.passed_on.values().cloned().collect();
        self.files.values().flat_map(|module| self.uses_of(module, passed_on(module))).collect()
    }

    fn uses_of(&self, module: &Module<'a>, named: Vec<(usize, Vec<String>)>) -> Vec<Use<'a>> {
        let resolved = named.into_iter().filter_map(|(line, path)| {
            let to = self.file_of(&path, LONGEST_CHAIN).filter(|to| *to != module.path)?;
            Some(Use { from: module.path, line, to })
        });
        resolved.collect()
    }

    /// The file in which the last name of a path is defined.
    fn file_of(&self, named: &[String], chain: usize) -> Option<&'a str> {
        let mut at = Vec::new();
        for (depth, name) in named.iter().enumerate() {
            let below: Vec<String> = at.iter().chain([name]).cloned().collect();
            if self.files.contains_key(&below) {
                at = below;
                continue;
            }
            let here = self.files.get(&at)?;
            let Some((_, source)) = here.passed_on.get(name).filter(|_| chain > 0) else {
                return Some(here.path);
            };
            let rest = named.iter().skip(depth + 1);
            let whole: Vec<String> = source.iter().chain(rest).cloned().collect();
            return self.file_of(&whole, chain - 1);
        }
        self.files.get(&at).map(|module| module.path)
    }
}

impl<'a> Module<'a> {
    fn read(file: &'a SourceFile, module: &[String], all: &[Vec<String>]) -> Self {
        let code = without_tests(code_only(&file.text));
        let code = code.as_str();
        let is_own = |name: &str| {
            all.iter()
                .any(|other| other.split_last().is_some_and(|(last, above)| last == name && above == module))
        };
        let inline_modules = inline_modules(code);
        let mut found = Self { path: &file.path, named: Vec::new(), passed_on: BTreeMap::new() };
        let mut at = 0;
        let mut before = "";
        while let Some((begin, word)) = next_word(code, at) {
            at = begin + word.len();
            let is_begun = !code.get(..begin).unwrap_or_default().trim_end().ends_with("::");
            let is_path = code.get(at..).is_some_and(|rest| rest.starts_with("::"));
            let is_visibility = before == "in" && is_in_brackets(code.get(..begin).unwrap_or_default());
            if is_begun
                && is_path
                && !is_visibility
                && (["crate", "super", "self"].contains(&word) || is_own(word))
            {
                let mut names = Vec::new();
                let end = path_tree(code, begin, Vec::new(), &mut names);
                let line = code.get(..begin).unwrap_or_default().matches('\n').count() + 1;
                let inline = inline_modules.iter().filter(|range| range.contains(&begin)).count();
                let is_passed_on = before == "use" && is_public(code.get(..begin).unwrap_or_default());
                for (path, name) in names {
                    let whole = absolute(&path, module, inline);
                    // What is only passed on is used by those who name it.
                    if is_passed_on {
                        found.passed_on.insert(name, (line, whole));
                    } else {
                        found.named.push((line, whole));
                    }
                }
                at = at.max(end);
            }
            before = word;
        }
        found
    }
}

/// The code with the module of its tests blanked: what only tests use says nothing of what the code is built
/// on. Lines keep their numbers.
fn without_tests(code: String) -> String {
    let Some(begin) = code.find("#[cfg(test)]\nmod tests {") else { return code };
    let (before, tests) = code.split_at(begin);
    let end = tests.find("\n}\n").map_or(tests.len(), |end| end + 3);
    let (tests, after) = tests.split_at(end);
    let blank: String = tests.chars().filter(|letter| *letter == '\n').collect();
    format!("{before}{blank}{after}")
}

/// Whether the `in` that ends this text is that of `pub(in path)`, and not of a loop.
fn is_in_brackets(text: &str) -> bool {
    text.trim_end().strip_suffix("in").is_some_and(|before| before.trim_end().ends_with('('))
}

/// Whether the `use` that ends this text is passed on to other files.
fn is_public(text: &str) -> bool {
    let before = text.trim_end().trim_end_matches("use").trim_end();
    before.ends_with("pub") || before.ends_with(')')
}

/// Where in the code the modules stand that are written within the file.
fn inline_modules(code: &str) -> Vec<Range<usize>> {
    let begins = code.match_indices("mod ").filter_map(|(at, word)| {
        let rest = code.get(at + word.len()..)?;
        let name = rest.find(|letter: char| !is_word(letter))?;
        rest.get(name..)?.trim_start().starts_with('{').then_some(at)
    });
    let whole = begins.map(|at| {
        let mut open = 0_usize;
        let closed = code.get(at..).unwrap_or_default().char_indices().find(|(_, letter)| {
            open = match letter {
                '{' => open + 1,
                '}' => open.saturating_sub(1),
                _ => open,
            };
            *letter == '}' && open == 0
        });
        at..closed.map_or(code.len(), |(end, _)| at + end)
    });
    whole.collect()
}

/// From the crate's root. `inline` is how many modules within the file the path stands in: so many steps up
/// stay in the file.
fn absolute(path: &[String], module: &[String], mut inline: usize) -> Vec<String> {
    let mut whole = module.to_vec();
    for (depth, name) in path.iter().enumerate() {
        match name.as_str() {
            "crate" => whole.clear(),
            "self" if depth == 0 => {}
            "super" if inline > 0 => inline -= 1,
            "super" => {
                whole.pop();
            }
            _ => whole.push(name.clone()),
        }
    }
    whole
}

/// Reads `a::b::{c, d::e as f}` from `at`: each path with the name by which it is known here, and where the
/// tree ends.
fn path_tree(
    code: &str,
    mut at: usize,
    mut above: Vec<String>,
    names: &mut Vec<(Vec<String>, String)>,
) -> usize {
    loop {
        let rest = code.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let here = rest.trim_start();
        if here.starts_with('{') {
            at += blank + 1;
            loop {
                at = path_tree(code, at, above.clone(), names);
                let rest = code.get(at..).unwrap_or_default();
                let skipped = rest.len() - rest.trim_start().len();
                match rest.trim_start().chars().next() {
                    Some(',') => at += skipped + 1,
                    Some('}') => return at + skipped + 1,
                    _ => return at + skipped,
                }
            }
        }
        let length = here.find(|c: char| !is_word(c)).unwrap_or(here.len());
        let word = here.get(..length).unwrap_or_default();
        if word.is_empty() {
            // A `*`, the kinds of a generic function, or the end of a list.
            if here.starts_with('*') {
                names.push((above, "*".to_owned()));
                return at + blank + 1;
            }
            if here.starts_with('<') {
                let name = above.last().cloned().unwrap_or_default();
                names.push((above, name));
            }
            return at + blank;
        }
        above.push(word.to_owned());
        at += blank + length;
        let rest = code.get(at..).unwrap_or_default();
        if rest.starts_with("::") {
            at += 2;
            continue;
        }
        let mut name = word.to_owned();
        if word == "self" && above.len() > 1 {
            above.pop();
            name = above.last().cloned().unwrap_or_default();
        }
        if let Some(other) = rest.trim_start().strip_prefix("as ") {
            let length = other.find(|c: char| !is_word(c)).unwrap_or(other.len());
            name = other.get(..length).unwrap_or_default().to_owned();
            at += rest.len() - other.len() + length;
        }
        names.push((above, name));
        return at;
    }
}

fn next_word(code: &str, from: usize) -> Option<(usize, &str)> {
    let rest = code.get(from..)?;
    let begin = from + rest.find(|c: char| c.is_alphabetic() || c == '_')?;
    let word = code.get(begin..)?;
    let length = word.find(|c: char| !is_word(c)).unwrap_or(word.len());
    Some((begin, word.get(..length)?))
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::super::finding::file;
    use super::*;

    #[test]
    fn a_name_leads_to_the_file_that_defines_it() {
        let files = [
            file("src/lib.rs", "mod a;\nmod b;\n"),
            file("src/a.rs", "mod inner;\npub use inner::{Thing, Other as Renamed};\npub struct Own;\n"),
            file("src/a/inner.rs", "use super::Own;\npub struct Thing;\nmod apart { use super::Thing; }\n"),
            file(
                "src/b.rs",
                "// crate::a::Own\nuse crate::a::{Own,\n    Thing};\nfn f() -> crate::a::Renamed { \"crate::a\" }\n",
            ),
        ];
        let modules = Modules::of(&files, "src");
        let mut uses: Vec<_> = modules.uses().into_iter().map(|one| (one.from, one.line, one.to)).collect();
        uses.sort_unstable();
        assert_eq!(
            uses,
            [
                ("src/a/inner.rs", 1, "src/a.rs"),
                ("src/b.rs", 2, "src/a.rs"),
                ("src/b.rs", 2, "src/a/inner.rs"),
                ("src/b.rs", 4, "src/a/inner.rs"),
            ]
        );
    }
}

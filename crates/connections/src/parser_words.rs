//! What the parser of JSON complains of, in words for whoever wrote the file.

/// Complaints by what they begin with, the longer of two first.
const WORDS: [(&str, &str); 20] = [
    ("EOF while parsing an object", "the file ends here, and a } is missing."),
    ("EOF while parsing a list", "the file ends here, and a ] is missing."),
    ("EOF while parsing a string", "the file ends in the middle of a text: its closing \" is missing."),
    ("EOF while parsing a value", "the file ends here, where a value is due."),
    ("expected `:`", "a colon is due here, between a name and its value."),
    ("expected `,` or `}`", "a comma is due here if another member follows, or a } if none does."),
    ("expected `,` or `]`", "a comma is due here if another value follows, or a ] if none does."),
    (
        "trailing characters",
        "the file is complete before this: take out what stands here, or the } too many before it.",
    ),
    ("key must be a string", "a name in double quotes is due here, such as \"oracle\"."),
    ("expected ident", "a word that JSON does not know stands here; it knows true, false and null."),
    (
        "expected value",
        "a value is due here: a text in double quotes, a number, true, false, a list in [ ] or an object in { }.",
    ),
    (
        "control character",
        "a text holds a line break, a tab or another control character: write \\n or \\t, or take it out.",
    ),
    ("invalid escape", ESCAPE),
    ("lone leading surrogate", ESCAPE),
    ("unexpected end of hex escape", ESCAPE),
    ("invalid unicode code point", ESCAPE),
    ("invalid number", NUMBER),
    ("number out of range", NUMBER),
    ("invalid type", OBJECT),
    ("invalid value", OBJECT),
];

const ESCAPE: &str = "a text holds a backslash with something behind it that JSON does not know; a backslash itself is written \\\\.";
const NUMBER: &str = "a number is written here in a way that JSON does not know.";
const OBJECT: &str = "an object in { } is due here.";

/// What is wrong between what stands before a place and what stands there.
pub(crate) fn plain(before: &str, here: &str, complaint: &str) -> &'static str {
    // Within what is looked at later the parser does not tell this one.
    if here.starts_with(['}', ']']) && before.trim_end().ends_with(',') {
        return "nothing follows the comma before this: take the comma out.";
    }
    let known = WORDS.iter().find(|(begin, _)| complaint.starts_with(begin));
    known.map_or("this is not JSON.", |(_, words)| words)
}

//! Rust source without its comments and strings, line for line, so that a rule about code is not
//! set off by words about code.

/// The same lines with comments and the insides of literals left blank.
pub(crate) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        let length = length_of_other(rest, before).unwrap_or(0);
        let (blank, after) = rest.split_at(length.max(next.len_utf8()));
        if length > 0 {
            code.extend(blank.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            code.push_str(blank);
        }
        before = blank.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    code
}

/// The length of the comment or literal that begins here, if one does.
fn length_of_other(rest: &str, before: char) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    if rest.starts_with('"') {
        return Some(quoted(rest, '"'));
    }
    let is_in_name = before.is_alphanumeric() || before == '_';
    if !is_in_name && let Some(hashes) = raw_string_hashes(rest) {
        let begin = rest.find('"')? + 1;
        let end = format!("\"{}", "#".repeat(hashes));
        let inside = rest.get(begin..)?;
        return Some(inside.find(&end).map_or(rest.len(), |at| begin + at + end.len()));
    }
    let is_character = rest.starts_with('\'') && {
        let mut letters = rest.chars().skip(1);
        let first = letters.next();
        first == Some('\\') || first.is_some() && letters.next() == Some('\'')
    };
    is_character.then(|| quoted(rest, '\''))
}

/// How many `#` a raw string that begins here has: `r"`, `r#"`, `br##"`.
fn raw_string_hashes(rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest.trim_start_matches('#').starts_with('"').then_some(hashes)
}

/// Comments of this kind nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a literal in these quotes, both included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if letter == '\\' {
            is_escaped = true;
        } else if letter == quote {
            return at + letter.len_utf8();
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, code: &str) {
        let stripped = code_only(source);
        assert_eq!(stripped.lines().count(), source.lines().count());
        let words: Vec<&str> = stripped.split_whitespace().collect();
        assert_eq!(words.join(" "), code);
    }

    #[test]
    fn only_code_is_left() {
        check("let a = 1; // b", "let a = 1;");
        check("let a = \"b // c\"; d", "let a = ; d");
        check("a /* b /* c */ d */ e", "a e");
        check("a /* b\nc */ d", "a d");
        check("a(\"\\\"b\", c)", "a( , c)");
        check("a(r#\"b\"c\"#, d)", "a( , d)");
        check("a('\"', b); \"c\"", "a( , b);");
        check("fn a<'b>(c: &'b str) { d }", "fn a<'b>(c: &'b str) { d }");
        check("bar\"x\"", "bar");
        check("let a = '\\''; b", "let a = ; b");
        check("let z = \"ü\nü\"; b", "let z = ; b");
    }
}

//! Query by example, the only syntax of framework version 1: `Attribute operator? value`, terms
//! joined by `;`, all of which must hold. Without an operator the value is matched, with `*` and
//! `%` as wildcards.

use super::{Check, Comparison, Condition, Literal, MOST_TESTS, QueryError, Test};

pub(super) fn parse(text: &str) -> Result<Condition, QueryError> {
    let mut tests = Vec::new();
    for (position, term) in terms(text) {
        if tests.len() >= MOST_TESTS {
            return Err(QueryError::at(position, format!("more than {MOST_TESTS} terms")));
        }
        tests.push(Condition::Test(parse_term(position, &term)?));
    }
    if tests.is_empty() {
        return Err(QueryError::at(1, "expected an attribute and a value"));
    }
    Ok(Condition::All(tests))
}

/// The terms between semicolons that stand outside quotes, each with the place of its first
/// character that is not blank.
fn terms(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut begins = 1;
    let mut quote = None;
    for (index, next) in text.chars().enumerate() {
        match (quote, next) {
            (None, ';') => {
                found.push((begins, std::mem::take(&mut current)));
                begins = index + 2;
                continue;
            }
            (None, '\'' | '"') => quote = Some(next),
            (Some(mark), _) if mark == next => quote = None,
            _ => {}
        }
        current.push(next);
    }
    found.push((begins, current));
    found
        .into_iter()
        .filter(|(_, term)| !term.trim().is_empty())
        .map(|(begins, term)| {
            let blanks = term.chars().take_while(|c| c.is_whitespace()).count();
            (begins + blanks, term.trim().to_owned())
        })
        .collect()
}

fn parse_term(position: usize, term: &str) -> Result<Test, QueryError> {
    let name_ends =
        term.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(term.len());
    let (attribute, rest) = term.split_at(name_ends);
    if attribute.is_empty() {
        return Err(QueryError::at(position, "expected an attribute"));
    }
    let rest = rest.trim_start();
    let operators = [
        ("!=", Comparison::NotEqual),
        ("<>", Comparison::NotEqual),
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ];
    let (comparison, value) = operators
        .into_iter()
        .find_map(|(sign, comparison)| Some((comparison, rest.strip_prefix(sign)?.trim_start())))
        .unwrap_or((Comparison::Equal, rest));
    let literal = match unquoted(value) {
        Some(inner) => Literal::Quoted(inner),
        None => Literal::Bare(value.to_owned()),
    };
    if literal.text().is_empty() && matches!(literal, Literal::Bare(_)) {
        let after = position + term.chars().count();
        return Err(QueryError::at(after, "expected a value"));
    }
    let wild = literal.text().contains(['*', '%']);
    let check = match comparison {
        Comparison::Equal if wild => Check::Like { pattern: literal, escape: None, negated: false },
        Comparison::NotEqual if wild => Check::Like { pattern: literal, escape: None, negated: true },
        _ => Check::Compare(comparison, literal),
    };
    Ok(Test { attribute: attribute.to_owned(), fold: None, check, position })
}

fn unquoted(value: &str) -> Option<String> {
    ['\'', '"'].into_iter().find_map(|mark| {
        let inner = value.strip_prefix(mark)?.strip_suffix(mark)?;
        Some(inner.replace(&format!("{mark}{mark}"), &mark.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        let found = match parse(text) {
            Err(error) => error.to_string(),
            Ok(Condition::All(tests)) => tests
                .iter()
                .map(|test| match test {
                    Condition::Test(Test {
                        attribute, check: Check::Compare(sign, value), position, ..
                    }) => {
                        format!("{position}:{attribute} {sign:?} {:?}", value.text())
                    }
                    Condition::Test(Test {
                        attribute,
                        check: Check::Like { pattern, negated, .. },
                        position,
                        ..
                    }) => {
                        let not = if *negated { "not " } else { "" };
                        format!("{position}:{attribute} {not}like {:?}", pattern.text())
                    }
                    other => format!("{other:?}"),
                })
                .collect::<Vec<_>>()
                .join(" & "),
            Ok(other) => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn terms_and_operators() {
        check("Dname SA*;Loc BOSTON", "1:Dname like \"SA*\" & 11:Loc Equal \"BOSTON\"");
        check("EventNumber=UE-1", "1:EventNumber Equal \"UE-1\"");
        check(
            "UsageQuantity >= 10.5; EventStatus != X",
            "1:UsageQuantity GreaterOrEqual \"10.5\" & 24:EventStatus NotEqual \"X\"",
        );
        check("ServiceId 'a;b'", "1:ServiceId Equal \"a;b\"");
        check("ServiceId != '%x'", "1:ServiceId not like \"%x\"");
        check("A=1;", "1:A Equal \"1\"");
    }

    #[test]
    fn faults_say_where() {
        check("", "expected an attribute and a value (at character 1)");
        check("=x", "expected an attribute (at character 1)");
        check("A=1;B", "expected a value (at character 6)");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let _ = parse(&text);
        }
    }
}

//! Query expressions of framework version 2 and later: `and`, `or`, `not`, parentheses, comparisons,
//! `like`, `in`, `between`, `is null`, `UPPER(..)` and `LOWER(..)`, dotted child attributes.
//! Keywords are read in any case, attribute names as they are.

use super::token::{Placed, Token, tokens};
use super::{Check, Comparison, Condition, DEEPEST_NESTING, Fold, Literal, MOST_LIST_VALUES, MOST_TESTS};
use super::{QueryError, Test};
use rest_contract::letter_case;

pub(super) fn parse(text: &str) -> Result<Condition, QueryError> {
    let tokens = tokens(text)?;
    let end = text.chars().count() + 1;
    let mut parser = Parser { tokens: &tokens, at: 0, end, depth: 0, tests: 0 };
    let condition = parser.any()?;
    match parser.tokens.get(parser.at) {
        None => Ok(condition),
        Some(rest) => Err(QueryError::at(rest.position, "expected \"and\", \"or\" or the end")),
    }
}

struct Parser<'a> {
    tokens: &'a [Placed],
    at: usize,
    end: usize,
    depth: usize,
    tests: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Condition, QueryError> {
        let mut parts = vec![self.all()?];
        while self.take_word("or") {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, QueryError> {
        let mut parts = vec![self.one()?];
        while self.take_word("and") {
            parts.push(self.one()?);
        }
        Ok(single_or(parts, Condition::All))
    }

    fn one(&mut self) -> Result<Condition, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST_NESTING {
            return Err(QueryError::at(self.position(), "the expression is nested too deeply"));
        }
        let condition = if self.take_word("not") {
            Condition::Not(Box::new(self.one()?))
        } else if self.take(&Token::Open) {
            let inner = self.any()?;
            self.expect(&Token::Close, "\")\"")?;
            inner
        } else {
            Condition::Test(self.test()?)
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn test(&mut self) -> Result<Test, QueryError> {
        self.tests += 1;
        let position = self.position();
        if self.tests > MOST_TESTS {
            return Err(QueryError::at(position, format!("more than {MOST_TESTS} comparisons")));
        }
        let word = self.word("an attribute")?;
        let fold = self.fold_of(&word);
        let attribute = match fold {
            None => word,
            Some(_) => {
                self.expect(&Token::Open, "\"(\"")?;
                let inner = self.word("an attribute")?;
                self.expect(&Token::Close, "\")\"")?;
                inner
            }
        };
        let check = self.check()?;
        Ok(Test { attribute, fold, check, position })
    }

    fn check(&mut self) -> Result<Check, QueryError> {
        if let Some(comparison) = self.take_operator() {
            return Ok(Check::Compare(comparison, self.literal()?));
        }
        if self.take_word("is") {
            let negated = self.take_word("not");
            if !self.take_word("null") {
                return Err(QueryError::at(self.position(), "expected \"null\""));
            }
            return Ok(Check::IsNull { negated });
        }
        let negated = self.take_word("not");
        if self.take_word("like") {
            let pattern = self.literal()?;
            return Ok(Check::Like { pattern, escape: self.escape()?, negated });
        }
        if self.take_word("between") {
            let low = self.literal()?;
            if !self.take_word("and") {
                return Err(QueryError::at(self.position(), "expected \"and\" and the upper end"));
            }
            return Ok(Check::Between { low, high: self.literal()?, negated });
        }
        if self.take_word("in") {
            return Ok(Check::In { values: self.list()?, negated });
        }
        Err(QueryError::at(
            self.position(),
            "expected an operator (=, !=, <, <=, >, >=, like, in, between, is null)",
        ))
    }

    /// `escape` and one letter, behind a pattern.
    fn escape(&mut self) -> Result<Option<char>, QueryError> {
        if !self.take_word("escape") {
            return Ok(None);
        }
        let position = self.position();
        let literal = self.literal()?;
        let mut letters = literal.text().chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(Some(letter)),
            _ => Err(QueryError::at(position, "expected one letter")),
        }
    }

    fn list(&mut self) -> Result<Vec<Literal>, QueryError> {
        self.expect(&Token::Open, "\"(\"")?;
        let mut values = vec![self.literal()?];
        while self.take(&Token::Comma) {
            if values.len() >= MOST_LIST_VALUES {
                let reason = format!("more than {MOST_LIST_VALUES} values in one list");
                return Err(QueryError::at(self.position(), reason));
            }
            values.push(self.literal()?);
        }
        self.expect(&Token::Close, "\",\" or \")\"")?;
        Ok(values)
    }

    /// A value; a case function around it is taken off, because the attribute's side decides.
    fn literal(&mut self) -> Result<Literal, QueryError> {
        let position = self.position();
        let literal = match self.tokens.get(self.at).map(|placed| placed.token.clone()) {
            Some(Token::Text(text)) => Literal::Quoted(text),
            Some(Token::Number(digits)) => Literal::Bare(digits),
            Some(Token::Word(word))
                if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") =>
            {
                Literal::Bare(word.to_ascii_lowercase())
            }
            Some(Token::Word(word)) => {
                self.at += 1;
                let fold = self.fold_of(&word);
                let (Some(fold), true) = (fold, self.take(&Token::Open)) else {
                    return Err(QueryError::at(position, "expected a value: quote texts with '...'"));
                };
                let inner = self.literal()?;
                self.expect(&Token::Close, "\")\"")?;
                return Ok(Literal::Quoted(match fold {
                    Fold::Upper => letter_case::upper(inner.text()),
                    Fold::Lower => letter_case::lower(inner.text()),
                }));
            }
            _ => return Err(QueryError::at(position, "expected a value")),
        };
        self.at += 1;
        Ok(literal)
    }

    fn fold_of(&self, word: &str) -> Option<Fold> {
        let opens = self.tokens.get(self.at).is_some_and(|next| next.token == Token::Open);
        match word.to_ascii_lowercase().as_str() {
            "upper" if opens => Some(Fold::Upper),
            "lower" if opens => Some(Fold::Lower),
            _ => None,
        }
    }

    fn word(&mut self, what: &str) -> Result<String, QueryError> {
        match self.tokens.get(self.at).map(|placed| &placed.token) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word.clone())
            }
            _ => Err(QueryError::at(self.position(), format!("expected {what}"))),
        }
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.get(self.at).map(|placed| &placed.token),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn take_operator(&mut self) -> Option<Comparison> {
        match self.tokens.get(self.at).map(|placed| &placed.token) {
            Some(Token::Operator(comparison)) => {
                self.at += 1;
                Some(*comparison)
            }
            _ => None,
        }
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|placed| placed.token == *token);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, token: &Token, what: &str) -> Result<(), QueryError> {
        if self.take(token) {
            Ok(())
        } else {
            Err(QueryError::at(self.position(), format!("expected {what}")))
        }
    }

    fn position(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |placed| placed.position)
    }
}

fn single_or(mut parts: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree in a compact form, so that the expectation reads like the query.
    fn shown(condition: &Condition) -> String {
        let list = |parts: &[Condition], word: &str| {
            format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(word))
        };
        match condition {
            Condition::All(parts) => list(parts, " & "),
            Condition::Any(parts) => list(parts, " | "),
            Condition::Not(inner) => format!("!{}", shown(inner)),
            Condition::Test(test) => {
                let attribute = match test.fold {
                    None => test.attribute.clone(),
                    Some(fold) => format!("{fold:?}({})", test.attribute),
                };
                let not = |negated: &bool| if *negated { "not " } else { "" };
                match &test.check {
                    Check::Compare(comparison, value) => {
                        format!("{attribute} {comparison:?} {:?}", value.text())
                    }
                    Check::Like { pattern, escape, negated } => {
                        let escape = escape.map(|letter| format!(" escape {letter}")).unwrap_or_default();
                        format!("{attribute} {}like {:?}{escape}", not(negated), pattern.text())
                    }
                    Check::In { values, negated } => {
                        let values = values.iter().map(Literal::text).collect::<Vec<_>>();
                        format!("{attribute} {}in {values:?}", not(negated))
                    }
                    Check::Between { low, high, negated } => {
                        format!("{attribute} {}between {:?}..{:?}", not(negated), low.text(), high.text())
                    }
                    Check::IsNull { negated } => format!("{attribute} is {}null", not(negated)),
                }
            }
        }
    }

    fn check(text: &str, expected: &str) {
        let found = match parse(text) {
            Ok(condition) => shown(&condition),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn comparisons() {
        check("EventStatus = 'ORA_ERROR'", "EventStatus Equal \"ORA_ERROR\"");
        check("UsageQuantity>=10.50", "UsageQuantity GreaterOrEqual \"10.50\"");
        check("UsageQuantity < -1e3", "UsageQuantity Less \"-1e3\"");
        check("A != 'x' and B <> 'y'", "(A NotEqual \"x\" & B NotEqual \"y\")");
        check("ReverseFlag = TRUE", "ReverseFlag Equal \"true\"");
        check("ServiceId = 'it''s'", "ServiceId Equal \"it's\"");
        check("ServiceId = \"double\"", "ServiceId Equal \"double\"");
        check("usageCharges.BilledAmount > 5", "usageCharges.BilledAmount Greater \"5\"");
    }

    #[test]
    fn lists_ranges_nulls_and_patterns() {
        check("C in ('USD', 'EUR')", "C in [\"USD\", \"EUR\"]");
        check("C NOT IN (1,2)", "C not in [\"1\", \"2\"]");
        check("Q between 1 and 2 and R = 3", "(Q between \"1\"..\"2\" & R Equal \"3\")");
        check("E is null or E IS NOT NULL", "(E is null | E is not null)");
        check("N like 'a*%'", "N like \"a*%\"");
        check("N not like 'b%'", "N not like \"b%\"");
        check("UPPER(N) = 'ABC'", "Upper(N) Equal \"ABC\"");
        check("lower(N) like LOWER('Ab%')", "Lower(N) like \"ab%\"");
        check("upper = 'x'", "upper Equal \"x\"");
    }

    #[test]
    fn and_binds_tighter_than_or() {
        check("A=1 or B=2 and C=3", "(A Equal \"1\" | (B Equal \"2\" & C Equal \"3\"))");
        check("(A=1 or B=2) and not C=3", "((A Equal \"1\" | B Equal \"2\") & !C Equal \"3\")");
        check("not (A=1)", "!A Equal \"1\"");
    }

    #[test]
    fn faults_say_where() {
        check("", "expected an attribute (at character 1)");
        check("A", "expected an operator (=, !=, <, <=, >, >=, like, in, between, is null) (at character 2)");
        check("A =", "expected a value (at character 4)");
        check("A = x", "expected a value: quote texts with '...' (at character 5)");
        check("A = 'x", "the quoted text has no end (at character 5)");
        check("A = 1 B = 2", "expected \"and\", \"or\" or the end (at character 7)");
        check("(A = 1", "expected \")\" (at character 7)");
        check("A in ()", "expected a value (at character 7)");
        check(
            "A = 1;B = 2",
            "\";\" joins terms under REST-Framework-Version 1 only; use \"and\" (at character 6)",
        );
        check("A # 1", "unexpected '#' (at character 3)");
        let deep = format!("{}A=1", "(".repeat(100_000));
        check(&deep, "the expression is nested too deeply (at character 41)");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_mixture_of_its_own_words_makes_it_panic(
            words in prop::collection::vec(prop::sample::select(vec![
                "A", "and", "or", "not", "(", ")", "=", "<", ">", "!=", "like", "in", "between", "is", "null",
                "'x'", "'", "\"", "1", "-", ".5", "1e", ",", "upper", "lower(", "true", ";", "%", "ü",
            ]), 0..40)
        ) {
            if let Err(error) = parse(&words.join(" ")) {
                prop_assert!(error.position >= 1);
            }
        }
    }
}

//! Cuts an expression into tokens.

use super::{Comparison, QueryError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An attribute name with dots, or a keyword.
    Word(String),
    Text(String),
    Number(String),
    Operator(Comparison),
    Open,
    Close,
    Comma,
}

/// A token and the place of its first character, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) position: usize,
}

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, QueryError> {
    let characters = text.chars().collect::<Vec<_>>();
    let mut cursor = Cursor { characters: &characters, at: 0 };
    let mut found = Vec::new();
    while let Some(next) = cursor.peek() {
        let position = cursor.at + 1;
        let token = match next {
            blank if blank.is_whitespace() => {
                cursor.at += 1;
                continue;
            }
            '(' => cursor.take(1, Token::Open),
            ')' => cursor.take(1, Token::Close),
            ',' => cursor.take(1, Token::Comma),
            '\'' | '"' => cursor.quoted(next)?,
            '=' => cursor.take(1, Token::Operator(Comparison::Equal)),
            '!' if cursor.second() == Some('=') => cursor.take(2, Token::Operator(Comparison::NotEqual)),
            '<' => match cursor.second() {
                Some('>') => cursor.take(2, Token::Operator(Comparison::NotEqual)),
                Some('=') => cursor.take(2, Token::Operator(Comparison::LessOrEqual)),
                _ => cursor.take(1, Token::Operator(Comparison::Less)),
            },
            '>' => match cursor.second() {
                Some('=') => cursor.take(2, Token::Operator(Comparison::GreaterOrEqual)),
                _ => cursor.take(1, Token::Operator(Comparison::Greater)),
            },
            digit if digit.is_ascii_digit() => cursor.number(),
            '-' | '+' | '.'
                if cursor.second().is_some_and(|second| second.is_ascii_digit() || second == '.') =>
            {
                cursor.number()
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                Token::Word(cursor.run(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$')))
            }
            ';' => {
                return Err(QueryError::at(
                    position,
                    "\";\" joins terms under REST-Framework-Version 1 only; use \"and\"",
                ));
            }
            other => return Err(QueryError::at(position, format!("unexpected {other:?}"))),
        };
        found.push(Placed { token, position });
    }
    Ok(found)
}

struct Cursor<'a> {
    characters: &'a [char],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn second(&self) -> Option<char> {
        self.characters.get(self.at + 1).copied()
    }

    fn take(&mut self, length: usize, token: Token) -> Token {
        self.at += length;
        token
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(next) = self.peek().filter(|next| belongs(*next)) {
            text.push(next);
            self.at += 1;
        }
        text
    }

    /// Digits, a point, an exponent. Whether they make a number is decided with the attribute.
    fn number(&mut self) -> Token {
        let mut text = String::new();
        while let Some(next) = self.peek() {
            let sign = matches!(next, '-' | '+');
            let sign_fits = text.is_empty() || text.ends_with(['e', 'E']);
            if !(next.is_ascii_digit() || matches!(next, '.' | 'e' | 'E') || sign && sign_fits) {
                break;
            }
            text.push(next);
            self.at += 1;
        }
        Token::Number(text)
    }

    /// A quoted text; the quote mark stands for itself when doubled.
    fn quoted(&mut self, mark: char) -> Result<Token, QueryError> {
        let opened_at = self.at + 1;
        self.at += 1;
        let mut text = String::new();
        while let Some(next) = self.peek() {
            self.at += 1;
            if next != mark {
                text.push(next);
            } else if self.peek() == Some(mark) {
                text.push(mark);
                self.at += 1;
            } else {
                return Ok(Token::Text(text));
            }
        }
        Err(QueryError::at(opened_at, "the quoted text has no end"))
    }
}

//! A row of a file that can be an event, and one that cannot.

use std::collections::BTreeMap;

use rest_contract::oracle::MESSAGE;
use rest_contract::{Record, Value};
use rust_decimal::Decimal;

/// A row as the usage event that it becomes.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub number: String,
    /// The event with its charge, if the file has amounts (`usageCharges`). A field that the file has no column
    /// for, or no value where empty cells are to leave what stands, is not in it.
    pub event: Record,
    /// Empty where the file names none.
    pub currency: String,
    /// The amounts that the file is added up by, per currency; never one of the amounts beside them (list,
    /// effective). There is more than one only where a list of the console's own comes back.
    pub amounts: BTreeMap<String, Decimal>,
    /// Why it cannot be made a new event. An event that is there already may lack the same.
    pub lacks: Option<String>,
    /// Fields that an empty cell empties.
    pub emptied: u32,
    /// Texts that were too long for their field, whole.
    pub notes: Vec<Note>,
}

impl EventRow {
    /// Puts the texts that were too long for their fields into the event, as messages of it.
    pub fn keep_whole_texts(&mut self) {
        let message = |text: String| {
            let mut message = Record::new(&MESSAGE);
            for (name, value) in
                [("MessageName", WHOLE_TEXT), ("MessageType", WHOLE_TEXT_TYPE), ("MessageText", &text)]
            {
                // The schema has all three.
                let _ = message.set(name, Value::Text(value.to_owned()));
            }
            message
        };
        let messages: Vec<Record> = self.notes.iter().flat_map(Note::messages).map(message).collect();
        if !messages.is_empty() {
            // An event has messages.
            let _ = self.event.set_children("usageMessages", messages);
        }
    }

    /// The row as one that is refused.
    pub fn refused(self, reason: String) -> RefusedRow {
        let (currency, billed) = match self.amounts.into_iter().next() {
            Some((currency, amount)) => (currency, Some(amount.to_string())),
            None => (self.currency, None),
        };
        RefusedRow { reason, number: Some(self.number), currency, billed }
    }
}

/// A text that did not fit into its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub column: &'static str,
    pub whole: String,
}

/// The key of messages that keep a text whole, and their type.
pub const WHOLE_TEXT: &str = "FOCUS_WHOLE_TEXT";
pub const WHOLE_TEXT_TYPE: &str = "ORA_INFO";
/// Room for the column's name beside it (`MessageText`, 2000 characters).
const LONGEST_MESSAGE: usize = 1900;

impl Note {
    /// The texts of the event's messages that keep it whole, in order.
    pub fn messages(&self) -> Vec<String> {
        let letters: Vec<char> = self.whole.chars().collect();
        let parts = letters.chunks(LONGEST_MESSAGE);
        parts.map(|part| format!("{}: {}", self.column, part.iter().collect::<String>())).collect()
    }
}

/// A row that cannot be an event, with its amount as far as it can be read: what was loaded and what was refused
/// are together what the file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedRow {
    pub reason: String,
    /// The number that the event would have: a row that is corrected keeps it. Nothing where nobody can tell which
    /// cell is which.
    pub number: Option<String>,
    /// Empty where the row names none.
    pub currency: String,
    /// In machine notation, with all its digits, however many they are.
    pub billed: Option<String>,
}

/// Whether the text is a code as ISO 4217 has them.
pub fn is_currency_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase())
}

//! Four eyes: which acts need a second person, what they are approved for, and the one gate before each of them. The
//! rules and the content are `rest_contract::oracle::approval`; here they meet the database.
//!
//! An act is done by a `Pass`, which only the gate gives, in the transaction of the act. It makes the content anew and
//! spends the approval for that very content; where no rule asks for one, it notes the act, so that several small ones
//! of one person add up.
//!
//! Not here: how each API is asked and answers.

mod content;
mod gate;
mod person;
mod standing;

pub(crate) use content::{Matter, mark, matter_of, now, rules};
pub(crate) use gate::{Held, Pass, needs, pass};
pub(crate) use person::Person;
pub(crate) use standing::{newest, part};

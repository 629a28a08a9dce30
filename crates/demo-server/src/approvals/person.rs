//! Who somebody is. Records name people as they are shown, accounts and identity providers as they sign in; one person
//! may come by either. Names are compared without regard to case, and whoever shares one counts as the same person:
//! then one approval too few is possible, and none too many.

use std::collections::BTreeSet;

use sqlx::Error;

use crate::database::{Connection, Parameter, Statement};
use crate::oracle::Stamp;

/// A person by every name that is known.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// As they signed in.
    pub account: String,
    names: BTreeSet<String>,
}

impl Person {
    /// Whoever a request is of.
    pub(crate) async fn of(connection: &mut Connection, stamp: &Stamp) -> Result<Self, Error> {
        let mut names = BTreeSet::from([stamp.account.to_lowercase(), stamp.by.to_lowercase()]);
        let mut sql = Statement::new("SELECT display_name FROM accounts WHERE LOWER(user_name) = ");
        sql.bind(Parameter::Text(stamp.account.to_lowercase()));
        for row in sql.rows(connection).await? {
            names.insert(row.try_get::<String, _>(0)?.to_lowercase());
        }
        names.remove("");
        Ok(Self { account: stamp.account.clone(), names })
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.names.contains(&name.to_lowercase())
    }
}

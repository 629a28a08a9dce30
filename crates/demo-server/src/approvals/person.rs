//! Who somebody is. Records name people as they are shown, accounts and identity providers as they sign in; one person
//! may come by either. Names are compared without regard to case, and whoever shares one counts as the same person:
//! then one approval too few is possible, and none too many. Whether somebody who has an account here and somebody who
//! comes by an identity provider are two people cannot be told.

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
    /// Whether they have an account here; else an identity provider knows them.
    has_account: bool,
}

/// What the service does by itself, by these names, no person does.
const JOBS: [&str; 2] = [crate::rating::JOB_NAME, crate::load_file::LOADED_BY];

impl Person {
    /// Whoever a request is of.
    pub(crate) async fn of(connection: &mut Connection, stamp: &Stamp) -> Result<Self, Error> {
        let mut names = BTreeSet::from([stamp.account.to_lowercase(), stamp.by.to_lowercase()]);
        let mut sql = Statement::new("SELECT display_name FROM accounts WHERE LOWER(user_name) = ");
        sql.bind(Parameter::Text(stamp.account.to_lowercase()));
        let rows = sql.rows(connection).await?;
        for row in &rows {
            names.insert(row.try_get::<String, _>(0)?.to_lowercase());
        }
        names.remove("");
        Ok(Self { account: stamp.account.clone(), names, has_account: !rows.is_empty() })
    }

    /// Whether one of these came by another kind of sign-in: they have an account and the person has none, or the other
    /// way round.
    pub(super) async fn comes_otherwise_than_one_of(
        &self,
        connection: &mut Connection,
        names: impl Iterator<Item = &str>,
    ) -> Result<bool, Error> {
        let mut known = BTreeSet::new();
        for row in Statement::new("SELECT user_name, display_name FROM accounts").rows(connection).await? {
            for place in 0..2 {
                known.insert(row.try_get::<String, _>(place)?.to_lowercase());
            }
        }
        let mut people = names.filter(|name| !name.trim().is_empty() && !JOBS.contains(name));
        Ok(people.any(|name| known.contains(&name.to_lowercase()) != self.has_account))
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.names.contains(&name.to_lowercase())
    }
}

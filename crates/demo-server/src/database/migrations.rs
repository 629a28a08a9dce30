//! The steps by which a database's tables came to be what they are, for each database in its own
//! words, and the refusal of databases that these steps did not make.

use std::time::Instant;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{PgConnection, SqlitePool};

use super::{Longest, OpenError, locks, took_too_long};

/// One step, in both databases' SQL.
struct Step {
    version: i64,
    description: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// A step from the file of this name in `migrations/sqlite` and its twin in `migrations/postgres`.
macro_rules! step {
    ($version:literal, $description:literal, $file:literal) => {
        Step {
            version: $version,
            description: $description,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../migrations/postgres/", $file)),
        }
    };
}

/// In ascending order. A step that has been applied anywhere is never changed: another one follows.
static STEPS: &[Step] = &[
    step!(1, "usage events", "0001_usage_events.sql"),
    step!(2, "event list indexes", "0002_event_list_indexes.sql"),
    step!(3, "more event list indexes", "0003_more_event_list_indexes.sql"),
    step!(4, "service instances", "0004_service_instances.sql"),
    step!(5, "batch work", "0005_batch_work.sql"),
    step!(6, "rating", "0006_rating.sql"),
    step!(7, "rates", "0007_rates.sql"),
    step!(8, "lent events", "0008_lent_events.sql"),
    step!(10, "base buckets", "0010_base_buckets.sql"),
    step!(11, "history by batch", "0011_history_by_batch.sql"),
    step!(12, "history of both batches", "0012_history_of_both_batches.sql"),
    step!(13, "steps of a batch", "0013_steps_of_a_batch.sql"),
    step!(14, "figures of months", "0014_figures_of_months.sql"),
    step!(15, "closed periods", "0015_closed_periods.sql"),
    step!(16, "refresh token families", "0016_refresh_token_families.sql"),
    step!(17, "approvals", "0017_approvals.sql"),
];

pub(super) fn newest_version() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}

pub(super) async fn run_on_sqlite(pool: &SqlitePool) -> Result<(), OpenError> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            .fetch_all(pool)
            .await?;
    if is_migrated(&tables)? {
        check_applied(&sqlx::query_as(APPLIED).fetch_all(pool).await?)?;
    }
    migrator(|step| step.sqlite).run(pool).await.map_err(OpenError::Migration)
}

/// Brings the tables up to date while other servers may be at work on them. No writer is between two of its statements
/// then, and whoever reads waits for a moment and no longer: a step that does not get its tables at once lets go, and is
/// tried again for as long as a writer waits for its turn.
///
/// The connection is to be closed afterwards, for it may hold locks.
pub(super) async fn run_on_postgres(
    connection: &mut PgConnection,
    longest: Longest,
) -> Result<(), OpenError> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::TEXT FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_all(&mut *connection)
            .await?;
    let mut is_behind = true;
    if is_migrated(&tables)? {
        let applied: Vec<(i64, String)> = sqlx::query_as(APPLIED).fetch_all(&mut *connection).await?;
        check_applied(&applied)?;
        is_behind = applied.len() < STEPS.len();
    }
    locks::wait_for_moments(connection, longest).await?;
    let began = Instant::now();
    let mut told = began;
    loop {
        let reason = match try_on_postgres(connection, is_behind).await {
            Ok(()) => return Ok(()),
            Err(reason) if is_held_up(&reason) => reason,
            Err(reason) => return Err(OpenError::Migration(reason)),
        };
        let writer = locks::let_go(connection).await?;
        // A step that had begun had the turn to write: it was kept from its tables by readers.
        let by = writer.filter(|_| !matches!(reason, MigrateError::ExecuteMigration(..)));
        if began.elapsed() > longest.write {
            return Err(OpenError::HeldUp { by, reason });
        }
        if told.elapsed() > locks::BETWEEN_WORDS {
            told = Instant::now();
            let by = by.as_deref().unwrap_or("whoever reads from the tables");
            tracing::info!("waiting for {by}, to bring the tables up to date");
        }
        tokio::time::sleep(locks::BETWEEN_TRIES).await;
    }
}

async fn try_on_postgres(connection: &mut PgConnection, is_behind: bool) -> Result<(), MigrateError> {
    if is_behind {
        locks::take_turn(connection).await?;
    }
    migrator(|step| step.postgres).run(connection).await
}

/// Whether it was others that kept a step from its locks.
fn is_held_up(reason: &MigrateError) -> bool {
    let (MigrateError::Execute(reason) | MigrateError::ExecuteMigration(reason, _)) = reason else {
        return false;
    };
    took_too_long(reason) || locks::is_deadlock(reason)
}

fn migrator(sql: impl Fn(&Step) -> &'static str) -> Migrator {
    let migrations = STEPS.iter().map(|step| {
        let kind = MigrationType::Simple;
        Migration::new(step.version, step.description.into(), kind, sql(step).into(), false)
    });
    Migrator { migrations: migrations.collect::<Vec<_>>().into(), ..Migrator::DEFAULT }
}

/// Where sqlx notes the steps.
const NOTES: &str = "_sqlx_migrations";
const APPLIED: &str = "SELECT version, description FROM _sqlx_migrations ORDER BY version";

/// Whether the steps of some program have been applied. Tables without such notes are foreign.
fn is_migrated(tables: &[String]) -> Result<bool, OpenError> {
    let noted = tables.iter().any(|table| table == NOTES);
    if noted || tables.is_empty() { Ok(noted) } else { Err(OpenError::Foreign) }
}

fn check_applied(applied: &[(i64, String)]) -> Result<(), OpenError> {
    let foreign = match (applied.first(), STEPS.first()) {
        (Some((version, description)), Some(step)) => {
            (*version, description.as_str()) != (step.version, step.description)
        }
        _ => false,
    };
    if foreign {
        return Err(OpenError::Foreign);
    }
    match applied.last() {
        Some((version, _)) if *version > newest_version() => Err(OpenError::Newer(*version)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_ascend() {
        assert!(STEPS.windows(2).all(|pair| pair[0].version < pair[1].version));
    }
}

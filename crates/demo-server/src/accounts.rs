//! Who may use the service: accounts with a role, checked by user name and password.
//!
//! Not here: tokens (`access_tokens`) and what a role may do with a resource (each API's module).

use hmac::{Hmac, Mac};
use sha2::Sha256;
use sqlx::Error;

use crate::database::{Database, query, query_scalar};

/// What a person may do. Each role may do everything that the ones above it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads usage of the subscriptions, and of Cloud Foundry only what belongs to own spaces:
    /// there the lists of usage events are empty.
    Developer,
    Viewer,
    Editor,
    Administrator,
}

impl Role {
    fn of(text: &str) -> Option<Self> {
        match text {
            "developer" => Some(Self::Developer),
            "viewer" => Some(Self::Viewer),
            "editor" => Some(Self::Editor),
            "administrator" => Some(Self::Administrator),
            _ => None,
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Administrator => "administrator",
        }
    }

    /// The number that LogiSense's tokens know it by.
    pub fn number(self) -> i64 {
        match self {
            Self::Developer => 1,
            Self::Viewer => 2,
            Self::Editor => 3,
            Self::Administrator => 4,
        }
    }

    /// The scopes that a token of this role carries.
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Developer => &[scope::READ, scope::PLATFORM_READ],
            Self::Viewer => &[scope::READ, scope::BUCKET_READ, scope::PLATFORM_ADMIN_READ_ONLY],
            Self::Editor => &[
                scope::READ,
                scope::WRITE,
                scope::BUCKET_READ,
                scope::BUCKET_WRITE,
                scope::PLATFORM_ADMIN_READ_ONLY,
            ],
            Self::Administrator => &[
                scope::READ,
                scope::WRITE,
                scope::ADMINISTER,
                scope::BUCKET_READ,
                scope::BUCKET_WRITE,
                scope::PLATFORM_ADMIN_READ_ONLY,
                scope::PLATFORM_ADMIN,
            ],
        }
    }
}

/// Permissions of the usage-event API, of LogiSense's and of Cloud Foundry's, as they are named in
/// tokens and in refusals.
pub mod scope {
    pub const READ: &str = "subscription_usage.read";
    pub const WRITE: &str = "subscription_usage.write";
    pub const ADMINISTER: &str = "subscription_usage.admin";
    pub const BUCKET_READ: &str = "usage_bucket.read";
    pub const BUCKET_WRITE: &str = "usage_bucket.write";
    pub const PLATFORM_READ: &str = "cloud_controller.read";
    pub const PLATFORM_AUDIT: &str = "cloud_controller.global_auditor";
    pub const PLATFORM_ADMIN_READ_ONLY: &str = "cloud_controller.admin_read_only";
    pub const PLATFORM_ADMIN: &str = "cloud_controller.admin";
}

/// A person whose credentials were accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub user_name: String,
    /// The name that stands in `LastUpdatedBy`.
    pub display_name: String,
    pub scopes: Vec<String>,
}

impl Principal {
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one == scope)
    }
}

#[derive(Debug)]
pub struct Account {
    /// Its place among all accounts in the order of names, from 1.
    pub number: i64,
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
}

impl Account {
    pub fn principal(&self) -> Principal {
        Principal {
            user_name: self.user_name.clone(),
            display_name: self.display_name.clone(),
            scopes: self.role.scopes().iter().map(|&scope| scope.to_owned()).collect(),
        }
    }
}

/// The accounts of a new database; each one's password is its user name.
const DEMO_ACCOUNTS: [(&str, &str, Role); 5] = [
    ("developer", "Dana Whitfield", Role::Developer),
    ("viewer", "Vera Lindqvist", Role::Viewer),
    ("editor", "Edith Okafor", Role::Editor),
    ("editor2", "Emil Brandt", Role::Editor),
    ("admin", "Ada Moreau", Role::Administrator),
];

/// Adds the demo accounts to a database that has none.
pub async fn add_demo_accounts(database: &Database) -> Result<(), Error> {
    let mut transaction = database.begin_write().await?;
    let known: i64 = query_scalar("SELECT COUNT(*) FROM accounts").fetch_one(&mut *transaction).await?;
    if known == 0 {
        for (user_name, display_name, role) in DEMO_ACCOUNTS {
            let mut salt = [0_u8; 16];
            getrandom::fill(&mut salt).map_err(|reason| Error::Protocol(reason.to_string()))?;
            query("INSERT INTO accounts VALUES ($1, $2, $3, $4, $5)")
                .bind(user_name)
                .bind(display_name)
                .bind(role.text())
                .bind(salt.as_slice())
                .bind(hash(&salt, user_name).as_slice())
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await
}

/// Every account, in the order of names.
pub async fn all(database: &Database) -> Result<Vec<Account>, Error> {
    let rows = query(&format!("{SELECT} ORDER BY user_name")).fetch_all(&database.readers).await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in &rows {
        accounts.extend(account_of(row)?);
    }
    Ok(accounts)
}

/// The account with this name and password.
pub async fn check_password(
    database: &Database,
    user_name: &str,
    password: &str,
) -> Result<Option<Account>, Error> {
    let Some(row) = row_of(database, user_name).await? else { return Ok(None) };
    let salt: Vec<u8> = row.try_get("password_salt")?;
    let expected: Vec<u8> = row.try_get("password_hash")?;
    if keyed(&salt, password).is_some_and(|mac| mac.verify_slice(&expected).is_ok()) {
        account_of(&row)
    } else {
        Ok(None)
    }
}

/// The account with this name.
pub async fn find(database: &Database, user_name: &str) -> Result<Option<Account>, Error> {
    match row_of(database, user_name).await? {
        Some(row) => account_of(&row),
        None => Ok(None),
    }
}

const SELECT: &str = "SELECT user_name, display_name, role, password_salt, password_hash, (SELECT COUNT(*) \
                      FROM accounts a WHERE a.user_name <= accounts.user_name) AS number FROM accounts";

async fn row_of(database: &Database, user_name: &str) -> Result<Option<crate::database::Row>, Error> {
    // Not every database can be asked for the zero character.
    if user_name.contains('\0') {
        return Ok(None);
    }
    query(&format!("{SELECT} WHERE user_name = $1")).bind(user_name).fetch_optional(&database.readers).await
}

fn account_of(row: &crate::database::Row) -> Result<Option<Account>, Error> {
    let role: String = row.try_get("role")?;
    let (user_name, display_name) = (row.try_get("user_name")?, row.try_get("display_name")?);
    let number = row.try_get("number")?;
    Ok(Role::of(&role).map(|role| Account { number, user_name, display_name, role }))
}

/// A salted hash. It is a quick one, because `Basic` sends the password with every request and these
/// are demo accounts; a service with real passwords needs a slow hash.
fn hash(salt: &[u8], password: &str) -> Vec<u8> {
    keyed(salt, password).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
}

fn keyed(salt: &[u8], password: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(salt).ok()?;
    mac.update(password.as_bytes());
    Some(mac)
}

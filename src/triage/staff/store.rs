//! The accounts' store, on both engines.

use super::member::{Member, MemberId, Role};
use super::password::StoredPassword;
use crate::storage::{StoreError, id_from};
use crate::triage::directory::Directory;
use async_trait::async_trait;
use sqlx::{PgPool, Row as _, SqlitePool};

/// Keeps the accounts. [`Directory::members`] lists them.
#[async_trait]
pub trait StaffStore: Directory {
    /// The member with this id.
    ///
    /// # Errors
    /// What the engine says, as for every method here.
    async fn member(&self, id: MemberId) -> Result<Option<Member>, StoreError>;

    /// The member with this login, exactly.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn member_by_login(&self, login: &str) -> Result<Option<Member>, StoreError>;

    /// Adds an account; `false` if the login is taken.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn add(&self, member: &Member, password: &StoredPassword) -> Result<bool, StoreError>;

    /// Replaces everything of an account but its login and password; `false` if there is none.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn update(&self, member: &Member) -> Result<bool, StoreError>;

    /// The stored password of a member.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn password_hash(&self, id: MemberId) -> Result<Option<StoredPassword>, StoreError>;

    /// Replaces a password; `false` if there is no such member.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn set_password(
        &self,
        id: MemberId,
        password: &StoredPassword,
    ) -> Result<bool, StoreError>;
}

fn list_from(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Damaged("a list of recusals"))
}

fn list_to(list: &[String]) -> String {
    serde_json::to_string(list).expect("strings are always JSON")
}

/// The statements are the same on both engines; the types of pool and row are not.
macro_rules! engine {
    ($(#[$doc:meta])* $name:ident, $pool:ty, $row:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pool: $pool,
        }

        impl $name {
            /// Over a pool whose schema is up to date.
            #[must_use]
            pub fn new(pool: $pool) -> Self {
                Self { pool }
            }

            fn read(row: &$row) -> Result<Member, StoreError> {
                let role: String = row.try_get("role")?;
                Ok(Member {
                    id: MemberId(id_from(&row.try_get::<Vec<u8>, _>("id")?)?),
                    login: row.try_get("login")?,
                    name: row.try_get("name")?,
                    role: Role::from_code(&role).ok_or(StoreError::Damaged("a role"))?,
                    unit: row.try_get("unit")?,
                    email: row.try_get("email")?,
                    recused_schools: list_from(&row.try_get::<String, _>("recused_schools")?)?,
                    recused_names: list_from(&row.try_get::<String, _>("recused_names")?)?,
                    active: row.try_get::<i64, _>("active")? == 1,
                })
            }
        }

        #[async_trait]
        impl Directory for $name {
            async fn members(&self) -> Result<Vec<Member>, StoreError> {
                let rows = sqlx::query("SELECT * FROM member ORDER BY login")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(Self::read).collect()
            }
        }

        #[async_trait]
        impl StaffStore for $name {
            async fn member(&self, id: MemberId) -> Result<Option<Member>, StoreError> {
                let row = sqlx::query("SELECT * FROM member WHERE id = $1")
                    .bind(id.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.as_ref().map(Self::read).transpose()
            }

            async fn member_by_login(&self, login: &str) -> Result<Option<Member>, StoreError> {
                let row = sqlx::query("SELECT * FROM member WHERE login = $1")
                    .bind(login)
                    .fetch_optional(&self.pool)
                    .await?;
                row.as_ref().map(Self::read).transpose()
            }

            async fn add(&self, member: &Member, password: &StoredPassword) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "INSERT INTO member (id, login, name, role, unit, email, recused_schools, recused_names,
                                         active, password_phc)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (login) DO NOTHING",
                )
                .bind(member.id.0.as_slice())
                .bind(member.login.as_str())
                .bind(member.name.as_str())
                .bind(member.role.code())
                .bind(member.unit.as_deref())
                .bind(member.email.as_str())
                .bind(list_to(&member.recused_schools))
                .bind(list_to(&member.recused_names))
                .bind(i64::from(member.active))
                .bind(password.as_phc())
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn update(&self, member: &Member) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "UPDATE member SET name = $2, role = $3, unit = $4, email = $5, recused_schools = $6,
                                       recused_names = $7, active = $8 WHERE id = $1",
                )
                .bind(member.id.0.as_slice())
                .bind(member.name.as_str())
                .bind(member.role.code())
                .bind(member.unit.as_deref())
                .bind(member.email.as_str())
                .bind(list_to(&member.recused_schools))
                .bind(list_to(&member.recused_names))
                .bind(i64::from(member.active))
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn password_hash(&self, id: MemberId) -> Result<Option<StoredPassword>, StoreError> {
                let phc = sqlx::query_scalar("SELECT password_phc FROM member WHERE id = $1")
                    .bind(id.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                Ok(phc.map(StoredPassword::from_phc))
            }

            async fn set_password(&self, id: MemberId, password: &StoredPassword) -> Result<bool, StoreError> {
                let done = sqlx::query("UPDATE member SET password_phc = $2 WHERE id = $1")
                    .bind(id.0.as_slice())
                    .bind(password.as_phc())
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }
        }
    };
}

engine! {
    /// Accounts in SQLite.
    SqliteStaffStore, SqlitePool, sqlx::sqlite::SqliteRow
}

engine! {
    /// Accounts in PostgreSQL.
    PgStaffStore, PgPool, sqlx::postgres::PgRow
}

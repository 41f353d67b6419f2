//! The accounts' store on both engines.

use super::account_columns::{
    leave_from, leave_to, list_from, list_to, skills_from, skills_to, titles_from, titles_to,
};
use super::keys::{Credentials, MemberKeys};
use super::password::StoredPassword;
use super::store::{MemberChange, StaffStore};
use crate::model::{Member, MemberId, Role};
use crate::staff::Directory;
use crate::store::{PgTriageStore, SqliteTriageStore};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use mifeng_opening::PASSWORD_SALT_BYTES;
use mifeng_sealing::Recipient;
use sqlx::{PgPool, Row as _, SqlitePool};

/// The statements are the same on both engines; the types of pool and row are not.
macro_rules! engine {
    ($(#[$doc:meta])* $name:ident, $pool:ty, $row:ty, $connection:ty, $triage:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub(super) pool: $pool,
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
                    recipient: Self::recipient(row)?,
                    confirmed: row.try_get::<i64, _>("confirmed")? == 1,
                    leave: leave_from([row.try_get("leave_from_day")?, row.try_get("leave_to_day")?])?,
                    skills: skills_from(&row.try_get::<String, _>("skills")?)?,
                    titles: titles_from(&row.try_get::<String, _>("titles")?)?,
                })
            }

            fn recipient(row: &$row) -> Result<Option<Recipient>, StoreError> {
                let text: Option<String> = row.try_get("recipient")?;
                let parsed = text.map(|text| text.parse()).transpose();
                parsed.map_err(|_| StoreError::Damaged("a member's recipient"))
            }

            fn keys(row: &$row) -> Result<Option<MemberKeys>, StoreError> {
                let Some(recipient) = Self::recipient(row)? else {
                    return Ok(None);
                };
                let salt: Vec<u8> = row.try_get("key_salt")?;
                let salt: [u8; PASSWORD_SALT_BYTES] =
                    salt.try_into().map_err(|_| StoreError::Damaged("a member's salt"))?;
                let sealed_identity = row.try_get("sealed_identity")?;
                Ok(Some(MemberKeys { recipient, salt, sealed_identity }))
            }

            async fn set_credentials(
                connection: &mut $connection,
                id: MemberId,
                credentials: &Credentials,
            ) -> Result<(), StoreError> {
                let keys = credentials.keys.as_ref();
                if keys.is_none() {
                    Self::forget_factor(connection, id).await?;
                }
                sqlx::query(
                    "UPDATE member SET password_phc = $2, own_password = $3, recipient = $4, key_salt = $5,
                                       sealed_identity = $6 WHERE id = $1",
                )
                .bind(id.0.as_slice())
                .bind(credentials.password.as_phc())
                .bind(i64::from(credentials.own))
                .bind(keys.map(|keys| keys.recipient.to_string()))
                .bind(keys.map(|keys| keys.salt.as_slice()))
                .bind(keys.map(|keys| keys.sealed_identity.as_slice()))
                .execute(connection)
                .await?;
                Ok(())
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

            async fn add(&self, member: &Member, credentials: &Credentials) -> Result<bool, StoreError> {
                let mut transaction = self.pool.begin().await?;
                let [leave_from, leave_to] = leave_to(member.leave);
                let done = sqlx::query(
                    "INSERT INTO member (id, login, name, role, unit, email, recused_schools, recused_names,
                                         active, password_phc, confirmed, leave_from_day, leave_to_day,
                                         skills, titles)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (login) DO NOTHING",
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
                .bind(credentials.password.as_phc())
                .bind(i64::from(member.confirmed))
                .bind(leave_from)
                .bind(leave_to)
                .bind(skills_to(&member.skills))
                .bind(titles_to(&member.titles))
                .execute(&mut *transaction)
                .await?;
                if done.rows_affected() != 1 {
                    return Ok(false);
                }
                Self::set_credentials(&mut transaction, member.id, credentials).await?;
                transaction.commit().await?;
                Ok(true)
            }

            async fn change(&self, change: &MemberChange) -> Result<bool, StoreError> {
                let mut transaction = self.pool.begin().await?;
                let member = &change.member;
                let [leave_from, leave_to] = leave_to(member.leave);
                let done = sqlx::query(
                    "UPDATE member SET name = $2, role = $3, unit = $4, email = $5, recused_schools = $6,
                                       recused_names = $7, active = $8, confirmed = $9, leave_from_day = $10,
                                       leave_to_day = $11, skills = $12, titles = $13 WHERE id = $1",
                )
                .bind(member.id.0.as_slice())
                .bind(member.name.as_str())
                .bind(member.role.code())
                .bind(member.unit.as_deref())
                .bind(member.email.as_str())
                .bind(list_to(&member.recused_schools))
                .bind(list_to(&member.recused_names))
                .bind(i64::from(member.active))
                .bind(i64::from(member.confirmed))
                .bind(leave_from)
                .bind(leave_to)
                .bind(skills_to(&member.skills))
                .bind(titles_to(&member.titles))
                .execute(&mut *transaction)
                .await?;
                if done.rows_affected() != 1 {
                    return Ok(false);
                }
                if let Some(credentials) = &change.credentials {
                    Self::set_credentials(&mut transaction, member.id, credentials).await?;
                }
                if member.is_reader() {
                    <$triage>::write_rewraps(&mut transaction, &change.rewraps).await?;
                } else {
                    sqlx::query("DELETE FROM case_wrap WHERE member_id = $1")
                        .bind(member.id.0.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                transaction.commit().await?;
                Ok(true)
            }

            async fn credentials(&self, id: MemberId) -> Result<Option<Credentials>, StoreError> {
                let row = sqlx::query("SELECT * FROM member WHERE id = $1")
                    .bind(id.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| {
                    Ok(Credentials {
                        password: StoredPassword::from_phc(row.try_get("password_phc")?),
                        own: row.try_get::<i64, _>("own_password")? == 1,
                        keys: Self::keys(&row)?,
                    })
                })
                .transpose()
            }

            async fn hash_anew(
                &self,
                id: MemberId,
                old: &StoredPassword,
                new: &Credentials,
            ) -> Result<bool, StoreError> {
                let keys = new.keys.as_ref();
                let done = sqlx::query(
                    "UPDATE member SET password_phc = $3, key_salt = $4, sealed_identity = $5
                     WHERE id = $1 AND password_phc = $2 AND (recipient = $6 OR (recipient IS NULL AND $6 IS NULL))",
                )
                .bind(id.0.as_slice())
                .bind(old.as_phc())
                .bind(new.password.as_phc())
                .bind(keys.map(|keys| keys.salt.as_slice()))
                .bind(keys.map(|keys| keys.sealed_identity.as_slice()))
                .bind(keys.map(|keys| keys.recipient.to_string()))
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn add_keys(&self, id: MemberId, keys: &MemberKeys) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "UPDATE member SET recipient = $2, key_salt = $3, sealed_identity = $4
                     WHERE id = $1 AND recipient IS NULL AND own_password = 1",
                )
                .bind(id.0.as_slice())
                .bind(keys.recipient.to_string())
                .bind(keys.salt.as_slice())
                .bind(keys.sealed_identity.as_slice())
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }
        }
    };
}

engine! {
    /// Accounts in SQLite.
    SqliteStaffStore, SqlitePool, sqlx::sqlite::SqliteRow, sqlx::SqliteConnection, SqliteTriageStore
}

engine! {
    /// Accounts in PostgreSQL.
    PgStaffStore, PgPool, sqlx::postgres::PgRow, sqlx::PgConnection, PgTriageStore
}

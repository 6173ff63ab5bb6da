//! Apps and logins at platforms. Secrets come and go as ciphertext; this crate never sees one in clear.

use chrono::{DateTime, Utc};
use moa_domain::Platform;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;
use crate::syncs::OwnTurn;

/// The agency's own app at a platform.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct PlatformApp {
    pub platform: String,
    /// What the secret is bound to.
    pub public_id: Uuid,
    pub client_id: String,
    pub client_secret: Option<Vec<u8>>,
    pub key_id: Option<String>,
}

/// One authorisation at a platform.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct PlatformLogin {
    pub id: i32,
    /// What the secrets are bound to.
    pub public_id: Uuid,
    pub platform: String,
    pub label: String,
    /// `oauth`, `keys`, `token`.
    pub kind: String,
    pub identifier: Option<String>,
    pub access_token: Option<Vec<u8>>,
    pub refresh_token: Option<Vec<u8>>,
    pub secret: Option<Vec<u8>>,
    pub key_id: Option<String>,
    pub token_expires_at: Option<DateTime<Utc>>,
    pub login_ends_at: Option<DateTime<Utc>>,
    pub needs_login: bool,
}

/// Sealed secrets of a login, as they are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SealedLogin {
    pub access_token: Option<Vec<u8>>,
    pub refresh_token: Option<Vec<u8>>,
    pub secret: Option<Vec<u8>>,
    pub key_id: Option<String>,
    pub token_expires_at: Option<DateTime<Utc>>,
    pub login_ends_at: Option<DateTime<Utc>>,
}

const LOGIN: &str =
    "select id, public_id, platform::text as platform, label, kind::text as kind, identifier, access_token, refresh_token, secret, key_id,
   token_expires_at, login_ends_at, needs_login from platform_logins";

impl Store {
    /// # Errors
    /// The database's.
    pub async fn platform_app(&self, platform: &Platform) -> Result<Option<PlatformApp>, StoreError> {
        Ok(sqlx::query_as(
            "select platform::text as platform, public_id, client_id, client_secret, key_id from platform_apps where platform = $1",
        )
        .bind(platform.code())
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Keeps the app of a platform; another one takes its place.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_platform_app(&self, app: &PlatformApp) -> Result<(), StoreError> {
        sqlx::query(
            "insert into platform_apps (platform, public_id, client_id, client_secret, key_id) values ($1, $2, $3, $4, $5)
             on conflict (platform) do update set public_id = excluded.public_id, client_id = excluded.client_id,
               client_secret = excluded.client_secret, key_id = excluded.key_id, updated_at = now()",
        )
        .bind(&app.platform)
        .bind(app.public_id)
        .bind(&app.client_id)
        .bind(&app.client_secret)
        .bind(&app.key_id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Every login, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn platform_logins(&self) -> Result<Vec<PlatformLogin>, StoreError> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{LOGIN} order by id"))).fetch_all(&self.pool).await?)
    }

    /// # Errors
    /// The database's.
    pub async fn platform_login(&self, id: i32) -> Result<Option<PlatformLogin>, StoreError> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{LOGIN} where id = $1"))).bind(id).fetch_optional(&self.pool).await?)
    }

    /// Keeps a new login and gives its id. `public_id` is made by the caller, who has bound the secrets to it.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_platform_login(
        &self,
        platform: &Platform,
        public_id: Uuid,
        kind: &str,
        (label, identifier): (&str, Option<&str>),
        sealed: &SealedLogin,
    ) -> Result<i32, StoreError> {
        let (id,): (i32,) = sqlx::query_as(
            "insert into platform_logins (platform, public_id, kind, label, identifier, access_token, refresh_token, secret, key_id, token_expires_at, login_ends_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
        )
        .bind(platform.code())
        .bind(public_id)
        .bind(kind)
        .bind(label)
        .bind(identifier)
        .bind(&sealed.access_token)
        .bind(&sealed.refresh_token)
        .bind(&sealed.secret)
        .bind(&sealed.key_id)
        .bind(sealed.token_expires_at)
        .bind(sealed.login_ends_at)
        .fetch_one(&self.pool)
        .await?;
        Ok(id)
    }

    /// Replaces a login's secrets: a repair, a renewed token, another sealing key. The login works again.
    ///
    /// # Errors
    /// The database's.
    pub async fn reseal_login(&self, id: i32, sealed: &SealedLogin) -> Result<(), StoreError> {
        sqlx::query(
            "update platform_logins set access_token = $2, refresh_token = $3, secret = $4, key_id = $5, token_expires_at = $6, login_ends_at = $7,
               needs_login = false, updated_at = now() where id = $1",
        )
        .bind(id)
        .bind(&sealed.access_token)
        .bind(&sealed.refresh_token)
        .bind(&sealed.secret)
        .bind(&sealed.key_id)
        .bind(sealed.token_expires_at)
        .bind(sealed.login_ends_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes that somebody has to sign in again.
    ///
    /// # Errors
    /// The database's.
    pub async fn login_needs_person(&self, id: i32) -> Result<(), StoreError> {
        sqlx::query("update platform_logins set needs_login = true, updated_at = now() where id = $1 and not needs_login")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The login works: an account has been read with it.
    ///
    /// # Errors
    /// The database's.
    pub async fn login_works(&self, id: i32) -> Result<(), StoreError> {
        sqlx::query("update platform_logins set needs_login = false, updated_at = now() where id = $1 and needs_login")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The turn to renew a login's tokens, over all programs on this database; waits for whoever has it, but not for ever.
    ///
    /// # Errors
    /// The database's, and that nobody gave the turn back in time.
    pub async fn login_turn(&self, login: i32) -> Result<OwnTurn, StoreError> {
        let mut own = self.pool.acquire().await?.detach();
        sqlx::query("set lock_timeout = '30s'").execute(&mut own).await?;
        sqlx::query("select pg_advisory_lock(1836018789, $1)").bind(login).execute(&mut own).await?;
        Ok(OwnTurn::of(own))
    }

    /// Points every account of a login to a newer one of the same keys. Gives how many.
    ///
    /// # Errors
    /// The database's.
    pub async fn repair_login(&self, from: i32, to: i32) -> Result<u64, StoreError> {
        let repaired = sqlx::query("update marketing_accounts set login_id = $2, is_connected = true, trouble = null where login_id = $1")
            .bind(from)
            .bind(to)
            .execute(&self.pool)
            .await?;
        Ok(repaired.rows_affected())
    }

    /// Forgets logins no account uses any more; one whose accounts may just be chosen is left for an hour.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget_unused_logins(&self) -> Result<(), StoreError> {
        sqlx::query(
            "delete from platform_logins l 
             where l.created_at < now() - interval '1 hour' and not exists (select from marketing_accounts a where a.login_id = l.id)",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

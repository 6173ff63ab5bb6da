//! Settings of the workspace: a key, a JSON value.

use serde_json::Value;

use crate::Store;
use crate::error::StoreError;

impl Store {
    /// # Errors
    /// The database's.
    pub async fn setting(&self, key: &str) -> Result<Option<Value>, StoreError> {
        let row: Option<(Value,)> =
            sqlx::query_as("select value from settings where key = $1").bind(key).fetch_optional(&self.pool).await?;
        Ok(row.map(|(value,)| value))
    }

    /// # Errors
    /// The database's.
    pub async fn set_setting(&self, key: &str, value: Value) -> Result<(), StoreError> {
        sqlx::query(
            "insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value, updated_at = now()",
        )
        .bind(key)
        .bind(value)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

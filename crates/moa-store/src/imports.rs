//! What a person said about a file's columns, kept for the next file with the same headers.

use serde_json::Value;

use crate::Store;
use crate::error::StoreError;

impl Store {
    /// A client's remembered answers, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn import_mappings(&self, client: i32) -> Result<Vec<Value>, StoreError> {
        let rows: Vec<(Value,)> = sqlx::query_as("select answer from import_mappings where client_id = $1 order by updated_at")
            .bind(client)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(answer,)| answer).collect())
    }

    /// # Errors
    /// The database's.
    pub async fn remember_import_mapping(&self, client: i32, fingerprint: &str, answer: Value) -> Result<(), StoreError> {
        sqlx::query(
            "insert into import_mappings (client_id, fingerprint, answer) values ($1, md5($2), $3)
             on conflict (client_id, fingerprint) do update set answer = excluded.answer, updated_at = now() where import_mappings.answer <> excluded.answer",
        )
        .bind(client)
        .bind(fingerprint)
        .bind(answer)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

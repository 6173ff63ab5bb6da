//! `moa doctor`: is everything well, and if not, what cures it.

use serde::Serialize;

use crate::Moa;
use crate::error::ApiError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DoctorState {
    Ok,
    Warning,
    Failed,
}

/// One check, worded.
#[derive(Debug, Clone, Serialize)]
pub struct DoctorCheck {
    /// Stable, for programs: `roll_ups_of_the_agency`.
    pub name: String,
    pub state: DoctorState,
    pub detail: String,
    /// What to do, or empty.
    pub cure: String,
}

/// How the database is; the door words it.
#[derive(Debug, Clone)]
pub struct DatabaseHealth {
    /// Of Postgres.
    pub version: String,
    pub size_bytes: i64,
    pub schema_version: i32,
    /// What was made from the stored rows, against the rows: name, whether it is equal, and what differs.
    pub derived: Vec<(String, bool, String)>,
}

impl Moa {
    /// Checks the store: what is derived against a fresh aggregate.
    ///
    /// # Errors
    /// The database's.
    pub async fn database_health(&self) -> Result<DatabaseHealth, ApiError> {
        let server = self.store().server_info().await?;
        let checks = self.store().check().await?;
        Ok(DatabaseHealth {
            version: server.version,
            size_bytes: server.size_bytes,
            schema_version: server.schema_version,
            derived: checks.into_iter().map(|check| (stable_name(&check.name), check.ok, check.detail)).collect(),
        })
    }
}

/// `roll-ups per client and day` is `roll_ups_per_client_and_day`.
fn stable_name(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }).collect()
}

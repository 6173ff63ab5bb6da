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

/// One check; the door words `cure` by its code.
#[derive(Debug, Clone, Serialize)]
pub struct DoctorCheck {
    pub name: String,
    pub state: DoctorState,
    pub detail: String,
    /// What to do, or empty.
    pub cure: String,
}

impl Moa {
    /// Checks the store: schema, partitions, roll-ups against a fresh aggregate, orphans.
    ///
    /// # Errors
    /// The database's.
    pub async fn doctor(&self) -> Result<Vec<DoctorCheck>, ApiError> {
        let server = self.store().server_info().await?;
        let mut checks = vec![DoctorCheck {
            name: "database".to_owned(),
            state: DoctorState::Ok,
            detail: format!("Postgres {}, {} bytes", server.version, server.size_bytes),
            cure: String::new(),
        }];
        for check in self.store().check().await? {
            checks.push(DoctorCheck {
                name: check.name,
                state: if check.ok { DoctorState::Ok } else { DoctorState::Failed },
                detail: check.detail,
                cure: check.cure,
            });
        }
        Ok(checks)
    }
}

//! What went wrong, with its exit code: 1 the work failed, 2 the call was wrong.

use std::collections::BTreeMap;

use moa_api::{ApiError, Blame, ErrorDto};
use moa_host::HostError;

#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) error: ErrorDto,
    pub(crate) exit: i32,
}

impl Failure {
    pub(crate) fn usage(reason: String) -> Self {
        Self { error: dto("usage", &[("reason", reason)]), exit: 2 }
    }

    /// Something of the contract that a later version brings: said plainly, never answered with figures that are something else.
    pub(crate) fn not_yet(what: &str) -> Self {
        Self { error: dto("not_yet", &[("what", what.to_owned())]), exit: 2 }
    }

    /// The work failed for a reason the system gives.
    pub(crate) fn failed(code: &str, reason: &dyn std::fmt::Display) -> Self {
        Self { error: dto(code, &[("reason", reason.to_string())]), exit: 1 }
    }

    pub(crate) fn internal(reason: &dyn std::fmt::Display) -> Self {
        Self::failed("internal", reason)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let exit = match error.blame() {
            Blame::Usage => 2,
            Blame::Failure => 1,
        };
        Self { error: error.to_dto(), exit }
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        let exit = if matches!(error, HostError::InvalidKeychain { .. }) { 2 } else { 1 };
        Self { error: dto(&format!("host_{}", error.code()), &[("detail", error.to_string())]), exit }
    }
}

fn dto(code: &str, values: &[(&str, String)]) -> ErrorDto {
    let values: BTreeMap<String, String> = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    ErrorDto { code: code.to_owned(), values }
}

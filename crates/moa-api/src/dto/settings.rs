//! Settings, and what the first screen must know.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::DecimalText;

/// What the window asks first: enough to decide between first run and the clients screen.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Workspace {
    pub client_count: u32,
    pub has_sample: bool,
    pub settings: Settings,
    /// Where reports go: the chosen folder, else Moa's own.
    pub reports_folder: String,
    pub database: DatabaseInfo,
    /// Today in the office's zone.
    pub today: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DatabaseInfo {
    /// True for the database inside Moa, false for a shared server.
    pub embedded: bool,
    /// Host and database name of a shared server, without credentials; the data folder of an embedded one.
    pub location: String,
    pub version: String,
    pub size_bytes: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct Settings {
    /// `ko` or `en`.
    pub lang: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    pub default_currency: String,
    /// Percent.
    pub default_vat_rate: DecimalText,
    pub default_basis: super::period::ShownBasis,
    /// Printed on reports.
    pub agency_name: String,
    pub reports_folder: Option<String>,
    /// Goes on syncing from the tray after the window is closed, when accounts are connected.
    #[serde(default = "stays_in_tray_usually")]
    pub stays_in_tray: bool,
}

/// Linux desktops may have no tray, from where a hidden window would never come back.
pub(crate) const fn stays_in_tray_usually() -> bool {
    cfg!(not(target_os = "linux"))
}

/// What came of making a new sealing key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
pub struct ResealedDto {
    /// Logins and apps sealed with the new key.
    pub resealed: u32,
    /// Those another computer has sealed: they stay as they are.
    pub elsewhere: u32,
}

/// Whether a shared server can be used: answered before anything is changed.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DatabaseTest {
    pub ok: bool,
    pub version: Option<String>,
    pub error: Option<crate::error::ErrorDto>,
}

//! Settings of the workspace.

use moa_store::Store;

use super::clients::{currency, vat_rate};
use crate::dto::period::ShownBasis;
use crate::dto::settings::{Settings, stays_in_tray_usually};
use crate::error::ApiError;
use crate::tags::CacheTag;
use crate::{Moa, MoaEvent};

const SETTINGS: &str = "settings";

impl Moa {
    /// # Errors
    /// A language, theme, currency or rate that is none (usage), or the database's.
    pub async fn save_settings(&self, settings: &Settings) -> Result<(), ApiError> {
        check("lang", &settings.lang, &["ko", "en"])?;
        check("theme", &settings.theme, &["system", "light", "dark"])?;
        currency(&settings.default_currency)?;
        vat_rate(&settings.default_vat_rate)?;
        let value = serde_json::to_value(settings).map_err(|error| ApiError::failure("internal", [("reason", error.to_string())]))?;
        self.awake().await?.set_setting(SETTINGS, value).await?;
        self.tell(MoaEvent::DataChanged(vec![CacheTag::Workspace]));
        Ok(())
    }

    /// # Errors
    /// The database's.
    pub async fn settings(&self) -> Result<Settings, ApiError> {
        self.retried(|store| async move { load(&store).await }).await
    }
}

fn check(name: &str, value: &str, allowed: &[&str]) -> Result<(), ApiError> {
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(ApiError::usage("invalid_setting", [("setting", name.to_owned()), ("value", value.to_owned())]))
}

pub(crate) async fn load(store: &Store) -> Result<Settings, ApiError> {
    let stored = store.setting(SETTINGS).await?;
    Ok(stored.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_else(defaults))
}

fn defaults() -> Settings {
    Settings {
        lang: "ko".to_owned(),
        theme: "system".to_owned(),
        default_currency: "KRW".to_owned(),
        default_vat_rate: "10".to_owned(),
        default_basis: ShownBasis::Net,
        agency_name: String::new(),
        reports_folder: None,
        stays_in_tray: stays_in_tray_usually(),
    }
}

//! Ad accounts and how each fares, and what each platform needs to be connected.

use chrono::{DateTime, Days, SecondsFormat, Utc};
use moa_connectors::PLATFORMS;
use moa_domain::{DateRange, Millionths, Platform};
use moa_store::Connection;

use super::dashboard::vat_text;
use crate::Moa;
use crate::dto::connection::{
    AccountDto, AccountHealth, AppDto, ClaimDto, ConversionKindDto, FigureSource, PlatformSetup, SignInWay, SyncStoryRow,
};
use crate::error::{ApiError, ErrorDto};

/// Newest lines of an account's story.
const STORY_LINES: i64 = 60;

impl Moa {
    /// What each platform needs to be connected, and what of it is there.
    ///
    /// # Errors
    /// The database's.
    pub async fn platform_setups(&self) -> Result<Vec<PlatformSetup>, ApiError> {
        let mut setups = Vec::new();
        for platform in PLATFORMS {
            let way = moa_connectors::sign_in(platform);
            let app = match way {
                Some(_) => self.app_of(platform).await?,
                None => None,
            };
            setups.push(PlatformSetup {
                platform: platform.code().to_owned(),
                sign_in: if way.is_some() { SignInWay::Browser } else { SignInWay::Keys },
                app: app.map(|app| AppDto { platform: app.platform, client_id: app.client_id, has_secret: app.client_secret.is_some() }),
                redirect_uris: way.map(|way| way.redirect().addresses()).unwrap_or_default(),
                takes_token: *platform == Platform::MetaAds,
            });
        }
        Ok(setups)
    }

    /// Every ad account, by platform and name.
    ///
    /// # Errors
    /// The database's.
    pub async fn account_list(&self) -> Result<Vec<AccountDto>, ApiError> {
        let now = self.inner.clock.now();
        Ok(self.connections(None).await?.into_iter().map(|connection| account_dto(connection, now)).collect())
    }

    /// Accounts known by file that seem to be one with a connected account.
    ///
    /// # Errors
    /// The database's.
    pub async fn claimable_accounts(&self) -> Result<Vec<ClaimDto>, ApiError> {
        let pairs = self.retried(|store| async move { store.claimable_accounts().await }).await?;
        let all = self.connections(None).await?;
        let of = |id: i32| all.iter().find(|account| account.id == id);
        let claim = |(from, into, shared): (i32, i32, i64)| {
            let (from, into) = (of(from)?, of(into)?);
            let name = |account: &Connection| account.account_name.clone().unwrap_or_else(|| account.account_id.clone());
            Some(ClaimDto {
                from_id: from.id,
                from_name: name(from),
                into_id: into.id,
                into_name: name(into),
                client: from.client.clone(),
                platform: from.platform.code().to_owned(),
                shared_campaigns: u32::try_from(shared).unwrap_or(0),
            })
        };
        Ok(pairs.into_iter().filter_map(claim).collect())
    }

    /// The latest runs of an account, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn sync_story(&self, account: i32) -> Result<Vec<SyncStoryRow>, ApiError> {
        let rows = self.retried(move |store| async move { store.runs_of_account(account, STORY_LINES).await }).await?;
        let row = |row: moa_store::RunRow| SyncStoryRow {
            sync_type: row.sync_type,
            status: row.status,
            source: row.source,
            from: row.window_from.map(|day| day.to_string()),
            to: row.window_to.map(|day| day.to_string()),
            records_synced: row.records_synced,
            restated: row.records_restated,
            requests: row.requests,
            started_at: when(row.started_at),
            completed_at: row.completed_at.map(when),
            error: row.error_code.map(|code| ErrorDto {
                code,
                values: row.error_values.and_then(|values| serde_json::from_value(values).ok()).unwrap_or_default(),
            }),
            notes: row
                .notes
                .and_then(|notes| Some(notes.as_array()?.iter().filter_map(|note| Some(note.get("code")?.as_str()?.to_owned())).collect()))
                .unwrap_or_default(),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Where the figures of a client's period come from.
    ///
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn figure_sources(&self, client: i32, range: DateRange) -> Result<Vec<FigureSource>, ApiError> {
        let client = self.client_of(client).await?;
        let told = self.retried(move |store| async move { store.figure_sources(client.id, range).await }).await?;
        let all = self.connections(Some(client.id)).await?;
        let kinds = self.retried(move |store| async move { store.counted_conversion_kinds(client.id).await }).await?;
        let source = |told: moa_store::SourceRow| {
            let account = all.iter().find(|account| account.id == told.account)?;
            Some(FigureSource {
                platform: account.platform.code().to_owned(),
                account_id: account.account_id.clone(),
                account_name: account.account_name.clone(),
                source: told.source,
                read_at: told.read_at.map(when),
                last_day: told.last_day.map(|day| day.to_string()),
                vat: account.vat.map(|vat| vat_text(vat).to_owned()),
                vat_is_assumed: account.vat_is_assumed,
                attribution: account.attribution.clone(),
                conversion_kinds: kinds
                    .iter()
                    .filter(|(platform, _)| platform == account.platform.code())
                    .map(|(_, kind)| kind.clone())
                    .collect(),
                restated: u32::try_from(told.restated).unwrap_or(u32::MAX),
                unexplained_days: told.differing_days.iter().map(ToString::to_string).collect(),
            })
        };
        Ok(told.into_iter().filter_map(source).collect())
    }

    /// Kinds of conversions a client's platforms have told, and which of them are counted.
    ///
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn conversion_kinds(&self, client: i32) -> Result<Vec<ConversionKindDto>, ApiError> {
        let client = self.client_of(client).await?;
        let rows = self.retried(move |store| async move { store.conversion_kinds(client.id).await }).await?;
        let dto = |row: moa_store::ConversionKindRow| ConversionKindDto {
            platform: row.platform,
            kind: row.conversion_kind,
            conversions: Millionths(row.conversions).to_string(),
            chosen: row.chosen,
        };
        Ok(rows.into_iter().map(dto).collect())
    }

    pub(crate) async fn connections(&self, client: Option<i32>) -> Result<Vec<Connection>, ApiError> {
        self.retried(move |store| async move { store.connections(client).await }).await
    }
}

/// A platform that can be connected.
///
/// # Errors
/// `connect.no_such_platform` with those there are (usage).
pub(crate) fn connectable(code: &str) -> Result<Platform, ApiError> {
    let known = PLATFORMS.iter().find(|platform| platform.code() == code);
    known.cloned().ok_or_else(|| {
        let all = PLATFORMS.iter().map(Platform::code).collect::<Vec<_>>().join(", ");
        ApiError::usage("connect.no_such_platform", [("name", code.to_owned()), ("known", all)])
    })
}

pub(crate) fn when(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn account_dto(connection: Connection, now: DateTime<Utc>) -> AccountDto {
    let trouble = connection.trouble.clone().and_then(|trouble| serde_json::from_value::<ErrorDto>(trouble).ok());
    AccountDto {
        health: health(&connection, trouble.as_ref(), now),
        id: connection.id,
        platform: connection.platform.code().to_owned(),
        account_id: connection.account_id,
        account_name: connection.account_name,
        client: connection.client,
        client_id: connection.client_id,
        currency: connection.currency.map(|currency| currency.to_string()),
        time_zone: connection.time_zone,
        vat: connection.vat.map(|vat| vat_text(vat).to_owned()),
        vat_is_assumed: connection.vat_is_assumed,
        connected: connection.is_connected && !connection.is_file_only,
        trouble,
        last_sync: connection.last_success.map(when),
        last_day: connection.last_day.map(|day| day.to_string()),
        expires_at: connection.login_ends_at.map(when),
        balance: connection.balance.map(|balance| balance.to_string()),
        balance_at: connection.balance_at.map(when),
    }
}

/// How a connection fares now.
pub(crate) fn health_of(connection: &Connection, now: DateTime<Utc>) -> AccountHealth {
    let trouble = connection.trouble.clone().and_then(|trouble| serde_json::from_value::<ErrorDto>(trouble).ok());
    health(connection, trouble.as_ref(), now)
}

/// How an account fares, the gravest first. Fresh is what was read after the platform last had a finished yesterday.
fn health(connection: &Connection, trouble: Option<&ErrorDto>, now: DateTime<Utc>) -> AccountHealth {
    if !connection.is_connected || connection.is_file_only || connection.login_id.is_none() {
        return AccountHealth::FileOnly;
    }
    let ended = connection.login_ends_at.is_some_and(|end| end <= now);
    // Rights that are missing are given with another sign-in too.
    let by_trouble = trouble.is_some_and(|trouble| {
        matches!(&*trouble.code, "platform.needs_login" | "platform.missing_scope" | "platform.not_ads_user" | "sync.secret_elsewhere")
    });
    if connection.login_needs_person || ended || by_trouble {
        return AccountHealth::NeedsLogin;
    }
    if trouble.is_some() {
        let in_part = connection.trouble.as_ref().and_then(|trouble| trouble.get("in_part")?.as_bool()).unwrap_or(false);
        return if in_part { AccountHealth::Partial } else { AccountHealth::Failing };
    }
    let zone = moa_sync::zone(connection);
    let local = now.with_timezone(&zone).naive_local();
    let ready_at = moa_sync::ready_at(&connection.platform);
    let ready_day = if local.time() >= ready_at { local.date() } else { local.date() - Days::new(1) };
    let read = connection.looked_back.map(|at| at.with_timezone(&zone).naive_local());
    if read.is_some_and(|read| read >= ready_day.and_time(ready_at)) { AccountHealth::Fresh } else { AccountHealth::Late }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use moa_domain::{Currency, Millionths};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn account() -> Connection {
        Connection {
            id: 1,
            public_id: Uuid::nil(),
            client_id: 1,
            client: "한빛".to_owned(),
            client_vat_rate: Millionths::from_whole(10),
            client_currency: Currency::KRW,
            platform: Platform::NaverAds,
            account_id: "3100001".to_owned(),
            account_name: None,
            currency: None,
            vat: None,
            vat_rate: None,
            vat_is_assumed: false,
            time_zone: None,
            via: None,
            login_id: Some(1),
            is_connected: true,
            is_file_only: false,
            login_needs_person: false,
            login_ends_at: None,
            trouble: None,
            attribution: None,
            last_success: None,
            looked_back: None,
            last_deep: None,
            last_status: None,
            last_day: NaiveDate::from_ymd_opt(2026, 11, 21),
            balance: None,
            balance_at: None,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
    }

    fn of(connection: &Connection, now: &str) -> AccountHealth {
        account_dto(connection.clone(), at(now)).health
    }

    #[test]
    fn fresh_is_read_after_the_platform_was_ready() {
        let read = |time: &str| Connection { looked_back: Some(at(time)), ..account() };
        // Naver has yesterday at 05:00.
        assert_eq!(of(&account(), "2026-11-22T09:00:00+09:00"), AccountHealth::Late);
        assert_eq!(of(&read("2026-11-22T05:10:00+09:00"), "2026-11-22T09:50:00+09:00"), AccountHealth::Fresh);
        assert_eq!(of(&read("2026-11-22T04:50:00+09:00"), "2026-11-22T09:50:00+09:00"), AccountHealth::Late);
        assert_eq!(of(&read("2026-11-21T09:00:00+09:00"), "2026-11-22T04:50:00+09:00"), AccountHealth::Fresh);
    }

    #[test]
    fn the_gravest_is_said() {
        let now = "2026-11-22T09:50:00+09:00";
        let troubled = |trouble| Connection { trouble: Some(trouble), looked_back: Some(at(now)), ..account() };
        assert_eq!(of(&troubled(json!({"code": "platform.needs_login", "values": {}})), now), AccountHealth::NeedsLogin);
        assert_eq!(of(&troubled(json!({"code": "platform.no_access", "values": {}, "in_part": false})), now), AccountHealth::Failing);
        assert_eq!(of(&troubled(json!({"code": "platform.unavailable", "values": {}, "in_part": true})), now), AccountHealth::Partial);
        assert_eq!(of(&Connection { login_ends_at: Some(at("2026-11-20T00:00:00Z")), ..account() }, now), AccountHealth::NeedsLogin);
        assert_eq!(of(&Connection { is_connected: false, ..account() }, now), AccountHealth::FileOnly);
    }
}

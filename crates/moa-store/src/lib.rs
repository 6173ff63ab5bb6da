//! Postgres: migrations, the write path, roll-ups, questions, backup.
//!
//! **Invariant:** SQL stands only here. **Invariant:** a write is one transaction; dropping it leaves nothing behind.

mod accounts;
mod backup;
mod bootstrap;
mod campaign_matching;
mod campaigns;
mod check;
mod clients;
mod connect;
mod connections;
mod conversion_kinds;
mod copy;
mod error;
mod figures;
mod freshness;
mod imports;
mod jobs;
mod kinds;
mod logins;
mod reports;
mod restore;
mod revisions;
mod settings;
mod syncs;
mod write;

pub use accounts::{Account, NewAccount};
pub use backup::BackupSummary;
pub use campaigns::{Campaign, CampaignSpec};
pub use check::StoreCheck;
pub use clients::{Client, ClientEdit, NewClient};
pub use connect::{ConnectOptions, ServerInfo, Store};
pub use connections::{Claimed, Connection, NewConnection};
pub use conversion_kinds::ConversionKindRow;
pub use error::StoreError;
pub use figures::{AccountKey, CampaignInfo, GroupBy, GroupKey, GroupRow, Question, Scope};
pub use freshness::{AsOf, ClientAsOf};
pub use jobs::{JobHeart, JobRow, JobUpdate};
pub use logins::{PlatformApp, PlatformLogin, SealedLogin};
pub use reports::{NewReport, ReportFileRow, ReportRow};
pub use revisions::Revision;
pub use syncs::{AccountDayRow, OwnTurn, RunRow, SourceRow, StoredCampaign, SyncPlan, ToldByPlatform, TotalRow};
pub use write::{ConversionRow, RunId, SliceWrite, Tally, WriteMode, WriteOutcome, WriteTx};

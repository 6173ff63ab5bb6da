//! Cache tags, declared once: what a reading command provides and a writing one invalidates. The window derives its refreshes from here.

use serde::Serialize;
use specta::Type;

/// A kind of answer that can grow old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CacheTag {
    Workspace,
    Clients,
    Figures,
    Revisions,
    Reports,
    Jobs,
    Accounts,
}

/// Tags a reading command provides. Every reading command is listed; the window's test holds it against the command list.
pub const PROVIDES: &[(&str, &[CacheTag])] = &[
    ("workspace", &[CacheTag::Workspace, CacheTag::Clients]),
    ("periodChoices", &[]),
    ("clientList", &[CacheTag::Clients]),
    ("clientsOverview", &[CacheTag::Clients, CacheTag::Figures]),
    ("dashboard", &[CacheTag::Clients, CacheTag::Figures]),
    ("revisions", &[CacheTag::Revisions]),
    ("reports", &[CacheTag::Reports]),
    ("platformSetups", &[CacheTag::Accounts]),
    ("accountList", &[CacheTag::Accounts, CacheTag::Clients]),
    ("claimableAccounts", &[CacheTag::Accounts, CacheTag::Figures]),
    ("conversionKinds", &[CacheTag::Accounts, CacheTag::Figures]),
    ("syncStory", &[CacheTag::Accounts]),
    ("figureSources", &[CacheTag::Accounts, CacheTag::Figures, CacheTag::Revisions]),
    ("jobs", &[CacheTag::Jobs]),
    ("job", &[CacheTag::Jobs]),
];

/// What changes when figures were written.
pub const FIGURES_WRITTEN: &[CacheTag] = &[CacheTag::Workspace, CacheTag::Clients, CacheTag::Figures, CacheTag::Revisions];
/// What changes when a client was added, edited or removed.
pub const CLIENTS_WRITTEN: &[CacheTag] = &[CacheTag::Workspace, CacheTag::Clients, CacheTag::Figures];
/// What changes when accounts were connected, given to another client, claimed or disconnected.
pub const ACCOUNTS_WRITTEN: &[CacheTag] =
    &[CacheTag::Workspace, CacheTag::Clients, CacheTag::Figures, CacheTag::Revisions, CacheTag::Accounts];
/// What changes when accounts were synced or compared.
pub const FIGURES_SYNCED: &[CacheTag] = ACCOUNTS_WRITTEN;
/// Every tag.
pub const ALL: &[CacheTag] = &[
    CacheTag::Workspace,
    CacheTag::Clients,
    CacheTag::Figures,
    CacheTag::Revisions,
    CacheTag::Reports,
    CacheTag::Jobs,
    CacheTag::Accounts,
];

/// Command → tags, for the window's bindings.
#[must_use]
pub fn provided() -> std::collections::BTreeMap<&'static str, &'static [CacheTag]> {
    PROVIDES.iter().copied().collect()
}

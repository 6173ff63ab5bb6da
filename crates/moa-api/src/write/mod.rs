//! Writing use cases: each is one transaction, or a job of such.

pub(crate) mod accounts;
pub(crate) mod backup;
pub(crate) mod clients;
pub(crate) mod connect;
pub(crate) mod demo;
pub(crate) mod facts;
pub(crate) mod import;
pub(crate) mod preflight;
pub(crate) mod remembered;
pub(crate) mod report;
pub(crate) mod schedule;
pub(crate) mod sealing;
pub(crate) mod settings;
pub(crate) mod sync;

//! Reading use cases: they never change anything.

pub(crate) mod accounts;
pub(crate) mod campaigns;
pub(crate) mod clients;
pub(crate) mod dashboard;
pub(crate) mod doctor;
pub(crate) mod figures;
pub(crate) mod kpi;
pub(crate) mod period;
pub(crate) mod report_document;
pub(crate) mod revisions;
pub(crate) mod workspace;

//! The sample agency, fed through the same import as every other file.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use moa_sample::Agency;
use moa_store::NewClient;
use tokio_util::sync::CancellationToken;

use super::import::{ImportFile, Keep};
use crate::Moa;
use crate::dto::import::ImportAnswers;
use crate::dto::job::{JobKind, JobResult};
use crate::error::ApiError;
use crate::tags::FIGURES_WRITTEN;

/// The day the sample agency ends, kept so that loading it again on another day brings nothing new.
const SAMPLE_END: &str = "sample_end";

/// What loading the sample agency did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct SampleOutcome {
    pub clients: u32,
    pub files: u32,
    pub rows_written: u32,
    pub rows_unchanged: u32,
}

impl Moa {
    /// Starts loading the sample agency; the job's id.
    ///
    /// # Errors
    /// The database's.
    pub async fn start_sample(&self) -> Result<String, ApiError> {
        self.start_job(JobKind::SampleAgency, "", FIGURES_WRITTEN, |moa, job| async move {
            let cancel = job.cancel.clone();
            let progress = Arc::new(move |done: usize, of: usize, file: &str| {
                job.progress(u8::try_from(done * 100 / of.max(1)).ok(), file);
            });
            let outcome = moa.load_sample(&cancel, progress).await?;
            Ok(JobResult::SampleAgency { clients: outcome.clients, rows: outcome.rows_written })
        })
        .await
    }

    /// Loads the sample agency into the workspace. Again: nothing new. Beside clients of one's own it is never loaded, since its figures
    /// would stand in the agency's totals.
    ///
    /// # Errors
    /// `sample_beside_clients` with the names of the workspace's own clients, the database's, or `Cancelled`; files already imported stay.
    pub async fn load_sample(&self, cancel: &CancellationToken, progress: super::import::Progress) -> Result<SampleOutcome, ApiError> {
        let end = self.sample_end().await?;
        let agency = tokio::task::spawn_blocking(move || Agency::ending(end)).await?;
        let ids = self.sample_clients(&agency, end).await?;
        let folder = tempfile::tempdir().map_err(|source| ApiError::Write { path: "temporary folder".to_owned(), source })?;
        let mut outcome = SampleOutcome { clients: u32::try_from(ids.len()).unwrap_or(0), ..SampleOutcome::default() };
        let count = agency.files.len();
        for (position, file) in agency.files.into_iter().enumerate() {
            if cancel.is_cancelled() {
                return Err(ApiError::Cancelled);
            }
            progress(position, count, &file.file_name);
            let path = folder.path().join(&file.file_name);
            tokio::fs::write(&path, &file.bytes).await.map_err(|source| ApiError::Write { path: path.display().to_string(), source })?;
            let answers = ImportAnswers {
                client_id: ids[file.client],
                platform: Some(file.platform.code().to_owned()),
                account: Some(file.account),
                currency: file.currency.map(|currency| currency.to_string()),
                vat: file.vat.map(|vat| crate::read::dashboard::vat_text(vat).to_owned()),
                ..ImportAnswers::default()
            };
            let done = self.import_one(ImportFile { path, answers }, Keep::Yes).await?;
            outcome.files += 1;
            outcome.rows_written += done.rows_written + done.rows_restated;
            outcome.rows_unchanged += done.rows_unchanged;
        }
        Ok(outcome)
    }

    /// The sample's clients by their place in it, made where they are missing.
    async fn sample_clients(&self, agency: &Agency, end: NaiveDate) -> Result<Vec<i32>, ApiError> {
        let store = self.store();
        let (samples, own): (Vec<_>, Vec<_>) = store.clients().await?.into_iter().partition(|client| client.is_sample);
        let there = |name: &str| samples.iter().find(|client| client.name == name).map(|client| client.id);
        if !own.is_empty() && agency.clients.iter().any(|client| there(&client.name).is_none()) {
            let names = own.into_iter().map(|client| client.name).collect::<Vec<_>>().join(", ");
            return Err(ApiError::failure("sample_beside_clients", [("clients", names)]));
        }
        // Kept before the first client, so that a start that was cut off goes on with the same days.
        store.set_setting(SAMPLE_END, serde_json::Value::String(end.to_string())).await?;
        let mut ids = Vec::new();
        for client in &agency.clients {
            let new = NewClient { name: client.name.clone(), currency: client.currency, vat_rate: client.vat_rate, is_sample: true };
            ids.push(match there(&client.name) {
                Some(id) => id,
                None => store.add_client(new).await?.id,
            });
        }
        Ok(ids)
    }

    async fn sample_end(&self) -> Result<NaiveDate, ApiError> {
        let kept = self.store().setting(SAMPLE_END).await?;
        Ok(kept.and_then(|value| value.as_str().and_then(|text| text.parse().ok())).unwrap_or(self.today() - Days::new(1)))
    }
}

//! One report: figures, document, PDF and workbook, kept with their bytes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Days, Local, NaiveDate};
use moa_domain::Basis;
use moa_domain::calendar::{DateRange, Month, monday_of, week_of};
use moa_reports::{Cadence, Fonts, Party, ReportDocument, file_name, safe_name};
use moa_store::{NewReport, ReportFileRow};
use moa_text::Lang;
use sha2::{Digest, Sha256};

use super::preflight::preflight;
use crate::dto::job::{JobKind, JobResult};
use crate::dto::period::ShownBasis;
use crate::dto::report::{HeldReason, ReportDto, ReportPeriod, ReportRequest};
use crate::error::{ApiError, ErrorDto};
use crate::read::clients::client_by_id;
use crate::read::period::parse_range;
use crate::read::report_document::{ReportAsk, report_document};
use crate::tags::CacheTag;
use crate::words::worded;
use crate::{Moa, MoaEvent};

/// Where the files of a report go.
#[derive(Debug, Clone, Default)]
pub struct ReportFiles {
    /// `None`: not made.
    pub pdf: Option<ReportTarget>,
    pub xlsx: Option<ReportTarget>,
}

/// A file's place.
#[derive(Debug, Clone)]
pub enum ReportTarget {
    /// Exactly this file.
    File(PathBuf),
    /// A folder, with the usual name.
    Folder(PathBuf),
}

/// Where logos are looked for: this folder inside the reports folder, the agency's and one PNG per client by the client's name.
const LOGOS: &str = "logos";
const AGENCY_LOGO: &str = "agency.png";
/// A larger file is no logo.
const MOST_LOGO_BYTES: u64 = 4 << 20;

/// The range of a report's period: the one `date` lies in, else the last finished one before today.
#[must_use]
pub fn report_range(period: ReportPeriod, date: Option<NaiveDate>, today: NaiveDate) -> DateRange {
    match period {
        ReportPeriod::Weekly => week_of(date.unwrap_or_else(|| monday_of(today) - Days::new(1))),
        ReportPeriod::Monthly => date.map_or_else(|| Month::of(today).previous().range(), |date| Month::of(date).range()),
        ReportPeriod::Daily | ReportPeriod::Custom => DateRange::single(date.unwrap_or_else(|| today - Days::new(1))),
    }
}

impl Moa {
    /// Starts making a report; the job's id.
    ///
    /// # Errors
    /// The database's; what goes wrong later is in the job.
    pub async fn start_report(&self, request: ReportRequest) -> Result<String, ApiError> {
        const STALE: &[CacheTag] = &[CacheTag::Reports];
        self.start_job(JobKind::Report, "", STALE, |moa, job| async move {
            job.progress(None, "");
            let folder = match &request.folder {
                Some(folder) => PathBuf::from(folder),
                None => moa.reports_folder().await?,
            };
            let target = |wanted: bool| wanted.then(|| ReportTarget::Folder(folder.clone()));
            let files = ReportFiles { pdf: target(request.pdf), xlsx: target(request.xlsx) };
            Ok(JobResult::Report { report: moa.make_report(&request, files).await? })
        })
        .await
    }

    /// Makes a report, writes its files and keeps document and bytes. What pre-flight finds does not stop a person who asks for one
    /// report: it gets the status `held` and its reasons, and page 1 says so.
    ///
    /// # Errors
    /// Bad dates or an unknown client (usage), a file that cannot be written, or the database's.
    pub async fn make_report(&self, request: &ReportRequest, files: ReportFiles) -> Result<ReportDto, ApiError> {
        let store = self.store();
        let client = client_by_id(&store, request.client_id).await?;
        let range = parse_range(&request.from, &request.to)?;
        let lang: Lang = if request.lang == "en" { Lang::En } else { Lang::Ko };
        let held: Vec<HeldReason> =
            preflight(&store, client.id, range, self.today(), lang).await?.iter().map(|reason| held_reason(lang, reason)).collect();
        let settings = super::settings::load(&store).await?;
        let logos = self.reports_folder().await?.join(LOGOS);
        let ask = ReportAsk {
            cadence: cadence(request.period),
            range,
            basis: Basis::from(request.basis),
            lang,
            agency: Party { name: settings.agency_name, logo: logo(&logos.join(AGENCY_LOGO)).await? },
            client_logo: logo(&logos.join(format!("{}.png", safe_name(&client.name)))).await?,
            comment: request.comment.clone().filter(|comment| !comment.trim().is_empty()),
            created_at: self.inner.clock.now().with_timezone(&Local).fixed_offset(),
            held: held.iter().map(|reason| reason.message.clone()).collect(),
            client,
        };
        let document = Arc::new(report_document(&store, &ask).await?);
        let made = self.render(&document, &files).await?;
        let (mut pdf, mut xlsx) = (None, None);
        for (kind, path, bytes) in &made {
            write_file(path, bytes).await?;
            let slot = if *kind == "pdf" { &mut pdf } else { &mut xlsx };
            *slot = Some(path.display().to_string());
        }
        let row = store
            .add_report(NewReport {
                client_id: ask.client.id,
                title: made
                    .first()
                    .and_then(|(_, path, _)| path.file_stem())
                    .map(|stem| stem.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                report_type: period_text(request.period).to_owned(),
                range,
                status: if held.is_empty() { "completed" } else { "held" }.to_owned(),
                config: serde_json::json!({ "basis": request.basis, "lang": request.lang, "held_for": held, "pdf": pdf, "xlsx": xlsx }),
                document: serde_json::to_value(&*document).map_err(|error| ApiError::Report(error.to_string()))?,
                files: made
                    .into_iter()
                    .map(|(kind, path, bytes)| ReportFileRow {
                        kind,
                        file_name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                        sha256: Sha256::digest(&bytes).to_vec(),
                        bytes,
                    })
                    .collect(),
            })
            .await?;
        self.tell(MoaEvent::DataChanged(vec![CacheTag::Reports]));
        Ok(ReportDto {
            id: row.public_id.to_string(),
            client: row.client,
            period: request.period,
            from: range.from.to_string(),
            to: range.to.to_string(),
            status: row.status,
            held_for: held,
            pdf,
            xlsx,
            created_at: row.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        })
    }

    /// A client's reports, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn reports(&self, client: i32) -> Result<Vec<ReportDto>, ApiError> {
        let rows = self.retried(move |store| async move { store.reports(client, 50).await }).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let config = row.config.unwrap_or_default();
                let path = |name: &str| config.get(name).and_then(|value| value.as_str()).map(str::to_owned);
                ReportDto {
                    id: row.public_id.to_string(),
                    client: row.client,
                    period: period_of(&row.report_type),
                    from: row.date_from.to_string(),
                    to: row.date_to.to_string(),
                    status: row.status,
                    held_for: config.get("held_for").and_then(|held| serde_json::from_value(held.clone()).ok()).unwrap_or_default(),
                    pdf: path("pdf"),
                    xlsx: path("xlsx"),
                    created_at: row.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                }
            })
            .collect())
    }

    /// Where reports go when nobody says otherwise.
    ///
    /// # Errors
    /// The database's.
    pub async fn reports_folder(&self) -> Result<PathBuf, ApiError> {
        let settings = super::settings::load(&self.store()).await?;
        Ok(settings.reports_folder.map_or_else(|| self.inner.reports_folder.clone(), PathBuf::from))
    }

    async fn render(&self, document: &Arc<ReportDocument>, files: &ReportFiles) -> Result<Vec<(&'static str, PathBuf, Vec<u8>)>, ApiError> {
        let place = |target: &ReportTarget, extension: &str| match target {
            ReportTarget::File(path) => path.clone(),
            ReportTarget::Folder(folder) => folder.join(file_name(document, extension)),
        };
        let mut made = Vec::new();
        if let Some(target) = &files.pdf {
            let (fonts, document) = (self.inner.fonts.clone(), Arc::clone(document));
            let bytes = tokio::task::spawn_blocking(move || moa_reports::pdf::render(&document, &Fonts::load(&fonts)?)).await?;
            made.push(("pdf", place(target, "pdf"), bytes.map_err(|error| report_error(&error))?));
        }
        if let Some(target) = &files.xlsx {
            let document = Arc::clone(document);
            let bytes = tokio::task::spawn_blocking(move || moa_reports::xlsx::write(&document)).await?;
            made.push(("xlsx", place(target, "xlsx"), bytes.map_err(|error| report_error(&error))?));
        }
        Ok(made)
    }
}

fn report_error(error: &moa_reports::ReportError) -> ApiError {
    ApiError::Report(error.to_string())
}

/// The bytes of a logo, where there is one.
async fn logo(path: &Path) -> Result<Option<Vec<u8>>, ApiError> {
    let failed = |error: std::io::Error| ApiError::Report(format!("{}: {error}", path.display()));
    let size = match tokio::fs::metadata(path).await {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if size > MOST_LOGO_BYTES {
        return Err(ApiError::Report(format!("{}: {size} > {MOST_LOGO_BYTES} bytes", path.display())));
    }
    tokio::fs::read(path).await.map(Some).map_err(failed)
}

/// Beside the target first, then in one rename: a reader never sees half a file.
async fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    let failed = |source| ApiError::Write { path: path.display().to_string(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let mut written = tokio::fs::write(&partial, bytes).await;
    if written.is_ok() {
        written = tokio::fs::rename(&partial, path).await;
    }
    if written.is_err() {
        // What is half there only takes room on a disk that may be full; that it could not be written is what is told.
        drop(tokio::fs::remove_file(&partial).await);
    }
    written.map_err(failed)
}

fn held_reason(lang: Lang, reason: &ErrorDto) -> HeldReason {
    let words = worded(lang, reason);
    HeldReason { code: reason.code.clone(), message: words.message, cure: words.hint }
}

const fn cadence(period: ReportPeriod) -> Cadence {
    match period {
        ReportPeriod::Daily => Cadence::Daily,
        ReportPeriod::Weekly => Cadence::Weekly,
        ReportPeriod::Monthly => Cadence::Monthly,
        ReportPeriod::Custom => Cadence::Custom,
    }
}

const fn period_text(period: ReportPeriod) -> &'static str {
    match period {
        ReportPeriod::Daily => "daily",
        ReportPeriod::Weekly => "weekly",
        ReportPeriod::Monthly => "monthly",
        ReportPeriod::Custom => "custom",
    }
}

fn period_of(text: &str) -> ReportPeriod {
    match text {
        "daily" => ReportPeriod::Daily,
        "weekly" => ReportPeriod::Weekly,
        "monthly" => ReportPeriod::Monthly,
        _ => ReportPeriod::Custom,
    }
}

impl From<Basis> for ShownBasis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Net => Self::Net,
            Basis::Gross | Basis::Billed => Self::Gross,
        }
    }
}

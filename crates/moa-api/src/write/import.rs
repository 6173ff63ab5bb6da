//! Report files into the store: read, ask what cannot be known, resolve the account, write in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use moa_connectors::report_files::{self, DateOrder, FileError, ReadOptions, ReportFile};
use moa_domain::{Currency, Millionths, Platform, VatBasis};
use moa_store::{Account, CampaignSpec, Client, NewAccount, SliceWrite, Store, WriteMode, WriteOutcome};
use tokio_util::sync::CancellationToken;

use super::clients::currency as parse_currency;
use super::facts::{Facts, Placed, facts};
use super::remembered::{Remembered, remember};
use crate::Moa;
use crate::dto::import::{ColumnUsed, DroppedLine, FileOutcome, ImportAnswers, ImportQuestion, ImportedFile, KindTotals, NoteDto};
use crate::dto::job::{JobKind, JobResult};
use crate::error::ApiError;
use crate::read::clients::client_by_id;
use crate::read::dashboard::vat_text;
use crate::tags::FIGURES_WRITTEN;

/// One file with what a person said about it.
#[derive(Debug, Clone)]
pub struct ImportFile {
    pub path: PathBuf,
    pub answers: ImportAnswers,
}

/// Called with the position of the file being worked on and how many there are.
pub type Progress = Arc<dyn Fn(usize, usize, &str) + Send + Sync>;

/// Whether an import is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    Yes,
    /// Everything is done and rolled back: the preview shows exactly what would happen.
    No,
}

impl Moa {
    /// What importing the files would do: nothing is kept.
    ///
    /// # Errors
    /// An unknown client (usage) or the database's; what is wrong with a file is in its outcome.
    pub async fn preview_import(&self, files: Vec<ImportFile>) -> Result<Vec<FileOutcome>, ApiError> {
        let quiet: Progress = Arc::new(|_: usize, _: usize, _: &str| ());
        self.import_all(files, Keep::No, &CancellationToken::new(), &quiet).await
    }

    /// Imports file after file; each is atomic. A refused file does not stop the others.
    ///
    /// # Errors
    /// As [`Self::preview_import`], and `Cancelled` between two files.
    pub async fn import(
        &self,
        files: Vec<ImportFile>,
        cancel: &CancellationToken,
        progress: &Progress,
    ) -> Result<Vec<FileOutcome>, ApiError> {
        self.import_all(files, Keep::Yes, cancel, progress).await
    }

    /// Starts an import; the job's id.
    ///
    /// # Errors
    /// The database's; what is wrong with a file is in the job's result.
    pub async fn start_import(&self, files: Vec<ImportFile>) -> Result<String, ApiError> {
        let detail = files.first().map(|file| file_name(&file.path)).unwrap_or_default();
        self.start_job(JobKind::Import, &detail, FIGURES_WRITTEN, |moa, job| async move {
            let cancel = job.cancel.clone();
            let progress: Progress = Arc::new(move |done, of, file: &str| job.progress(u8::try_from(done * 100 / of.max(1)).ok(), file));
            Ok(JobResult::Import { files: moa.import(files, &cancel, &progress).await? })
        })
        .await
    }

    async fn import_all(
        &self,
        files: Vec<ImportFile>,
        keep: Keep,
        cancel: &CancellationToken,
        progress: &Progress,
    ) -> Result<Vec<FileOutcome>, ApiError> {
        let mut outcomes = Vec::with_capacity(files.len());
        let count = files.len();
        for (position, file) in files.into_iter().enumerate() {
            if cancel.is_cancelled() {
                return Err(ApiError::Cancelled);
            }
            let name = file_name(&file.path);
            progress(position, count, &name);
            let path = file.path.display().to_string();
            let outcome = match self.import_one(file, keep).await {
                Ok(done) => FileOutcome { file: name, path, done: Some(done), question: None, error: None },
                Err(error) => refused(name, path, &error),
            };
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    /// One file, one transaction.
    pub(crate) async fn import_one(&self, file: ImportFile, keep: Keep) -> Result<ImportedFile, ApiError> {
        let store = self.store();
        let client = client_by_id(&store, file.answers.client_id).await?;
        let accounts = store.accounts(Some(client.id)).await?;
        let mut known = Known::of(&file.answers, &client, &accounts, self.today())?;
        let report = Arc::new(read_asking_memory(&store, &client, &file.path, &mut known).await?);
        let platform = report.platform.clone().ok_or_else(no_platform)?;
        let account = account_for(&file.answers, &client, &accounts, &platform, &report)?;
        let facts = {
            let (report, platform) = (Arc::clone(&report), platform.clone());
            tokio::task::spawn_blocking(move || facts(&report, &platform)).await?
        };
        let outcome = write_facts(&store, &platform, account, &report, facts, keep, self.today(), &file_name(&file.path)).await?;
        if keep == Keep::Yes {
            remember(&store, &client, &report, &known.options).await?;
        }
        Ok(imported(&platform, &report, outcome))
    }
}

/// What can be told to the reader of files: the person's answers first, then what the accounts and the client know.
struct Known {
    options: ReadOptions,
    /// Currency and VAT basis of the client's accounts, per platform, where they agree.
    accounts: BTreeMap<String, (Option<Currency>, Option<VatBasis>)>,
    client_currency: Currency,
}

impl Known {
    fn of(answers: &ImportAnswers, client: &Client, accounts: &[Account], today: chrono::NaiveDate) -> Result<Self, ApiError> {
        let mut options = ReadOptions::new(today);
        options.platform = match &answers.platform {
            Some(code) => Some(code.parse().map_err(|_| ApiError::usage("unknown_platform", [("platform", code.clone())]))?),
            None => None,
        };
        options.currency = answers.currency.as_deref().map(parse_currency).transpose()?;
        options.vat = answers.vat.as_deref().map(parse_vat).transpose()?;
        options.vat_rate = client.vat_rate;
        options.sheet.clone_from(&answers.sheet);
        options.date_order = answers.date_order.as_deref().map(parse_date_order).transpose()?;
        for pair in &answers.mapping {
            let field = pair.field.parse().map_err(|_| ApiError::usage("unknown_field", [("field", pair.field.clone())]))?;
            options.mapping.push((field, pair.column.clone()));
        }
        let mut by_platform: BTreeMap<String, (BTreeSet<Currency>, BTreeSet<VatBasis>)> = BTreeMap::new();
        for account in accounts.iter().filter(|account| named(answers, account)) {
            let (currencies, bases) = by_platform.entry(account.platform.clone()).or_default();
            currencies.extend(account.currency);
            bases.extend(account.vat);
        }
        let only = |currencies: BTreeSet<Currency>| (currencies.len() == 1).then(|| currencies.first().copied()).flatten();
        let only_basis = |bases: BTreeSet<VatBasis>| (bases.len() == 1).then(|| bases.first().copied()).flatten();
        Ok(Self {
            options,
            accounts: by_platform.into_iter().map(|(platform, (c, v))| (platform, (only(c), only_basis(v)))).collect(),
            client_currency: client.currency,
        })
    }

    /// Answers the reader's question from what is stored; `false` when only a person can.
    fn answer(&mut self, question: &FileError) -> bool {
        match question {
            FileError::NeedsCurrency { platform, .. } => {
                let code = platform.as_ref().map(|platform| platform.code().to_owned()).unwrap_or_default();
                let from_account = self.accounts.get(&code).and_then(|(currency, _)| *currency);
                // A console export of Google or Meta can be in any currency, so the client's own is no answer for it.
                let guessable = !matches!(platform, Some(Platform::GoogleAds | Platform::MetaAds));
                let answer = from_account.or_else(|| guessable.then_some(self.client_currency));
                let new = self.options.currency.is_none() && answer.is_some();
                self.options.currency = self.options.currency.or(answer);
                new
            }
            FileError::NeedsVat { platform, .. } => {
                let code = platform.as_ref().map(|platform| platform.code().to_owned()).unwrap_or_default();
                let answer = self.accounts.get(&code).and_then(|(_, vat)| *vat);
                let new = self.options.vat.is_none() && answer.is_some();
                self.options.vat = self.options.vat.or(answer);
                new
            }
            _ => false,
        }
    }
}

fn named(answers: &ImportAnswers, account: &Account) -> bool {
    answers.account.as_ref().is_none_or(|name| is_account(account, name))
}

fn is_account(account: &Account, name: &str) -> bool {
    account.account_id == name || account.account_name.as_deref() == Some(name)
}

/// Reads the file; where the reader asks, memory answers first: a mapping used before, the account's currency and VAT basis.
async fn read_asking_memory(store: &Store, client: &Client, path: &Path, known: &mut Known) -> Result<ReportFile, ApiError> {
    let remembered = Remembered::load(store, client).await?;
    let mut asked_memory = false;
    loop {
        let (path, options) = (path.to_owned(), known.options.clone());
        let error = match tokio::task::spawn_blocking(move || report_files::read_report(&path, &options)).await? {
            Ok(report) => return Ok(report),
            Err(error) => error,
        };
        if known.answer(&error) {
            continue;
        }
        if !asked_memory && remembered.answer(&error, &mut known.options) {
            asked_memory = true;
            continue;
        }
        return Err(error.into());
    }
}

fn no_platform() -> ApiError {
    FileError::NeedsPlatform { candidates: Vec::new(), columns: Vec::new() }.into()
}

/// The account the rows belong to: the one named, the one the file names, the client's only one of the platform, or a new one.
fn account_for(
    answers: &ImportAnswers,
    client: &Client,
    accounts: &[Account],
    platform: &Platform,
    report: &ReportFile,
) -> Result<NewAccount, ApiError> {
    let mine: Vec<&Account> = accounts.iter().filter(|account| account.platform == platform.code()).collect();
    let hint = report.account.as_ref();
    let wanted = answers.account.clone().or_else(|| hint.and_then(|hint| hint.id.clone().or_else(|| hint.name.clone())));
    let known = match &wanted {
        Some(name) => mine.iter().find(|account| is_account(account, name)).copied(),
        None => match mine.as_slice() {
            [] => None,
            [only] => Some(*only),
            several => {
                let candidates = several.iter().map(|account| account.account_name.clone().unwrap_or_else(|| account.account_id.clone()));
                return Err(ApiError::usage("import.needs_account", [("candidates", candidates.collect::<Vec<_>>().join("\u{1f}"))]));
            }
        },
    };
    let kind = report.rows.first().map(|row| row.kind);
    if let Some(account) = known {
        return Ok(NewAccount {
            client_id: client.id,
            platform: platform.clone(),
            account_id: account.account_id.clone(),
            account_name: account.account_name.clone(),
            currency: account.currency.or(kind.map(|kind| kind.currency)),
            vat: account.vat.or(kind.map(|kind| kind.vat)),
            vat_rate: account.vat_rate,
            time_zone: account.time_zone.clone(),
            file_only: true,
        });
    }
    let fallback = format!("file:{}", client.public_id);
    Ok(NewAccount {
        client_id: client.id,
        platform: platform.clone(),
        account_id: answers
            .account
            .clone()
            .or_else(|| hint.and_then(|hint| hint.id.clone().or_else(|| hint.name.clone())))
            .unwrap_or(fallback),
        account_name: Some(
            answers.account.clone().or_else(|| hint.and_then(|hint| hint.name.clone())).unwrap_or_else(|| client.name.clone()),
        ),
        currency: kind.map(|kind| kind.currency),
        vat: kind.map(|kind| kind.vat),
        vat_rate: Some(client.vat_rate),
        time_zone: None,
        file_only: true,
    })
}

/// Accounts, campaigns, rows, roll-ups and the run's story, in one transaction.
#[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename the list")]
async fn write_facts(
    store: &Store,
    platform: &Platform,
    account: NewAccount,
    report: &ReportFile,
    facts: Facts,
    keep: Keep,
    today: chrono::NaiveDate,
    file: &str,
) -> Result<(WriteOutcome, Facts, String), ApiError> {
    if let Some(range) = facts.range() {
        store.ensure_partitions(range).await?;
    }
    let mut tx = store.begin_write().await?;
    let account = tx.ensure_account(&account).await?;
    tx.lock_account(account.id).await?;
    let specs: Vec<CampaignSpec> = facts.campaigns.iter().map(|key| spec(key, report)).collect();
    let ids = tx.ensure_campaigns(account.id, platform, &specs).await?;
    let run = tx.start_run(account.id, "file", file).await?;
    let slice = SliceWrite {
        daily: facts.daily.iter().cloned().map(|fact| fact.placed(&ids)).collect(),
        hourly: facts.hourly.iter().cloned().map(|fact| fact.placed(&ids)).collect(),
        breakdown: facts.breakdown.iter().cloned().map(|fact| fact.placed(&ids)).collect(),
        measures: facts.measures,
        mode: WriteMode::File,
        today,
    };
    let outcome = tx.write(&run, &slice).await?;
    tx.finish_run(&run, &outcome).await?;
    match keep {
        Keep::Yes => tx.commit().await?,
        Keep::No => tx.rollback().await?,
    }
    Ok((outcome, facts, account.account_name.unwrap_or(account.account_id)))
}

fn spec(key: &moa_domain::CampaignKey, report: &ReportFile) -> CampaignSpec {
    let attributes = report.campaigns.iter().find(|attributes| attributes.key == *key);
    CampaignSpec {
        key: key.clone(),
        status: attributes.and_then(|a| a.status),
        objective: attributes.and_then(|a| a.objective),
        daily_budget: attributes.and_then(|a| a.daily_budget),
        total_budget: attributes.and_then(|a| a.total_budget),
        start_date: attributes.and_then(|a| a.start),
        end_date: attributes.and_then(|a| a.end),
    }
}

fn imported(platform: &Platform, report: &ReportFile, (outcome, facts, account): (WriteOutcome, Facts, String)) -> ImportedFile {
    let tally = outcome.finest();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    ImportedFile {
        platform: platform.code().to_owned(),
        account,
        from: facts.range().map(|range| range.from.to_string()),
        to: facts.range().map(|range| range.to.to_string()),
        grain: if facts.hourly.is_empty() { "daily".to_owned() } else { "hourly".to_owned() },
        dimensions: facts.dimensions.iter().map(|dimension| dimension.as_str().to_owned()).collect(),
        rows_read: count(report.rows.len()),
        rows_written: count(tally.new),
        rows_unchanged: count(tally.unchanged),
        rows_restated: count(tally.restated),
        dropped: report
            .dropped
            .iter()
            .map(|row| DroppedLine { line: u32::try_from(row.line).unwrap_or(u32::MAX), reason: row.reason.as_str().to_owned() })
            .collect(),
        totals: totals(report),
        campaigns: count(facts.campaigns.len()),
        columns: report
            .columns
            .iter()
            .map(|column| ColumnUsed { header: column.header.clone(), field: column.field.map(|field| field.as_str().to_owned()) })
            .collect(),
        notes: report.notes.iter().map(|note| NoteDto { code: note.code().to_owned(), values: note.values() }).collect(),
        encoding: report.encoding.to_owned(),
        sheet: report.sheet.clone(),
    }
}

/// Sums in the file's own basis, per money kind: what the console shows.
fn totals(report: &ReportFile) -> Vec<KindTotals> {
    let mut sums: BTreeMap<_, (i64, i64, Millionths, Millionths, Millionths)> = BTreeMap::new();
    for row in &report.rows {
        let sum = sums.entry(row.kind).or_default();
        sum.0 += row.counts.impressions;
        sum.1 += row.counts.clicks;
        sum.2 = sum.2 + row.counts.cost;
        sum.3 = sum.3 + row.counts.conversions;
        sum.4 = sum.4 + row.counts.revenue;
    }
    sums.into_iter()
        .map(|(kind, (impressions, clicks, cost, conversions, revenue))| KindTotals {
            currency: kind.currency.to_string(),
            vat: vat_text(kind.vat).to_owned(),
            impressions: impressions.to_string(),
            clicks: clicks.to_string(),
            cost: cost.to_string(),
            conversions: conversions.to_string(),
            revenue: revenue.to_string(),
        })
        .collect()
}

/// A refusal, as a question where a person can answer it.
fn refused(file: String, path: String, error: &ApiError) -> FileOutcome {
    let question = match error {
        ApiError::File(error) => file_question(error),
        ApiError::Refused { code: "import.needs_account", values, .. } => Some(ImportQuestion::Account {
            candidates: values.get("candidates").map(|names| names.split('\u{1f}').map(str::to_owned).collect()).unwrap_or_default(),
        }),
        _ => None,
    };
    FileOutcome { file, path, done: None, question, error: Some(error.to_dto()) }
}

fn file_question(error: &FileError) -> Option<ImportQuestion> {
    Some(match error {
        FileError::NeedsPlatform { candidates, .. } => {
            ImportQuestion::Platform { candidates: candidates.iter().map(|platform| platform.code().to_owned()).collect() }
        }
        FileError::NeedsCurrency { .. } => ImportQuestion::Currency,
        FileError::NeedsVat { .. } => ImportQuestion::Vat,
        FileError::NeedsDateOrder { .. } => ImportQuestion::DateOrder,
        FileError::NeedsConfirmation { line, first_line, columns } => ImportQuestion::Duplicate {
            line: u32::try_from(*line).unwrap_or(u32::MAX),
            first_line: u32::try_from(*first_line).unwrap_or(u32::MAX),
            columns: columns.clone(),
        },
        FileError::UnknownSheet { sheets, .. } => ImportQuestion::Sheet { sheets: sheets.clone() },
        FileError::NeedsMapping { missing, columns, sample, .. } => ImportQuestion::Mapping {
            missing: missing.iter().map(|field| field.as_str().to_owned()).collect(),
            columns: columns.clone(),
            sample: sample.clone(),
        },
        _ => return None,
    })
}

fn parse_vat(text: &str) -> Result<VatBasis, ApiError> {
    match text {
        "included" => Ok(VatBasis::Included),
        "excluded" => Ok(VatBasis::Excluded),
        other => Err(ApiError::usage("invalid_vat", [("value", other.to_owned())])),
    }
}

fn parse_date_order(text: &str) -> Result<DateOrder, ApiError> {
    match text {
        "day_first" => Ok(DateOrder::DayFirst),
        "month_first" => Ok(DateOrder::MonthFirst),
        other => Err(ApiError::usage("invalid_setting", [("setting", "date_order".to_owned()), ("value", other.to_owned())])),
    }
}

pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

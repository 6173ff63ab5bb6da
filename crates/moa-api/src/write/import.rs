//! Report files into the store: read, ask what cannot be known, resolve the account, write in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use moa_connectors::report_files::{self, CampaignAttributes, DateOrder, FileError, ReadOptions, ReportFile};
use moa_domain::{CampaignKey, Currency, DateRange, Dimension, Millionths, Platform, VatBasis};
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

const NEEDS_ACCOUNT: &str = "import.needs_account";
/// Between names of accounts, which may hold any character a person types.
const CANDIDATE_SEPARATOR: &str = "\u{1f}";

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
        let account = account_for(&store, &file.answers, &client, &accounts, &platform, &report).await?;
        known.check_borrowed(&account, &accounts)?;
        let facts = {
            let (report, platform) = (Arc::clone(&report), platform.clone());
            tokio::task::spawn_blocking(move || facts(&report, &platform)).await?
        };
        let outcome = write_facts(&store, &platform, account, &report, facts, keep, self.today(), &file_name(&file.path)).await?;
        if keep == Keep::Yes {
            remember(&store, &client, &report, &known.said()).await?;
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
    /// Answers nobody gave for this file: what the accounts and the client know.
    inferred: (Option<Currency>, Option<VatBasis>),
    /// Questions the client's accounts answered; to be asked after all when the file is of another account.
    borrowed: Vec<FileError>,
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
            inferred: (None, None),
            borrowed: Vec::new(),
        })
    }

    /// Answers the reader's question from what is stored, or gives it back when only a person can.
    fn answer(&mut self, question: FileError) -> Result<(), FileError> {
        let of = |platform: &Option<Platform>| platform.as_ref().and_then(|platform| self.accounts.get(platform.code()).copied());
        match &question {
            FileError::NeedsCurrency { platform, .. } if self.options.currency.is_none() => {
                let from_account = of(platform).and_then(|(currency, _)| currency);
                // A console export of Google or Meta can be in any currency, so the client's own is no answer for it.
                let guessable = !matches!(platform, Some(Platform::GoogleAds | Platform::MetaAds));
                self.options.currency = from_account.or_else(|| guessable.then_some(self.client_currency));
                self.inferred.0 = self.options.currency;
                match (from_account, self.options.currency) {
                    (Some(_), _) => self.borrowed.push(question),
                    (None, Some(_)) => {}
                    (None, None) => return Err(question),
                }
                Ok(())
            }
            FileError::NeedsVat { platform, by_export: false, .. } if self.options.vat.is_none() => {
                let Some(vat) = of(platform).and_then(|(_, vat)| vat) else { return Err(question) };
                (self.options.vat, self.inferred.1) = (Some(vat), Some(vat));
                self.borrowed.push(question);
                Ok(())
            }
            _ => Err(question),
        }
    }

    /// What one account knows says nothing of another.
    fn check_borrowed(&mut self, account: &NewAccount, accounts: &[Account]) -> Result<(), FileError> {
        let is_known = accounts.iter().any(|known| known.platform == account.platform.code() && known.account_id == account.account_id);
        if is_known || self.borrowed.is_empty() { Ok(()) } else { Err(self.borrowed.swap_remove(0)) }
    }

    /// What a person said, now or of an earlier file: worth remembering. What was inferred is inferred again the next time.
    fn said(&self) -> ReadOptions {
        let mut said = self.options.clone();
        said.currency = said.currency.filter(|_| self.inferred.0.is_none());
        said.vat = said.vat.filter(|_| self.inferred.1.is_none());
        said
    }
}

fn named(answers: &ImportAnswers, account: &Account) -> bool {
    answers.account.as_ref().is_none_or(|name| is_account(account, name))
}

fn is_account(account: &Account, name: &str) -> bool {
    account.account_id == name || account.account_name.as_deref() == Some(name)
}

/// Reads the file; where the reader asks, memory answers first: what was said of a file like it, then the account's currency and VAT basis.
async fn read_asking_memory(store: &Store, client: &Client, path: &Path, known: &mut Known) -> Result<ReportFile, ApiError> {
    let remembered = Remembered::load(store, client).await?;
    let mut asked_memory = false;
    let mut tried: Option<(ReadOptions, FileError)> = None;
    loop {
        let (path, options) = (path.to_owned(), known.options.clone());
        let mut error = match tokio::task::spawn_blocking(move || report_files::read_report(&path, &options)).await? {
            Ok(report) => return Ok(report),
            Err(error) => error,
        };
        // What was said of another file does not fit this one: the question stands.
        if let Some((before, question)) = tried.take()
            && matches!(error, FileError::UnknownColumn { .. } | FileError::UnknownSheet { .. })
        {
            (known.options, error) = (before, question);
        }
        if !asked_memory {
            let before = known.options.clone();
            if remembered.answer(&error, &mut known.options) {
                (asked_memory, tried) = (true, Some((before, error)));
                continue;
            }
        }
        known.answer(error)?;
    }
}

fn no_platform() -> ApiError {
    FileError::NeedsPlatform { candidates: Vec::new(), columns: Vec::new() }.into()
}

/// The account the rows belong to: the one named, the one the file names, the client's only one of the platform, or a new one.
async fn account_for(
    store: &Store,
    answers: &ImportAnswers,
    client: &Client,
    accounts: &[Account],
    platform: &Platform,
    report: &ReportFile,
) -> Result<NewAccount, ApiError> {
    let mine: Vec<&Account> = accounts.iter().filter(|account| account.platform == platform.code()).collect();
    let hint = report.account.as_ref().filter(|_| answers.account.is_none());
    let (hint_id, hint_name) = (hint.and_then(|hint| hint.id.clone()), hint.and_then(|hint| hint.name.clone()));
    // As many characters as the account's columns hold.
    let asked: Option<String> = answers.account.as_ref().map(|name| name.chars().take(255).collect());
    let wanted = asked.clone().or_else(|| hint_id.clone().or_else(|| hint_name.clone()));
    let nameless_id = format!("file:{}", client.public_id);
    let known = match &wanted {
        Some(name) => match mine.iter().find(|account| is_account(account, name)).copied() {
            None if hint.is_some() => match mine.iter().find(|account| account.account_id == nameless_id).copied() {
                Some(nameless) if shares_campaigns(store, client, nameless, report).await? => Some(nameless),
                _ => None,
            },
            known => known,
        },
        None => match mine.as_slice() {
            [] => None,
            [only] => Some(*only),
            several => {
                let candidates = several.iter().map(|account| account.account_name.clone().unwrap_or_else(|| account.account_id.clone()));
                let candidates = candidates.collect::<Vec<_>>().join(CANDIDATE_SEPARATOR);
                return Err(ApiError::usage(NEEDS_ACCOUNT, [("candidates", candidates)]));
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
    let name = asked.or(hint_name).or_else(|| hint_id.clone()).unwrap_or_else(|| client.name.clone());
    Ok(NewAccount {
        client_id: client.id,
        platform: platform.clone(),
        account_id: wanted.unwrap_or(nameless_id),
        account_name: Some(name),
        currency: kind.map(|kind| kind.currency),
        vat: kind.map(|kind| kind.vat),
        vat_rate: Some(client.vat_rate),
        time_zone: None,
        file_only: true,
    })
}

/// Whether the file speaks of a campaign the account has. A file that names its account and an earlier one that did not are then of one
/// account: as two, every day in both would count twice.
async fn shares_campaigns(store: &Store, client: &Client, account: &Account, report: &ReportFile) -> Result<bool, ApiError> {
    let stored = store.campaigns(client.id).await?;
    let of_account = stored.iter().filter(|campaign| campaign.platform == account.platform && campaign.account_id == account.account_id);
    let known: HashSet<&str> = of_account.flat_map(|campaign| [campaign.campaign_id.as_str(), campaign.campaign_name.as_str()]).collect();
    let mut told = report.rows.iter().flat_map(|row| [&row.campaign.id, &row.campaign.name]).flatten();
    Ok(told.any(|text| known.contains(text.as_str())))
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
) -> Result<Written, ApiError> {
    let range = facts.range();
    if let Some(range) = range {
        store.ensure_partitions(range).await?;
    }
    let mut tx = store.begin_write().await?;
    let account = tx.ensure_account(&account).await?;
    tx.lock_account(account.id).await?;
    let said: HashMap<&CampaignKey, &CampaignAttributes> = report.campaigns.iter().map(|said| (&said.key, said)).collect();
    // Former names first: a campaign has its last one, and is found by all of them.
    let former = report.former_names.iter().map(|key| spec(key, None));
    let specs: Vec<CampaignSpec> = former.chain(facts.campaigns.iter().map(|key| spec(key, said.get(key).copied()))).collect();
    let ids = tx.ensure_campaigns(account.id, platform, &specs).await?.split_off(report.former_names.len());
    let run = tx.start_run(account.id, "file", file).await?;
    let (is_hourly, campaigns, measures_beside) = (!facts.hourly.is_empty(), facts.campaigns.len(), facts.measures_beside());
    let slice = |daily, measures| SliceWrite { daily, hourly: Vec::new(), breakdown: Vec::new(), measures, mode: WriteMode::File, today };
    let mut beside = slice(placed(facts.beside, &ids), measures_beside);
    let mut slice = SliceWrite {
        hourly: placed(facts.hourly, &ids),
        breakdown: placed(facts.breakdown, &ids),
        ..slice(placed(facts.daily, &ids), facts.measures)
    };
    // One source for a campaign's day: where the platform itself has told it, a file made earlier or otherwise says nothing. Keywords and
    // creatives are the file's: the platform's rows are of the campaign.
    let first_hour = slice.hourly.iter().map(|fact| fact.date).min();
    let by_hour = first_hour.zip(slice.hourly.iter().map(|fact| fact.date).max()).map(|(from, to)| DateRange { from, to });
    let told = tx.told_by_platform(account.id, by_hour).await?;
    let before = slice.daily.len() + slice.hourly.len();
    slice.daily.retain(|fact| !told.knows(fact.campaign, fact.date));
    slice.hourly.retain(|fact| !told.knows_hours(fact.campaign, fact.date));
    beside.daily.retain(|fact| !told.knows(fact.campaign, fact.date));
    let of_platform = before - slice.daily.len() - slice.hourly.len();
    let outcome = tx.write(&run, &slice).await?;
    tx.write(&run, &beside).await?;
    tx.finish_run(&run, &outcome).await?;
    match keep {
        Keep::Yes => tx.commit().await?,
        Keep::No => tx.rollback().await?,
    }
    let account = account.account_name.unwrap_or(account.account_id);
    Ok(Written { outcome, account, range, is_hourly, dimensions: facts.dimensions, campaigns, of_platform })
}

/// What became of a file's rows.
struct Written {
    outcome: WriteOutcome,
    account: String,
    range: Option<DateRange>,
    is_hourly: bool,
    dimensions: BTreeSet<Dimension>,
    campaigns: usize,
    /// Rows of days the platform itself has told: its figures stay.
    of_platform: usize,
}

fn placed<F: Placed<i32>>(facts: Vec<F>, ids: &[i32]) -> Vec<F::Out> {
    facts.into_iter().map(|fact| fact.placed(ids)).collect()
}

fn spec(key: &CampaignKey, attributes: Option<&CampaignAttributes>) -> CampaignSpec {
    CampaignSpec {
        key: key.clone(),
        status: attributes.and_then(|a| a.status),
        objective: attributes.and_then(|a| a.objective),
        daily_budget: attributes.and_then(|a| a.daily_budget),
        total_budget: attributes.and_then(|a| a.total_budget),
        start_date: attributes.and_then(|a| a.start),
        end_date: attributes.and_then(|a| a.end),
        // What a file says nothing of.
        budget_shared: None,
        platform_kind: None,
        removed: None,
        in_full: false,
    }
}

fn imported(platform: &Platform, report: &ReportFile, written: Written) -> ImportedFile {
    let tally = written.outcome.finest();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    ImportedFile {
        platform: platform.code().to_owned(),
        account: written.account,
        from: written.range.map(|range| range.from.to_string()),
        to: written.range.map(|range| range.to.to_string()),
        grain: if written.is_hourly { "hourly".to_owned() } else { "daily".to_owned() },
        dimensions: written.dimensions.iter().map(|dimension| dimension.as_str().to_owned()).collect(),
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
        campaigns: count(written.campaigns),
        columns: report
            .columns
            .iter()
            .map(|column| ColumnUsed { header: column.header.clone(), field: column.field.map(|field| field.as_str().to_owned()) })
            .collect(),
        notes: report
            .notes
            .iter()
            .map(|note| NoteDto { code: note.code().to_owned(), values: note.values() })
            .chain((written.of_platform > 0).then(|| NoteDto {
                code: "days_of_the_platform".to_owned(),
                values: [("rows".to_owned(), written.of_platform.to_string())].into(),
            }))
            .collect(),
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
        ApiError::Refused { code: NEEDS_ACCOUNT, values, .. } => Some(ImportQuestion::Account {
            candidates: values.get("candidates").map(|n| n.split(CANDIDATE_SEPARATOR).map(str::to_owned).collect()).unwrap_or_default(),
        }),
        _ => None,
    };
    let mut told = error.to_dto();
    if let Some(candidates) = told.values.get_mut("candidates") {
        *candidates = candidates.replace(CANDIDATE_SEPARATOR, ", ");
    }
    FileOutcome { file, path, done: None, question, error: Some(told) }
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

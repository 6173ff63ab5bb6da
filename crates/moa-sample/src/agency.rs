//! The agency: its clients, and the report files someone there would have downloaded.

use chrono::NaiveDate;
use moa_domain::{Currency, Millionths, Platform, VatBasis};

use crate::clients::CLIENTS;
use crate::files;
use crate::history::{self, Campaign, span};
use crate::plan::{AccountPlan, ClientPlan};
use crate::totals::{MonthTotal, month_totals};

/// Three sample clients and their report files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    pub clients: Vec<SampleClient>,
    /// In the order of import: for each client the daily campaign reports, then keywords and creatives, then hours. Finer rows add up to
    /// the daily row of their campaign, or to less where a report leaves something out.
    pub files: Vec<SampleFile>,
    totals: Vec<MonthTotal>,
}

/// A client whose name says that it is a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleClient {
    pub name: String,
    pub currency: Currency,
    /// Percent in millionths, as in [`moa_domain::MoneyKind`].
    pub vat_rate: Millionths,
    /// What the client agreed to spend in a month: the client's currency, without VAT. Only the client whose costs run away has one.
    pub monthly_budget: Option<Millionths>,
}

/// A report file as a console gives it, and what a person would answer when importing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Position in [`Agency::clients`].
    pub client: usize,
    /// Unique among the files.
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub platform: Platform,
    /// The ad account's name; no two clients share one.
    pub account: String,
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
}

/// An ad account with everything that happened in it.
#[derive(Debug)]
pub(crate) struct Account {
    pub client: usize,
    pub client_plan: &'static ClientPlan,
    pub plan: &'static AccountPlan,
    pub name: String,
    pub campaigns: Vec<Campaign>,
}

impl Agency {
    /// The agency whose last day is `end`, over the fourteen months before. The same day gives the same agency, byte for byte.
    #[must_use]
    pub fn ending(end: NaiveDate) -> Self {
        let accounts = accounts(end);
        let clients = CLIENTS
            .iter()
            .enumerate()
            .map(|(index, plan)| SampleClient {
                name: plan.name.to_owned(),
                currency: Currency::KRW,
                vat_rate: Millionths::from_whole(10),
                monthly_budget: plan.has_budget.then(|| monthly_budget(&accounts, index)),
            })
            .collect();
        Self { clients, files: files::all(&accounts, span(end)), totals: month_totals(&accounts) }
    }

    /// The sums of the daily rows per client, platform, money kind and month: what an import of [`Agency::files`] must show.
    #[must_use]
    pub fn totals(&self) -> &[MonthTotal] {
        &self.totals
    }
}

/// Everything that happened, account by account.
pub(crate) fn accounts(end: NaiveDate) -> Vec<Account> {
    let span = span(end);
    let mut stream = 0;
    let mut accounts = Vec::new();
    for (client, client_plan) in CLIENTS.iter().enumerate() {
        for plan in client_plan.accounts {
            let mut campaigns = Vec::new();
            for campaign in plan.campaigns {
                stream += 1;
                campaigns.push(history::campaign(plan, campaign, client_plan.market, span, stream));
            }
            let name = format!("샘플_{}_{}{}", client_plan.short, plan.console.word(), plan.suffix);
            accounts.push(Account { client, client_plan, plan, name, campaigns });
        }
    }
    accounts
}

/// A month at the pace of six quiet weeks, those before the last three, in full 100,000 won without VAT.
pub(crate) fn monthly_budget(accounts: &[Account], client: usize) -> Millionths {
    const WEEKS: std::ops::Range<i64> = 21..63;
    let mut spent = 0;
    for account in accounts.iter().filter(|account| account.client == client && account.plan.currency == Currency::KRW) {
        let gross: i64 =
            account.campaigns.iter().flat_map(|c| &c.days).filter(|day| WEEKS.contains(&day.age)).map(|day| day.figures.cost).sum();
        spent += match account.plan.console.vat() {
            VatBasis::Included => gross * 10 / 11,
            VatBasis::Excluded => gross,
        };
    }
    Millionths::from_whole(spent * 30 / (WEEKS.end - WEEKS.start) / 100_000 * 100_000)
}

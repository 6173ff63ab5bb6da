//! Our totals beside the platform's own, with the reason for every difference.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use moa_connectors::{Account, AccountTotal, Call, Connector};
use moa_domain::{Currency, DateRange, Millionths, MoneyKind, VatBasis};
use moa_store::{AccountDayRow, Connection, TotalRow};
use tokio_util::sync::CancellationToken;

use crate::SyncError;
use crate::account::{remote, zone};
use crate::engine::Syncer;
use crate::plan::Window;

/// Why two totals differ, or that they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayReason {
    Equal,
    /// Less than a won or cent for each row that was rounded.
    Rounding,
    /// Equal once both are without VAT.
    VatBasis,
    /// The platform has restated the day since it was read: read again and it will be equal.
    Restated,
    /// The difference is what stands on campaigns the platform no longer counts.
    Removed,
    /// The day is not over, or the platform is still counting it.
    NotFinal,
    Unexplained,
}

impl DayReason {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Rounding => "rounding",
            Self::VatBasis => "vat_basis",
            Self::Restated => "restated",
            Self::Removed => "removed",
            Self::NotFinal => "not_final",
            Self::Unexplained => "unexplained",
        }
    }
}

/// An account's day, both totals in the account's own basis.
#[derive(Debug, Clone, PartialEq)]
pub struct ReconciledDay {
    pub date: NaiveDate,
    pub ours: Millionths,
    pub theirs: Millionths,
    pub reason: DayReason,
}

/// Platforms round each row they sum: less than this, and less than a thousandth of the day, is their rounding.
const ROUNDING: Millionths = Millionths(1_000_000_000);

impl Syncer {
    /// Reads the platform's totals and compares. They are kept, so that the comparison can be shown without the network. Days that differ
    /// without a reason in the stored figures are asked once more campaign by campaign: when that agrees with the total, the platform has
    /// restated them.
    ///
    /// # Errors
    /// The platform's or the database's.
    pub async fn reconcile(
        &self,
        connection: &Connection,
        days: DateRange,
        cancel: &CancellationToken,
    ) -> Result<Vec<ReconciledDay>, SyncError> {
        let login = connection.login_id.filter(|_| connection.is_connected).ok_or(SyncError::NotConnected)?;
        let connector = self.logins.connector(login).await?;
        let call = Call::new(cancel.clone());
        let account = remote(connection);
        let theirs: Vec<TotalRow> = connector.totals(&account, days, &call).await?.iter().map(total_row).collect();
        self.store().keep_totals(connection.id, days, &theirs).await?;
        let ours = self.store().account_days(connection.id, days).await?;
        let local = self.now().with_timezone(&zone(connection));
        let read_on = connection.last_success.map(|at| at.with_timezone(&zone(connection)).date_naive());
        let read = Read { today: local.date_naive(), before_ready: local.time() < connector.limits().ready_at, on: read_on };
        let mut compared: Vec<ReconciledDay> = days.iter().map(|date| reconciled(date, &ours, &theirs, read)).collect();

        let open: BTreeSet<NaiveDate> = compared.iter().filter(|day| day.reason == DayReason::Unexplained).map(|day| day.date).collect();
        if !open.is_empty() {
            let now_told = self.costs_now(connector.as_ref(), connection, &account, &open, &call).await?;
            for day in compared.iter_mut().filter(|day| day.reason == DayReason::Unexplained) {
                let told = now_told.get(&day.date).copied().unwrap_or(Millionths::ZERO);
                if is_rounding(Millionths(told.0 - day.theirs.0), day.theirs, account.kind.currency)
                    && !is_rounding(Millionths(told.0 - day.ours.0), day.theirs, account.kind.currency)
                {
                    day.reason = DayReason::Restated;
                }
            }
        }
        Ok(compared)
    }

    /// What campaigns cost on these days as the platform tells it now.
    async fn costs_now(
        &self,
        connector: &dyn Connector,
        connection: &Connection,
        account: &Account,
        open: &BTreeSet<NaiveDate>,
        call: &Call,
    ) -> Result<BTreeMap<NaiveDate, Millionths>, SyncError> {
        let mut campaigns = connector.campaigns(account, call).await?;
        campaigns.extend(self.no_longer_listed(connection, &campaigns).await?);
        let longest = connector.limits().window_days.clamp(1, 31);
        let mut costs = BTreeMap::new();
        let mut rest = open.clone();
        while let Some(from) = rest.pop_first() {
            let last = from + TimeDelta::days(longest - 1);
            let within: BTreeSet<NaiveDate> = rest.range(..=last).copied().collect();
            rest = rest.split_off(&(last + TimeDelta::days(1)));
            let days = DateRange { from, to: within.last().copied().unwrap_or(from) };
            let figures = self.read_window(connector, account, &campaigns, Window { days, hours: None }, call).await?;
            for fact in figures.daily {
                let cost = costs.entry(fact.date).or_insert(Millionths::ZERO);
                *cost = *cost + fact.counts.cost;
            }
        }
        Ok(costs)
    }
}

fn total_row(total: &AccountTotal) -> TotalRow {
    TotalRow { date: total.date, kind: total.kind, impressions: total.impressions, clicks: total.clicks, cost: total.cost }
}

/// A thousandth of the day at most; of a small day, up to three of the currency's smallest units.
fn is_rounding(gap: Millionths, of: Millionths, currency: Currency) -> bool {
    let units = 3 * 10_i64.pow(6 - currency.decimals().min(6));
    gap.0.abs() <= units || (gap.0.abs() <= ROUNDING.0 && gap.0.abs().saturating_mul(1_000) <= of.0.abs())
}

/// Until when the platform is still counting, and when it was last read.
#[derive(Debug, Clone, Copy)]
struct Read {
    /// Today in the account's zone.
    today: NaiveDate,
    /// Yesterday is not finished yet.
    before_ready: bool,
    /// The account's day of the last reading.
    on: Option<NaiveDate>,
}

fn reconciled(date: NaiveDate, ours: &[AccountDayRow], theirs: &[TotalRow], read: Read) -> ReconciledDay {
    let ours: Vec<&AccountDayRow> = ours.iter().filter(|row| row.date == date).collect();
    let theirs: Vec<&TotalRow> = theirs.iter().filter(|row| row.date == date).collect();
    let our_cost = sum(ours.iter().map(|row| row.cost));
    let their_cost = sum(theirs.iter().map(|row| row.cost));
    let removed = sum(ours.iter().map(|row| row.removed_cost));
    let gap = Millionths(our_cost.0 - their_cost.0);
    let kinds: BTreeSet<MoneyKind> = ours.iter().map(|row| row.kind).chain(theirs.iter().map(|row| row.kind)).collect();
    let currencies: BTreeSet<Currency> = kinds.iter().map(|kind| kind.currency).collect();
    let currency = currencies.first().copied().unwrap_or(Currency::KRW);
    let net_theirs = sum(theirs.iter().map(|row| net(row.cost, row.kind)));
    let net_gap = Millionths(sum(ours.iter().map(|row| net(row.cost, row.kind))).0 - net_theirs.0);
    let unfinished = date >= read.today || (read.before_ready && Some(date) == read.today.pred_opt());
    let reason = if gap == Millionths::ZERO && kinds.len() <= 1 {
        DayReason::Equal
    } else if unfinished {
        DayReason::NotFinal
    } else if currencies.len() > 1 {
        // Amounts of two currencies have no difference.
        DayReason::Unexplained
    } else if kinds.len() > 1 && is_rounding(net_gap, net_theirs, currency) {
        DayReason::VatBasis
    } else if is_rounding(gap, their_cost, currency) {
        DayReason::Rounding
    } else if removed != Millionths::ZERO && is_rounding(Millionths(gap.0 - removed.0), removed, currency) {
        DayReason::Removed
    } else if read.on.is_none_or(|on| on <= date) {
        // Read while the day was still running, or never.
        DayReason::NotFinal
    } else {
        DayReason::Unexplained
    };
    ReconciledDay { date, ours: our_cost, theirs: their_cost, reason }
}

fn sum(costs: impl Iterator<Item = Millionths>) -> Millionths {
    costs.fold(Millionths::ZERO, |sum, cost| sum + cost)
}

/// Without VAT, to the millionth.
fn net(cost: Millionths, kind: MoneyKind) -> Millionths {
    if kind.vat == VatBasis::Excluded {
        return cost;
    }
    let whole = i128::from(cost.0) * 100_000_000 / i128::from(100_000_000 + kind.vat_rate.0);
    Millionths(i64::try_from(whole).unwrap_or(cost.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 10).expect("a day");
    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");

    fn kind(vat: VatBasis) -> MoneyKind {
        MoneyKind::new(Currency::KRW, vat, 10)
    }

    fn ours(cost: i64, removed: i64, vat: VatBasis) -> AccountDayRow {
        AccountDayRow {
            date: DAY,
            kind: kind(vat),
            impressions: 1,
            clicks: 1,
            cost: Millionths::from_whole(cost),
            removed_cost: Millionths::from_whole(removed),
            restated_at: None,
        }
    }

    fn reason(ours: AccountDayRow, theirs: i64, vat: VatBasis, read_on: NaiveDate) -> DayReason {
        let theirs = TotalRow { date: DAY, kind: kind(vat), impressions: 1, clicks: 1, cost: Millionths::from_whole(theirs) };
        reconciled(DAY, &[ours], &[theirs], read(Some(read_on))).reason
    }

    fn read(on: Option<NaiveDate>) -> Read {
        Read { today: TODAY, before_ready: false, on }
    }

    #[test]
    fn amounts_of_two_currencies_are_never_equal() {
        let ours = ours(100, 0, VatBasis::Excluded);
        let dollars = MoneyKind::new(Currency::USD, VatBasis::Excluded, 10);
        let theirs = TotalRow { date: DAY, kind: dollars, impressions: 1, clicks: 1, cost: Millionths::from_whole(100) };
        assert_eq!(reconciled(DAY, &[ours], &[theirs], read(Some(TODAY))).reason, DayReason::Unexplained);
    }

    #[test]
    fn every_difference_has_its_reason() {
        use VatBasis::{Excluded, Included};
        assert_eq!(reason(ours(110_000, 0, Included), 110_000, Included, TODAY), DayReason::Equal);
        assert_eq!(reason(ours(110_003, 0, Included), 110_000, Included, TODAY), DayReason::Rounding);
        assert_eq!(reason(ours(110_000, 0, Included), 100_000, Excluded, TODAY), DayReason::VatBasis);
        assert_eq!(reason(ours(130_000, 20_000, Included), 110_000, Included, TODAY), DayReason::Removed);
        assert_eq!(reason(ours(130_000, 0, Included), 110_000, Included, TODAY), DayReason::Unexplained);
        assert_eq!(reason(ours(130_000, 0, Included), 110_000, Included, DAY), DayReason::NotFinal, "read while the day was running");
        assert_eq!(reason(ours(2_002, 0, Included), 2_000, Included, TODAY), DayReason::Rounding, "a won for each row of a small day");
        let running = reconciled(TODAY, &[], &[], read(Some(TODAY)));
        assert_eq!(running.reason, DayReason::Equal, "nothing on both sides");
        let early = Read { today: DAY.succ_opt().expect("a day"), before_ready: true, on: DAY.succ_opt() };
        let theirs = TotalRow { date: DAY, kind: kind(Included), impressions: 1, clicks: 1, cost: Millionths::from_whole(5) };
        assert_eq!(reconciled(DAY, &[], &[theirs], early).reason, DayReason::NotFinal, "the platform still counts yesterday");
    }
}

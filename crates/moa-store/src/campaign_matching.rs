//! Which campaign a source means: by the platform's id, else by name within the account.
//!
//! A source's campaign whose id is new adopts the only campaign of its name that was known by name alone; a name alone takes the only
//! campaign of that name. Everything else is made. What a campaign was called before stays as an alias, so that a file of last year finds it.

use std::collections::HashMap;

use chrono::NaiveDate;
use moa_domain::{CampaignStatus, Millionths, Objective, Platform};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection};

use crate::campaigns::CampaignSpec;
use crate::error::StoreError;

/// Ids in the order of `specs`. Three statements at most, however many campaigns; none where nothing is new.
pub(crate) async fn ensure_campaigns(
    connection: &mut PgConnection,
    account: i32,
    platform: &Platform,
    specs: &[CampaignSpec],
) -> Result<Vec<i32>, StoreError> {
    let mut known = Known::load(&mut *connection, account).await?;
    let mut rivals: HashMap<String, usize> = HashMap::new();
    for spec in specs.iter().filter(|spec| spec.key.id.is_some()) {
        *rivals.entry(name_of(spec)).or_default() += 1;
    }
    let places: Vec<usize> = specs.iter().map(|spec| known.place(spec, &rivals)).collect();
    known.insert_new(&mut *connection, account, platform).await?;
    known.update_changed(&mut *connection).await?;
    known.keep_aliases(connection).await?;
    places.into_iter().map(|place| known.entries[place].id.ok_or_else(lost)).collect()
}

fn lost() -> StoreError {
    StoreError::Refused { source: sqlx::Error::RowNotFound }
}

fn name_of(spec: &CampaignSpec) -> String {
    fitted(spec.key.name.as_deref().or(spec.key.id.as_deref()).unwrap_or_default())
}

/// Fits the column without cutting a character.
fn fitted(text: &str) -> String {
    text.chars().take(255).collect()
}

#[derive(Debug, Clone, Default, PartialEq, FromRow)]
struct Described {
    campaign_id: String,
    campaign_name: String,
    id_known: bool,
    status: Option<String>,
    objective: Option<String>,
    daily_budget: Option<Decimal>,
    total_budget: Option<Decimal>,
    start_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
    budget_shared: bool,
    platform_kind: Option<String>,
    removed: bool,
}

impl Described {
    /// Takes what the source says; what it does not say stays.
    fn learn(&mut self, spec: &CampaignSpec) {
        let amount =
            |told: Option<Millionths>, known: Option<Decimal>| told.map(Millionths::to_decimal).or(known.filter(|_| !spec.in_full));
        if let (Some(_), Some(name)) = (&spec.key.id, &spec.key.name) {
            self.campaign_name = fitted(name);
        }
        self.status = spec.status.map(CampaignStatus::as_str).map(str::to_owned).or(self.status.take());
        self.objective = spec.objective.map(Objective::as_str).map(str::to_owned).or(self.objective.take());
        self.daily_budget = amount(spec.daily_budget, self.daily_budget);
        self.total_budget = amount(spec.total_budget, self.total_budget);
        self.start_date = spec.start_date.or(self.start_date.filter(|_| !spec.in_full));
        self.end_date = spec.end_date.or(self.end_date.filter(|_| !spec.in_full));
        self.budget_shared = spec.budget_shared.unwrap_or(self.budget_shared);
        // An empty word is a kind nobody could tell this time.
        let kind = spec.platform_kind.clone().filter(|kind| !kind.is_empty() || self.platform_kind.is_none());
        self.platform_kind = kind.or(self.platform_kind.take());
        self.removed = spec.removed.unwrap_or(self.removed);
    }
}

/// A campaign of the account; without an id it is still to be made.
struct Entry {
    id: Option<i32>,
    stored: Described,
    told: Described,
    aliases: Vec<String>,
}

/// What is known of an account's campaigns.
#[derive(Default)]
struct Known {
    entries: Vec<Entry>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Known {
    async fn load(connection: &mut PgConnection, account: i32) -> Result<Self, StoreError> {
        #[derive(FromRow)]
        struct Stored {
            id: i32,
            #[sqlx(flatten)]
            described: Described,
        }
        let rows: Vec<Stored> = sqlx::query_as(
            "select id, campaign_id, campaign_name, id_known, status, objective, daily_budget, total_budget, start_date, end_date, budget_shared,
                    platform_kind, removed_at is not null as removed
             from campaigns where marketing_account_id = $1 order by id",
        )
        .bind(account)
        .fetch_all(&mut *connection)
        .await?;
        let aliases: Vec<(i32, String)> = sqlx::query_as(
            "select k.id, s.alias from campaign_aliases s join campaigns k on k.id = s.campaign_id where k.marketing_account_id = $1 order by k.id, s.since",
        )
        .bind(account)
        .fetch_all(connection)
        .await?;
        let mut known = Self::default();
        let mut places = HashMap::new();
        for row in rows {
            places.insert(row.id, known.add(Some(row.id), row.described));
        }
        for (id, alias) in aliases {
            if let Some(place) = places.get(&id) {
                // A name in use now is worth more than one of the past.
                let named = known.by_name.entry(alias).or_default();
                if named.is_empty() {
                    named.push(*place);
                }
            }
        }
        Ok(known)
    }

    fn add(&mut self, id: Option<i32>, described: Described) -> usize {
        let place = self.entries.len();
        self.by_id.insert(described.campaign_id.clone(), place);
        self.by_name.entry(described.campaign_name.clone()).or_default().push(place);
        self.entries.push(Entry { id, stored: described.clone(), told: described, aliases: Vec::new() });
        place
    }

    /// The place of the campaign a source means, with what it says of it.
    fn place(&mut self, spec: &CampaignSpec, rivals: &HashMap<String, usize>) -> usize {
        let name = name_of(spec);
        let id = spec.key.id.as_deref().map(fitted);
        let place = self.find(id.as_deref(), &name, rivals).unwrap_or_else(|| {
            let campaign_id = id.clone().unwrap_or_else(|| name.clone());
            self.add(None, Described { campaign_id, campaign_name: name.clone(), id_known: id.is_some(), ..Described::default() })
        });
        let entry = &mut self.entries[place];
        if let (Some(id), false) = (id, entry.told.id_known) {
            entry.aliases.push(std::mem::replace(&mut entry.told.campaign_id, id.clone()));
            entry.told.id_known = true;
            self.by_id.insert(id, place);
        }
        let before = entry.told.campaign_name.clone();
        entry.told.learn(spec);
        if entry.told.campaign_name != before {
            entry.aliases.push(before);
            let named = self.by_name.entry(entry.told.campaign_name.clone()).or_default();
            if !named.contains(&place) {
                named.push(place);
            }
        }
        place
    }

    fn find(&self, id: Option<&str>, name: &str, rivals: &HashMap<String, usize>) -> Option<usize> {
        let named = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let nameless = |place: &usize| !self.entries[*place].told.id_known;
        match id {
            Some(id) => self.by_id.get(id).copied().or(match named {
                [only] if nameless(only) && rivals.get(name) == Some(&1) => Some(*only),
                _ => None,
            }),
            None => match named {
                [only] => Some(*only),
                // A column of campaigns may hold ids where a platform shows no names.
                several => several.iter().copied().find(|place| nameless(place)).or_else(|| self.by_id.get(name).copied()),
            },
        }
    }

    async fn insert_new(&mut self, connection: &mut PgConnection, account: i32, platform: &Platform) -> Result<(), StoreError> {
        let made: Vec<&Described> = self.entries.iter().filter(|entry| entry.id.is_none()).map(|entry| &entry.told).collect();
        if made.is_empty() {
            return Ok(());
        }
        let ids: Vec<(i32, String)> = sqlx::query_as(
            "insert into campaigns (marketing_account_id, platform, campaign_id, campaign_name, id_known, status, objective, daily_budget, total_budget, start_date, end_date,
               budget_shared, platform_kind, removed_at)
             select $1, $2, campaign_id, name, id_known, status, objective, daily_budget, total_budget, start_date, end_date, budget_shared, platform_kind,
               case when removed then now() end
             from unnest($3::text[], $4::text[], $5::bool[], $6::text[], $7::text[], $8::numeric[], $9::numeric[], $10::date[], $11::date[], $12::bool[],
                         $13::text[], $14::bool[]) with ordinality
               as t (campaign_id, name, id_known, status, objective, daily_budget, total_budget, start_date, end_date, budget_shared, platform_kind, removed,
                     place) order by place
             returning id, campaign_id::text",
        )
        .bind(account)
        .bind(platform.code())
        .bind(column(&made, |told| told.campaign_id.clone()))
        .bind(column(&made, |told| told.campaign_name.clone()))
        .bind(column(&made, |told| told.id_known))
        .bind(column(&made, |told| told.status.clone()))
        .bind(column(&made, |told| told.objective.clone()))
        .bind(column(&made, |told| told.daily_budget))
        .bind(column(&made, |told| told.total_budget))
        .bind(column(&made, |told| told.start_date))
        .bind(column(&made, |told| told.end_date))
        .bind(column(&made, |told| told.budget_shared))
        .bind(column(&made, |told| told.platform_kind.clone()))
        .bind(column(&made, |told| told.removed))
        .fetch_all(connection)
        .await?;
        let ids: HashMap<String, i32> = ids.into_iter().map(|(id, campaign_id)| (campaign_id, id)).collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.id.is_none()) {
            entry.id = ids.get(&entry.told.campaign_id).copied();
            entry.stored = entry.told.clone();
        }
        Ok(())
    }

    async fn update_changed(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let changed: Vec<(i32, &Described)> =
            self.entries.iter().filter(|entry| entry.stored != entry.told).filter_map(|entry| Some((entry.id?, &entry.told))).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let (ids, told): (Vec<i32>, Vec<&Described>) = changed.into_iter().unzip();
        sqlx::query(
            "update campaigns k set campaign_id = t.campaign_id, campaign_name = t.name, id_known = t.id_known, status = t.status, objective = t.objective,
                    daily_budget = t.daily_budget, total_budget = t.total_budget, start_date = t.start_date, end_date = t.end_date,
                    budget_shared = t.budget_shared, platform_kind = t.platform_kind,
                    removed_at = case when t.removed then coalesce(k.removed_at, now()) end
             from unnest($1::int[], $2::text[], $3::text[], $4::bool[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::date[], $10::date[],
                         $11::bool[], $12::text[], $13::bool[])
               as t (id, campaign_id, name, id_known, status, objective, daily_budget, total_budget, start_date, end_date, budget_shared, platform_kind, removed)
             where k.id = t.id",
        )
        .bind(ids)
        .bind(column(&told, |told| told.campaign_id.clone()))
        .bind(column(&told, |told| told.campaign_name.clone()))
        .bind(column(&told, |told| told.id_known))
        .bind(column(&told, |told| told.status.clone()))
        .bind(column(&told, |told| told.objective.clone()))
        .bind(column(&told, |told| told.daily_budget))
        .bind(column(&told, |told| told.total_budget))
        .bind(column(&told, |told| told.start_date))
        .bind(column(&told, |told| told.end_date))
        .bind(column(&told, |told| told.budget_shared))
        .bind(column(&told, |told| told.platform_kind.clone()))
        .bind(column(&told, |told| told.removed))
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn keep_aliases(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let aliases = self.entries.iter().flat_map(|entry| entry.aliases.iter().filter_map(|alias| Some((entry.id?, alias.clone()))));
        let (ids, names): (Vec<i32>, Vec<String>) = aliases.unzip();
        if ids.is_empty() {
            return Ok(());
        }
        sqlx::query("insert into campaign_aliases (campaign_id, alias) select * from unnest($1::int[], $2::text[]) on conflict do nothing")
            .bind(ids)
            .bind(names)
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn column<T>(rows: &[&Described], value: impl Fn(&Described) -> T) -> Vec<T> {
    rows.iter().map(|row| value(row)).collect()
}

#[cfg(test)]
mod tests {
    use moa_domain::CampaignKey;

    use super::*;

    fn spec(id: Option<&str>, name: Option<&str>) -> CampaignSpec {
        CampaignSpec { key: CampaignKey { id: id.map(str::to_owned), name: name.map(str::to_owned) }, ..CampaignSpec::default() }
    }

    fn places(known: &mut Known, specs: &[CampaignSpec]) -> Vec<usize> {
        let mut rivals = HashMap::new();
        for spec in specs.iter().filter(|spec| spec.key.id.is_some()) {
            *rivals.entry(name_of(spec)).or_default() += 1;
        }
        specs.iter().map(|spec| known.place(spec, &rivals)).collect()
    }

    #[test]
    fn an_id_adopts_the_only_campaign_of_its_name() {
        let mut known = Known::default();
        assert_eq!(places(&mut known, &[spec(None, Some("가을"))]), [0]);
        assert_eq!(places(&mut known, &[spec(Some("7"), Some("가을"))]), [0]);
        assert_eq!(known.entries[0].told.campaign_id, "7");
        assert_eq!(places(&mut known, &[spec(Some("7"), Some("겨울"))]), [0], "renamed at the platform");
        assert_eq!(places(&mut known, &[spec(None, Some("가을")), spec(None, Some("겨울"))]), [0, 0], "both names find it");
    }

    #[test]
    fn two_ids_of_one_name_are_two_campaigns() {
        let mut known = Known::default();
        places(&mut known, &[spec(None, Some("가을"))]);
        assert_eq!(places(&mut known, &[spec(Some("7"), Some("가을")), spec(Some("8"), Some("가을"))]), [1, 2]);
    }

    #[test]
    fn the_same_id_twice_in_a_batch_is_one_campaign() {
        let mut known = Known::default();
        assert_eq!(places(&mut known, &[spec(Some("7"), Some("A")), spec(Some("7"), Some("B")), spec(Some("7"), None)]), [0, 0, 0]);
    }

    #[test]
    fn a_name_that_is_an_id_finds_its_campaign() {
        let mut known = Known::default();
        assert_eq!(places(&mut known, &[spec(Some("7"), Some("A")), spec(None, Some("7"))]), [0, 0]);
        assert_eq!(places(&mut known, &[spec(None, Some("9")), spec(Some("9"), Some("B"))]), [1, 1], "known by its id as a name");
    }

    #[test]
    fn a_description_in_full_takes_back_what_it_no_longer_names() {
        let mut known = Known::default();
        let budget =
            |daily, total, in_full| CampaignSpec { daily_budget: daily, total_budget: total, in_full, ..spec(Some("7"), Some("A")) };
        let amount = Some(Millionths::from_whole(100));
        places(&mut known, &[budget(amount, None, true), budget(None, None, false)]);
        assert_eq!(known.entries[0].told.daily_budget, amount.map(Millionths::to_decimal), "not said, so it stays");
        places(&mut known, &[budget(None, amount, true)]);
        let told = &known.entries[0].told;
        assert_eq!((told.daily_budget, told.total_budget), (None, amount.map(Millionths::to_decimal)));
    }

    #[test]
    fn long_names_are_found_again() {
        let long = "가".repeat(300);
        let mut known = Known::default();
        assert_eq!(places(&mut known, &[spec(None, Some(&long))]), [0]);
        assert_eq!(places(&mut known, &[spec(None, Some(&long))]), [0]);
    }
}

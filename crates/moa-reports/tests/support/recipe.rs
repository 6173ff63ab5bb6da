//! A report document of synthetic rows, for tests, for looking at pages and for measuring.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate};
use moa_domain::{Basis, Currency, DateRange, Platform, VatBasis};
use moa_reports::{
    Cadence, CampaignFigures, Change, ChannelFigures, CurrencySection, DayFigures, Figures, Fonts, ItemFigures, Party, Period,
    PlatformAsOf, RawRow, ReportDocument, Restated, totals,
};
use moa_text::Lang;
use rust_decimal::Decimal;

/// What the document is to be like.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) lang: Lang,
    pub(crate) campaigns: usize,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    pub(crate) cadence: Cadence,
    pub(crate) basis: Basis,
    /// A second section in US dollars.
    pub(crate) dollars: bool,
    pub(crate) items: bool,
    pub(crate) held: Vec<String>,
    pub(crate) comment: Option<String>,
    /// Days without any row.
    pub(crate) missing: Vec<NaiveDate>,
    /// Instead of the usual names, in turn.
    pub(crate) names: Vec<String>,
    pub(crate) client: String,
    pub(crate) logos: bool,
    /// Against the period before.
    pub(crate) compared: bool,
    pub(crate) restated: bool,
    /// Kakao does not know its conversions.
    pub(crate) unknown: bool,
    /// The third day's cost is an adjustment below zero.
    pub(crate) adjusted: bool,
    /// Makes every amount and count so many times larger.
    pub(crate) times: u32,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Recipe {
    pub(crate) fn month(lang: Lang, campaigns: usize) -> Self {
        let comment = match lang {
            Lang::Ko => {
                "11월은 블랙프라이데이 예산을 3주차에 집중했고, 네이버 브랜드검색과 Meta 리타겟팅에서 매출이 크게 늘었습니다. 구글 실적 최대화는 \
                 소재 교체 뒤 전환당 비용이 낮아졌습니다.\n다음 달에는 성과가 낮은 디스플레이 지면의 예산을 15% 줄여 검색으로 옮길 것을 제안드립니다."
            }
            Lang::En => {
                "November put most of its budget into the third week. Naver brand search and Meta retargeting brought the larger part of the \
                 revenue; Performance Max became cheaper per conversion after the creatives were changed.\nFor next month we propose moving \
                 15% of the weakest display budget to search."
            }
        };
        Self {
            lang,
            campaigns,
            from: day("2026-11-01"),
            to: day("2026-11-30"),
            cadence: Cadence::Monthly,
            basis: Basis::Net,
            dollars: false,
            items: true,
            held: Vec::new(),
            comment: Some(comment.to_owned()),
            missing: vec![day("2026-11-17")],
            names: Vec::new(),
            client: "모아스토어".to_owned(),
            logos: false,
            compared: true,
            restated: false,
            unknown: false,
            adjusted: false,
            times: 1,
        }
    }

    /// The days before 1 December 2026, as many as given.
    pub(crate) fn days(self, days: u64) -> Self {
        let to = day("2026-11-30");
        let cadence = if days == 1 { Cadence::Daily } else { Cadence::Custom };
        Self { from: to - chrono::Days::new(days.max(1) - 1), to, cadence, ..self }
    }
}

/// Names as consoles and files bring them: long, mixed, loose Jamo, signs, scripts and formulas.
pub(crate) fn hostile_names() -> Vec<String> {
    let long = |words: &str| words.chars().cycle().take(80).collect::<String>();
    vec![
        long("여름시즌신상품런칭캠페인리타겟팅전환최적화"),
        long("가을 아우터 기획전 리타겟팅 장바구니 이탈 고객 "),
        long("Summer_Sale_Retargeting_Conversion_KR_Mobile_"),
        long("Performance Max / all products / target ROAS 400 % - "),
        long("W"),
        long("봄 신상 Spring New Arrivals_20-34 여성 | IG Reels "),
        "🔥블프🔥 최대 70% 할인 🎁 하트❤️ 가족👨\u{200d}👩\u{200d}👧".to_owned(),
        "大韓民國 廣告 新商品 出市 記念 行事".to_owned(),
        // Loose Jamo, as files from macOS have them: 한글 캠페인 이름.
        "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} \u{110f}\u{1162}\u{11b7}\u{1111}\u{1166}\u{110b}\u{1175}\u{11ab}".to_owned(),
        "<script>alert('광고')</script>".to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "@SUM(A1:A9) +1 -2".to_owned(),
        "줄\n바꿈\t탭 \u{202e}뒤집기".to_owned(),
        "*?~ [브랜드] \"따옴표\" & 'apostrophe'".to_owned(),
    ]
}

const LOGO_WIDE: &[u8] = include_bytes!("../fixtures/logo-wide.png");
const LOGO_SQUARE: &[u8] = include_bytes!("../fixtures/logo-square.png");

/// A small generator with a fixed seed: the same rows on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

struct Place {
    platform: Platform,
    account: &'static str,
    channels: &'static [&'static str],
    vat: VatBasis,
}

fn places() -> Vec<Place> {
    let place = |platform: Platform, account, channels, vat| Place { platform, account, channels, vat };
    vec![
        place(Platform::NaverAds, "모아스토어_검색", &["naver_search", "naver_shopping", "naver_brand"], VatBasis::Included),
        place(Platform::GoogleAds, "Moa Store KR", &["google_search", "google_pmax", "youtube"], VatBasis::Excluded),
        place(Platform::MetaAds, "모아스토어 메인", &["instagram", "facebook"], VatBasis::Excluded),
        place(Platform::Kakao, "모아스토어 비즈보드", &["kakao_bizboard", "kakao_message"], VatBasis::Included),
    ]
}

const THEMES: [&str; 8] = [
    "브랜드 키워드_상시",
    "블랙프라이데이 리타겟팅 | 장바구니 이탈 7일",
    "신상품 런칭_코트·니트_20–34 여성",
    "PMAX_전상품_ROAS 400",
    "겨울 아우터 검색_일반 키워드",
    "앱 설치 유도 캠페인 (iOS)",
    "라이브커머스 사전알림",
    "재구매 고객 쿠폰 발송",
];

fn name_of(recipe: &Recipe, index: usize) -> String {
    if recipe.names.is_empty() {
        format!("{} #{:03}", THEMES[index % THEMES.len()], index + 1)
    } else {
        recipe.names[index % recipe.names.len()].clone()
    }
}

fn rows_of(recipe: &Recipe, range: DateRange, seed: u64, currency: Currency) -> Vec<RawRow> {
    let mut dice = Dice(seed);
    let places = places();
    let mut rows = Vec::new();
    for index in 0..recipe.campaigns {
        let place = &places[index % places.len()];
        let channels = if index % 5 == 4 { place.channels } else { &place.channels[(index / 4) % place.channels.len()..][..1] };
        let weight = 1 + dice.roll(40) * dice.roll(12);
        for day in range.iter().filter(|day| !recipe.missing.contains(day)) {
            for channel in channels {
                let impressions = (weight * (400 + dice.roll(900)) * u64::from(recipe.times)).cast_signed();
                let clicks = impressions * (8 + dice.roll(30).cast_signed()) / 1000;
                let cost = match currency {
                    Currency::KRW => Decimal::from(clicks * (180 + dice.roll(500).cast_signed())),
                    _ => Decimal::new(clicks * (18 + dice.roll(50).cast_signed()) + 7, 2),
                };
                let cost = if recipe.adjusted && day == recipe.from + chrono::Days::new(2) { -cost } else { cost };
                let known = !(recipe.unknown && place.platform == Platform::Kakao);
                let conversions = Decimal::new(clicks * dice.roll(70).cast_signed(), 3);
                let revenue = (conversions * Decimal::from(21_000 + dice.roll(30_000))).round();
                rows.push(RawRow {
                    date: day,
                    platform: place.platform.clone(),
                    account: place.account.to_owned(),
                    campaign_id: format!("{:010}", 7_000_000 + index),
                    campaign: name_of(recipe, index),
                    channel: (*channel).to_owned(),
                    currency,
                    vat: place.vat,
                    vat_rate: Decimal::TEN,
                    impressions,
                    clicks,
                    cost,
                    conversions: known.then_some(conversions),
                    revenue: known.then_some(revenue),
                    conversions_all: known.then_some(conversions + Decimal::from(dice.roll(4))),
                    revenue_all: known.then_some(revenue),
                });
            }
        }
    }
    rows
}

fn grouped<K: Ord, F: Fn(&RawRow) -> K>(rows: &[RawRow], key: F) -> BTreeMap<K, Vec<&RawRow>> {
    let mut groups: BTreeMap<K, Vec<&RawRow>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_default().push(row);
    }
    groups
}

fn section(recipe: &Recipe, rows: &[RawRow], before: &[RawRow], currency: Currency) -> CurrencySection {
    let rows: Vec<RawRow> = rows.iter().filter(|row| row.currency == currency).cloned().collect();
    let before: Vec<RawRow> = before.iter().filter(|row| row.currency == currency).cloned().collect();
    let basis = recipe.basis;
    let figures = |rows: &[&RawRow]| Figures::from_totals(&totals(rows.iter().copied(), basis));
    let (now, then) = (totals(&rows, basis), totals(&before, basis));

    let by_day = grouped(&rows, |row| row.date);
    let daily = DateRange { from: recipe.from, to: recipe.to }
        .iter()
        .map(|date| DayFigures { date, figures: by_day.get(&date).map(|rows| figures(rows)) })
        .collect();

    let channels_before = grouped(&before, |row| row.channel.clone());
    let mut channels: Vec<ChannelFigures> = grouped(&rows, |row| (row.platform.clone(), row.channel.clone()))
        .into_iter()
        .map(|((platform, channel), rows)| ChannelFigures {
            figures: figures(&rows),
            previous: channels_before.get(&channel).map(|rows| figures(rows)),
            platform,
            channel,
        })
        .collect();
    channels.sort_by_key(|channel| std::cmp::Reverse(channel.figures.cost));

    let mut campaigns: Vec<CampaignFigures> =
        grouped(&rows, |row| (row.platform.clone(), row.account.clone(), row.campaign_id.clone(), row.campaign.clone()))
            .into_iter()
            .map(|((platform, account, campaign_id, name), rows)| {
                let mut channels: Vec<String> = rows.iter().map(|row| row.channel.clone()).collect();
                channels.sort();
                channels.dedup();
                CampaignFigures { platform, account, campaign_id, name, channels, figures: figures(&rows) }
            })
            .collect();
    campaigns.sort_by(|a, b| {
        (&a.platform, &a.account).cmp(&(&b.platform, &b.account)).then(b.figures.cost.cmp(&a.figures.cost)).then(a.name.cmp(&b.name))
    });

    let item = |name: &str, parent: &str, at: usize| ItemFigures {
        name: Some(name.to_owned()),
        platform: Platform::NaverAds,
        campaign: campaigns.get(at).map(|campaign| campaign.name.clone()).unwrap_or_default(),
        parent: Some(parent.to_owned()),
        figures: campaigns.get(at % campaigns.len().max(1)).map(|campaign| campaign.figures).unwrap_or_default(),
    };
    let some_items = recipe.items && !campaigns.is_empty();
    let keywords =
        ["겨울코트", "여성 니트 추천", "롱패딩", "모아스토어", "캐시미어 머플러 선물용 남자친구", "경량패딩 여성", "울코트", "아우터 세일"];
    let creatives = ["[영상] 15초_블프_코트 착장", "카탈로그_장바구니", "이미지_니트_베이지_1:1", "슬라이드_신상 5종"];
    CurrencySection {
        currency,
        totals: Figures::from_totals(&now),
        previous: (!before.is_empty()).then(|| Figures::from_totals(&then)),
        change: (!before.is_empty()).then(|| Change::between(&now, &then)),
        daily,
        channels,
        keywords: if some_items {
            keywords.iter().enumerate().map(|(at, name)| item(name, "파워링크_메인", at)).collect()
        } else {
            Vec::new()
        },
        creatives: if some_items {
            creatives.iter().enumerate().map(|(at, name)| item(name, "리타겟_7일", at)).collect()
        } else {
            Vec::new()
        },
        ad_groups: Vec::new(),
        campaigns,
    }
}

/// A document of synthetic rows.
pub(crate) fn document(recipe: &Recipe) -> ReportDocument {
    let range = DateRange { from: recipe.from, to: recipe.to };
    let before = range.previous();
    let none = Recipe { campaigns: 0, ..recipe.clone() };
    let earlier = if recipe.compared { recipe } else { &none };
    let mut rows = rows_of(recipe, range, 20_261_101, Currency::KRW);
    let mut compared_rows = rows_of(earlier, before, 20_261_001, Currency::KRW);
    let mut currencies = vec![Currency::KRW];
    if recipe.dollars {
        let few = Recipe { campaigns: recipe.campaigns.min(3), ..recipe.clone() };
        rows.extend(rows_of(&few, range, 77, Currency::USD));
        let few = Recipe { campaigns: few.campaigns.min(earlier.campaigns), ..few };
        compared_rows.extend(rows_of(&few, before, 78, Currency::USD));
        currencies.push(Currency::USD);
    }
    let sections = if rows.is_empty() {
        Vec::new()
    } else {
        currencies.iter().map(|currency| section(recipe, &rows, &compared_rows, *currency)).collect()
    };
    let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time");
    let as_of = |platform: Platform, read_at: &str| PlatformAsOf { platform, read_at: at(read_at), last_day: Some(recipe.to) };
    ReportDocument {
        lang: recipe.lang,
        cadence: recipe.cadence,
        title: None,
        agency: Party { name: "모아 미디어랩".to_owned(), logo: recipe.logos.then(|| LOGO_WIDE.to_vec()) },
        client: Party { name: recipe.client.clone(), logo: recipe.logos.then(|| LOGO_SQUARE.to_vec()) },
        period: Period { from: recipe.from, to: recipe.to },
        compared: recipe.compared.then(|| before.into()),
        compared_days: None,
        basis: recipe.basis,
        as_of: vec![
            as_of(Platform::NaverAds, "2026-12-01T08:12:41+09:00"),
            as_of(Platform::GoogleAds, "2026-12-01T08:12:05+09:00"),
            as_of(Platform::MetaAds, "2026-12-01T08:13:11+09:00"),
            as_of(Platform::Kakao, "2026-12-01T08:31:00+09:00"),
        ],
        created_at: at("2026-12-01T09:05:00+09:00"),
        held: recipe.held.clone(),
        restated: if recipe.restated {
            let seen =
                |platform: Platform, days: u32, campaigns: u32, text: &str| Restated { platform, days, campaigns, seen_at: at(text) };
            vec![seen(Platform::NaverAds, 3, 2, "2026-11-28T08:12:41+09:00"), seen(Platform::MetaAds, 1, 1, "2026-11-30T08:13:11+09:00")]
        } else {
            Vec::new()
        },
        comment: recipe.comment.clone(),
        sections,
        rows,
        compared_rows,
    }
}

/// The fonts of `MOA_FONTS`, else of the installed npm package; `None` where neither is there.
pub(crate) fn fonts() -> Option<Fonts> {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/pretendard/dist/public/static/alternative");
    let folder = std::env::var_os("MOA_FONTS").map_or(package, PathBuf::from);
    Fonts::load(&folder).ok()
}

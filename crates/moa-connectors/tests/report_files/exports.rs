//! One export of every console, in every encoding it comes in.

use moa_connectors::report_files::{AccountHint, DropReason, FileError, Grain, Layout, Note};
use moa_domain::{CampaignStatus, ChannelCode, Currency, DateRange, Dimension, Objective, Platform, VatBasis};

use super::{day, good, import, known, refused, sums, totals, unknown};

#[test]
fn every_sample_gives_its_totals_in_every_encoding() {
    let naver = sums(35_343, 789, "541530", "16", "2176000");
    let google = sums(5_120, 233, "181400", "12", "1020000");
    let meta = sums(40_211, 512, "198000", "11", "880000");
    for (name, layout, encoding, expected) in [
        ("naver_search_ad.csv", Layout::NaverSearchAd, "UTF-8", &naver),
        ("naver_search_ad_cp949.csv", Layout::NaverSearchAd, "CP949", &naver),
        ("naver_search_ad.xls", Layout::NaverSearchAd, "XLS", &naver),
        ("google_ads_utf16.csv", Layout::GoogleAds, "UTF-16LE", &google),
        ("google_ads_utf8.csv", Layout::GoogleAds, "UTF-8", &google),
        ("meta_ads.csv", Layout::MetaAds, "UTF-8", &meta),
        ("meta_ads_bom.csv", Layout::MetaAds, "UTF-8 with BOM", &meta),
    ] {
        let file = import(name);
        assert_eq!((file.layout, file.encoding), (layout, encoding), "{name}");
        assert_eq!(&totals(&file), expected, "{name}");
        assert_eq!(file.grain, Grain::Daily, "{name}");
        assert!(file.rows.iter().all(|r| r.kind.currency == Currency::KRW), "{name}");
    }
}

#[test]
fn naver_says_vat_period_account_and_channel() {
    let file = import("naver_search_ad.csv");
    assert_eq!(file.platform, Some(Platform::NaverAds));
    assert_eq!(file.account, Some(AccountHint { id: None, name: Some("hanbit_ad".to_owned()) }));
    assert_eq!(file.period, Some(DateRange { from: day("2026-09-29"), to: day("2026-09-30") }));
    assert_eq!(file.range, file.period);
    for row in &file.rows {
        assert_eq!(row.kind.vat, VatBasis::Included);
        assert_eq!(row.channel.as_ref().map(ChannelCode::as_str), Some("naver_search"));
        assert_eq!(row.campaign.name.as_deref(), Some("여름이불_파워링크"));
    }
    assert_eq!(file.rows.iter().map(|r| r.line).collect::<Vec<_>>(), vec![3, 4]);
    assert_eq!(file.campaigns[0].campaign_type.as_deref(), Some("파워링크"));
    assert!(file.dropped.is_empty());
}

#[test]
fn google_drops_its_total_and_checks_against_it() {
    let file = import("google_ads_utf16.csv");
    assert_eq!(file.dropped.iter().map(|d| (d.line, d.reason)).collect::<Vec<_>>(), vec![(5, DropReason::Total)]);
    assert!(file.notes.iter().any(|n| n.code() == "checksum_equal"), "{:?}", file.notes);
    assert_eq!(file.rows[0].kind.vat, VatBasis::Excluded);
    assert_eq!(file.campaigns[0].status, Some(CampaignStatus::Active));
    assert_eq!(file.rows[0].channel, None);
}

#[test]
fn meta_has_reach_and_no_channel() {
    let file = import("meta_ads.csv");
    assert_eq!(file.rows[0].reach, Some(30_112));
    assert_eq!(file.rows[0].date, day("2026-09-30"));
    assert_eq!(file.rows[0].kind.vat, VatBasis::Excluded);
    assert_eq!(file.rows[0].channel, None);
    assert!(file.measures.reach && file.measures.cost);
}

#[test]
fn gfa_and_kakao_are_asked_for_vat_and_nothing_else() {
    for (name, layout, expected) in [
        ("naver_gfa.csv", Layout::NaverGfa, sums(120_344, 913, "226396", "14", "1120000")),
        ("kakao_moment.csv", Layout::KakaoMoment, sums(210_344, 1_820, "412300", "19", "1544000")),
        ("kakao_moment_cp949.csv", Layout::KakaoMoment, sums(210_344, 1_820, "412300", "19", "1544000")),
    ] {
        let path = super::fixture(name);
        let asked = moa_connectors::report_files::read_report(&path, &unknown()).expect_err("VAT is unknown");
        assert_eq!(asked.code(), "needs_vat", "{name}: {asked}");
        let mut options = unknown();
        options.vat = Some(VatBasis::Included);
        let file = moa_connectors::report_files::read_report(&path, &options).expect("readable");
        assert_eq!(file.layout, layout, "{name}");
        assert_eq!(totals(&file), expected, "{name}");
        assert_eq!(file.rows[0].kind.currency, Currency::KRW);
    }
}

#[test]
fn kakao_keeps_reach_and_objective() {
    let mut options = unknown();
    options.vat = Some(VatBasis::Included);
    let file = moa_connectors::report_files::read_report(&super::fixture("kakao_moment.csv"), &options).expect("readable");
    assert_eq!(file.rows[0].reach, Some(150_020));
    assert_eq!(file.campaigns[0].objective, Some(Objective::Conversion));
}

#[test]
fn english_google_with_networks_and_hours() {
    let file = good(
        "Campaign report\n\"September 29, 2026 - September 30, 2026\"\n\
         Day,Hour of the day,Campaign,Campaign ID,Campaign type,Currency code,Impr.,Clicks,Cost,Search impr. share\n\
         2026-09-30,9,Brand,123,Search,USD,\"1,000\",10,12.34,< 10%\n\
         2026-09-30,10,Brand,123,Search,USD,500,5,6.10,> 90%\n\
         Total: Campaigns, --, --, --, --, --,\"1,500\",15,18.44, --\n\
         Total: Account, --, --, --, --, --,\"1,900\",15,18.44, --\n",
        &unknown(),
    );
    assert_eq!(file.grain, Grain::Hourly);
    assert_eq!(totals(&file), sums(1_500, 15, "18.44", "0", "0"));
    assert_eq!(file.rows.iter().map(|r| r.hour).collect::<Vec<_>>(), vec![Some(9), Some(10)]);
    assert!(file.rows.iter().all(|r| !r.conversions_known));
    assert_eq!(file.rows[0].channel.as_ref().map(ChannelCode::as_str), Some("google_search"));
    assert_eq!(file.rows[0].kind.currency, Currency::USD);
    assert_eq!(file.dropped.len(), 2);
    assert!(file.notes.iter().any(|n| n.code() == "checksum_equal"));
    assert_eq!(file.period.map(|p| p.days()), Some(2));
}

#[test]
fn google_interactions_are_not_clicks() {
    let file = good("캠페인,일,통화 코드,노출수,상호작용 수,비용,전환\n영상,2026-09-30,KRW,100,40,5000,1\n", &unknown());
    assert_eq!(file.rows[0].counts.clicks, 0);
    assert_eq!(file.rows[0].extras.interactions, Some(40));
    assert!(!file.measures.clicks);
    assert!(file.notes.contains(&Note::InteractionsNotClicks));
}

#[test]
fn a_campaign_renamed_within_the_file_is_one_campaign() {
    let header = "Campaign,Campaign ID,Campaign status,Ad group,Day,Currency code,Impr.,Clicks,Cost\n";
    let rows = "Old,7,Paused,G1,2026-09-29,KRW,1,1,10\nNew,7,Enabled,G1,2026-09-30,KRW,1,1,20\nOld,7,Paused,G2,2026-09-30,KRW,1,1,5\n";
    let file = good(&format!("{header}{rows}"), &unknown());
    let named: Vec<_> = file.rows.iter().map(|row| (row.campaign.id.as_deref(), row.campaign.name.as_deref())).collect();
    assert_eq!(named, vec![(Some("7"), Some("Old")); 3], "the name of the last row of the last day");
    assert_eq!(file.campaigns.len(), 1);
    let former: Vec<_> = file.former_names.iter().map(|key| (key.id.as_deref(), key.name.as_deref())).collect();
    assert_eq!(former, vec![(Some("7"), Some("New"))]);
    // The same row under two names is the same row.
    let twice = refused(&format!("{header}{rows}New,7,Enabled,G1,2026-09-29,KRW,1,1,10\n"), &unknown());
    assert!(matches!(twice, FileError::Duplicate { line: 5, first_line: 2 }), "{twice}");
}

#[test]
fn meta_shared_items_only_where_the_plain_ones_are_zero() {
    let file = good(
        "일,캠페인 이름,노출,지출 금액 (KRW),구매,구매 전환값,공유 항목이 포함된 구매,공유 항목의 구매 전환값\n\
         2026-09-30,협력,100,1000,,,3,90000\n\
         2026-09-30,일반,100,1000,2,50000,2,50000\n",
        &unknown(),
    );
    assert_eq!(totals(&file), sums(200, 0, "2000", "5", "140000"));
    assert!(file.notes.contains(&Note::SharedItemsUsed { rows: 1 }));
    let only_shared = good(
        "일,캠페인 이름,노출,지출 금액 (KRW),공유 항목이 포함된 구매,공유 항목의 구매 전환값\n2026-09-30,협력,100,1000,3,90000\n",
        &unknown(),
    );
    assert_eq!(totals(&only_shared), sums(100, 0, "1000", "3", "90000"));
}

#[test]
fn meta_results_count_only_as_purchases_or_leads() {
    let file = good(
        "Day,Campaign name,Impressions,Link clicks,Clicks (all),Amount spent (USD),Results,Result indicator\n\
         2026-09-30,A,100,5,9,10.5,4,actions:offsite_conversion.fb_pixel_purchase\n\
         2026-09-30,B,100,5,9,10.5,7,actions:link_click\n\
         2026-09-30,C,100,5,9,10.5,2,actions:onsite_conversion.lead_grouped\n",
        &unknown(),
    );
    assert_eq!(totals(&file), sums(300, 15, "31.5", "6", "0"));
    assert!(file.notes.contains(&Note::ResultsNotConversions { rows: 1 }));
}

#[test]
fn meta_budgets_of_ad_sets_and_words_in_cells() {
    let file = good(
        "일,캠페인 이름,광고 세트 이름,광고 세트 예산,광고 세트 예산 유형,지출 금액 (KRW),노출,시작,종료\n\
         2026-09-30,A,세트1,10000,일일,5,10,2026-09-01,진행 중\n\
         2026-09-30,A,세트2,20000,일일,5,10,2026-09-01,진행 중\n\
         2026-09-30,B,세트1,캠페인 예산 사용,캠페인 예산 사용,5,10,2026-09-01,2026-12-31\n",
        &unknown(),
    );
    assert_eq!(file.dimensions, vec![Dimension::AdGroup]);
    assert_eq!(file.campaigns[0].daily_budget.map(|b| b.to_string()), Some("30000".to_owned()));
    assert_eq!(file.campaigns[0].end, None);
    assert_eq!(file.campaigns[1].daily_budget, None);
    assert_eq!(file.campaigns[1].end, Some(day("2026-12-31")));
}

#[test]
fn meta_platforms_become_channels() {
    let file = good(
        "Day,Campaign name,Platform,Impressions,Amount spent (USD)\n2026-09-30,A,facebook,1,1\n2026-09-30,A,instagram,2,1\n2026-09-30,A,audience_network,3,1\n2026-09-30,A,messenger,4,1\n",
        &unknown(),
    );
    assert_eq!(totals(&file), sums(10, 0, "4", "0", "0"), "two placements of one channel are two rows");
    let channels: Vec<Option<&str>> = file.rows.iter().map(|r| r.channel.as_ref().map(ChannelCode::as_str)).collect();
    assert_eq!(channels, vec![Some("facebook"), Some("instagram"), None, None]);
}

#[test]
fn naver_purchases_beside_all_conversions() {
    let file = good(
        "일별,캠페인,노출수,클릭수,\"총비용(VAT포함,원)\",총 전환수,총 전환매출액(원),직접전환수,구매완료 전환수,구매완료 전환매출액(원)\n\
         2026.09.30.,A,10,1,100,9,90000,5,4,40000\n",
        &unknown(),
    );
    let counts = file.rows[0].counts;
    assert_eq!(
        (counts.conversions.to_string(), counts.conversions_all.to_string(), counts.revenue.to_string(), counts.revenue_all.to_string()),
        ("4".into(), "9".into(), "40000".into(), "90000".into())
    );
    assert!(file.measures.conversions_all);
    let only_all = good("일별,캠페인,노출수,클릭수,총비용,전환수,전환매출액(원)\n2026.09.30.,A,10,1,100,9,90000\n", &unknown());
    let counts = only_all.rows[0].counts;
    assert_eq!(counts.conversions, counts.conversions_all);
    assert!(only_all.notes.contains(&Note::OnlyAllConversions));
}

#[test]
fn naver_conversion_types_leave_traffic_to_another_file() {
    let file = good(
        "일별,캠페인,전환 유형,노출수,클릭수,\"총비용(VAT포함,원)\",전환수,전환매출액(원)\n\
         2026.09.30.,A,구매완료,100,10,1000,4,40000\n\
         2026.09.30.,A,장바구니 담기,100,10,1000,9,0\n",
        &unknown(),
    );
    assert_eq!(totals(&file), sums(0, 0, "0", "4", "40000"));
    assert_eq!(file.rows.iter().map(|r| r.counts.conversions_all.to_string()).collect::<Vec<_>>(), vec!["4", "9"]);
    assert!(!file.measures.cost && !file.measures.impressions && file.measures.conversions);
}

#[test]
fn kakao_messages_take_opens_for_impressions() {
    let mut options = unknown();
    options.vat = Some(VatBasis::Excluded);
    let file = good("일,캠페인 이름,메시지명,발송수,열람수,클릭수,비용\n2026.09.30,알림,9월 안내,1000,400,30,15000\n", &options);
    assert_eq!(totals(&file), sums(400, 30, "15000", "0", "0"));
    assert_eq!(file.rows[0].creative.as_deref(), Some("9월 안내"));
    assert!(file.notes.contains(&Note::ImpressionsFromOpens { rows: 1 }));
}

#[test]
fn finer_rows_carry_their_names() {
    let file = good(
        "일별,캠페인,광고그룹,키워드,검색어,소재,PC/모바일 매체,노출수,클릭수,\"총비용(VAT포함,원)\"\n\
         2026.09.30.,A,그룹1,이불,여름 이불,소재1,PC,10,1,100\n\
         2026.09.30.,A,그룹1,이불,여름 이불,소재1,모바일,20,2,200\n\
         2026.09.30.,A,그룹1,-,-,소재1,모바일,5,0,0\n",
        &unknown(),
    );
    assert_eq!(
        file.dimensions,
        vec![Dimension::AdGroup, Dimension::Keyword, Dimension::Creative, Dimension::SearchTerm, Dimension::Device]
    );
    assert_eq!(file.rows[1].device.as_deref(), Some("모바일"));
    assert_eq!(file.rows[2].keyword, None);
    assert_eq!(totals(&file), sums(35, 3, "300", "0", "0"));
}

#[test]
fn other_media_are_known_too() {
    let mut options = known();
    options.platform = None;
    let file = good(
        "Campaign name,By day,Currency,Cost,Impressions,Clicks (destination),CTR (destination)\nA,2026-09-30,USD,1.5,10,2,20%\n",
        &options,
    );
    assert_eq!(file.platform, Some(Platform::Other("tiktok".to_owned())));
    assert_eq!(totals(&file), sums(10, 2, "1.5", "0", "0"));
}

#[test]
fn brand_contracts_are_divided_over_their_days() {
    let mut options = unknown();
    options.vat = Some(VatBasis::Excluded);
    let file = good(
        "계약 이름,계약 상태,계약 기간,계약 광고비,환급액\n브랜드_9월,종료,2026.09.01.~2026.09.30.,\"1,000,000\",\"100,000\"\n브랜드_10월,집행 중,2026.10.01.~2026.10.30.,\"300,000\",0\n",
        &options,
    );
    assert_eq!(file.layout, Layout::NaverBrandContracts);
    let september: i64 = file.rows.iter().filter(|r| r.line == 2).map(|r| r.counts.cost.0).sum();
    assert_eq!(september, 900_000_000_000);
    // Of October only the day that has come.
    assert_eq!(
        file.rows.iter().filter(|r| r.line == 3).map(|r| (r.date, r.counts.cost.to_string())).collect::<Vec<_>>(),
        vec![(day("2026-10-01"), "10000".to_owned())]
    );
    assert!(file.rows.iter().all(|r| r.channel.as_ref().is_some_and(|c| c.as_str() == "naver_brand")));
}

#[test]
fn naver_hours_and_a_console_that_was_saved_again() {
    let file = good(
        "\"캠페인보고서(2026.09.30.~2026.09.30.)\",\"hanbit_ad\",,,,\n일별,시간대별,캠페인,노출수,클릭수,\"총비용(VAT포함,원)\"\n\
         2026.09.30.,00시~01시,A,\"1,000\",1,\"1,100\"\n2026.09.30.,23시~24시,A,5,0,0\n",
        &unknown(),
    );
    assert_eq!(file.rows.iter().map(|r| r.hour).collect::<Vec<_>>(), vec![Some(0), Some(23)]);
    assert!(file.rows.iter().all(|r| !r.conversions_known));
    assert_eq!(file.account.and_then(|a| a.name).as_deref(), Some("hanbit_ad"));
}

#[test]
fn kakao_with_a_long_preamble_trailing_spaces_and_a_total() {
    let mut options = unknown();
    options.vat = Some(VatBasis::Excluded);
    let file = good(
        "보고서명,캠페인_일별\n기간,2026.09.29 ~ 2026.09.30\n\n일,캠페인 이름 ,비용,노출수,클릭수,구매 (7일) ,구매금액(7일),구매 (1일)\n\
         2026.09.29,A,\"1,000\",10,1,2,500,1\n2026.09.30,A,\"2,000\",20,2,3,600,1\n합계,,\"3,000\",30,3,5,\"1,100\",2\n",
        &options,
    );
    assert_eq!(totals(&file), sums(30, 3, "3000", "5", "1100"));
    assert_eq!(file.layout, Layout::KakaoMoment);
    assert_eq!(file.period.map(|p| p.days()), Some(2));
    assert_eq!(file.dropped.len(), 1);
}

#[test]
fn the_real_ad_set_header_is_meta_and_lacks_the_campaign() {
    let header = "보고 시작,보고 종료,광고 세트 이름,광고 세트 게재,기여 설정,결과,결과 표시 도구,도달,빈도,결과당 비용,광고 세트 예산,광고 세트 예산 유형,\
        지출 금액 (USD),종료,시작,노출,\"CPM(1,000회 노출당 비용) (USD)\",링크 클릭,shop_clicks,CPC(링크 클릭당 비용) (USD),CTR(링크 클릭률),클릭(전체),CTR(전체),\
        CPC(전체) (USD),랜딩 페이지 조회,랜딩 페이지 조회당 비용 (USD)\n";
    let row = "2026-09-30,2026-09-30,세트,active,7일 클릭,3,actions:offsite_conversion.fb_pixel_purchase,90,1.1,4,10,일일,12.5,진행 중,2026-09-01,100,125,7,0,1.8,7,9,9,1.4,5,2.5\n";
    let content = format!("{header}{row}");
    assert_eq!(super::refused(&content, &unknown()).code(), "needs_mapping");
    let mut options = unknown();
    options.mapping = vec![("campaign".parse().expect("a field"), "광고 세트 이름".to_owned())];
    let file = good(&content, &options);
    assert_eq!(file.layout, Layout::MetaAds);
    assert_eq!(totals(&file), sums(100, 7, "12.5", "3", "0"));
    assert_eq!(file.rows[0].kind.currency, Currency::USD);
}

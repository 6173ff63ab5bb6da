//! What must be asked for and never guessed.

use moa_connectors::report_files::{DateOrder, Field, FileError, Layout, Span};
use moa_domain::{Currency, Platform, VatBasis};

use super::{day, good, known, refused, sums, totals, unknown};

#[test]
fn common_headers_fit_four_consoles() {
    let content = "날짜,캠페인,노출수,클릭수,비용\n2026-09-30,A,1,1,1\n";
    let error = refused(content, &unknown());
    assert!(matches!(&error, FileError::NeedsPlatform { candidates, .. } if candidates.len() >= 4), "{error}");
    assert!(error.is_question());
    let file = good(content, &known());
    assert_eq!(file.layout, Layout::Generic);
}

#[test]
fn currency_and_vat_are_asked_one_after_the_other() {
    let content = "campaign,date,cost\nA,2026-09-30,1\n";
    let mut options = unknown();
    options.platform = Some(Platform::GoogleAds);
    assert_eq!(refused(content, &options).code(), "needs_currency");
    options.currency = Some(Currency::USD);
    assert_eq!(refused(content, &options).code(), "needs_vat");
    options.vat = Some(VatBasis::Excluded);
    assert_eq!(good(content, &options).rows[0].kind.currency, Currency::USD);
}

/// Naver's search console counts with VAT. That says nothing of the display console or of contracts, although the platform is the same.
#[test]
fn the_basis_of_one_console_is_no_answer_for_another() {
    let by_export = |content: &str, platform: Option<Platform>| {
        let mut options = unknown();
        (options.platform, options.currency) = (platform, Some(Currency::KRW));
        match refused(content, &options) {
            FileError::NeedsVat { by_export, .. } => by_export,
            other => panic!("{other}"),
        }
    };
    assert!(by_export("캠페인 이름,기간,총비용,노출수,클릭수,구매완료 수,장바구니 담기 수\nA,2026.09.30.,1,1,1,1,1\n", None));
    assert!(by_export("계약 이름,계약 상태,계약 기간,계약 광고비\nA,종료,2026.09.01.~2026.09.30.,1\n", None));
    assert!(!by_export("날짜,캠페인,노출수,비용\n2026-09-30,A,1,1\n", Some(Platform::Kakao)));
}

#[test]
fn meta_and_google_never_get_won_by_default() {
    assert_eq!(
        refused("Day,Campaign name,Impressions,Link clicks,Amount spent,Reporting starts\n2026-09-30,A,1,1,1,2026-09-30\n", &unknown())
            .code(),
        "needs_currency"
    );
    assert_eq!(refused("Campaign,Day,Impr.,Clicks,Cost,Conv. value\nA,2026-09-30,1,1,1,1\n", &unknown()).code(), "needs_currency");
}

#[test]
fn a_header_can_settle_vat() {
    let mut options = known();
    options.vat = None;
    for (header, vat) in
        [("광고비(VAT포함)", VatBasis::Included), ("광고비(VAT 별도)", VatBasis::Excluded), ("광고비(부가세 제외)", VatBasis::Excluded)]
    {
        let file = good(&format!("날짜,캠페인,노출수,{header}\n2026-09-30,A,1,1\n"), &options);
        assert_eq!(file.rows[0].kind.vat, vat, "{header}");
    }
    // The merged Naver console writes 총비용 without brackets; it is still with VAT.
    options.platform = Some(Platform::NaverAds);
    options.currency = None;
    assert_eq!(good("일별,캠페인 이름,노출수,클릭수,총비용\n2026-09-30,A,1,1,1\n", &options).rows[0].kind.vat, VatBasis::Included);
}

#[test]
fn two_currencies_in_one_row_are_refused() {
    assert_eq!(refused("날짜,캠페인,비용(USD),매출(KRW),노출수\n2026-09-30,A,1,1,1\n", &known()).code(), "currencies_differ");
}

#[test]
fn day_and_month_are_decided_by_the_file_or_asked() {
    let of = |dates: &[&str]| {
        let rows: String = dates.iter().enumerate().map(|(n, d)| format!("{d},A{n},1\n")).collect();
        format!("date,campaign,cost\n{rows}")
    };
    let order = |content: &str| good(content, &known()).rows[0].date;
    assert_eq!(order(&of(&["09/10/2026", "09/30/2026"])), day("2026-09-10"));
    assert_eq!(order(&of(&["09/08/2026", "30/08/2026"])), day("2026-08-09"));
    assert_eq!(order(&of(&["05/05/2026"])), day("2026-05-05"));
    let error = refused(&of(&["05/05/2026", "03/04/2026"]), &known());
    assert_eq!((error.code(), error.line(), error.column()), ("needs_date_order", Some(3), Some("date")));
    let mut options = known();
    options.date_order = Some(DateOrder::DayFirst);
    assert_eq!(good(&of(&["03/04/2026"]), &options).rows[0].date, day("2026-04-03"));
    assert_eq!(refused(&of(&["30/04/2026", "04/30/2026"]), &known()).code(), "needs_date_order");
}

#[test]
fn a_period_is_never_spread_over_its_days() {
    for (content, span) in [
        (
            "캠페인보고서(2026.09.01.~2026.09.30.),hanbit_ad\n광고그룹,키워드,노출수,클릭수,\"총비용(VAT포함,원)\"\n그룹,이불,1,1,1\n",
            Span::Period,
        ),
        ("보고 시작,보고 종료,캠페인 이름,노출,지출 금액 (KRW)\n2026-09-01,2026-09-30,A,1,1\n", Span::Period),
        ("주별,캠페인,노출수,클릭수,\"총비용(VAT포함,원)\"\n2026.09.21.,A,1,1,1\n", Span::Week),
        ("캠페인 이름,기간,총비용,노출수,구매완료 수\nA,2026.09.21.~2026.09.27.,1,1,1\n", Span::Week),
        ("월별,캠페인,노출수,클릭수,\"총비용(VAT포함,원)\"\n2026.09.,A,1,1,1\n", Span::Month),
    ] {
        let mut options = unknown();
        options.vat = Some(VatBasis::Included);
        let error = refused(content, &options);
        assert!(matches!(error, FileError::AggregateOnly { span: s, .. } if s == span), "{error}\n{content}");
    }
    // A period of one day is that day.
    let one = good("보고 시작,보고 종료,캠페인 이름,노출,지출 금액 (KRW)\n2026-09-30,2026-09-30,A,1,1\n", &unknown());
    assert_eq!(one.rows[0].date, day("2026-09-30"));
    let titled =
        good("캠페인보고서(2026.09.30.~2026.09.30.),hanbit_ad\n캠페인,노출수,클릭수,\"총비용(VAT포함,원)\"\nA,1,1,1\n", &unknown());
    assert_eq!(titled.rows[0].date, day("2026-09-30"));
}

#[test]
fn an_unread_breakdown_must_be_confirmed() {
    let content = "날짜,캠페인,랜딩,노출수,비용\n2026-09-30,A,홈,10,100\n2026-09-30,A,이벤트,20,200\n";
    let error = refused(content, &known());
    assert!(matches!(&error, FileError::NeedsConfirmation { line: 3, first_line: 2, columns } if columns == &["랜딩"]), "{error}");
    let mut options = known();
    options.mapping.push((Field::Breakdown, "랜딩".to_owned()));
    assert_eq!(totals(&good(content, &options)), sums(30, 0, "300", "0", "0"));
    // Known breakdowns need no answer.
    let age = "날짜,캠페인,연령,노출수,비용\n2026-09-30,A,20대,10,100\n2026-09-30,A,30대,20,200\n";
    assert_eq!(totals(&good(age, &known())), sums(30, 0, "300", "0", "0"));
}

#[test]
fn unfamiliar_tables_ask_for_a_mapping() {
    let content = "집계일,상품군,노출,소진\n2026-09-30,이불,1000,5000\n2026-09-29,베개,500,2500\n";
    let error = refused(content, &known());
    let FileError::NeedsMapping { missing, columns, sample } = &error else { panic!("{error}") };
    assert_eq!(missing, &[Field::Date, Field::CampaignName]);
    assert_eq!((columns.len(), sample.len()), (4, 2));
    for mapping in [[("date", "집계일"), ("campaign", "상품군"), ("cost", "소진")], [("date", "A"), ("campaign", "B"), ("cost", "4")]]
    {
        let mut options = known();
        options.mapping = mapping.iter().map(|(f, c)| (f.parse().expect("a field"), (*c).to_owned())).collect();
        let file = good(content, &options);
        assert_eq!(file.layout, Layout::Mapped);
        assert_eq!(totals(&file), sums(1500, 0, "7500", "0", "0"), "{mapping:?}");
    }
    let mut wrong = known();
    wrong.mapping = vec![(Field::Date, "없는 열".to_owned())];
    assert_eq!(refused(content, &wrong).code(), "unknown_column");
}

#[test]
fn a_table_without_header_can_be_mapped_by_letters() {
    let mut options = known();
    options.mapping = vec![(Field::Date, "A".to_owned()), (Field::CampaignName, "B".to_owned()), (Field::Cost, "C".to_owned())];
    let file = good("2026-09-29,가,100\n2026-09-30,가,200\n", &options);
    assert_eq!(totals(&file), sums(0, 0, "300", "0", "0"));
    assert_eq!(file.rows[0].line, 1);
}

#[test]
fn extra_headers_need_no_release() {
    let mut options = known();
    options.extra_aliases =
        vec![(Field::Date, "집계 일".to_owned()), (Field::CampaignName, "상품군".to_owned()), (Field::Cost, "소진".to_owned())];
    let file = good("집계일,상품군,노출,소진\n2026-09-30,이불,1000,5000\n", &options);
    assert_eq!(totals(&file), sums(1000, 0, "5000", "0", "0"));
}

#[test]
fn a_master_sheet_of_several_media_asks_for_the_platform() {
    let mut options = known();
    options.platform = None;
    let of = |a: &str, b: &str| format!("날짜,매체,캠페인,노출,클릭,광고비\n2026-09-30,{a},A,1,1,1\n2026-09-30,{b},B,1,1,1\n");
    assert_eq!(good(&of("네이버", "네이버"), &options).platform, Some(Platform::NaverAds));
    let error = refused(&of("네이버", "메타"), &options);
    assert!(matches!(&error, FileError::NeedsPlatform { candidates, .. } if candidates.len() == 2), "{error}");
    let same = refused(&of("네이버", "구글").replace(",B,", ",A,"), &options);
    assert_eq!(same.code(), "needs_platform", "a campaign of two media is no repeated row: {same}");
}

//! A second, independent reading of the sample's files, no cleverer than it must be.

use chrono::NaiveDate;
use moa_domain::{Counts, Millionths};
use moa_sample::SampleFile;

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) campaign: String,
    pub(crate) date: NaiveDate,
    pub(crate) hour: Option<u8>,
    pub(crate) group: Option<String>,
    pub(crate) item: Option<String>,
    pub(crate) counts: Counts,
    pub(crate) conversions_known: bool,
}

pub(crate) fn rows(file: &SampleFile) -> Vec<Row> {
    let text = match file.bytes.as_slice() {
        [0xff, 0xfe, ..] => {
            let units: Vec<u16> = file.bytes[2..].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).expect("UTF-16")
        }
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => encoding_rs::EUC_KR.decode_without_bom_handling_and_without_replacement(bytes).expect("CP949").into_owned(),
        },
    };
    let delimiter = if file.bytes.starts_with(&[0xff, 0xfe]) { b'\t' } else { b',' };
    let mut records = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut header: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for record in records.records() {
        let record = record.expect("a row");
        if header.is_empty() {
            if record.len() > 2 {
                header = record.iter().map(str::to_owned).collect();
            }
            continue;
        }
        assert_eq!(record.len(), header.len(), "{}", file.file_name);
        let cell = |names: &[&str]| {
            names.iter().find_map(|name| header.iter().position(|h| h == name)).map(|column| record[column].trim().to_owned())
        };
        if record[0].starts_with("총계") {
            continue;
        }
        let number = |names: &[&str]| cell(names).map(|text| millionths(&text));
        let whole = |names: &[&str]| number(names).expect("a column").0 / 1_000_000;
        let conversions = cell(&["구매완료 전환수", "구매완료 수", "구매 (7일)", "구매", "전환", "conversions"]).expect("a column");
        let conversions_known = !conversions.is_empty();
        let revenue = number(&["구매완료 전환매출액(원)", "구매완료 전환매출액", "구매금액 (7일)", "구매 전환값", "전환 가치", "revenue"]);
        let counts = Counts {
            impressions: whole(&["노출수", "노출", "impressions"]),
            clicks: whole(&["클릭수", "링크 클릭", "clicks"]),
            cost: number(&["총비용(VAT포함,원)", "총비용", "지출 금액 (KRW)", "비용", "cost"]).expect("a column"),
            conversions: millionths(&conversions),
            revenue: revenue.expect("a column"),
            conversions_all: number(&["총 전환수", "conversions_all"]).unwrap_or(millionths(&conversions)),
            revenue_all: number(&["총 전환매출액(원)", "총 전환매출액", "revenue_all"]).unwrap_or(revenue.expect("a column")),
        };
        let date = cell(&["일별", "기간", "일", "date"]).expect("a day").trim_end_matches('.').replace('.', "-");
        rows.push(Row {
            campaign: cell(&["캠페인", "캠페인 이름", "campaign"]).expect("a campaign"),
            date: date.parse().expect("a date"),
            hour: cell(&["시간(시간대)", "hour"]).map(|text| text.parse().expect("an hour")),
            group: cell(&["광고그룹", "광고 세트 이름"]),
            item: cell(&["키워드", "광고 이름"]),
            counts,
            conversions_known,
        });
    }
    rows
}

/// `1,234.50` in millionths; nothing is 0.
fn millionths(text: &str) -> Millionths {
    let plain = text.replace(',', "");
    let (whole, places) = plain.split_once('.').unwrap_or((&plain, ""));
    if whole.is_empty() {
        return Millionths::ZERO;
    }
    let padded = format!("{whole}{places:0<6}");
    Millionths(padded.parse().expect("a number"))
}

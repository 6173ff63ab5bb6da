//! No bytes make the reader panic: noise, and valid files with a few bytes changed, cut or doubled.

use moa_connectors::report_files::{ReadOptions, read_report_bytes};
use proptest::prelude::*;

use super::{fixture, known};

const SEEDS: [&str; 10] = [
    "naver_search_ad.csv",
    "naver_search_ad_cp949.csv",
    "google_ads_utf16.csv",
    "meta_ads.csv",
    "naver_gfa.csv",
    "kakao_moment.csv",
    "AD_DETAIL-20260930.tsv",
    "AD_CONVERSION-20260930.tsv",
    "plain.csv",
    "naver_search_ad.xls",
];

fn tolerant() -> ReadOptions {
    let mut options = known();
    options.platform = None;
    options
}

fn mutated(mut bytes: Vec<u8>, edits: &[(usize, u8, u8)]) -> Vec<u8> {
    for (place, value, what) in edits {
        if bytes.is_empty() {
            return bytes;
        }
        let place = place % bytes.len();
        match what % 4 {
            0 => bytes[place] = *value,
            1 => bytes.insert(place, *value),
            2 => {
                bytes.remove(place);
            }
            _ => bytes.truncate(place.max(1)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn noise(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read_report_bytes("x.csv", &bytes, &tolerant());
    }

    #[test]
    fn changed_files(seed in 0..SEEDS.len(), edits in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..8)) {
        let bytes = std::fs::read(fixture(SEEDS[seed])).expect("a fixture");
        let _ = read_report_bytes(SEEDS[seed], &mutated(bytes, &edits), &tolerant());
    }

    #[test]
    fn tables_of_odd_cells(rows in prop::collection::vec(prop::collection::vec("[-0-9.,:/~%()원합계전체TotalE+ \"'*※\u{feff}]{0,12}", 5), 0..12)) {
        let mut content = "날짜,캠페인,노출수,클릭수,비용\n".to_owned();
        for row in rows {
            content.push_str(&row.join(","));
            content.push('\n');
        }
        if let Ok(file) = read_report_bytes("x.csv", content.as_bytes(), &tolerant()) {
            prop_assert!(file.rows.iter().all(|r| r.counts.impressions >= 0 && r.counts.clicks >= 0));
        }
    }
}

//! Which platform's export a header belongs to.

use super::header::Header;
use super::report::Layout;

/// A header mark and its weight. `full` marks keep their brackets.
type Mark = (&'static str, u32);

#[rustfmt::skip]
const MARKS: &[(Layout, &[Mark])] = &[
    (Layout::GoogleAds, &[
        ("impr.", 3), ("conv.value", 2), ("currencycode", 3), ("allconv.", 2), ("campaignstatus", 2), ("avg.cpc", 2), ("avg.cpm", 2), ("interactions", 1),
        ("interactionrate", 2), ("campaigntype", 1), ("hourofday", 2), ("houroftheday", 2), ("cost/conv.", 2), ("conv.rate", 2), ("budgettype", 1),
        ("상호작용수", 3), ("상호작용발생률", 3), ("trueview평균cpv", 3), ("통화코드", 3), ("전환가치", 2), ("캠페인상태", 1), ("클릭률(ctr)", 1), ("예산유형", 1),
        ("모든전환", 2), ("모든전환가치", 2), ("시간(시간대)", 2), ("검색노출점유율", 1),
    ]),
    (Layout::MetaAds, &[
        ("amountspent", 4), ("reportingstarts", 4), ("reportingends", 2), ("resultindicator", 3), ("resulttype", 2), ("adsetname", 3), ("linkclicks", 2),
        ("campaigndelivery", 3), ("attributionsetting", 3), ("purchasesconversionvalue", 3), ("clicks(all)", 2), ("ctr(linkclickthroughrate)", 2),
        ("지출금액", 4), ("보고시작", 4), ("보고종료", 2), ("결과표시도구", 3), ("광고세트이름", 3), ("링크클릭", 2), ("캠페인게재", 3), ("기여설정", 3),
        ("구매전환값", 3), ("클릭(전체)", 2), ("광고세트게재", 2), ("결과당비용", 1),
    ]),
    (Layout::NaverSearchAd, &[
        ("총비용(vat포함,원)", 4), ("평균클릭비용(vat포함,원)", 3), ("pc/모바일매체", 3), ("검색/콘텐츠매체", 3), ("평균노출순위", 2), ("캠페인유형", 1), ("일별", 3),
        ("주별", 2), ("월별", 2), ("시간대별", 3), ("매체이름", 2), ("구매완료전환수", 3), ("구매완료광고수익률", 2), ("직접전환수", 2), ("간접전환수", 2), ("총비용", 1),
        ("총전환수", 1), ("총전환매출액", 1), ("전환매출액(원)", 2), ("광고수익률", 1), ("구매완료전환매출액", 1), ("장바구니전환수", 2), ("전환유형", 1), ("평균cpc", 1),
    ]),
    (Layout::NaverGfa, &[
        ("구매완료수", 3), ("장바구니담기수", 3), ("구매완료전환매출액", 1), ("총전환수", 1), ("총전환매출액", 1), ("쇼핑몰상품id", 2), ("광고소재이름", 1), ("캠페인목적", 1),
        ("기간", 1), ("총비용", 1),
    ]),
    (Layout::KakaoMoment, &[
        ("구매(7일)", 3), ("구매금액(7일)", 3), ("구매(1일)", 2), ("구매금액(1일)", 2), ("친구추가수(7일)", 3), ("전환수(7일)", 3), ("장바구니추가(7일)", 3),
        ("회원가입(7일)", 3), ("서비스신청(7일)", 3), ("캠페인목표", 1), ("캠페인유형", 1), ("도달수", 2), ("열람수", 2), ("발송수", 2), ("발송", 1), ("메시지명", 2),
        ("광고계정번호", 2),
    ]),
    (Layout::KakaoKeyword, &[("비즈채널", 3), ("전체노출수", 3), ("클릭당비용", 1)]),
    (Layout::TikTok, &[("byday", 3), ("clicks(destination)", 3), ("ctr(destination)", 3), ("videoviewsat100%", 3)]),
    (Layout::Criteo, &[("displays", 3), ("postclicksales", 3)]),
    (Layout::XAds, &[("timeperiod", 3), ("billedengagements", 3)]),
    (Layout::Daangn, &[("비용(vat포함)", 3)]),
];

/// Marks that say something only together.
const PAIRS: &[(Layout, [&str; 2], u32)] = &[
    (Layout::NaverGfa, ["기간", "총비용"], 2),
    (Layout::KakaoMoment, ["캠페인목표", "캠페인유형"], 2),
    (Layout::KakaoKeyword, ["광고그룹", "전체노출수"], 1),
];

const TITLES: &[(Layout, &[&str])] = &[
    (Layout::GoogleAds, &["campaign report", "캠페인 보고서", "ad group report", "광고그룹 보고서"]),
    (Layout::KakaoMoment, &["보고서명"]),
    (Layout::NaverSearchAd, &["캠페인보고서(", "다차원보고서(", "다차원 보고서(", "광고그룹보고서(", "키워드보고서(", "소재보고서("]),
];

const FILE_NAMES: &[(Layout, &[&str])] = &[
    (Layout::GoogleAds, &["google", "gads", "adwords", "구글", "유튜브"]),
    (Layout::MetaAds, &["meta", "facebook", "메타", "페이스북", "인스타"]),
    (Layout::NaverSearchAd, &["캠페인보고서", "다차원", "naver", "네이버", "파워링크", "쇼핑검색"]),
    (Layout::NaverGfa, &["gfa", "성과형"]),
    (Layout::KakaoMoment, &["kakao", "카카오", "모먼트", "비즈보드", "메시지"]),
    (Layout::KakaoKeyword, &["키워드광고", "daum"]),
    (Layout::TikTok, &["tiktok", "틱톡"]),
    (Layout::Criteo, &["criteo", "크리테오"]),
    (Layout::Daangn, &["daangn", "당근"]),
];

/// Points a file name adds; it never decides alone.
const FILE_NAME_POINTS: u32 = 2;
const TITLE_POINTS: u32 = 3;
/// Points of the header itself that make an export sure.
const SURE: u32 = 3;

/// How well a file fits an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Score {
    pub layout: Layout,
    /// Header and title only.
    pub header: u32,
    pub total: u32,
}

/// Scores every export that fits at all, best first.
pub(crate) fn scores(headers: &[Header], preamble: &str, file_name: &str) -> Vec<Score> {
    let has = |mark: &str| headers.iter().any(|h| h.full == mark || (!mark.contains('(') && h.bare == mark));
    let preamble = preamble.to_lowercase();
    let file_name = file_name.to_lowercase();
    let mut scores: Vec<Score> = MARKS
        .iter()
        .map(|(layout, marks)| {
            let mut header: u32 = marks.iter().filter(|(mark, _)| has(mark)).map(|(_, weight)| weight).sum();
            header += PAIRS.iter().filter(|(l, pair, _)| l == layout && pair.iter().all(|m| has(m))).map(|(.., w)| w).sum::<u32>();
            let named = |table: &[(Layout, &[&str])], text: &str| {
                table.iter().any(|(l, words)| l == layout && words.iter().any(|w| text.contains(w)))
            };
            if named(TITLES, &preamble) {
                header += TITLE_POINTS;
            }
            let total = if named(FILE_NAMES, &file_name) { header + FILE_NAME_POINTS } else { header };
            Score { layout: *layout, header, total }
        })
        .filter(|s| s.total > 0)
        .collect();
    scores.sort_by_key(|s| (std::cmp::Reverse(s.total), s.layout));
    scores
}

/// The export a file surely is, if any: enough marks of its own, and more than any other platform's.
pub(crate) fn decide(scores: &[Score]) -> Option<Layout> {
    let best = scores.first()?;
    let rival = scores.iter().find(|s| s.layout.platform() != best.layout.platform()).map_or(0, |s| s.total);
    (best.header >= 2 && best.total >= SURE && best.total > rival).then_some(best.layout)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(header: &str, preamble: &str, name: &str) -> Option<Layout> {
        let headers: Vec<Header> = header.split('|').map(Header::new).collect();
        decide(&scores(&headers, preamble, name))
    }

    #[test]
    fn each_export_is_known_by_its_words() {
        for (header, layout) in [
            ("Campaign|Day|Currency code|Impr.|Clicks|Cost|Conversions|Conv. value", Layout::GoogleAds),
            ("캠페인 상태|캠페인|일|통화 코드|노출수|클릭수|비용|전환|전환 가치", Layout::GoogleAds),
            ("보고 시작|보고 종료|일|캠페인 이름|노출|링크 클릭|지출 금액 (KRW)|구매", Layout::MetaAds),
            ("일별|캠페인유형|캠페인|노출수|클릭수|클릭률(%)|총비용(VAT포함,원)", Layout::NaverSearchAd),
            ("일별|캠페인 이름|노출수|클릭수|총비용|평균 CPC|구매완료 전환수", Layout::NaverSearchAd),
            ("캠페인 이름|기간|총비용|노출수|클릭수|구매완료 수|장바구니 담기 수|구매완료 전환매출액", Layout::NaverGfa),
            ("일|캠페인 이름|캠페인 유형|캠페인 목표|비용|노출수|클릭수|도달수|구매 (7일)|구매금액 (7일)", Layout::KakaoMoment),
            ("Campaign name|By day|Cost|Impressions|Clicks (destination)|CTR (destination)", Layout::TikTok),
            ("날짜|캠페인|노출수|클릭수|비용 (VAT 포함)", Layout::Daangn),
        ] {
            assert_eq!(decided(header, "", ""), Some(layout), "{header}");
        }
    }

    #[test]
    fn common_words_and_file_names_alone_decide_nothing() {
        assert_eq!(decided("날짜|캠페인|노출수|클릭수|비용", "", ""), None);
        assert_eq!(decided("날짜|캠페인|노출수|클릭수|비용", "", "naver_2026.csv"), None);
    }
}

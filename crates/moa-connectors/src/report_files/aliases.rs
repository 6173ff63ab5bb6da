//! The headers Moa knows, in one place. A new export header is one word here, or one line in the user's own table
//! ([`super::ReadOptions::extra_aliases`]).
//!
//! Spellings are normalised (see [`super::header::normalise`]); within a field the first one found in a file wins.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::field::Field;

/// A field a header may stand for; a smaller rank is a better match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alias {
    pub field: Field,
    pub rank: u32,
}

#[rustfmt::skip]
const ALIASES: &[(Field, &[&str])] = &[
    (Field::Date, &["일", "일별", "날짜", "일자", "기준일", "기준일자", "집행일", "집행일자", "day", "date", "byday", "timeperiod", "일시"]),
    (Field::Hour, &["시간대별", "시간대", "시간", "시간(시간대)", "hour", "houroftheday", "hourofday", "byhour", "timeofday", "하루중시간"]),
    (Field::CampaignName, &["캠페인", "캠페인이름", "캠페인명", "campaign", "campaignname"]),
    (Field::CampaignId, &["캠페인id", "캠페인번호", "campaignid", "캠페인아이디"]),
    (Field::AccountName, &["계정이름", "계정", "계정명", "광고계정이름", "광고계정", "광고계정명", "account", "accountname", "adaccountname"]),
    (Field::AccountId, &["계정id", "광고계정번호", "광고계정id", "고객id", "accountid", "customerid", "adaccountid"]),
    (Field::Medium, &["매체", "플랫폼", "platform", "media", "medium", "publisherplatform", "게재플랫폼"]),
    (Field::Channel, &["채널", "channel"]),
    (Field::Currency, &["통화코드", "통화", "currencycode", "currency", "accountcurrency"]),
    (Field::Vat, &["vat", "부가세", "vat여부", "부가세여부"]),
    (Field::AdGroup, &["광고그룹", "광고그룹이름", "광고그룹명", "광고세트이름", "광고세트", "adgroup", "adgroupname", "adsetname", "adset"]),
    (Field::Keyword, &["키워드", "검색키워드", "keyword", "searchkeyword", "keywordtext"]),
    (Field::Creative, &["소재", "소재이름", "소재명", "광고이름", "광고소재이름", "광고소재", "광고명", "메시지명", "creative", "creativename", "adname", "ad"]),
    (Field::SearchTerm, &["검색어", "searchterm", "searchquery"]),
    (Field::Device, &["기기", "디바이스", "pc/모바일매체", "노출기기", "device", "impressiondevice", "deviceplatform", "기기플랫폼", "pc/모바일"]),
    (Field::Breakdown, &[
        "breakdown", "매체이름", "매체명", "검색/콘텐츠매체", "소재유형", "네트워크", "네트워크(검색파트너포함)", "network", "network(withsearchpartners)",
        "연령", "연령대", "age", "성별", "gender", "지역", "region", "시/도", "국가", "country", "상품명", "쇼핑몰상품id", "상품id", "nvmid",
        "노출위치", "게재위치", "placement", "광고구분", "광고그룹id", "adgroupid", "광고세트id", "adsetid", "광고id", "adid", "소재id", "소재번호",
        "creativeid", "키워드id", "keywordid", "광고그룹번호", "광고그룹유형", "검색유형", "matchtype", "검색어검색유형", "비즈채널", "랜딩페이지",
    ]),
    (Field::Impressions, &["노출수", "노출", "impressions", "impr.", "impr", "impression", "imp", "displays"]),
    (Field::Clicks, &["링크클릭", "linkclicks", "클릭수", "클릭", "clicks", "click", "클릭(전체)", "clicks(all)"]),
    (Field::Cost, &["총비용", "비용", "지출금액", "amountspent", "cost", "광고비", "소진액", "소진금액", "집행금액", "spend", "집행광고비", "소진광고비", "광고비용"]),
    (Field::Conversions, &[
        "구매완료전환수", "구매완료수", "구매(7일)", "구매", "purchases", "웹사이트구매", "websitepurchases", "meta구매", "metapurchases",
        "구매수", "구매건수", "conversions", "전환수", "전환", "전환건수", "총전환수", "conv.",
    ]),
    (Field::Revenue, &[
        "구매완료전환매출액", "구매금액(7일)", "구매전환값", "purchasesconversionvalue", "웹사이트구매전환값", "websitepurchasesconversionvalue",
        "구매금액", "구매매출", "구매액", "conv.value", "convvalue", "conversionvalue", "전환가치", "전환값", "전환매출액", "전환매출", "총전환매출액",
        "매출", "매출액", "revenue",
    ]),
    (Field::ConversionsAll, &["총전환수", "allconv.", "모든전환", "모든전환수", "conversionsall", "allconversions", "전환수(전체)", "전환수"]),
    (Field::RevenueAll, &["총전환매출액", "allconv.value", "모든전환가치", "revenueall", "전환매출액"]),
    (Field::SharedConversions, &["공유항목이포함된구매", "purchaseswithshareditems", "공유항목이포함된웹사이트구매", "websitepurchaseswithshareditems"]),
    (Field::SharedRevenue, &["공유항목의구매전환값", "purchasesconversionvalueforshareditemsonly", "공유항목의웹사이트구매전환값"]),
    (Field::Results, &["결과", "results"]),
    (Field::ResultKind, &["결과표시도구", "결과유형", "resultindicator", "resulttype"]),
    (Field::ConversionKind, &["전환유형", "conversiontype"]),
    (Field::Likes, &["likes", "좋아요", "게시물공감", "게시물반응", "postreactions", "좋아요수"]),
    (Field::Shares, &["shares", "공유", "게시물공유", "postshares", "공유수"]),
    (Field::Comments, &["comments", "댓글", "게시물댓글", "postcomments", "댓글수"]),
    (Field::Saves, &["saves", "저장", "게시물저장", "postsaves", "저장수"]),
    (Field::Reach, &["도달", "도달수", "reach"]),
    (Field::Interactions, &["상호작용수", "상호작용", "interactions"]),
    (Field::Opens, &["열람수", "열람"]),
    (Field::Status, &["캠페인상태", "캠페인게재", "campaignstatus", "campaigndelivery", "캠페인on/off"]),
    (Field::Objective, &["캠페인목표", "캠페인목적", "목표", "objective", "campaignobjective"]),
    (Field::CampaignType, &["캠페인유형", "campaigntype", "캠페인분류"]),
    (Field::DailyBudget, &["하루예산", "일예산", "일일예산", "dailybudget", "캠페인일예산"]),
    (Field::TotalBudget, &["총예산", "캠페인예산한도", "totalbudget", "lifetimebudget"]),
    (Field::Budget, &["예산", "budget", "캠페인예산", "campaignbudget"]),
    (Field::BudgetKind, &["예산유형", "budgettype", "캠페인예산유형", "campaignbudgettype"]),
    (Field::AdSetBudget, &["광고세트예산", "adsetbudget"]),
    (Field::AdSetBudgetKind, &["광고세트예산유형", "adsetbudgettype"]),
    (Field::Start, &["시작", "시작일", "starts", "startdate", "캠페인시작일"]),
    (Field::End, &["종료", "종료일", "ends", "enddate", "캠페인종료일"]),
    (Field::PeriodStart, &["보고시작", "reportingstarts"]),
    (Field::PeriodEnd, &["보고종료", "reportingends"]),
    (Field::Period, &["기간", "period"]),
    (Field::Week, &["주별", "주", "주간", "week", "byweek", "주(월~일)"]),
    (Field::Month, &["월별", "월", "월간", "month", "bymonth"]),
    (Field::ContractName, &["계약이름", "계약명"]),
    (Field::ContractState, &["계약상태"]),
    (Field::ContractPeriod, &["계약기간"]),
    (Field::ContractCost, &["계약광고비", "계약금액"]),
    (Field::ContractRefund, &["환급액", "환불액"]),
    (Field::Ratio, &[
        "클릭률", "클릭률(ctr)", "ctr", "cpc", "cpm", "평균cpc", "avg.cpc", "평균cpm", "avg.cpm", "평균비용", "avg.cost", "평균클릭비용", "클릭당비용", "노출당비용",
        "전환당비용", "총전환당비용", "구매완료전환당비용", "전환율", "구매완료전환율", "총전환율", "conv.rate", "cost/conv.", "광고수익률", "구매완료광고수익률", "총광고수익률",
        "상호작용발생률", "interactionrate", "trueview평균cpv", "평균cpv", "avg.cpv", "결과당비용", "costperresult", "costperresults", "빈도", "frequency",
        "구매roas", "purchaseroas", "roas", "웹사이트구매roas", "랜딩페이지조회당비용", "costperlandingpageview", "평균노출순위", "ctr(링크클릭률)", "ctr(전체)",
        "ctr(linkclickthroughrate)", "cpc(링크클릭당비용)", "cpc(전체)", "ctr(destination)", "cpc(destination)", "cpa", "직접전환율", "간접전환율",
        "직접광고수익률", "간접광고수익률", "노출점유율", "검색노출점유율", "searchimpr.share", "impr.share", "전환가치/비용", "conv.value/cost",
    ]),
    (Field::Other, &[
        "광고세트게재", "adsetdelivery", "광고게재", "addelivery", "게재", "delivery", "광고상태", "광고그룹상태", "adgroupstatus", "adstatus", "키워드상태", "상태", "status",
        "기여설정", "attributionsetting", "랜딩페이지조회", "landingpageviews", "shopclicks", "잠재고객", "leads",
        "장바구니에담기", "addstocart", "공유항목이포함된장바구니에담기", "직접전환수", "간접전환수", "직접전환매출액", "간접전환매출액",
        "직접구매완료전환수", "간접구매완료전환수", "장바구니전환수", "장바구니전환매출액", "장바구니담기수", "장바구니담기전환수", "장바구니담기전환매출액",
        "친구추가수", "친구추가수(7일)", "장바구니추가", "회원가입", "서비스신청", "발송수", "발송", "메시지클릭수", "전체노출수", "동영상재생수", "조회수", "views",
        "postclicksales", "billedengagements", "videoviewsat100%", "videoviews", "요일", "dayoftheweek", "전환추적", "예산이름", "입찰전략유형",
    ]),
];

static TABLE: LazyLock<HashMap<&'static str, Vec<Alias>>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Vec<Alias>> = HashMap::new();
    for (field, spellings) in ALIASES {
        for (rank, spelling) in (1u32..).zip(spellings.iter().copied()) {
            table.entry(spelling).or_default().push(Alias { field: *field, rank });
        }
    }
    table
});

/// The fields a normalised spelling stands for; empty when it is unknown.
pub(crate) fn lookup(spelling: &str) -> &'static [Alias] {
    TABLE.get(spelling).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::header::normalise;
    use super::*;

    #[test]
    fn every_spelling_is_in_normal_form() {
        for (field, spellings) in ALIASES {
            for spelling in *spellings {
                assert_eq!(normalise(spelling), *spelling, "{field}");
            }
        }
    }

    #[test]
    fn no_field_lists_a_spelling_twice() {
        for (field, spellings) in ALIASES {
            let unique: HashSet<_> = spellings.iter().collect();
            assert_eq!(unique.len(), spellings.len(), "{field}");
        }
    }
}

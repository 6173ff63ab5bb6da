//! 샘플 · 너른길 기업교육: courses for companies. Spending has run ahead of the month's budget for three weeks, one search campaign has stood
//! still for three days, evening visitors of another sign up more often, and four days of Naver reports were never exported.

use moa_domain::Currency;

use crate::demand::{Market, OFFICES};
use crate::plan::Price::{Click, Mille};
use crate::plan::{AccountPlan, ClientPlan, Console, Group, Story, campaign, item};

const ORDER: f64 = 240_000.0;
const AWAY: Story = Story::RunsAway { days: 21, factor: 1.7 };

static MARKET: Market = Market {
    season: [1.12, 1.1, 1.14, 1.04, 1.0, 0.98, 0.92, 0.9, 1.02, 1.04, 1.0, 0.92],
    weekday: [1.22, 1.2, 1.17, 1.12, 1.0, 0.6, 0.64],
    holiday: 0.5,
    feast: 0.38,
    lead_up: 1.0,
    growth: 0.06,
    hour: OFFICES,
};

pub(super) static CLIENT: ClientPlan = ClientPlan {
    name: "샘플 · 너른길 기업교육",
    short: "너른길기업교육",
    market: &MARKET,
    accounts: &[
        AccountPlan {
            console: Console::Google,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[
                campaign("브랜드_검색", "검색", 900.0, 5.5, Click(700.0), 1.7).budget(80_000),
                campaign("법정교육_검색", "검색", 5_200.0, 3.4, Click(1_450.0), 2.2)
                    .budget(600_000)
                    .with(AWAY)
                    .with(Story::EveningsConvert),
                campaign("직무교육_검색", "검색", 4_600.0, 3.0, Click(1_600.0), 2.1).budget(400_000).with(Story::Stopped { days: 3 }),
                campaign("유튜브_도입사례", "동영상", 26_000.0, 0.45, Mille(3_200.0), 0.8).budget(150_000).with(Story::WeekendsOff),
            ],
        },
        AccountPlan {
            console: Console::Meta,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[
                campaign("리드_교육담당자", "판매", 24_000.0, 0.8, Mille(9_000.0), 1.2).with(AWAY).of(LEADS),
                campaign("리타겟팅_상담신청", "판매", 7_000.0, 0.95, Mille(11_000.0), 1.8).of(RETURNING),
            ],
        },
        AccountPlan {
            console: Console::NaverSearch,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: Some((40, 37)),
            cp949: true,
            campaigns: &[
                campaign("기업교육_파워링크", "파워링크", 5_400.0, 3.0, Click(1_700.0), 2.2).with(AWAY).of(COMPANY),
                campaign("온라인연수_파워링크", "파워링크", 3_000.0, 2.8, Click(1_400.0), 1.9).of(ONLINE),
            ],
        },
        AccountPlan {
            console: Console::NaverDisplay,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[campaign("GFA_인사담당자", "웹사이트 전환", 40_000.0, 0.35, Mille(2_100.0), 0.65)],
        },
        AccountPlan {
            console: Console::Kakao,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[campaign("비즈보드_무료세미나", "카카오 비즈보드", 30_000.0, 0.4, Mille(2_200.0), 0.6)],
        },
    ],
    has_budget: true,
};

const LEADS: &[Group] = &[
    Group {
        name: "직무_인사교육", items: &[item("영상_도입사례_30초", 2.0), item("이미지_법정교육_체크리스트", 1.8)]
    },
    Group { name: "유사타겟_상담", items: &[item("슬라이드_과정안내", 1.2)] },
];

const RETURNING: &[Group] =
    &[Group { name: "방문자_30일", items: &[item("이미지_상담혜택", 1.5), item("이미지_수강후기", 1.0)] }];

const COMPANY: &[Group] = &[
    Group { name: "기업교육", items: &[item("기업교육", 2.6), item("사내교육", 1.6), item("임직원교육", 1.2)] },
    Group { name: "법정의무교육", items: &[item("법정의무교육", 2.4), item("법정교육업체", 1.1)] },
];

const ONLINE: &[Group] = &[Group {
    name: "온라인연수",
    items: &[item("온라인연수", 1.8), item("원격훈련", 1.2), item("리더십교육", 1.0), item("엑셀교육", 0.9)],
}];

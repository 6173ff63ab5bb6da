//! 샘플 · 모란결 화장품: a cosmetics brand. For a week Google has recorded no conversion in Korea although the clicks are as always; a
//! second Google account in dollars sells abroad.

use moa_domain::Currency;

use crate::demand::{Market, SHOPPERS};
use crate::plan::Price::{Click, Day, Mille};
use crate::plan::{AccountPlan, ClientPlan, Console, Group, Story, campaign, item};

const ORDER: f64 = 42_000.0;
const LOST: Story = Story::TrackingLost { days: 7 };

static MARKET: Market = Market {
    season: [0.92, 0.95, 1.02, 1.05, 1.1, 1.02, 0.95, 0.92, 0.98, 1.0, 1.14, 1.08],
    weekday: [1.04, 1.03, 1.02, 1.0, 0.95, 0.94, 1.02],
    holiday: 0.96,
    feast: 0.7,
    lead_up: 1.14,
    growth: 0.2,
    hour: SHOPPERS,
};

pub(super) static CLIENT: ClientPlan = ClientPlan {
    name: "샘플 · 모란결 화장품",
    short: "모란결화장품",
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
                campaign("브랜드_검색", "검색", 3_000.0, 5.2, Click(480.0), 5.0).budget(150_000).with(LOST),
                campaign("일반_검색_스킨케어", "검색", 8_000.0, 3.0, Click(620.0), 3.6).budget(300_000).with(LOST),
                campaign("실적최대화_베스트", "실적 최대화", 35_000.0, 0.95, Click(390.0), 2.7).budget(300_000).with(LOST),
            ],
        },
        AccountPlan {
            console: Console::Google,
            suffix: "_미국",
            currency: Currency::USD,
            order_value: 4_600.0,
            gap: None,
            cp949: false,
            campaigns: &[
                campaign("US_Brand_Search", "검색", 900.0, 4.8, Click(92.0), 5.8).budget(9_000),
                campaign("US_Skincare_Search", "검색", 2_200.0, 3.2, Click(118.0), 5.4).budget(20_000),
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
                campaign("전환_수분크림", "판매", 60_000.0, 0.9, Mille(7_600.0), 4.4).of(CREAM),
                campaign("전환_선케어", "판매", 38_000.0, 0.95, Mille(7_300.0), 4.6).of(SUN),
                campaign("카탈로그_리타겟팅", "판매", 15_000.0, 0.98, Mille(8_800.0), 6.5),
            ],
        },
        AccountPlan {
            console: Console::NaverSearch,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[
                campaign("스킨케어_파워링크", "파워링크", 9_000.0, 2.8, Click(560.0), 3.4).of(KEYWORDS),
                campaign("뷰티_쇼핑검색", "쇼핑검색", 30_000.0, 2.1, Click(300.0), 2.0),
                campaign("브랜드검색_모바일", "브랜드검색", 1_800.0, 5.5, Day(38_500.0), 4.2),
            ],
        },
        AccountPlan {
            console: Console::Kakao,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[campaign("비즈보드_신제품_전환", "카카오 비즈보드", 80_000.0, 0.5, Mille(2_000.0), 2.0)],
        },
    ],
    has_budget: false,
};

const CREAM: &[Group] = &[
    Group { name: "2539여성_관심사", items: &[item("영상_수분크림_사용감", 2.6), item("이미지_제형클로즈업", 2.0)] },
    Group { name: "유사타겟_재구매", items: &[item("슬라이드_피부타입", 1.4), item("이미지_1플러스1", 1.1)] },
];

const SUN: &[Group] = &[Group {
    name: "2034_야외활동",
    items: &[item("영상_백탁없음", 2.0), item("이미지_성분표", 1.3), item("릴스_출근길", 1.6)],
}];

const KEYWORDS: &[Group] = &[
    Group {
        name: "기초케어", items: &[item("수분크림", 3.2), item("진정세럼", 2.1), item("약산성클렌저", 1.5), item("민감성로션", 1.0)]
    },
    Group { name: "선케어", items: &[item("선크림추천", 2.3), item("톤업선크림", 1.4)] },
    Group { name: "비건", items: &[item("비건화장품", 1.1), item("비건립밤", 0.5)] },
];

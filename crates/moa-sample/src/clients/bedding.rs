//! 샘플 · 한빛이불: a bedding shop. Autumn is its season, its best Meta creative is worn out, its shopping campaign would sell more with a
//! larger daily budget, and one promotion has ended while the next has begun.

use moa_domain::Currency;

use crate::demand::{Market, SHOPPERS};
use crate::plan::Price::{Click, Day, Mille};
use crate::plan::{AccountPlan, ClientPlan, Console, Group, Story, campaign, deleted, item};

const ORDER: f64 = 95_000.0;

static MARKET: Market = Market {
    season: [0.98, 0.86, 0.9, 0.9, 0.95, 1.0, 0.92, 0.88, 1.08, 1.38, 1.45, 1.2],
    weekday: [1.06, 1.03, 1.0, 0.98, 0.92, 0.94, 1.07],
    holiday: 0.95,
    feast: 0.62,
    lead_up: 1.06,
    growth: 0.12,
    hour: SHOPPERS,
};

pub(super) static CLIENT: ClientPlan = ClientPlan {
    name: "샘플 · 한빛이불",
    short: "한빛이불",
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
                campaign("브랜드_검색", "검색", 2_400.0, 5.6, Click(610.0), 3.9).budget(150_000),
                campaign("일반_검색_침구", "검색", 5_200.0, 3.1, Click(780.0), 2.6).budget(300_000),
                campaign("쇼핑_실적최대화", "실적 최대화", 34_000.0, 0.9, Click(430.0), 2.2).budget(95_000).with(Story::BudgetLimited),
                campaign("디맨드젠_신제품", "디맨드 젠", 42_000.0, 0.8, Click(350.0), 0.85).budget(250_000),
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
                campaign("전환_신규고객", "판매", 42_000.0, 0.95, Mille(7_000.0), 2.1)
                    .with(Story::Fatigue { days: 42, left: 0.45 })
                    .of(NEW_CUSTOMERS),
                campaign("전환_리타겟팅", "판매", 12_000.0, 0.98, Mille(9_300.0), 3.4).of(RETARGETING),
                campaign("기획전_1차", "판매", 16_000.0, 0.85, Mille(6_800.0), 2.0).until_age(75),
                campaign("기획전_2차", "판매", 18_000.0, 0.9, Mille(6_900.0), 2.2).since_age(45).of(PROMOTION),
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
                campaign("침구_파워링크", "파워링크", 9_800.0, 2.9, Click(690.0), 2.4).of(KEYWORDS),
                campaign("침구_쇼핑검색", "쇼핑검색", 26_000.0, 2.2, Click(330.0), 1.4),
                campaign("브랜드검색_PC모바일", "브랜드검색", 2_100.0, 5.4, Day(49_500.0), 2.1),
            ],
        },
        AccountPlan {
            console: Console::NaverDisplay,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[campaign("GFA_쇼핑_베스트", "쇼핑", 90_000.0, 0.45, Mille(1_900.0), 0.95)],
        },
        AccountPlan {
            console: Console::Kakao,
            suffix: "",
            currency: Currency::KRW,
            order_value: ORDER,
            gap: None,
            cp949: false,
            campaigns: &[campaign("비즈보드_침구_전환", "카카오 비즈보드", 70_000.0, 0.55, Mille(2_300.0), 1.0)],
        },
    ],
    has_budget: false,
};

const NEW_CUSTOMERS: &[Group] = &[
    Group { name: "유사타겟_구매자", items: &[item("영상_포근한하루_15초", 6.0), item("이미지_침실컷_A", 1.6)] },
    Group { name: "관심사_홈인테리어", items: &[item("슬라이드_색상모음", 1.4), item("이미지_후기강조", 1.0)] },
];

const RETARGETING: &[Group] =
    &[Group { name: "장바구니_14일", items: &[item("카탈로그_본상품", 3.0), item("이미지_무료배송", 1.2)] }];

const PROMOTION: &[Group] = &[Group {
    name: "전체_2554여성",
    items: &[item("이미지_기획전_혜택", 2.0), item("영상_기획전_6초", 1.5), item("슬라이드_세트구성", 1.0)],
}];

const KEYWORDS: &[Group] = &[
    Group {
        name: "이불_일반",
        items: &[item("차렵이불", 3.0), item("구스이불", 2.4), item("극세사이불", 1.8), item("이불세트", 1.5), deleted("호텔이불", 0.6)],
    },
    Group { name: "기능성침구", items: &[item("알러지케어이불", 1.9), item("순면이불", 1.2), item("경추베개", 0.9)] },
    Group { name: "신혼침구", items: &[item("신혼이불", 1.3), item("퀸사이즈이불세트", 0.7)] },
];

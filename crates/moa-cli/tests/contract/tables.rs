//! What people read, in both languages, on a small workspace.

use crate::golden;
use crate::program::{Workspace, text};

const SEARCH: &str = "campaign,date,channel,currency,vat,ad_group,keyword,impressions,clicks,cost,conversions,revenue\n\
    파워링크_브랜드,2026-11-16,naver_search,KRW,included,신발,여성 운동화,1200,36,79200,3,240000\n\
    파워링크_브랜드,2026-11-16,naver_search,KRW,included,신발,남성 운동화,800,20,44000,1.5,99000\n\
    파워링크_브랜드,2026-11-17,naver_search,KRW,included,신발,여성 운동화,1000,25,55000,0,0\n\
    파워링크_브랜드,2026-11-17,naver_search,KRW,included,의류,,300,0,0,0,0\n";
const SOCIAL: &str = "campaign,date,channel,currency,vat,creative,impressions,clicks,cost,conversions,revenue\n\
    Prospecting,2026-11-16,instagram,USD,excluded,\"가을 세일 \"\"반값\"\"\",5000,50,25.5,2,120\n\
    Prospecting,2026-11-17,instagram,USD,excluded,신상\u{1f45f},4000,44,20.25,1,60\n";
const HOURS: &str = "campaign,date,hour,channel,currency,vat,impressions,clicks,cost\n\
    비즈보드,2026-11-16,9,kakao_bizboard,KRW,excluded,2000,20,10000\n\
    비즈보드,2026-11-16,21,kakao_bizboard,KRW,excluded,3000,45,20000\n";
const EARLIER: &str = "campaign,date,channel,currency,vat,impressions,clicks,cost,conversions,revenue\n\
    파워링크_브랜드,2026-11-14,naver_search,KRW,included,1500,30,66000,2,150000\n\
    쇼핑검색_종료,2026-11-15,naver_shopping,KRW,included,500,5,11000,0,0\n";

async fn workspace() -> Workspace {
    let workspace = Workspace::new().await;
    workspace.done(&["clients", "add", "한빛 쇼핑"]);
    for (name, content, account) in [
        ("검색.csv", SEARCH, "한빛 네이버"),
        ("소셜.csv", SOCIAL, "한빛 메타"),
        ("시간.csv", HOURS, "한빛 카카오"),
        ("지난.csv", EARLIER, "한빛 네이버"),
    ] {
        let platform: &[&str] = if name == "시간.csv" { &["--platform", "kakao"] } else { &[] };
        workspace.import("한빛 쇼핑", name, content, &[&["--account", account], platform].concat());
    }
    workspace
}

#[tokio::test]
async fn every_grouping() {
    let workspace = workspace().await;
    for by in [
        "total", "day", "week", "month", "hour", "weekday", "platform", "channel", "account", "campaign", "ad_group", "keyword", "creative",
    ] {
        let call = ["kpi", "--client", "한빛 쇼핑", "--from", "2026-11-16", "--to", "2026-11-17", "--by", by];
        golden::json(&format!("kpi_{by}"), &workspace.json(&call));
        for lang in ["ko", "en"] {
            golden::table(&format!("kpi_{by}.{lang}"), &workspace.done(&[&call[..], &["--lang", lang]].concat()).out);
        }
    }
}

#[tokio::test]
async fn a_comparison() {
    let workspace = workspace().await;
    let call = [
        "kpi",
        "--client",
        "한빛 쇼핑",
        "--from",
        "2026-11-16",
        "--to",
        "2026-11-17",
        "--by",
        "campaign",
        "--compare",
        "previous",
        "--basis",
        "gross",
    ];
    golden::json("kpi_campaign_compared", &workspace.json(&call));
    for lang in ["ko", "en"] {
        golden::table(&format!("kpi_campaign_compared.{lang}"), &workspace.done(&[&call[..], &["--lang", lang]].concat()).out);
    }
}

#[tokio::test]
async fn every_other_answer() {
    let workspace = workspace().await;
    let restated = workspace.file("정정.csv", &EARLIER.replace("66000", "77000"));
    let calls: [(&str, &[&str]); 7] = [
        ("import_again", &["import", text(&restated), "--client", "한빛 쇼핑", "--account", "한빛 네이버", "--dry-run"]),
        ("import_restated", &["import", text(&restated), "--client", "한빛 쇼핑", "--account", "한빛 네이버"]),
        ("clients_list", &["clients", "list"]),
        ("campaigns_list", &["campaigns", "list", "--client", "한빛 쇼핑"]),
        ("revisions", &["revisions", "--client", "한빛 쇼핑", "--from", "2026-11-01", "--to", "2026-11-30"]),
        ("kpi_nothing", &["kpi", "--all", "--from", "2022-01-01", "--to", "2022-01-31"]),
        ("clients_edit", &["clients", "edit", "한빛 쇼핑", "--vat-rate", "10"]),
    ];
    for (name, call) in calls {
        if name != "import_restated" {
            golden::json(name, &workspace.json(call));
        }
        let langs: &[&str] = if name == "import_restated" { &["ko"] } else { &["ko", "en"] };
        for lang in langs {
            golden::table(&format!("{name}.{lang}"), &workspace.done(&[call, &["--lang", *lang]].concat()).out);
        }
    }
}

//! What a file's words say about the channel and the platform of a row.

use moa_domain::{ChannelCode, Platform};

/// Channel codes Moa ships (as in migrations/), with their platform.
const BUILTIN: &[(&str, Platform)] = &[
    ("google_search", Platform::GoogleAds),
    ("google_display", Platform::GoogleAds),
    ("youtube", Platform::GoogleAds),
    ("google_shopping", Platform::GoogleAds),
    ("google_pmax", Platform::GoogleAds),
    ("google_demand_gen", Platform::GoogleAds),
    ("google_all", Platform::GoogleAds),
    ("facebook", Platform::MetaAds),
    ("instagram", Platform::MetaAds),
    ("messenger", Platform::MetaAds),
    ("audience_network", Platform::MetaAds),
    ("threads", Platform::MetaAds),
    ("meta_all", Platform::MetaAds),
    ("naver_search", Platform::NaverAds),
    ("naver_shopping", Platform::NaverAds),
    ("naver_brand", Platform::NaverAds),
    ("naver_display", Platform::NaverAds),
    ("naver_all", Platform::NaverAds),
    ("kakao_bizboard", Platform::Kakao),
    ("kakao_message", Platform::Kakao),
    ("kakao_keyword", Platform::Kakao),
    ("kakao", Platform::Kakao),
];

/// The platform a channel code gives away.
pub(crate) fn platform_of_channel(code: &str) -> Option<Platform> {
    BUILTIN.iter().find(|(c, _)| *c == code).map(|(_, p)| p.clone())
}

/// The platform a medium's name (매체) gives away.
pub(crate) fn platform_of_medium(text: &str) -> Option<Platform> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["google", "구글", "youtube", "유튜브", "gdn"]) {
        Some(Platform::GoogleAds)
    } else if has(&["meta", "메타", "facebook", "페이스북", "instagram", "인스타"]) {
        Some(Platform::MetaAds)
    } else if has(&["naver", "네이버"]) {
        Some(Platform::NaverAds)
    } else if has(&["kakao", "카카오"]) {
        Some(Platform::Kakao)
    } else if has(&["tiktok", "틱톡"]) {
        Some(Platform::Other("tiktok".to_owned()))
    } else if has(&["criteo", "크리테오"]) {
        Some(Platform::Other("criteo".to_owned()))
    } else if has(&["당근"]) {
        Some(Platform::Other("daangn".to_owned()))
    } else {
        None
    }
}

/// The channel a Google campaign type or network names. Performance Max and shopping run on several.
pub(crate) fn google(text: &str) -> Option<ChannelCode> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["youtube", "video", "동영상", "유튜브"]) {
        Some(ChannelCode::new("youtube"))
    } else if has(&["display", "디스플레이"]) {
        Some(ChannelCode::new("google_display"))
    } else if has(&["search", "검색"]) {
        Some(ChannelCode::new("google_search"))
    } else {
        None
    }
}

/// The channel of a Naver campaign type (캠페인유형).
pub(crate) fn naver(text: &str) -> Option<ChannelCode> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if has(&["쇼핑검색"]) {
        Some(ChannelCode::new("naver_shopping"))
    } else if has(&["브랜드검색", "신제품검색"]) {
        Some(ChannelCode::new("naver_brand"))
    } else if has(&["파워링크", "파워컨텐츠", "파워콘텐츠", "플레이스"]) {
        Some(ChannelCode::new("naver_search"))
    } else if has(&["디스플레이"]) {
        Some(ChannelCode::new("naver_display"))
    } else {
        None
    }
}

/// The channel of a Meta platform or placement.
pub(crate) fn meta(text: &str) -> Option<ChannelCode> {
    let lower = text.to_lowercase();
    if lower.contains("instagram") || lower.contains("인스타") {
        Some(ChannelCode::new("instagram"))
    } else if lower.contains("facebook") || lower.contains("페이스북") {
        Some(ChannelCode::new("facebook"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_channels() {
        let code = |c: Option<ChannelCode>| c.map(|c| c.as_str().to_owned());
        assert_eq!(code(google("검색")), Some("google_search".to_owned()));
        assert_eq!(code(google("Video")), Some("youtube".to_owned()));
        assert_eq!(code(google("디스플레이")), Some("google_display".to_owned()));
        assert_eq!(code(google("실적 최대화")), None);
        assert_eq!(code(naver("브랜드검색/신제품검색")), Some("naver_brand".to_owned()));
        assert_eq!(code(naver("쇼핑검색")), Some("naver_shopping".to_owned()));
        assert_eq!(code(naver("파워링크")), Some("naver_search".to_owned()));
        assert_eq!(code(meta("instagram")), Some("instagram".to_owned()));
        assert_eq!(code(meta("audience_network")), None);
        assert_eq!(platform_of_channel("kakao"), Some(Platform::Kakao));
        assert_eq!(platform_of_channel("kakao_bizboard"), Some(Platform::Kakao));
        assert_eq!(platform_of_channel("google_pmax"), Some(Platform::GoogleAds));
        assert_eq!(platform_of_medium("네이버 SA"), Some(Platform::NaverAds));
    }
}

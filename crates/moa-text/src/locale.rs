//! The locale files, compiled in. A key is the file's name and the path inside it: `report.cover.period`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::Lang;

/// Every locale file this crate answers from. The window reads its own, `ui.json`, itself; of it the command line says the notes of an import.
const FILES: &[(Lang, &str, &str)] = &[
    (Lang::Ko, "shared", include_str!("../../../locales/ko/shared.json")),
    (Lang::En, "shared", include_str!("../../../locales/en/shared.json")),
    (Lang::Ko, "report", include_str!("../../../locales/ko/report.json")),
    (Lang::En, "report", include_str!("../../../locales/en/report.json")),
    (Lang::Ko, "errors", include_str!("../../../locales/ko/errors.json")),
    (Lang::En, "errors", include_str!("../../../locales/en/errors.json")),
    (Lang::Ko, "cli", include_str!("../../../locales/ko/cli.json")),
    (Lang::En, "cli", include_str!("../../../locales/en/cli.json")),
    (Lang::Ko, "ui", include_str!("../../../locales/ko/ui.json")),
    (Lang::En, "ui", include_str!("../../../locales/en/ui.json")),
];

type Texts = BTreeMap<String, String>;

fn flatten(prefix: &str, value: &Value, into: &mut Texts) {
    match value {
        Value::Object(entries) => {
            for (key, inner) in entries {
                flatten(&format!("{prefix}.{key}"), inner, into);
            }
        }
        Value::String(text) => {
            into.insert(prefix.to_owned(), text.clone());
        }
        _ => {}
    }
}

fn texts(lang: Lang) -> &'static Texts {
    static KO: OnceLock<Texts> = OnceLock::new();
    static EN: OnceLock<Texts> = OnceLock::new();
    let slot = match lang {
        Lang::Ko => &KO,
        Lang::En => &EN,
    };
    slot.get_or_init(|| {
        let mut all = Texts::new();
        for (_, file, json) in FILES.iter().filter(|(of, _, _)| *of == lang) {
            // A test reads every file, so a broken one never leaves the workshop.
            if let Ok(value) = serde_json::from_str::<Value>(json) {
                flatten(file, &value, &mut all);
            }
        }
        all
    })
}

/// The sentence of a key with its `{placeholders}` filled in. Values are inserted as they are and never read as placeholders again.
///
/// An unknown key gives the key itself, which is visible and harms nothing.
#[must_use]
pub fn text(lang: Lang, key: &str, values: &[(&str, &str)]) -> String {
    let Some(template) = texts(lang).get(key) else { return key.to_owned() };
    fill(template, values)
}

/// Whether a key exists, for names that may be unknown (a channel of a file).
#[must_use]
pub fn has_text(lang: Lang, key: &str) -> bool {
    texts(lang).contains_key(key)
}

/// Puts values in place of `{name}`, and of `{name|one|many}` the word that goes with the number.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        let mut parts = rest[1..close].split('|');
        let name = parts.next().unwrap_or_default();
        let value = values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        out.push_str(match (value, parts.next(), parts.next()) {
            (Some(value), Some(one), Some(many)) => {
                if value == "1" {
                    one
                } else {
                    many
                }
            }
            (Some(value), ..) => value,
            (None, ..) => &rest[..=close],
        });
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(template: &str) -> BTreeSet<String> {
        template
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').and_then(|(inside, _)| inside.split('|').next()).map(str::to_owned))
            .collect()
    }

    #[test]
    fn every_file_is_json_of_texts() {
        for (lang, file, json) in FILES {
            let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{lang}/{file}.json: {error}"));
            let mut all = Texts::new();
            flatten(file, &value, &mut all);
            assert!(!all.is_empty(), "{lang}/{file}.json holds no text");
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        let (ko, en) = (texts(Lang::Ko), texts(Lang::En));
        let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
        let (only_ko, only_en) = (&keys(ko) - &keys(en), &keys(en) - &keys(ko));
        assert!(only_ko.is_empty() && only_en.is_empty(), "only Korean: {only_ko:?}; only English: {only_en:?}");
        for (key, korean) in ko {
            assert_eq!(placeholders(korean), placeholders(&en[key]), "placeholders of {key}");
        }
    }

    #[test]
    fn every_file_of_the_folder_is_listed() {
        for lang in Lang::ALL {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(lang.code());
            for entry in std::fs::read_dir(folder).expect("the locale folder") {
                let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
                let Some(stem) = name.strip_suffix(".json") else { continue };
                assert!(FILES.iter().any(|(of, file, _)| *of == lang && *file == stem), "{lang}/{name} is not in FILES");
            }
        }
    }

    #[test]
    fn fills_placeholders_once() {
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
        assert_eq!(fill("{n} {n|row|rows}", &[("n", "1")]), "1 row");
        assert_eq!(fill("{n} {n|row|rows}", &[("n", "2")]), "2 rows");
        assert_eq!(text(Lang::Ko, "report.section.summary", &[]), "핵심 지표");
        assert_eq!(text(Lang::En, "no.such.key", &[]), "no.such.key");
    }
}

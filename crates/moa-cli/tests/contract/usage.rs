//! Calls that are wrong, and help: answered before any database is opened.

use crate::golden;
use crate::program::{call, finished, program, with_json};

/// Wrong calls, and a word their sentence must hold.
const WRONG: [(&[&str], &str); 18] = [
    (&["nonsense"], "nonsense"),
    (&["kpi", "--client", "A", "--from", "2026-11-01", "--to", "2026-11-30", "--nonsense"], "--nonsense"),
    (&["kpi", "--client", "A", "--from", "2026-13-01", "--to", "2026-11-30"], "2026-13-01"),
    (&["kpi", "--client", "A", "--from", "2026-02-29", "--to", "2026-11-30"], "2026-02-29"),
    (&["kpi", "--client", "A", "--from", "2026-1-5", "--to", "2026-11-30"], "2026-1-5"),
    (&["kpi", "--client", "A", "--from", "20261101", "--to", "2026-11-30"], "20261101"),
    (&["kpi", "--client", "A", "--from", "yesterday", "--to", "2026-11-30"], "yesterday"),
    (&["kpi", "--client", "A", "--from", "", "--to", "2026-11-30"], "--from"),
    (&["kpi", "--from", "2026-11-01", "--to", "2026-11-30"], "--client"),
    (&["kpi", "--client", "A", "--all", "--from", "2026-11-01", "--to", "2026-11-30"], "--all"),
    (&["kpi", "--client", "A", "--to", "2026-11-30"], "--from"),
    (&["kpi", "--client", "A", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "year"], "year"),
    (&["kpi", "--client", "A", "--from", "2026-11-01", "--to", "2026-11-30", "--compare", "next"], "next"),
    (&["kpi", "--client", "A", "--from", "2026-11-01", "--to", "2026-11-30", "--basis", "nett"], "nett"),
    (&["import", "--client", "A"], "FILE"),
    (&["import", "a.csv", "--client", "A", "--vat", "10"], "10"),
    (&["report", "--client", "A", "--period", "monthly", "--date", "2026-11-01", "--from", "2026-11-01", "--to", "2026-11-02"], "--date"),
    (&["clients"], ""),
];

#[test]
fn wrong_calls_exit_with_2_and_one_document() {
    for (arguments, word) in WRONG {
        for lang in ["ko", "en"] {
            let with_lang = [arguments, &["--lang", lang]].concat();
            let answer = call(&with_json(&with_lang));
            let (code, message, hint) = answer.error();
            assert_eq!((answer.code, code.as_str()), (2, "usage"), "{answer:?}");
            assert!(message.contains(word) && !hint.is_empty() && !message.contains('\n'), "{answer:?}");
            assert_eq!(message.chars().any(|letter| ('가'..='힣').contains(&letter)), lang == "ko", "{answer:?}");
        }
    }
}

#[test]
fn for_people_a_wrong_call_is_a_sentence_and_a_hint() {
    for (arguments, word) in WRONG.into_iter().filter(|(_, word)| !word.is_empty()) {
        let answer = call(arguments);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer:?}");
        assert_eq!(answer.err.lines().count(), 2, "{answer:?}");
        assert!(answer.err.contains(word), "{answer:?}");
    }
}

#[test]
fn without_a_command_the_help_is_shown_and_the_call_was_wrong() {
    let answer = call(&[]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("moa") && answer.err.contains("kpi"), "{answer:?}");
}

#[test]
fn a_basis_that_comes_later_is_said_to_and_never_answered_with_other_figures() {
    for command in [
        &["kpi", "--all", "--from", "2026-11-01", "--to", "2026-11-30", "--basis", "billed", "--json"][..],
        &["report", "--client", "A", "--period", "monthly", "--basis", "billed", "--json"],
    ] {
        // Refused before a database is asked for: there is none at this address.
        let answer = finished(program().args(command).env("MOA_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"));
        let (code, message, _) = answer.error();
        assert_eq!((answer.code, code.as_str()), (2, "not_yet"), "{answer:?}");
        assert!(message.contains("--basis billed"), "{answer:?}");
    }
}

#[test]
fn help_and_version_answer_on_standard_output() {
    for arguments in [&["--help"][..], &["kpi", "--help"], &["help", "kpi"], &["--version"], &["clients", "add", "-h"]] {
        let answer = call(arguments);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
        assert!(!answer.out.is_empty());
    }
    assert_eq!(call(&["--version"]).out.trim(), format!("moa {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_texts() {
    let commands: [&[&str]; 14] = [
        &[],
        &["demo"],
        &["clients"],
        &["clients", "list"],
        &["clients", "add"],
        &["clients", "edit"],
        &["clients", "remove"],
        &["import"],
        &["kpi"],
        &["campaigns", "list"],
        &["report"],
        &["revisions"],
        &["doctor"],
        &["backup"],
    ];
    for lang in ["ko", "en"] {
        let all: String = commands
            .iter()
            .map(|command| {
                let arguments = [*command, &["--help", "--lang", lang]].concat();
                let answer = call(&arguments);
                assert_eq!(answer.code, 0, "{answer:?}");
                format!("$ moa {}\n{}\n", command.join(" "), answer.out.replace("moa.exe", "moa"))
            })
            .collect();
        golden::text(&format!("help.{lang}"), &all);
    }
}

#[test]
fn a_database_that_is_not_there_is_said_so() {
    let nowhere = "postgres://nobody:secret-word@127.0.0.1:1/none";
    for arguments in
        [&["clients", "list"][..], &["demo"], &["kpi", "--all", "--from", "2026-11-01", "--to", "2026-11-30"], &["backup", "b.zip"]]
    {
        let answer = finished(program().args(with_json(arguments)).args(["--database-url", nowhere]));
        let (code, message, hint) = answer.error();
        assert_eq!((answer.code, code.as_str()), (1, "database.gone"), "{answer:?}");
        assert!(!hint.is_empty() && !answer.err.contains("secret-word"), "{message}");
    }
    for (url, code) in [
        ("mysql://a@b/c", "database.bad_address"),
        ("nonsense", "database.bad_address"),
        ("postgres://nobody@db.example.test/none?sslmode=disable", "database.tls_required"),
    ] {
        let answer = finished(program().args(["clients", "list", "--json", "--database-url", url]));
        assert_eq!((answer.code, answer.error().0.as_str()), (2, code), "{answer:?}");
    }
}

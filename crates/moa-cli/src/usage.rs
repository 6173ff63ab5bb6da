//! Wrong calls, in one sentence of the person's language.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use moa_text::{Lang, text};

/// The language a call asks for, read before it is understood: its errors and its help need one too.
pub(crate) fn asked_lang(arguments: &[OsString]) -> Option<Lang> {
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).take_while(|argument| *argument != "--").collect();
    let after = texts.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let named = after.or_else(|| texts.iter().find_map(|argument| argument.strip_prefix("--lang=")));
    named.and_then(|name| name.parse().ok())
}

/// What is wrong with the call.
pub(crate) fn reason(lang: Lang, error: &clap::Error) -> String {
    let of = |kind: ContextKind| error.get(kind).map(plain).unwrap_or_default();
    let argument = || bare(&of(ContextKind::InvalidArg));
    let say = |key: &str, values: &[(&str, &str)]| text(lang, &format!("cli.usage.{key}"), values);
    match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => say("no_command", &[]),
        ErrorKind::UnknownArgument => match of(ContextKind::SuggestedArg) {
            none if none.is_empty() => say("unknown_argument", &[("argument", &argument())]),
            suggestion => say("unknown_argument_suggested", &[("argument", &argument()), ("suggestion", &suggestion)]),
        },
        ErrorKind::InvalidSubcommand => {
            let command = of(ContextKind::InvalidSubcommand);
            match of(ContextKind::SuggestedSubcommand) {
                none if none.is_empty() => say("unknown_command", &[("command", &command)]),
                suggestion => say("unknown_command_suggested", &[("command", &command), ("suggestion", &suggestion)]),
            }
        }
        ErrorKind::InvalidValue => match of(ContextKind::InvalidValue) {
            none if none.is_empty() => say("missing_value", &[("argument", &argument())]),
            value => say("invalid_value", &[("argument", &argument()), ("value", &value), ("allowed", &of(ContextKind::ValidValue))]),
        },
        ErrorKind::ValueValidation => {
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let cause = if cause == NOT_A_DAY { say("not_a_day", &[]) } else { cause };
            say("bad_value", &[("argument", &argument()), ("value", &of(ContextKind::InvalidValue)), ("reason", &cause)])
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            say("missing_value", &[("argument", &argument())])
        }
        ErrorKind::MissingRequiredArgument => say("missing", &[("arguments", &of(ContextKind::InvalidArg))]),
        ErrorKind::ArgumentConflict => {
            let (argument, other) = (argument(), bare(&of(ContextKind::PriorArg)));
            if argument == other {
                return say("repeated", &[("argument", &argument)]);
            }
            say("conflict", &[("argument", &argument), ("other", &other)])
        }
        _ => {
            let first = error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            say("other", &[("reason", &first)])
        }
    }
}

/// What the parser of a day says; it knows no language.
pub(crate) const NOT_A_DAY: &str = "not a day";

fn plain(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        other => other.to_string(),
    }
}

/// `--from` of `--from <DATE>`.
fn bare(argument: &str) -> String {
    argument.split([' ', '=']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(texts: &[&str]) -> Vec<OsString> {
        texts.iter().map(OsString::from).collect()
    }

    #[test]
    fn the_language_is_found_anywhere_in_a_call_that_makes_no_sense() {
        assert_eq!(asked_lang(&arguments(&["moa", "nonsense", "--lang", "en"])), Some(Lang::En));
        assert_eq!(asked_lang(&arguments(&["moa", "--lang=ko", "kpi"])), Some(Lang::Ko));
        assert_eq!(asked_lang(&arguments(&["moa", "--lang", "fr"])), None);
        assert_eq!(asked_lang(&arguments(&["moa", "clients", "add", "--", "--lang", "en"])), None);
    }
}

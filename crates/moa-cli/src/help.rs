//! The help texts, in both languages, put onto the parsed form of the command line.

use clap::{Arg, Command};
use moa_text::{Lang, has_text, text};

/// The same command line with its help in a language.
pub(crate) fn in_language(command: Command, lang: Lang) -> Command {
    let about = word(lang, "help.about");
    let mut command = told(command, lang, "").about(about);
    command.build();
    headed(command, lang)
}

fn word(lang: Lang, key: &str) -> String {
    text(lang, &format!("cli.{key}"), &[])
}

/// A heading. The parser takes only text that stays; there are five, and they are needed until the program ends.
fn heading(lang: Lang, key: &str) -> &'static str {
    Box::leak(word(lang, key).into_boxed_str())
}

fn known(lang: Lang, key: &str) -> Option<String> {
    has_text(lang, &format!("cli.{key}")).then(|| word(lang, key))
}

/// `path` is the command's own: `clients_add`.
fn told(command: Command, lang: Lang, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    let command = command.mut_args(|argument| argument_told(argument, lang));
    names.into_iter().fold(command, |command, name| {
        let inner_path = if path.is_empty() { name.clone() } else { format!("{path}_{name}") };
        command.mut_subcommand(name, |inner| {
            let inner = told(inner, lang, &inner_path);
            match known(lang, &format!("help.command.{inner_path}")) {
                Some(about) => inner.about(about),
                None => inner,
            }
        })
    })
}

fn argument_told(argument: Arg, lang: Lang) -> Arg {
    match known(lang, &format!("help.option.{}", argument.get_id().as_str())) {
        Some(help) => argument.help(help),
        None => argument,
    }
}

/// Headings, and what the parser itself adds to every command: help, version, the list of commands.
fn headed(command: Command, lang: Lang) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    let globals = ["data_dir", "database_url", "endpoints", "json", "lang", "help", "version"];
    let command = command
        .help_template(format!("{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}\n", word(lang, "help.usage")))
        .subcommand_help_heading(heading(lang, "help.commands"))
        .mut_args(|argument| {
            let key = match argument.get_id().as_str() {
                _ if argument.is_positional() => "help.arguments",
                id if globals.contains(&id) => "help.global",
                _ => "help.options",
            };
            argument_told(argument, lang).help_heading(heading(lang, key))
        });
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name.clone(), |inner| {
            let inner = headed(inner, lang);
            if name == "help" { inner.about(word(lang, "help.command.help")) } else { inner }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    /// Every command and option says what it is for in both languages.
    fn untold(command: &Command, lang: Lang, path: &str, into: &mut Vec<String>) {
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if known(lang, &format!("help.option.{id}")).is_none() {
                into.push(format!("{path} {id}"));
            }
        }
        for inner in command.get_subcommands() {
            let inner_path = if path.is_empty() { inner.get_name().to_owned() } else { format!("{path}_{}", inner.get_name()) };
            if known(lang, &format!("help.command.{inner_path}")).is_none() {
                into.push(inner_path.clone());
            }
            untold(inner, lang, &inner_path, into);
        }
    }

    #[test]
    fn everything_has_its_help_in_both_languages() {
        for lang in Lang::ALL {
            let mut missing = Vec::new();
            untold(&Cli::command(), lang, "", &mut missing);
            assert!(missing.is_empty(), "{lang}: {missing:?}");
        }
    }

    #[test]
    fn the_form_of_the_command_line_is_sound() {
        for lang in Lang::ALL {
            in_language(Cli::command(), lang).debug_assert();
        }
    }
}

//! Secrets come by standard input: arguments are seen by everybody on the machine.

use std::io::{IsTerminal, Read};

use secrecy::SecretString;

use crate::console::Console;
use crate::failure::Failure;

/// No secret of a platform is longer.
const LONGEST: u64 = 16 << 10;

/// The one line of standard input.
pub(crate) fn from_standard_input(console: &Console) -> Result<SecretString, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        console.aside(&console.word("connect.enter_secret", &[]));
        let mut line = String::new();
        input.read_line(&mut line).map_err(|error| Failure::failed("input_failed", &error))?;
        return checked(&line, console);
    }
    let mut text = String::new();
    input.lock().take(LONGEST).read_to_string(&mut text).map_err(|error| Failure::failed("input_failed", &error))?;
    checked(&text, console)
}

fn checked(text: &str, console: &Console) -> Result<SecretString, Failure> {
    let secret = text.trim_start_matches('\u{feff}').trim();
    if secret.is_empty() || secret.chars().any(char::is_whitespace) {
        return Err(Failure::usage(console.word("usage.no_secret", &[])));
    }
    Ok(secret.to_owned().into())
}

//! The keeper and the embedded Postgres under everything that can happen to them. Each case is a program with real processes: this test
//! starts itself again as a keeper, and as a program that opens the database.
//!
//! The servers come from `node scripts/stage-postgres.mjs`.

mod clusters;
mod failures;
mod kills;
mod office;
mod starts;

use libtest_mimic::{Arguments, Trial};

fn main() {
    if let Some(code) = moa_host::keeper::run_if_asked() {
        std::process::exit(code);
    }
    if let Some(code) = office::run_program_if_asked() {
        std::process::exit(code);
    }
    let cases = [clusters::cases(), failures::cases(), kills::cases(), starts::cases()].concat();
    let trials = cases.into_iter().map(|case| {
        let run = case.run;
        let trial = Trial::test(case.name, move || {
            run();
            Ok(())
        });
        trial.with_ignored_flag(!case.is_possible)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

#[derive(Clone)]
struct Case {
    name: &'static str,
    run: fn(),
    /// Some cases need root or a certain system; elsewhere they are listed as ignored.
    is_possible: bool,
}

impl Case {
    fn new(name: &'static str, run: fn()) -> Self {
        Self { name, run, is_possible: true }
    }

    fn only_if(self, is_possible: bool) -> Self {
        Self { is_possible, ..self }
    }
}

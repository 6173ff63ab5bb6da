// On Windows a program with a window has no console.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() {
    // The keeper of the embedded database is this same program under another name.
    if let Some(code) = moa_host::keeper::run_if_asked() {
        std::process::exit(code);
    }
    std::process::exit(moa_desktop_lib::run());
}

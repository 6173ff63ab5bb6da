fn main() { moa_desktop_lib::run(); }

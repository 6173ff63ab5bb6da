//! Reads what platforms and people give: report files today, platform APIs next. Knows nothing of the database.

pub mod report_files;

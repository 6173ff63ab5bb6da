use moa_api::dto::report::{ReportPeriod, ReportRequest};
use moa_api::{Moa, ReportFiles, ReportTarget, range, report_range};
use moa_domain::{Basis, DateRange};
use moa_text::Lang;
use serde_json::json;

use crate::args::{PeriodArg, ReportArgs};
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: ReportArgs, console: &Console) -> Result<i32, Failure> {
    let basis = Basis::try_from(args.basis)?;
    let client = moa.client_by_name(&args.client).await?;
    let period = match args.period {
        PeriodArg::Daily => ReportPeriod::Daily,
        PeriodArg::Weekly => ReportPeriod::Weekly,
        PeriodArg::Monthly => ReportPeriod::Monthly,
        PeriodArg::Custom => ReportPeriod::Custom,
    };
    let days: DateRange = match (args.from, args.to) {
        (Some(from), Some(to)) => {
            let days = range(from, to)?;
            if period != ReportPeriod::Custom && days != report_range(period, Some(from), moa.today()) {
                let named = [("from", days.from.to_string()), ("to", days.to.to_string())];
                return Err(Failure::usage(console.word("usage.not_a_period", &named.each_ref().map(|(name, day)| (*name, day.as_str())))));
            }
            days
        }
        _ if period == ReportPeriod::Custom && args.date.is_none() => {
            return Err(Failure::usage(console.word("usage.custom_needs_range", &[])));
        }
        _ => report_range(period, args.date, moa.today()),
    };
    let request = ReportRequest {
        client_id: client.id,
        period,
        from: days.from.to_string(),
        to: days.to.to_string(),
        basis: basis.into(),
        folder: None,
        pdf: true,
        xlsx: true,
        comment: args.comment,
        lang: if console.lang() == Lang::En { "en" } else { "ko" }.to_owned(),
    };
    let files = if args.pdf.is_none() && args.xlsx.is_none() {
        let folder = moa.reports_folder().await?;
        ReportFiles { pdf: Some(ReportTarget::Folder(folder.clone())), xlsx: Some(ReportTarget::Folder(folder)) }
    } else {
        ReportFiles { pdf: args.pdf.map(ReportTarget::File), xlsx: args.xlsx.map(ReportTarget::File) }
    };
    let report = moa.make_report(&request, files).await?;
    let code = if report.status == "completed" { 0 } else { 3 };
    if console.json {
        console.document(&json!({ "reports": [report] }))?;
        return Ok(code);
    }
    console.line(&console.word("report.title", &[("client", &report.client), ("from", &report.from), ("to", &report.to)]));
    for held in &report.held_for {
        console.line(&console.word("report.held", &[("message", &held.message), ("cure", &held.cure)]));
    }
    for path in [report.pdf, report.xlsx].into_iter().flatten() {
        console.line(&path);
    }
    Ok(code)
}

//! `haechi report`

use std::path::Path;

use super::arguments::ReportCommand;
use super::{Exit, print_problems};
use crate::report::Report;
use crate::text::Problem;

/// Merges reports or prints their schema.
pub(super) fn report(command: &ReportCommand) -> Exit {
    let (files, output) = match command {
        ReportCommand::Schema => {
            tell!("{}", Report::schema());
            return Exit::Good;
        }
        ReportCommand::Merge { files, output } => (files, output),
    };
    let parts: Result<Vec<(String, Report)>, Problem> = files.iter().map(|file| read(file)).collect();
    match parts.and_then(Report::merge) {
        Ok(report) => super::output::finish(&report, output),
        Err(problem) => {
            print_problems(&[problem]);
            Exit::Usage
        }
    }
}

fn read(file: &Path) -> Result<(String, Report), Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| Problem::cannot_read(file, &error))?;
    let name = file.display().to_string();
    Report::read(&name, &text).map(|report| (name, report))
}

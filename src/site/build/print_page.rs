//! Writes the page of the whole book.

use std::fs::File;
use std::sync::mpsc::Receiver;

use super::job::{Job, PrintSource};
use crate::site::output::Stream;
use crate::site::whole::{PRINT, print_part};
use crate::text::Problem;

/// Writes the parts as they come; returns where in the page each stands. `old` is the page of the build
/// before.
pub(super) fn write_print_page(
    job: &Job<'_>,
    parts: Receiver<PrintSource>,
    old: Option<&File>,
) -> Result<Vec<(u64, u64)>, Vec<Problem>> {
    let one = |problem| vec![problem];
    let context = job.composer.context;
    let tree = print_part(context.navigation.tree(), PRINT, &job.hrefs, false).html;
    let (top, end) = context.theme.print(&tree).map_err(one)?;
    let mut stream = Stream::open(job.output, PRINT).map_err(one)?;
    stream.write(top.as_bytes());
    let mut places = Vec::new();
    for part in parts {
        places.push(match part {
            PrintSource::New(part) => (stream.write(part.as_bytes()), part.len() as u64),
            PrintSource::Old(place) => stream.write_from(old, place),
        });
    }
    stream.write(end.as_bytes());
    stream.close().map_err(one)?;
    Ok(places)
}

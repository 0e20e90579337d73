//! `haechi check`

use super::arguments::{Check, ReportKind};
use super::bless::{print_difference, write};
use super::messages::on_github;
use super::targets::load_with;
use super::{Exit, print_message, print_problems};
use crate::book::{Book, Untrusted};
use crate::check::{self, Checked, Finding, LinkPlace};
use crate::messages::{Message, check as messages, count};
use crate::text::{Problem, printable};

/// So many links that are not judged are named where they are only counted.
const NAMED: usize = 3;

/// Looks for what a reader would stumble on, without running anything.
pub(super) fn check(options: &Check) -> Exit {
    match checked(options) {
        Ok(exit) => exit,
        Err(problem) => {
            print_problems(&[problem]);
            Exit::Usage
        }
    }
}

fn checked(options: &Check) -> Result<Exit, Problem> {
    let book = match load_with(&options.book, options.trust, Untrusted::LeaveOut) {
        Ok(book) => book,
        Err(exit) => return Ok(exit),
    };
    let Checked { mut findings, outside, external, uncertain } = check::check(&book);
    let mut notes = notes(&book, options);
    notes.extend(links_note(&outside, &messages::outside(), options.outside));
    notes.extend(links_note(&uncertain, &messages::uncertain(), options.outside));
    if options.external {
        let cache = crate::files::cache_folder().map(|folder| folder.join("links.json"));
        let asked = check::ask(&external, cache)?;
        notes.extend(external_notes(&asked));
        findings.extend(asked.findings);
    }
    let fixed = if options.fix { fix(&book, &mut findings, options)? } else { 0 };
    for (kind, file) in &options.report {
        let text = match kind {
            ReportKind::Sarif => check::sarif(&findings),
            ReportKind::Github => check::annotations(&findings),
            _ => check::json(&findings),
        };
        std::fs::write(file, text).map_err(|error| Problem::cannot_write(file, &error))?;
    }
    if options.json {
        tell!("{}", check::json(&findings));
    } else {
        show(&book, &findings, &notes, fixed, options);
    }
    Ok(if findings.is_empty() { Exit::Good } else { Exit::Findings })
}

fn show(book: &Book, findings: &[Finding], notes: &[Message], fixed: usize, options: &Check) {
    let problems: Vec<Problem> = findings.iter().map(|finding| finding.problem.clone()).collect();
    print_problems(&problems);
    if on_github() {
        tell!("{}", check::annotations(findings));
    }
    notes.iter().for_each(print_message);
    let fixable = findings.iter().filter(|finding| finding.fix.is_some()).count();
    let fix = match (options.fix, fixable) {
        (true, _) if options.dry_run => messages::would_be_fixed(fixed),
        (true, _) => messages::fixed(fixed),
        (false, 0) => Message::default(),
        (false, _) => messages::fixable(fixable),
    };
    let checked = messages::checked(count::pages(book.pages.len()), count::findings(findings.len()));
    print_message(&Message::joined([checked, fix], ""));
}

/// What is to be known of a book besides its findings.
fn notes(book: &Book, options: &Check) -> Vec<Message> {
    let mut notes = Vec::new();
    if !book.left_out.is_empty() {
        notes.push(messages::left_out(book.left_out.join("`, `")));
    }
    if options.unsupported {
        print_problems(&book.unsupported);
    } else if !book.unsupported.is_empty() {
        notes.push(match book.unsupported.len() {
            1 => messages::one_unsupported(),
            count => messages::unsupported(count),
        });
    }
    notes
}

/// Links that are not judged, each or counted.
fn links_note(links: &[LinkPlace], state: &Message, listed: bool) -> Vec<Message> {
    if listed {
        let line = |link: &LinkPlace| {
            let at = link.source.position(link.range.start);
            let place = format!("{}:{}:{}", link.source.path.display(), at.line, at.column);
            messages::link_at(state, printable(&place), printable(&link.url))
        };
        return links.iter().map(line).collect();
    }
    let Some(first) = links.first() else { return Vec::new() };
    let mut names = vec![first.url.as_str()];
    for link in links {
        if names.len() < NAMED && !names.contains(&link.url.as_str()) {
            names.push(&link.url);
        }
    }
    let more = if links.len() > names.len() { ", …" } else { "" };
    let names = printable(&format!("{}{more}", names.join(", ")));
    vec![match links.len() {
        1 => messages::one_link(state, names),
        count => messages::links(count, state, names),
    }]
}

fn external_notes(asked: &check::External) -> Vec<Message> {
    let mut notes = vec![messages::external(count::links(asked.asked), asked.cached, asked.examples)];
    notes.extend(asked.unknown.iter().map(|(url, why)| messages::unknown(url, why)));
    notes
}

/// Writes what has one possible fix, or shows it; what is fixed is not a finding any more.
fn fix(book: &Book, findings: &mut Vec<Finding>, options: &Check) -> Result<usize, Problem> {
    let pages = check::fixed_pages(book, findings);
    for fixed in &pages {
        let source = &book.pages[fixed.page].source;
        if !options.dry_run {
            write(&source.path, source.written(), &fixed.text)?;
        }
        // Standard output is the report's where a machine reads it.
        if options.json {
            continue;
        }
        if options.dry_run {
            print_difference(&source.path, source.written(), &fixed.text);
        } else {
            print_message(&messages::links_fixed(source.path.display(), count::links(fixed.count)));
        }
    }
    if !options.dry_run {
        findings.retain(|finding| finding.fix.is_none());
    }
    Ok(pages.iter().map(|fixed| fixed.count).sum())
}

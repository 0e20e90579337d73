//! Directives that cannot work where they stand.

use super::block::Block;
use super::directive::Request;
use crate::text::{ByteRange, Problem, Source};

/// Directives that have no effect where they stand.
pub(super) fn misplaced(source: &Source, blocks: &[Block]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let has_command = blocks.iter().any(|block| match block {
        Block::Fence(fence) | Block::Indented(fence) => fence.may_run(),
        Block::Directive(directive) => matches!(directive.request, Request::Run(_)),
    });
    // What is only for the site and for prose does not run.
    let is_step = |block: &Block| match block {
        Block::Fence(_) | Block::Indented(_) => true,
        Block::Directive(directive) => {
            !matches!(directive.request, Request::Tabs | Request::EndTabs | Request::Allow(_))
        }
    };
    for (at, block) in blocks.iter().enumerate() {
        let Block::Directive(directive) = block else { continue };
        let problem = match &directive.request {
            Request::Continues(_) if blocks[..at].iter().any(is_step) => {
                Problem::new("`continues` must come before every block and every other directive")
                    .help("write it once, at the top of the page")
            }
            Request::Secret(_) if !has_command => {
                Problem::new("no command of this page can ask for this secret")
            }
            _ => continue,
        };
        problems.push(problem.at(source, directive.range.clone()));
    }
    problems
}

/// Groups of tabs that do not end, or end what has not begun.
pub(super) fn tabs_left_open(source: &Source, blocks: &[Block]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut open: Option<ByteRange> = None;
    for block in blocks {
        let Block::Directive(directive) = block else { continue };
        match (&directive.request, &open) {
            (Request::Tabs, None) => open = Some(directive.range.clone()),
            (Request::Tabs, Some(_)) => problems.push(
                Problem::new("tabs stand inside tabs")
                    .help("end the ones before with <!-- haechi: end tabs -->")
                    .at(source, directive.range.clone()),
            ),
            (Request::EndTabs, Some(_)) => open = None,
            (Request::EndTabs, None) => {
                problems.push(Problem::new("no tabs are open here").at(source, directive.range.clone()));
            }
            _ => {}
        }
    }
    problems.extend(open.map(|range| {
        Problem::new("these tabs do not end")
            .help("write <!-- haechi: end tabs --> behind the last of them")
            .at(source, range)
    }));
    problems
}

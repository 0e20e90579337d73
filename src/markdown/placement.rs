//! Directives that cannot work where they stand.

use super::block::Block;
use super::directive::Request;
use crate::messages::markdown as messages;
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
                Problem::new(messages::continues_first()).help(messages::continues_once())
            }
            Request::Secret(_) if !has_command => {
                Problem::new(messages::useless_secret()).help(messages::useless_secret_help())
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
                Problem::new(messages::nested_tabs())
                    .help(messages::nested_tabs_help())
                    .at(source, directive.range.clone()),
            ),
            (Request::EndTabs, Some(_)) => open = None,
            (Request::EndTabs, None) => {
                let problem = Problem::new(messages::no_open_tabs()).help(messages::no_open_tabs_help());
                problems.push(problem.at(source, directive.range.clone()));
            }
            _ => {}
        }
    }
    problems.extend(open.map(|range| {
        Problem::new(messages::endless_tabs()).help(messages::endless_tabs_help()).at(source, range)
    }));
    problems
}

//! A run as data: what the reports for machines are written from, and what the parts of a shared run
//! are put together from.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::Page;
use super::summary::Summary;
use crate::messages::report as messages;
use crate::text::{Problem, is_printable};
use crate::verify::{PageResult, Shard};

/// The version of the format; it grows when a reader must change.
const FORMAT: u32 = 1;

/// What came of a run of `haechi verify`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "haechi report")]
pub struct Report {
    /// The version of this format, 1.
    pub format: u32,
    /// The version of haechi that wrote it.
    pub haechi: String,
    /// Whether everything is as the pages say: exit code 0.
    pub good: bool,
    /// The part of the pages that this run had, as in `1/3`; absent for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// The files of all pages of the whole run, in the order of the book; absent where this is the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// How many of what there were.
    pub summary: Summary,
    /// The pages that have steps, in the order of the book.
    pub pages: Vec<Page>,
}

/// Whether there is something to say of a page.
fn has_something(page: &PageResult) -> bool {
    !(page.steps.is_empty() && page.problems.is_empty() && page.scenario.not_run.is_empty())
}

impl Report {
    /// The report of a run.
    pub fn of(results: &[PageResult], good: bool) -> Self {
        let pages: Vec<Page> = results.iter().filter(|page| has_something(page)).map(Page::of).collect();
        Self {
            format: FORMAT,
            haechi: env!("CARGO_PKG_VERSION").into(),
            good,
            shard: None,
            order: Vec::new(),
            summary: Summary::of(&pages),
            pages,
        }
    }

    /// The same as the report of a part; `order` are the files of all pages of the whole run.
    #[must_use]
    pub fn of_shard(mut self, shard: Shard, order: Vec<String>) -> Self {
        if shard != Shard::WHOLE {
            self.shard = Some(format!("{}/{}", shard.number, shard.of));
            self.order = order;
        }
        self
    }

    /// Reads a report that `--report json=FILE` wrote.
    ///
    /// # Errors
    /// When it is none, with the place in it.
    pub fn read(name: &str, text: &str) -> Result<Self, Problem> {
        let report: Self = serde_json::from_str(text).map_err(|error| {
            Problem::new(messages::not_a_report(name, error)).help(messages::name_reports())
        })?;
        if report.format != FORMAT {
            return Err(Problem::new(messages::other_format(name, report.format, FORMAT))
                .help(messages::other_format_help()));
        }
        Ok(report)
    }

    /// Puts the reports of the parts of a run together.
    ///
    /// # Errors
    /// When a page is in two of them or in none, or a part is missing.
    pub fn merge(parts: Vec<(String, Self)>) -> Result<Self, Problem> {
        check_shards(&parts)?;
        let order = common_order(&parts)?;
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut good = true;
        let mut pages = Vec::new();
        for (name, part) in parts {
            for page in &part.pages {
                if let Some(before) = seen.insert(page.file.clone(), name.clone()) {
                    return Err(Problem::new(messages::page_twice(&page.file, before, name))
                        .help(messages::merge_once()));
                }
            }
            good &= part.good && !part.pages.iter().any(Page::is_bad);
            pages.extend(part.pages);
        }
        // Where something is false, pages may have been left out on purpose (`--fail-fast`).
        if let Some(page) = order.iter().find(|page| good && !seen.contains_key(*page)) {
            return Err(Problem::new(messages::page_in_none(page)).help(messages::same_checkout()));
        }
        let place = |page: &Page| order.iter().position(|file| *file == page.file).unwrap_or(order.len());
        pages.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.file.cmp(&b.file)));
        Ok(Self {
            format: FORMAT,
            haechi: env!("CARGO_PKG_VERSION").into(),
            good,
            shard: None,
            order: Vec::new(),
            summary: Summary::of(&pages),
            pages,
        })
    }

    /// The report as JSON.
    pub fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .expect("a report has only text for keys");
        escaped(text)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> String {
        let schema = schemars::schema_for!(Self);
        serde_json::to_string_pretty(&schema).map(|text| text + "\n").expect("a schema is JSON")
    }
}

/// The order of the pages, which the parts of a run have in common.
fn common_order(parts: &[(String, Report)]) -> Result<Vec<String>, Problem> {
    let mut known: Option<(&str, &[String])> = None;
    for (name, part) in parts.iter().filter(|(_, part)| part.shard.is_some()) {
        match known {
            Some((before, order)) if order != part.order => {
                return Err(Problem::new(messages::other_pages(name, before)).help(messages::merge_once()));
            }
            _ => known = Some((name, &part.order)),
        }
    }
    Ok(known.map_or_else(Vec::new, |(_, order)| order.to_vec()))
}

/// Whether the parts of a shared run are all there; reports of whole runs are parts of none.
fn check_shards(parts: &[(String, Report)]) -> Result<(), Problem> {
    const MOST_NAMED: usize = 8;
    let mut there = HashSet::new();
    let mut all = None;
    for (name, shard) in parts.iter().filter_map(|(name, part)| Some((name, part.shard.as_deref()?))) {
        let Some(part) = Shard::parse(shard) else {
            return Err(
                Problem::new(messages::not_a_part(name, format!("{shard:?}"))).help(messages::name_reports())
            );
        };
        if *all.get_or_insert(part.of) != part.of {
            return Err(Problem::new(messages::other_run(name, shard)).help(messages::merge_once()));
        }
        there.insert(part.number);
    }
    let of = all.unwrap_or(0);
    let missing = (1..=of).filter(|number| !there.contains(number)).take(MOST_NAMED);
    let missing: Vec<String> = missing.map(|number| format!("{number}/{of}")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let named = missing.join(", ");
    let message = match of - there.len() > missing.len() {
        true => messages::missing_parts_and_more(named),
        false => messages::missing_parts(named),
    };
    Err(Problem::new(message).help(messages::missing_parts_help()))
}

/// JSON that may be printed to a terminal: characters that would speak to it are written as their
/// numbers. Such stand in strings alone, where that means the same.
pub(crate) fn escaped(json: String) -> String {
    let speaks = |c: char| c != '\n' && !is_printable(c);
    if !json.contains(speaks) {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if speaks(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Step;

    fn part(page: &str, shard: &str) -> (String, Report) {
        let pages = vec![Page {
            page: page.into(),
            file: page.into(),
            engine: "28".into(),
            images: Vec::new(),
            seconds: Some(1.0),
            stale: false,
            snippets: 1,
            commands: 0,
            unverified: 0,
            not_run: Vec::new(),
            steps: Vec::new(),
        }];
        let summary = Summary::of(&pages);
        let report = Report {
            format: FORMAT,
            haechi: "0".into(),
            good: true,
            shard: Some(shard.into()),
            order: Vec::new(),
            summary,
            pages,
        };
        (format!("{page}.json"), report)
    }

    #[test]
    fn parts_are_whole_or_an_error() {
        let whole =
            Report::merge(vec![part("b", "2/2"), part("a", "1/2")]).map(|report| report.summary.pages);
        assert_eq!(whole.map_err(|problem| problem.to_string()), Ok(2));
        let missing = Report::merge(vec![part("a", "1/3"), part("b", "3/3")]);
        assert!(missing.is_err_and(|problem| problem.to_string().contains("2/3")));
        let twice = Report::merge(vec![part("a", "1/2"), part("a", "2/2")]);
        assert!(twice.is_err_and(|problem| problem.to_string().contains("a is in a.json and in a.json")));
    }

    #[test]
    fn merged_pages_have_the_order_of_the_book_and_are_all_there() {
        let order = vec!["z".to_owned(), "a".to_owned(), "m".to_owned()];
        let parts = |pages: &[(&str, &str)]| -> Vec<(String, Report)> {
            let part = |(page, shard): &(&str, &str)| {
                let (name, report) = part(page, shard);
                (name, Report { order: order.clone(), ..report })
            };
            pages.iter().map(part).collect()
        };
        let merged = Report::merge(parts(&[("m", "2/3"), ("a", "3/3"), ("z", "1/3")])).unwrap();
        assert_eq!(merged.pages.iter().map(|page| &*page.page).collect::<Vec<_>>(), ["z", "a", "m"]);
        let lacking = Report::merge(parts(&[("m", "1/2"), ("z", "2/2")]));
        assert!(lacking.is_err_and(|problem| problem.to_string().contains("a is in none")));
        let mut others = parts(&[("m", "1/2"), ("z", "2/2")]);
        others[1].1.order.pop();
        assert!(Report::merge(others).is_err_and(|problem| problem.to_string().contains("another run")));
    }

    #[test]
    fn what_is_no_part_is_an_error() {
        for shard in ["", "x", "0/0", "3/2", "1/18446744073709551616", "-1/2"] {
            let merged = Report::merge(vec![part("a", shard), part("b", "1/1")]);
            assert!(merged.is_err_and(|problem| problem.to_string().contains("a.json")), "{shard}");
        }
        let of_two_runs = Report::merge(vec![part("a", "1/2"), part("b", "2/2"), part("c", "1/1")]);
        assert!(of_two_runs.is_err_and(|problem| problem.to_string().contains("c.json")));
    }

    #[test]
    fn many_missing_parts_are_not_all_named() {
        let merged = Report::merge(vec![part("a", "1/18446744073709551615")]);
        assert!(merged.is_err_and(|problem| problem.to_string().contains("9/18446744073709551615 and more")));
    }

    #[test]
    fn a_report_that_calls_itself_good_is_not_believed() {
        let (name, mut report) = part("a", "1/1");
        report.pages[0].steps = vec![Step::of_evidence("false")];
        let merged = Report::merge(vec![(name, report)]).unwrap();
        assert!(!merged.good && merged.summary.failed == 1);
    }

    #[test]
    fn no_figure_is_too_large_to_be_added() {
        let parts = ["1/2", "2/2"].map(|shard| {
            let (name, mut report) = part(shard, shard);
            report.pages[0].commands = usize::MAX;
            report.pages[0].snippets = usize::MAX;
            (name, report)
        });
        let merged = Report::merge(parts.into()).unwrap();
        assert_eq!((merged.summary.commands, merged.summary.snippets), (usize::MAX, usize::MAX));
        let summary = Summary { commands: 2, commands_run: usize::MAX, ..merged.summary };
        assert_eq!(summary.coverage(), 100);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let (_, mut report) = part("a", "1/1");
        report.pages[0].page = "a\u{1b}[2J\u{9b}\u{202e}\u{e0041}가".into();
        let speaks = |c: char| c != '\n' && !is_printable(c);
        assert!(!report.json().contains(speaks), "{}", report.json());
        assert_eq!(Report::read("x", &report.json()).ok(), Some(report));
        assert!(Report::read("x", "{}").is_err());
    }
}

//! Links to other sites: in go the places of a book's links, out comes what each address answers.
//!
//! Asked politely: each address once, one host at a time with a pause between, `HEAD` before `GET`, and
//! not again for a week once it answered well.

mod ask;
mod cache;
mod host;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use url::Url;

use super::finding::{Finding, Rule};
use super::links::LinkPlace;
use crate::messages::check as messages;
use crate::text::Problem;
pub use ask::Answer;
use ask::Client;
use cache::Cache;
use host::is_example;

/// So many hosts are asked side by side.
const HOSTS: usize = 8;
/// What lies between two requests to one host.
const PAUSE: Duration = Duration::from_millis(500);

/// What came of asking.
#[derive(Debug, Default)]
pub struct External {
    /// How many addresses were asked or known from before.
    pub asked: usize,
    /// How many of these were known to be good from before.
    pub cached: usize,
    /// How many were not asked, since they are examples or of this machine's own network.
    pub examples: usize,
    /// A finding for each link to an address that is gone.
    pub findings: Vec<Finding>,
    /// The addresses whose host did not say, each with why.
    pub unknown: Vec<(String, String)>,
}

/// Asks where links to other sites lead. `cache` is the file of what answered well before.
///
/// # Errors
/// When nothing at all can be reached.
pub fn ask(places: &[LinkPlace], cache: Option<PathBuf>) -> Result<External, Problem> {
    let mut by_url: BTreeMap<String, Vec<&LinkPlace>> = BTreeMap::new();
    let mut result = External::default();
    for place in places {
        match address(&place.url) {
            Some(url) => by_url.entry(url.to_string()).or_default().push(place),
            None => result.examples += 1,
        }
    }
    let mut cache = Cache::read(cache);
    let wanted = by_url.keys().filter(|url| !cache.is_good(url)).cloned().collect::<Vec<_>>();
    (result.asked, result.cached) = (by_url.len(), by_url.len() - wanted.len());
    let answers = ask_all(wanted);
    if !answers.is_empty() && answers.iter().all(|(_, answer)| answer.is_unreachable()) {
        let why = answers.first().map(|(_, answer)| answer.why()).unwrap_or_default();
        return Err(Problem::new(messages::offline(why)).help(messages::offline_help()));
    }
    for (url, answer) in answers {
        match &answer {
            Answer::Good => cache.add(&url),
            Answer::Gone(_) | Answer::NoHost => {
                let why = answer.why();
                let found = by_url.get(&url).into_iter().flatten().map(|place| {
                    let problem = Problem::new(messages::gone(&url, &why))
                        .help(messages::gone_help())
                        .at(&place.source, place.range.clone());
                    Finding::new(Rule::External, problem)
                });
                result.findings.extend(found);
            }
            Answer::Unknown(why) | Answer::Unreachable(why) => result.unknown.push((url, why.clone())),
        }
    }
    cache.write()?;
    Ok(result)
}

/// The address without its fragment, if it is one that can be asked.
fn address(url: &str) -> Option<Url> {
    let url = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
    let mut url = Url::parse(&url).ok()?;
    url.set_fragment(None);
    (!is_example(&url)).then_some(url)
}

/// Asks all addresses, those of a host one after another.
fn ask_all(urls: Vec<String>) -> Vec<(String, Answer)> {
    let mut by_host: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for url in urls {
        let host = Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
        by_host.entry(host.unwrap_or_default()).or_default().push(url);
    }
    let workers = HOSTS.min(by_host.len());
    let queue: Mutex<VecDeque<Vec<String>>> = Mutex::new(by_host.into_values().collect());
    let client = Client::new();
    let ask_hosts = || {
        let mut answers = Vec::new();
        while let Some(urls) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
            for (number, url) in urls.into_iter().enumerate() {
                if number > 0 {
                    std::thread::sleep(PAUSE);
                }
                let answer = client.ask(&url);
                answers.push((url, answer));
            }
        }
        answers
    };
    let mut answers: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(ask_hosts)).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    answers.sort_by(|one, other| one.0.cmp(&other.0));
    answers
}

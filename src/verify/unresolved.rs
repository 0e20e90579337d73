//! What earlier steps were to make and could not, since something cannot be had here: what a later step
//! says of it was not found out either. Pure.

use std::sync::LazyLock;

use regex::Regex;

use super::made_name::{MadeName, fetched, is_flag_of_result};
use super::unavailable::lacked_image;
use super::verdict::{Failure, Verdict};
use crate::messages::{Message, verify as messages};
use crate::snippet::{Step, may_open_session};

/// The steps of a page that could not be found out, with what each was to leave behind.
#[derive(Debug, Default)]
pub(super) struct UnresolvedSteps {
    steps: Vec<UnresolvedStep>,
    /// The step that was to open the session in which the page goes on.
    unopened: Option<usize>,
    /// The step that was to change the folder.
    astray: Option<usize>,
    /// The builds that are false.
    unbuilt: Vec<UnresolvedStep>,
}

/// A step that could not be found out.
#[derive(Debug)]
struct UnresolvedStep {
    line: usize,
    /// What it was to make: containers, images, folders, files, by the names that commands use.
    names: Vec<MadeName>,
    /// Whether it was to start a server.
    serves: bool,
}

/// What was judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct JudgedStep<'a> {
    /// The step.
    pub(super) step: &'a Step,
    /// Its line in the page, from 1.
    pub(super) line: usize,
    /// What it left on the screen.
    pub(super) screen: &'a [String],
}

impl UnresolvedSteps {
    /// The verdict, or the one in its place where a step is false only since an earlier one could not be
    /// found out. What this step lacks itself is kept for those that follow.
    pub(super) fn adjust(&mut self, judged: JudgedStep<'_>, verdict: Verdict) -> Verdict {
        let Some(command) = judged.step.shown() else { return verdict };
        let verdict = match &verdict {
            Verdict::Fail(failure) => match self.reason(judged, failure) {
                Some(reason) => Verdict::Error(reason),
                None => verdict,
            },
            Verdict::Error(why) => self.unbuilt(why).map_or(verdict, Verdict::Error),
            _ => verdict,
        };
        if matches!(verdict, Verdict::Fail(_)) && command.contains(" build") {
            self.unbuilt.push(UnresolvedStep::of(judged, command));
        }
        let is_unknown = matches!(verdict, Verdict::Error(_));
        if may_open_session(command) {
            self.unopened = is_unknown.then_some(judged.line);
        }
        if is_change_of_folder(command) {
            self.astray = is_unknown.then_some(judged.line);
        }
        if is_unknown {
            self.steps.push(UnresolvedStep::of(judged, command));
        }
        verdict
    }

    /// The reason in place of one that says of an image of the page's own that it cannot be had.
    fn unbuilt(&self, why: &Message) -> Option<Message> {
        let build = self
            .unbuilt
            .iter()
            .rev()
            .find(|build| build.names.iter().any(|name| name.is_in(why.english())))?;
        Some(messages::goes_on_from_failed(build.line))
    }

    /// Why nothing can be said of a step that seems false.
    fn reason(&self, judged: JudgedStep<'_>, failure: &Failure) -> Option<Message> {
        match failure.root() {
            Failure::Prompt { .. } => {
                let line = self.unopened?;
                return Some(messages::goes_on_from_unknown(line, messages::session_not_open()));
            }
            Failure::Differs(_) | Failure::Exit { .. } | Failure::TimedOut(..) => {}
            _ => return None,
        }
        if let Some(line) = self.astray {
            return Some(messages::goes_on_from_unknown(line, messages::other_folder()));
        }
        let texts = judged.texts(failure);
        let named = self.steps.iter().find_map(|step| {
            let name = step.names.iter().find(|name| texts.iter().any(|text| name.is_in(text)))?;
            Some((step.line, &name.text))
        });
        if let Some((line, name)) = named {
            return Some(messages::goes_on_from_unknown(line, messages::not_there(name)));
        }
        let refused = judged.screen.iter().any(|line| NOBODY_ANSWERS.is_match(line));
        let server = self.steps.iter().rev().find(|step| refused && step.serves)?;
        Some(messages::goes_on_from_unknown(server.line, messages::nothing_answers_at_address()))
    }
}

/// What a client says of an address of this machine at which nothing answers.
static NOBODY_ANSWERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:connect|connection).*(?:localhost|127\.0\.0\.1|0\.0\.0\.0|172\.\d+\.\d+\.\d+|::1)")
        .expect("the expression is constant")
});

/// What a program says of something that it does not find.
static NOT_THERE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)no such|not found|does not exist|cannot (?:access|stat)")
        .expect("the expression is constant")
});

impl JudgedStep<'_> {
    /// The texts in which a step may name what it needs: its screen, what the page shows, and the command,
    /// unless the screen says that something else is not there.
    fn texts(&self, failure: &Failure) -> Vec<&str> {
        let mut texts: Vec<&str> = self.screen.iter().map(String::as_str).collect();
        let says_what = self.screen.iter().any(|line| NOT_THERE.is_match(line));
        if !(says_what && matches!(failure.root(), Failure::Exit { .. })) {
            texts.extend(self.step.shown());
        }
        texts.extend(
            self.step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.as_str()),
        );
        texts
    }
}

impl UnresolvedStep {
    fn of(judged: JudgedStep<'_>, command: &str) -> Self {
        let words: Vec<&str> =
            command.split_whitespace().map(|word| word.trim_matches(['"', '\'', '\\'])).collect();
        let image = lacked_image(judged.screen);
        let mut names: Vec<MadeName> = image.iter().map(|image| MadeName::image(image)).collect();
        for (at, word) in words.iter().enumerate() {
            let value = match word.split_once('=') {
                Some(("--name" | "--tag" | "--output", value)) => Some(value),
                _ if is_flag_of_result(word, &words) => words.get(at + 1).copied(),
                _ => None,
            };
            names.extend(value.map(MadeName::of));
            names.extend(fetched(word));
        }
        match words.as_slice() {
            [.., "pull", image] => names.push(MadeName::image(image)),
            [.., "clone", _, folder] => names.push(MadeName::of(folder)),
            _ => {}
        }
        let shown = judged.step.expected.iter().flat_map(|expected| &expected.lines);
        let shown = shown.flat_map(|line| line.text.split_whitespace());
        names.extend(shown.filter(|word| is_id(word)).map(MadeName::of));
        names.retain(|name| name.text.len() > 1 && !name.text.starts_with('-'));
        Self { line: judged.line, names, serves: SERVES.is_match(command) }
    }
}

/// What may start a server.
static SERVES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:docker|podman|nerdctl)\b.*\b(?:run|start|up|deploy|create)\b|docker-compose\b.*\bup\b")
        .expect("the expression is constant")
});

/// Whether a word is an ID of the engine.
fn is_id(word: &str) -> bool {
    let hexadecimal = word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    matches!(word.len(), 12 | 64) && hexadecimal && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_change_of_folder(command: &str) -> bool {
    matches!(command.split_whitespace().next(), Some("cd" | "pushd")) && !command.contains("&&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Line;
    use crate::matching::Order;
    use crate::snippet::{Action, Conditions, Expected};

    fn adjust(
        unresolved: &mut UnresolvedSteps,
        line: usize,
        command: &str,
        shown: &str,
        screen: &str,
        verdict: Verdict,
    ) -> Verdict {
        let lines: Vec<Line> = shown.lines().map(|text| Line { text: text.into(), range: 0..0 }).collect();
        let expected = (!shown.is_empty()).then_some(Expected { lines, order: Order::Listed, exit: None });
        let action = Action::Command { text: command.into(), prompt: None };
        let step =
            Step { snippet: Some(0), range: 0..0, action, expected, conditions: Conditions::default() };
        let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
        unresolved.adjust(JudgedStep { step: &step, line, screen: &screen }, verdict)
    }

    fn unknown() -> Verdict {
        Verdict::Error(Message::verbatim("cannot be had"))
    }

    fn failed() -> Verdict {
        Verdict::Fail(Failure::Exit { code: 1, wanted: 0 })
    }

    /// What comes of a step that fails after one that could not be found out.
    fn after(first: (&str, &str, &str), then: (&str, &str, &str)) -> Verdict {
        let mut unresolved = UnresolvedSteps::default();
        adjust(&mut unresolved, 3, first.0, first.1, first.2, unknown());
        adjust(&mut unresolved, 9, then.0, then.1, then.2, failed())
    }

    #[test]
    fn what_goes_on_from_an_unknown_step_is_unknown() {
        for (first, then) in [
            (
                ("docker run -d --name shop acme/shop", "", ""),
                ("docker logs shop", "", "No such container: shop"),
            ),
            (("docker pull acme/shop:2", "", ""), ("docker images", "acme/shop   2   1 MB", "")),
            (
                ("docker run acme/shop", "", "Unable to find image 'acme/shop:latest' locally"),
                ("docker ps -a", "acme/shop", ""),
            ),
            (("docker ps", "CONTAINER ID\n89c9a39c74e4   acme", ""), ("docker stop 89c9a39c74e4", "", "")),
            (("git clone https://git.example/acme/shop.git", "", ""), ("cd shop", "", "")),
            (("curl -Lo tool https://files.example/tool-1", "", ""), ("chmod +x tool", "", "")),
            (("docker build -t shop .", "", ""), ("docker image inspect shop", "", "")),
            (
                ("docker run -d -p 8080:80 acme/shop", "", ""),
                ("curl localhost:8080", "hello", "curl: (7) Failed to connect to localhost:8080"),
            ),
        ] {
            assert!(
                matches!(after(first, then), Verdict::Error(why) if why.english().contains("line 3")),
                "{first:?} {then:?}"
            );
        }
    }

    #[test]
    fn what_has_nothing_to_do_with_it_stays_false() {
        for (first, then) in [
            (
                ("docker run -d --name shop acme/shop", "", ""),
                ("docker logs shop2", "", "No such container: shop2"),
            ),
            (("docker pull acme/shop", "", ""), ("false", "", "")),
            (("git clone https://git.example/acme/shop.git", "", ""), ("cd workshop", "", "")),
            (
                ("curl https://files.example/tool-1", "", ""),
                ("curl localhost:1", "", "Failed to connect to localhost"),
            ),
        ] {
            assert_eq!(after(first, then), failed(), "{first:?} {then:?}");
        }
        let mut unresolved = UnresolvedSteps::default();
        assert_eq!(adjust(&mut unresolved, 3, "docker logs shop", "", "", failed()), failed());
        assert_eq!(adjust(&mut unresolved, 4, "docker rm shop", "", "", failed()), failed());
    }

    #[test]
    fn an_image_that_the_page_did_not_build_is_not_the_mirrors() {
        let mut unresolved = UnresolvedSteps::default();
        adjust(&mut unresolved, 3, "docker build -t shop .", "", "", failed());
        let of_mirror = |image: &str| Verdict::Error(messages::no_image(format!("{image}:latest")));
        let found = adjust(&mut unresolved, 4, "docker run shop", "", "", of_mirror("shop"));
        assert!(matches!(found, Verdict::Error(why) if why.english().contains("line 3, which failed")));
        assert_eq!(
            adjust(&mut unresolved, 5, "docker run yard", "", "", of_mirror("yard")),
            of_mirror("yard")
        );
    }

    #[test]
    fn sessions_and_folders_that_were_not_entered() {
        let prompt = || Verdict::Fail(Failure::Prompt { expected: "/ #".into(), actual: None });
        let mut unresolved = UnresolvedSteps::default();
        assert_eq!(adjust(&mut unresolved, 1, "ls", "", "", prompt()), prompt());
        adjust(&mut unresolved, 2, "docker run -it acme sh", "", "", unknown());
        assert!(matches!(adjust(&mut unresolved, 3, "ls", "", "", prompt()), Verdict::Error(_)));
        adjust(&mut unresolved, 4, "docker run -it other sh", "", "", Verdict::Pass);
        assert_eq!(adjust(&mut unresolved, 5, "ls", "", "", prompt()), prompt());
        adjust(&mut unresolved, 6, "cd shop", "", "", unknown());
        assert!(matches!(adjust(&mut unresolved, 7, "make", "", "", failed()), Verdict::Error(_)));
        adjust(&mut unresolved, 8, "cd /", "", "", Verdict::Pass);
        assert_eq!(adjust(&mut unresolved, 9, "make", "", "", failed()), failed());
    }
}

//! What may explain a step that is false, and what its author may write: the form of a command instead of
//! one, examples that do not go on from each other, what nothing on the page makes, a file that a block
//! seems to contain. Pure.

use std::sync::LazyLock;

use regex::Regex;

use super::screen;
use crate::messages::{Message, verify as messages};
use crate::snippet::{Scenario, Step};
use crate::text::Source;

/// What may explain that a step is false, if its screen says.
pub(super) fn hint(
    source: &Source,
    scenario: &Scenario,
    step: &Step,
    on_screen: &[String],
) -> Option<Message> {
    let command = step.shown()?;
    placeholder(command)
        .map(messages::placeholder)
        .or_else(|| file(source, scenario, step, on_screen))
        .or_else(|| on_screen.iter().find_map(|line| of_line(line, &before(scenario, step))))
}

/// A part of a command that stands for something else: `<name>`, `[OPTIONS]`, `...`.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?:^|[\s=@/:])(?P<a><[A-Za-z][\w.-]*(?: [\w.-]+)*>)|(?:^|\s)(?P<b>\[[A-Z][A-Z_]+(?:\.\.\.|…)?\])|",
        r"(?:^|[\s=])(?P<c>\.\.\.|…)(?:[\s,]|$)"
    ))
});

fn placeholder(command: &str) -> Option<&str> {
    let found = PLACEHOLDER.captures(command)?;
    found.iter().skip(1).flatten().next().map(|found| found.as_str())
}

/// What the engine says of something that is there already.
static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"The container name \x22/?(?P<a>[^\x22]+)\x22 is already in use|with name (?P<b>\S+) already exists|",
        r"(?P<c>\S+): (?:bind: )?address already in use|Bind for (?P<d>\S+) failed: port is already allocated|",
        r"(?P<e>This node) is already part of a swarm"
    ))
});
/// What the engine says of something that is not there.
static NOT_MADE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"No such (?:container|image|object|network|volume|service|plugin|manifest): (?P<a>\S+)|",
        r"network (?P<b>\S+) not found|get (?P<c>\S+): no such volume|plugin \x22?(?P<d>[^\s\x22]+)\x22? not found|",
        r"context \x22(?P<e>[^\x22]+)\x22: context not found|",
        r"(?P<f>This node) is not (?:a swarm manager|part of a swarm)"
    ))
});

/// The commands that the page shows before a step.
fn before<'s>(scenario: &'s Scenario, step: &Step) -> Vec<&'s str> {
    let earlier = scenario.steps.iter().filter(|other| other.range.end <= step.range.start);
    earlier.filter_map(Step::shown).collect()
}

fn of_line(line: &str, before: &[&str]) -> Option<Message> {
    let taken = screen::named(&TAKEN, line).map(messages::taken);
    taken.or_else(|| {
        let name = screen::named(&NOT_MADE, line)
            .filter(|name| !before.iter().any(|command| command.contains(name.as_str())))?;
        Some(match name.as_str() {
            "This node" => messages::no_swarm(),
            name => messages::not_made(name),
        })
    })
}

/// The file that a command did not find.
static NO_FILE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"open (?P<a>[^\s:]+): no such file|(?:[\w./-]+: ){1,2}(?:line \d+: |can't open |cannot open )?(?:file )?['‘]?(?P<b>[^\s:'’]+)['’]?: ",
        r"(?:\[Errno 2\] )?No such file or directory|cannot (?:access|stat) '(?P<c>[^']+)': No such file|",
        r"[Cc]ould not open requirements file: .*'(?P<d>[^']+)'"
    ))
});

/// The block of the page that may be the file that a command did not find, and how to say so.
fn file(source: &Source, scenario: &Scenario, step: &Step, on_screen: &[String]) -> Option<Message> {
    let name = on_screen.iter().find_map(|line| match line.as_str() {
        line if line.contains("failed to read dockerfile") => Some("Dockerfile".to_owned()),
        line if line.starts_with("no configuration file provided") => Some("compose.yaml".to_owned()),
        line if line.contains("no makefile found") => Some("Makefile".to_owned()),
        line => screen::named(&NO_FILE, line).filter(|name| !name.starts_with('/')),
    })?;
    let languages = languages(&name);
    let before = scenario.possible_files.iter().filter(|(_, range)| range.end <= step.range.start);
    let (language, range) = before.rev().find(|(language, _)| languages.contains(&language.as_str()))?;
    let line = source.position(range.start).line;
    Some(messages::maybe_file(language, line, name))
}

/// The languages of the blocks that may contain a file of this name.
fn languages(name: &str) -> &'static [&'static str] {
    let last = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    match last.rsplit('.').next().unwrap_or_default() {
        _ if last.contains("dockerfile") => &["dockerfile", "docker"],
        "makefile" => &["makefile"],
        "yaml" | "yml" => &["yaml", "yml"],
        "json" => &["json"],
        "html" | "htm" => &["html"],
        "py" => &["python"],
        "toml" => &["toml"],
        "conf" | "ini" | "cfg" | "cnf" => &["conf", "ini", "nginx"],
        _ => &[],
    }
}

fn regex(expression: &str) -> Regex {
    Regex::new(expression).expect("the expression is constant")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Verify;
    use crate::markdown::{Document, Extensions};
    use crate::snippet::extract;

    /// The hint for the last command of a page that left this on the screen.
    fn of(page: &str, on_screen: &str) -> Option<String> {
        let source = Source::new("page.md", page);
        let document = Document::parse(&source, Extensions::default());
        let scenario = extract(&source, &document, &Verify::default());
        let screen: Vec<String> = on_screen.lines().map(str::to_owned).collect();
        hint(&source, &scenario, scenario.steps.last().unwrap(), &screen)
            .map(|hint| hint.english().to_owned())
    }

    #[test]
    fn a_block_is_named_only_where_it_may_be_the_file() {
        let page = "```dockerfile\nFROM a\n```\n\n```python\nprint()\n```\n\n```sh\ndocker build .\n```\n";
        let lacks = "ERROR: failed to read dockerfile: open Dockerfile: no such file or directory";
        assert!(
            of(page, lacks)
                .is_some_and(|hint| hint.contains("line 1 ") && hint.contains("{file=Dockerfile}"))
        );
        let lacks = "python3: can't open file 'app/main.py': [Errno 2] No such file or directory";
        assert!(of(page, lacks).is_some_and(|hint| hint.contains("{file=app/main.py}")));
        for other in [
            "bash: /etc/nowhere/all.sql: No such file or directory",
            "bash: cd: shop: No such file or directory",
            "cat: notes.txt: No such file or directory",
        ] {
            assert_eq!(of(page, other), None, "{other}");
        }
        let compose = "```yaml\na: 1\n```\n\n```sh\ndocker compose up\n```\n";
        assert!(
            of(compose, "no configuration file provided: not found")
                .is_some_and(|hint| hint.contains("{file=compose.yaml}"))
        );
    }

    #[test]
    fn forms_differ_from_commands() {
        for (command, name) in [
            ("docker rm <container>", "`<container>`"),
            ("ssh <user>@<host name>", "`<user>`"),
            ("docker run [OPTIONS] IMAGE", "`[OPTIONS]`"),
            ("docker run ... shop", "`...`"),
        ] {
            let hint = of(&format!("```sh\n{command}\n```\n"), "");
            assert!(hint.is_some_and(|hint| hint.contains(name)), "{command}");
        }
        for command in ["sort <in >out", "ls ./...", "[ -f a ]", "cat <<END\nEND"] {
            assert_eq!(of(&format!("```sh\n{command}\n```\n"), ""), None, "{command}");
        }
    }

    #[test]
    fn what_is_there_already_or_was_never_made_is_named() {
        let page = "```sh\ndocker run --name shop acme\n```\n";
        for (line, wanted) in [
            (
                "docker: Error response from daemon: Conflict. The container name \"/shop\" is already in use by container \"c5\".",
                "fresh",
            ),
            ("Error response from daemon: network with name yard already exists", "`yard`"),
            ("Error response from daemon: No such container: shop", "no step before makes `shop`"),
            (
                "Error response from daemon: This node is not a swarm manager. Use \"docker swarm init\"",
                "docker swarm init",
            ),
        ] {
            assert!(of(page, line).is_some_and(|hint| hint.contains(wanted)), "{line}");
        }
        assert_eq!(of(page, "Hello"), None);
        let again = "```sh\ndocker run --name shop acme\ndocker rm shop\n```\n";
        assert_eq!(of(again, "Error response from daemon: No such container: shop"), None);
    }
}

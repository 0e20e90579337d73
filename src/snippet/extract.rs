//! The fence rules: which blocks of a page run, and which hold what they print.

use super::scenario::{Action, Conditions, Expected, Order, Scenario, Snippet, Step};
use super::{Prompt, script};
use crate::config::Verify;
use crate::diagnostic::{Problem, Source};
use crate::markdown::{Block, Document, Fence, Line, Request};

/// Makes the plan of a page's run. Never fails: what is wrong is among the scenario's problems.
pub fn extract(source: &Source, document: &Document<'_>, settings: &Verify) -> Scenario {
    let scenario = Scenario { problems: document.problems.clone(), ..Scenario::default() };
    let mut extraction = Extraction { source, settings, scenario, open: None };
    for (at, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Fence(fence) => {
                let next = document.blocks[at + 1..].iter().find_map(|block| match block {
                    Block::Fence(next) => Some(next),
                    Block::Directive(_) => None,
                });
                extraction.fence(fence, next);
            }
            Block::Directive(directive) => {
                let action = match directive.request.clone() {
                    Request::Run(command) => Action::Hidden(command),
                    Request::Wait(command) => Action::Wait(command),
                    Request::Secret(answer) => Action::Secret(answer),
                    Request::Http(claim) => Action::Http(claim),
                    // They are not for the verifier.
                    Request::Tabs | Request::EndTabs | Request::Allow(_) | Request::Fresh => continue,
                    Request::Continues(page) => {
                        extraction.scenario.continues = Some(page);
                        continue;
                    }
                };
                extraction.directive(action, directive.range.clone());
            }
        }
    }
    extraction.scenario
}

/// What a fence is to the verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Commands, one a logical line.
    Script,
    /// Prompts with commands, and what they print.
    Transcript,
    /// What the last command before it prints.
    Output,
    /// Only shown.
    Shown,
}

struct Extraction<'a> {
    source: &'a Source,
    settings: &'a Verify,
    scenario: Scenario,
    /// The snippet whose last command has no expected block yet, and where its fence ends.
    open: Option<Open>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    snippet: usize,
    end: usize,
}

impl Extraction<'_> {
    fn fence(&mut self, fence: &Fence, next: Option<&Fence>) {
        if let Some(path) = &fence.attributes.file {
            return self.file(fence, path.clone());
        }
        let role = self.role(fence, next);
        match role {
            Role::Shown => {
                self.open = None;
                if fence.attributes.exit.is_some()
                    || fence.attributes.retry.is_some()
                    || fence.attributes.follow
                {
                    self.problem("this block is not run, so its attributes have no effect", fence);
                }
            }
            Role::Output => self.output(fence),
            Role::Script => {
                let snippet = self.snippet(fence);
                let texts: Vec<&str> = fence.lines.iter().map(|line| line.text.as_str()).collect();
                for range in script::commands(&texts) {
                    let text = texts[range.clone()].join("\n");
                    self.command(snippet, fence, &fence.lines[range], text, None);
                }
                self.close(snippet, fence);
            }
            Role::Transcript => self.transcript(fence),
        }
    }

    fn role(&self, fence: &Fence, next: Option<&Fence>) -> Role {
        let first = fence.lines.iter().map(|line| line.text.as_str()).find(|line| !line.trim().is_empty());
        let Some(first) = first else { return Role::Shown };
        match fence.language.as_str() {
            "console" | "shell-session" => Role::Transcript,
            "sh" | "bash" | "shell" => Role::Script,
            "" | "text" | "output" => {
                let typed =
                    |line: &str| Prompt::session(line).is_some_and(|prompt| !prompt.typed.trim().is_empty());
                let banner_first =
                    || self.opens_session(fence) && fence.lines.iter().any(|line| typed(&line.text));
                if !self.scenario.steps.is_empty() && (typed(first) || banner_first()) {
                    return Role::Transcript;
                }
                if fence.language.is_empty() && (self.is_bare_script(fence) || is_echoed(fence, next)) {
                    return Role::Script;
                }
                if self.follows_command(fence) { Role::Output } else { Role::Shown }
            }
            _ => Role::Shown,
        }
    }

    /// Whether the command right before this fence may leave the reader at another program's prompt.
    fn opens_session(&self, fence: &Fence) -> bool {
        let Some(open) = self.open.filter(|_| self.follows_command(fence)) else { return false };
        let command = self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet));
        command.and_then(Step::shown).is_some_and(super::may_open_session)
    }

    /// Whether each logical line of a fence begins with a program named in `bare`.
    fn is_bare_script(&self, fence: &Fence) -> bool {
        let texts: Vec<&str> = fence.lines.iter().map(|line| line.text.as_str()).collect();
        let commands = script::commands(&texts);
        !commands.is_empty()
            && commands.iter().all(|range| {
                let program = texts[range.start].split_whitespace().next().unwrap_or_default();
                self.settings.bare.iter().any(|bare| bare == program)
            })
    }

    /// Whether nothing but blank lines and directives lie between the open command and this fence.
    fn follows_command(&self, fence: &Fence) -> bool {
        let Some(open) = self.open else { return false };
        let mut between = self.source.text.get(open.end..fence.range.start).unwrap_or_default();
        loop {
            // A quote or a list keeps its marks on blank lines.
            between = between.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
            match between.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
                Some((comment, rest)) if comment.trim_start().starts_with("haechi:") => between = rest,
                _ => return between.is_empty(),
            }
        }
    }

    fn snippet(&mut self, fence: &Fence) -> usize {
        self.scenario.snippets.push(Snippet {
            range: fence.range.clone(),
            output: None,
            skip: fence.attributes.skip.clone(),
            commands: 0,
        });
        self.scenario.snippets.len() - 1
    }

    fn command(
        &mut self,
        snippet: usize,
        fence: &Fence,
        lines: &[Line],
        text: String,
        prompt: Option<String>,
    ) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        if let Some(bad) = text.chars().find(|&c| c.is_control() && c != '\n' && c != '\t') {
            let problem =
                Problem::new(format!("the command holds the control character U+{:04X}", u32::from(bad)))
                    .help("take it out: a reader cannot type it");
            self.scenario.problems.push(problem.at(self.source, first.range.start..last.range.end));
            return;
        }
        let follows = super::follows(&text);
        self.scenario.snippets[snippet].commands += 1;
        self.scenario.steps.push(Step {
            snippet: Some(snippet),
            range: first.range.start..last.range.end,
            action: Action::Command { text, prompt },
            expected: None,
            conditions: Conditions {
                timeout: fence.attributes.timeout,
                exit: None,
                retry: fence.attributes.retry,
                terminal: fence.attributes.terminal.clone(),
                alternative: fence.attributes.either.then_some(self.scenario.snippets[snippet].commands - 1),
                follows: fence.attributes.follow || follows,
            },
        });
    }

    /// A fence's exit code is that of its last command; what may come next is its output.
    fn close(&mut self, snippet: usize, fence: &Fence) {
        match self.scenario.steps.last_mut().filter(|step| step.snippet == Some(snippet)) {
            Some(step) => {
                step.conditions.exit = fence.attributes.exit;
                self.open = Some(Open { snippet, end: fence.range.end });
            }
            None => self.open = None,
        }
    }

    fn output(&mut self, fence: &Fence) {
        let Some(open) = self.open.take() else { return };
        self.scenario.snippets[open.snippet].output = Some(fence.range.clone());
        if let Some(step) = self.last_command(open.snippet) {
            step.expected = Some(expected(fence, &fence.lines));
            step.conditions.exit = step.conditions.exit.or(fence.attributes.exit);
        }
    }

    fn last_command(&mut self, snippet: usize) -> Option<&mut Step> {
        self.scenario.steps.iter_mut().rev().find(|step| step.snippet == Some(snippet))
    }

    fn transcript(&mut self, fence: &Fence) {
        let mut exchanges: Vec<Exchange> = Vec::new();
        let mut preface: Vec<Line> = Vec::new();
        let console = matches!(fence.language.as_str(), "console" | "shell-session");
        let mut at = 0;
        while at < fence.lines.len() {
            let text = fence.lines[at].text.as_str();
            let shell = Prompt::shell(text).filter(|_| console);
            let Some(prompt) = shell.or_else(|| Prompt::session(text)) else {
                match exchanges.last_mut() {
                    Some(exchange) => exchange.output.push(fence.lines[at].clone()),
                    None => preface.push(fence.lines[at].clone()),
                }
                at += 1;
                continue;
            };
            if prompt.typed.trim().is_empty() {
                // A prompt with nothing typed is where the command before it leaves the reader.
                match exchanges.last_mut() {
                    Some(exchange) => exchange.output.push(fence.lines[at].clone()),
                    None => preface.push(fence.lines[at].clone()),
                }
                at += 1;
                continue;
            }
            let start = at;
            let mut typed = vec![prompt.typed.trim_end().to_owned()];
            at += 1;
            while let Some(line) = fence.lines.get(at) {
                let more = if shell.is_some() {
                    line.text.strip_prefix("> ")
                } else {
                    Prompt::continued(&line.text).map(|prompt| prompt.typed)
                };
                let Some(more) = more else { break };
                typed.push(more.trim_end().to_owned());
                at += 1;
            }
            exchanges.push(Exchange {
                lines: fence.lines[start..at].to_vec(),
                text: typed.join("\n"),
                prompt: shell.is_none().then(|| prompt.prompt.to_owned()),
                output: Vec::new(),
            });
        }
        if exchanges.is_empty() {
            self.problem("this block shows no prompt, so nothing in it is run", fence);
            self.open = None;
            return;
        }
        if !preface.iter().all(|line| line.text.trim().is_empty()) {
            self.preface(fence, preface);
        }
        let echoed = self.take_echo(&exchanges[0]);
        let snippet = match echoed {
            Some(snippet) => {
                self.scenario.snippets[snippet].output = Some(fence.range.clone());
                snippet
            }
            None => self.snippet(fence),
        };
        for (number, exchange) in exchanges.into_iter().enumerate() {
            if !(number == 0 && echoed.is_some()) {
                self.command(snippet, fence, &exchange.lines, exchange.text, exchange.prompt);
            } else if let Some(step) = self.last_command(snippet) {
                if let Action::Command { prompt, .. } = &mut step.action {
                    *prompt = exchange.prompt;
                }
                step.conditions.timeout = step.conditions.timeout.or(fence.attributes.timeout);
            }
            let silent = exchange.output.iter().all(|line| line.text.trim().is_empty());
            if let Some(step) = self.last_command(snippet).filter(|_| !silent) {
                step.expected = Some(expected(fence, &exchange.output));
            }
        }
        self.close(snippet, fence);
    }

    /// What stands before the first prompt is what the command before the fence printed.
    fn preface(&mut self, fence: &Fence, lines: Vec<Line>) {
        match self.open.filter(|_| self.follows_command(fence)) {
            Some(open) => {
                if let Some(step) = self.last_command(open.snippet) {
                    step.expected = Some(expected(fence, &lines));
                }
            }
            None => self.problem("the lines before the first prompt belong to no command", fence),
        }
    }

    /// The snippet whose last command this transcript repeats, if it does.
    fn take_echo(&mut self, first: &Exchange) -> Option<usize> {
        let open = self.open.take()?;
        let step = self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet))?;
        let same = step.expected.is_none()
            && step.shown().is_some_and(|shown| squeeze(shown) == squeeze(&first.text));
        same.then_some(open.snippet)
    }

    fn file(&mut self, fence: &Fence, path: String) {
        self.open = None;
        let snippet = self.snippet(fence);
        let mut text = String::new();
        for line in &fence.lines {
            text.push_str(&line.text);
            text.push('\n');
        }
        self.scenario.steps.push(Step {
            snippet: Some(snippet),
            range: fence.range.clone(),
            action: Action::File { path, text },
            expected: None,
            conditions: Conditions::default(),
        });
    }

    fn directive(&mut self, action: Action, range: crate::diagnostic::ByteRange) {
        // A secret is typed by the command before it: it must be ready when that command asks.
        let at = match (&action, self.open) {
            (Action::Secret(_), Some(open)) => {
                self.scenario.steps.iter().rposition(|step| step.snippet == Some(open.snippet))
            }
            _ => None,
        };
        let step = Step { snippet: None, range, action, expected: None, conditions: Conditions::default() };
        match at {
            Some(at) => self.scenario.steps.insert(at, step),
            None => self.scenario.steps.push(step),
        }
    }

    fn problem(&mut self, message: &str, fence: &Fence) {
        let end = self.source.text[fence.range.clone()].find('\n').unwrap_or(fence.range.len());
        let range = fence.range.start..fence.range.start + end;
        self.scenario.problems.push(Problem::new(message).at(self.source, range));
    }
}

struct Exchange {
    lines: Vec<Line>,
    text: String,
    prompt: Option<String>,
    output: Vec<Line>,
}

fn expected(fence: &Fence, lines: &[Line]) -> Expected {
    let order = if fence.attributes.unordered { Order::Any } else { Order::Listed };
    Expected { lines: lines.to_vec(), order }
}

/// Whether the next fence is a transcript that begins by echoing what this one holds.
fn is_echoed(fence: &Fence, next: Option<&Fence>) -> bool {
    let Some(next) = next.filter(|next| matches!(next.language.as_str(), "" | "text" | "output")) else {
        return false;
    };
    let own: Vec<&str> = fence.lines.iter().map(|line| line.text.as_str()).collect();
    next.lines
        .first()
        .and_then(|line| Prompt::session(&line.text))
        .is_some_and(|prompt| squeeze(&own.join("\n")) == squeeze(prompt.typed))
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;

    fn plan(text: &str) -> Scenario {
        let source = Source::new("page.md", text);
        let document = Document::parse(&source, Extensions::default());
        extract(&source, &document, &Verify::default())
    }

    fn told(scenario: &Scenario) -> Vec<(String, Vec<String>)> {
        let lines = |expected: &Expected| expected.lines.iter().map(|line| line.text.clone()).collect();
        scenario
            .steps
            .iter()
            .map(|step| (step.label(), step.expected.as_ref().map(lines).unwrap_or_default()))
            .collect()
    }

    fn row(label: &str, lines: &[&str]) -> (String, Vec<String>) {
        (label.to_owned(), lines.iter().map(|&line| line.to_owned()).collect())
    }

    #[test]
    fn a_bare_docker_fence_and_its_output() {
        let found = plan(
            "```\ndocker pull a\ndocker ps\n```\n\n<!-- haechi: wait true -->\n```\nx\ny\n```\n\n```\nx\n```\n",
        );
        assert_eq!(
            told(&found),
            [row("docker pull a", &[]), row("docker ps", &["x", "y"]), row("(wait) true", &[])]
        );
        assert_eq!(found.commands(), 2);
    }

    #[test]
    fn prose_between_parts_output_from_command() {
        assert_eq!(told(&plan("```sh\nls\n```\ntext\n```\nx\n```\n")), [row("ls", &[])]);
    }

    #[test]
    fn a_console_transcript() {
        let found = plan("```console {exit=2}\n$ cat <<E\n> a\n> E\na\n# id\nroot\n$ false\n```\n");
        assert_eq!(told(&found), [row("cat <<E\na\nE", &["a"]), row("id", &["root"]), row("false", &[])]);
        assert_eq!(found.steps[2].conditions.exit, Some(2));
        assert_eq!(found.steps[0].conditions.exit, None);
    }

    #[test]
    fn a_transcript_that_echoes_is_one_step() {
        let found = plan(
            "```\ndocker exec -it wp-db bash\n```\n```\nmysql -u root -p wp\n```\n<!-- haechi: secret pw -->\n\n```\nroot@a9f5b0786995:/# mysql -u root -p wp   \nEnter password: \nWelcome\n\nmysql> show\n    -> databases;\n+--+\nmysql> exit\nBye\n```\n",
        );
        assert_eq!(
            told(&found),
            [
                row("docker exec -it wp-db bash", &[]),
                row("(secret)", &[]),
                row("mysql -u root -p wp", &["Enter password: ", "Welcome", ""]),
                row("show\ndatabases;", &["+--+"]),
                row("exit", &["Bye"]),
            ]
        );
        assert_eq!(found.steps[2].shown(), Some("mysql -u root -p wp"));
        let Action::Command { prompt, .. } = &found.steps[2].action else { panic!() };
        assert_eq!(prompt.as_deref(), Some("root@a9f5b0786995:/# "));
    }

    #[test]
    fn a_transcript_may_begin_with_a_banner() {
        let found = plan(
            "```sh\ndocker exec -it db psql\n```\n\n```text\npsql (15)\n\npostgres=# select\npostgres-# 1;\n 1\n```\n",
        );
        assert_eq!(
            told(&found),
            [row("docker exec -it db psql", &["psql (15)", ""]), row("select\n1;", &[" 1"])]
        );
        let found = plan("```sh\nls\n```\n```text\na\npostgres=# x\n```\n");
        assert_eq!(told(&found), [row("ls", &["a", "postgres=# x"])]);
    }

    #[test]
    fn files_and_what_is_only_shown() {
        let found = plan(
            "```dockerfile {file=app/Dockerfile}\nFROM a\n```\n\n```yaml\na: 1\n```\n\n```\nplain\n```\n",
        );
        assert_eq!(told(&found), [row("(file) app/Dockerfile", &[])]);
        assert!(found.problems.is_empty());
    }

    #[test]
    fn a_control_character_is_not_typed() {
        let found = plan("```sh\necho \u{3}\n```\n");
        assert!(found.steps.is_empty());
        assert!(found.problems[0].message.contains("U+0003"));
    }
}

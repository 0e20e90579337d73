//! The fence rules: which blocks of a page run, and which hold what they print.

mod role;

use super::join::Join;
use super::prompt::{Form, Prompt};
use super::scenario::{Action, Conditions, Expected, NotRun, Order, Scenario, Snippet, Step};
use super::script;
use super::transcript::{self, Dialect, Transcript};
use crate::config::{Fresh, Verify};
use crate::markdown::{Block, Document, Fence, Line, Request};
use crate::text::{ByteRange, Problem, Source};
use role::{FILES, Role};

/// Makes the plan of a page's run. Never fails: what is wrong is among the scenario's problems.
pub fn extract(source: &Source, document: &Document<'_>, settings: &Verify) -> Scenario {
    let scenario = Scenario { problems: document.problems.clone(), ..Scenario::default() };
    let mut extraction = Extraction { source, settings, scenario, open: None };
    let sections = match settings.fresh {
        Fresh::Never => Vec::new(),
        Fresh::Section => document.headings.iter().map(|heading| heading.range.clone()).collect(),
    };
    let mut sections = sections.into_iter().peekable();
    for (at, block) in document.blocks.iter().enumerate() {
        while let Some(section) = sections.next_if(|section| section.start < block.range().start) {
            extraction.fresh(section);
        }
        match block {
            Block::Fence(fence) => {
                let next = document.blocks[at + 1..].iter().find_map(|block| match block {
                    Block::Fence(next) => Some(next),
                    Block::Indented(_) | Block::Directive(_) => None,
                });
                extraction.fence(fence, next);
            }
            Block::Indented(block) => extraction.indented(block),
            Block::Directive(directive) => {
                let action = match directive.request.clone() {
                    Request::Run(command) => Action::Hidden(command),
                    Request::Wait(command) => Action::Wait(command),
                    Request::Secret(answer) => Action::Secret(answer),
                    Request::Http(claim) => Action::Http(claim),
                    Request::Fresh => {
                        extraction.fresh(directive.range.clone());
                        continue;
                    }
                    // They are not for the verifier.
                    Request::Tabs | Request::EndTabs | Request::Allow(_) => continue,
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

struct Extraction<'a> {
    source: &'a Source,
    settings: &'a Verify,
    scenario: Scenario,
    /// The snippet whose last command may have its expected block yet, and where its fence ends.
    open: Option<Open>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    snippet: usize,
    end: usize,
    shows: Shows,
}

/// What the page has shown of the open command's output so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Nothing.
    Nothing,
    /// It stands in the transcript itself.
    InTranscript,
    /// It stood in a block of its own.
    InBlock,
}

impl Extraction<'_> {
    fn fence(&mut self, fence: &Fence, next: Option<&Fence>) {
        let unindented = unindented(fence);
        let fence = unindented.as_ref().unwrap_or(fence);
        if let Some(path) = &fence.attributes.file {
            return self.file(fence, path.clone());
        }
        match self.role(fence, next) {
            Role::Shown => {
                if FILES.contains(&fence.language.as_str()) {
                    self.scenario.possible_files.push((fence.language.clone(), fence.range.clone()));
                }
                self.has_no_effect(fence);
                self.open = None;
            }
            Role::NotRun(reason) => {
                self.has_no_effect(fence);
                let text = texts(fence);
                let commands = script::commands(&text).len().clamp(1, text.len().max(1));
                let commands = if self.looks_like_shell(fence) { commands } else { 1 };
                let range = self.first_line(fence);
                self.scenario.not_run.push(NotRun { range, reason, commands });
                self.open = None;
            }
            Role::SecondOutput => {
                self.problem(
                    "the transcript before this block shows the output already",
                    "keep one of the two, so that one of them is the promise",
                    fence,
                );
                self.open = None;
            }
            Role::Output => self.output(fence),
            Role::Script => self.script(fence),
            Role::Transcript(transcript) => self.transcript(fence, &transcript),
        }
    }

    /// A block of four blanks is run where it shows prompts, and is only shown otherwise.
    fn indented(&mut self, block: &Fence) {
        let transcript = transcript::read(&texts(block), Dialect::Plain, self.after_session(block));
        if let Some(transcript) = transcript {
            self.transcript(block, &transcript);
        }
    }

    /// Attributes of a block that is not run are a mistake that nobody would notice.
    fn has_no_effect(&mut self, fence: &Fence) {
        let attributes = &fence.attributes;
        if attributes.exit.is_some() || attributes.retry.is_some() || attributes.follow || attributes.either {
            self.problem(
                "this block is not run, so its attributes have no effect",
                "give it a shell language, such as `sh`, or take the attributes out",
                fence,
            );
        }
    }

    /// Begins again: what was open is so no longer.
    fn fresh(&mut self, range: ByteRange) {
        self.open = None;
        let begins_so = matches!(self.scenario.steps.last(), None | Some(Step { action: Action::Fresh, .. }));
        if !begins_so {
            self.scenario.steps.push(Step::unseen(Action::Fresh, range));
        }
    }

    fn snippet(&mut self, fence: &Fence) -> usize {
        self.scenario.snippets.push(Snippet {
            range: fence.range.clone(),
            output: None,
            skip: fence.attributes.skip.clone(),
            commands: 0,
            whole: false,
        });
        self.scenario.snippets.len() - 1
    }

    fn script(&mut self, fence: &Fence) {
        let snippet = self.snippet(fence);
        let texts = texts(fence);
        for range in script::commands(&texts) {
            let text = texts[range.clone()].join("\n");
            self.command(snippet, fence, &fence.lines[range], text, None);
        }
        self.close(snippet, fence, Shows::Nothing);
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
                Problem::new(format!("the command contains the control character U+{:04X}", u32::from(bad)))
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
    fn close(&mut self, snippet: usize, fence: &Fence, shows: Shows) {
        match self.scenario.steps.last_mut().filter(|step| step.snippet == Some(snippet)) {
            Some(step) => {
                step.conditions.exit = fence.attributes.exit;
                self.open = Some(Open { snippet, end: fence.range.end, shows });
            }
            None => self.open = None,
        }
    }

    fn output(&mut self, fence: &Fence) {
        let Some(open) = self.open else { return };
        self.open = Some(Open { end: fence.range.end, shows: Shows::InBlock, ..open });
        let snippet = &mut self.scenario.snippets[open.snippet];
        snippet.output = Some(fence.range.clone());
        snippet.whole = snippet.commands > 1;
        if let Some(step) = self.last_command(open.snippet) {
            expect(step, expected(fence, &fence.lines));
            step.conditions.exit = step.conditions.exit.or(fence.attributes.exit);
        }
    }

    fn last_command(&mut self, snippet: usize) -> Option<&mut Step> {
        self.scenario.steps.iter_mut().rev().find(|step| step.snippet == Some(snippet))
    }

    fn transcript(&mut self, fence: &Fence, transcript: &Transcript) {
        let preface: Vec<Line> = fence.lines[..transcript.preface]
            .iter()
            .map(|line| without_margin(line, transcript.indent))
            .collect();
        self.preface(fence, &preface);
        let Some(first) = transcript.exchanges.first() else { return };
        let echoed = self.take_echo(&first.text);
        let snippet = match echoed {
            Some(snippet) => {
                self.scenario.snippets[snippet].output = Some(fence.range.clone());
                snippet
            }
            None => self.snippet(fence),
        };
        let mut shows = Shows::Nothing;
        for (number, exchange) in transcript.exchanges.iter().enumerate() {
            let prompt = Some(exchange.prompt.clone());
            if !(number == 0 && echoed.is_some()) {
                let lines = &fence.lines[exchange.lines.clone()];
                self.command(snippet, fence, lines, exchange.text.clone(), prompt);
            } else if let Some(step) = self.last_command(snippet) {
                if let Action::Command { prompt: own, .. } = &mut step.action {
                    *own = prompt;
                }
                step.conditions.timeout = step.conditions.timeout.or(fence.attributes.timeout);
            }
            let output: Vec<Line> = exchange
                .output
                .iter()
                .map(|&at| without_margin(&fence.lines[at], transcript.indent))
                .collect();
            let silent = output.iter().all(|line| line.text.trim().is_empty());
            shows = if silent { Shows::Nothing } else { Shows::InTranscript };
            if let Some(step) = self.last_command(snippet).filter(|_| !silent) {
                expect(step, expected(fence, &output));
            }
        }
        // A prompt that is left at the end says that nothing was printed.
        self.close(snippet, fence, shows);
    }

    /// What stands before the first prompt is what the command before the fence printed.
    fn preface(&mut self, fence: &Fence, lines: &[Line]) {
        let counts = |line: &Line| !script::is_blank_or_comment(&line.text);
        if !lines.iter().any(counts) {
            return;
        }
        match self.open.filter(|open| open.shows == Shows::Nothing && self.joins(fence, Join::Near)) {
            Some(open) => {
                if let Some(step) = self.last_command(open.snippet) {
                    expect(step, expected(fence, lines));
                }
            }
            None => {
                let range = self.first_line(fence);
                let reason =
                    "the lines before its first prompt belong to no command, and are compared with nothing";
                self.scenario.not_run.push(NotRun { range, reason, commands: 1 });
            }
        }
    }

    /// The snippet whose last command this transcript repeats, if it does.
    fn take_echo(&mut self, first: &str) -> Option<usize> {
        let open = self.open.take()?;
        let step = self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet))?;
        let same =
            step.expected.is_none() && step.shown().is_some_and(|shown| squeeze(shown) == squeeze(first));
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
        let step = Step::unseen(Action::File { path, text }, fence.range.clone());
        self.scenario.steps.push(Step { snippet: Some(snippet), ..step });
    }

    fn directive(&mut self, action: Action, range: ByteRange) {
        // A secret is typed by the command before it: it must be ready when that command asks.
        let at = match (&action, self.open) {
            (Action::Secret(_), Some(open)) => {
                self.scenario.steps.iter().rposition(|step| step.snippet == Some(open.snippet))
            }
            _ => None,
        };
        let step = Step::unseen(action, range);
        match at {
            Some(at) => self.scenario.steps.insert(at, step),
            None => self.scenario.steps.push(step),
        }
    }

    /// The bytes of the line that opens a fence.
    fn first_line(&self, fence: &Fence) -> ByteRange {
        let end = self.source.text[fence.range.clone()].find('\n').unwrap_or(fence.range.len());
        fence.range.start..fence.range.start + end
    }

    fn problem(&mut self, message: &str, help: &str, fence: &Fence) {
        let problem = Problem::new(message).help(help).at(self.source, self.first_line(fence));
        self.scenario.problems.push(problem);
    }
}

/// A transcript all of which is indented, without its indentation: that says nothing of the output.
fn unindented(fence: &Fence) -> Option<Fence> {
    let filled = |line: &&Line| !line.text.trim().is_empty();
    let indent = |line: &Line| line.text.len() - line.text.trim_start_matches(' ').len();
    let first = fence.lines.iter().find(filled)?;
    let width = fence.lines.iter().filter(filled).map(indent).min().filter(|&width| width > 0)?;
    let prompt = Prompt::shell(&first.text[width..]).filter(|prompt| !prompt.typed.trim().is_empty())?;
    let is_comment = prompt.form == Form::Mark('#');
    if fence.attributes.file.is_some()
        || is_comment
        || Dialect::of(&fence.language).is_none_or(|dialect| dialect == Dialect::Output)
    {
        return None;
    }
    let lines = fence.lines.iter().map(|line| match line.text.get(width..) {
        Some(text) => Line { text: text.to_owned(), range: line.range.start + width..line.range.end },
        None => line.clone(),
    });
    Some(Fence { lines: lines.collect(), ..fence.clone() })
}

fn texts(fence: &Fence) -> Vec<&str> {
    fence.lines.iter().map(|line| line.text.as_str()).collect()
}

/// A line of a transcript that is set off by so many blanks, without them.
fn without_margin(line: &Line, margin: usize) -> Line {
    let blanks = line.text.bytes().take(margin).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    Line { text: line.text[blanks..].to_owned(), range: line.range.start + blanks..line.range.end }
}

fn expected(fence: &Fence, lines: &[Line]) -> Expected {
    let order = if fence.attributes.unordered { Order::Any } else { Order::Listed };
    let last = lines.iter().rev().map(|line| line.text.trim_end()).find(|line| !line.is_empty());
    Expected { lines: lines.to_vec(), order, exit: last.and_then(exit_code) }
}

/// Gives a command what it prints. A `^C` at the end is the reader's key: the command goes on until then.
fn expect(step: &mut Step, mut expected: Expected) {
    let last = expected.lines.iter().rposition(|line| !line.text.trim().is_empty());
    let is_typed = step.shown().is_some_and(|text| text.contains("^C"));
    if let Some(last) = last.filter(|&at| expected.lines[at].text.trim_end() == "^C" && !is_typed) {
        step.conditions.follows = true;
        expected.lines.truncate(last);
        if expected.lines.iter().all(|line| line.text.trim().is_empty()) {
            return;
        }
    }
    step.expected = Some(expected);
}

/// The exit code in `[N]`, as cram, scrut and others write it.
fn exit_code(line: &str) -> Option<i32> {
    let digits = line.strip_prefix('[')?.strip_suffix(']')?;
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|code| plain && *code <= 255)
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
        // The second block of output is compared with nothing, and counted so.
        assert_eq!(found.commands(), 3);
    }

    #[test]
    fn prose_between_parts_output_from_command() {
        assert_eq!(told(&plan("```sh\nls\n```\n## Next\n```\nx\n```\n")), [row("ls", &[])]);
    }

    #[test]
    fn a_console_transcript() {
        let found = plan("```console {exit=2}\n$ cat <<E\n> a\n> E\na\n$ id\nroot\n$ false\n```\n");
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
    fn a_transcript_that_is_set_off_is_one() {
        let found = plan("```sh\n  $ a\n  x\n   y\n```\n\nOr:\n\n    $ b\n    z\n\nShown:\n\n    c: 1\n");
        assert_eq!(told(&found), [row("a", &["x", " y"]), row("b", &["z"])]);
        assert_eq!(found.commands(), 2);
    }

    #[test]
    fn a_part_of_the_output_may_be_shown_again() {
        let page = |part: &str| {
            format!(
                "```console\n$ a\nfirst: 1\nsecond: 2\n```\n\nThe output has this:\n\n```console\n{part}\n```\n"
            )
        };
        let found = plan(&page("second: 2"));
        assert!(found.problems.is_empty() && found.not_run.is_empty());
        assert_eq!(told(&found), [row("a", &["first: 1", "second: 2"])]);
        assert_eq!(plan(&page("second: 3")).problems.len(), 1);
    }

    #[test]
    fn what_is_not_run_counts_for_its_commands() {
        let found =
            plan("```\nnpm install\nnpm start\n```\n\n```sh\nls\n```\n\n# A\n\n```\na: 1\nb: 2\nc: 3\n```\n");
        assert_eq!(found.not_run.iter().map(|block| block.commands).collect::<Vec<_>>(), [2, 1]);
        let found = plan("```sh\n> echo a\na\n```\n\n```sh\n> log\n```\n");
        assert_eq!((found.not_run.len(), found.steps.len()), (1, 1));
    }

    #[test]
    fn a_control_character_is_not_typed() {
        let found = plan("```sh\necho \u{3}\n```\n");
        assert!(found.steps.is_empty());
        assert!(found.problems[0].message.contains("U+0003"));
    }
}

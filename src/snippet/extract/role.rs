//! What a fence is to the verifier: commands, output, or only shown.

use std::sync::LazyLock;

use regex::Regex;

use super::extraction::{Extraction, Open, Shows};
use super::lines::{squeeze, texts};
use crate::markdown::Fence;
use crate::messages::{Message, snippet as messages};
use crate::snippet::join::{Join, is_announced, is_label};
use crate::snippet::prompt::{Prompt, may_open_session};
use crate::snippet::scenario::{Action, Step};
use crate::snippet::script;
use crate::snippet::transcript::{self, Dialect, Transcript};

/// What a fence is to the verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Commands, one a logical line.
    Script,
    /// Prompts with commands, and what they print.
    Transcript(Transcript),
    /// What the command before it prints.
    Output,
    /// Only shown.
    Shown,
    /// It looks like commands or output, and is neither run nor compared, for this reason.
    NotRun(Message),
    /// It follows a transcript that shows the output already.
    SecondOutput,
}

/// Languages of other shells.
const OTHER_SHELLS: [&str; 17] = [
    "ash",
    "dash",
    "fish",
    "fish-session",
    "zsh-session",
    "powershell",
    "pwsh",
    "ps1",
    "cmd",
    "bat",
    "batch",
    "csh",
    "tcsh",
    "ksh",
    "nu",
    "nushell",
    "dosbatch",
];

/// Programs by which a block without a language is known to contain commands.
const PROGRAMS: [&str; 44] = [
    "apt",
    "apt-get",
    "brew",
    "bundle",
    "cargo",
    "cd",
    "chmod",
    "choco",
    "composer",
    "conda",
    "cp",
    "curl",
    "dnf",
    "docker",
    "docker-compose",
    "dotnet",
    "echo",
    "export",
    "gem",
    "git",
    "go",
    "gradle",
    "helm",
    "kubectl",
    "make",
    "minikube",
    "mkdir",
    "mvn",
    "npm",
    "npx",
    "pip",
    "pip3",
    "podman",
    "python",
    "python3",
    "rustup",
    "source",
    "ssh",
    "sudo",
    "systemctl",
    "tar",
    "wget",
    "yarn",
    "yum",
];

/// Languages of data that a command may print, where the page says so.
const DATA: [&str; 13] =
    ["yaml", "yml", "toml", "ini", "xml", "html", "csv", "tsv", "diff", "http", "jsonc", "json5", "ndjson"];

/// Languages of files that commands may need.
pub(super) const FILES: [&str; 12] = [
    "dockerfile",
    "docker",
    "yaml",
    "yml",
    "toml",
    "ini",
    "conf",
    "nginx",
    "json",
    "makefile",
    "html",
    "python",
];

impl Extraction<'_> {
    pub(super) fn role(&self, fence: &Fence, next: Option<&Fence>) -> Role {
        let language = fence.language.as_str();
        if OTHER_SHELLS.contains(&language) {
            return Role::NotRun(messages::other_shell());
        }
        let Some(dialect) = Dialect::of(language) else {
            return self.role_of_data(fence);
        };
        if dialect == Dialect::Shell && self.is_labelled_output(fence) {
            return Role::Output;
        }
        let lines = texts(fence);
        if matches!(dialect, Dialect::Plain | Dialect::Output)
            && !self.after_session(fence)
            && begins_at_program(&lines)
        {
            // What stands behind a command claims that the command leads there.
            let claimed =
                self.open.is_some_and(|open| open.shows == Shows::Nothing) && self.joins(fence, Join::Near);
            return match transcript::read(&lines, dialect, true).filter(|_| claimed) {
                Some(transcript) => Role::Transcript(transcript),
                None => Role::NotRun(messages::unopened_program()),
            };
        }
        if let Some(transcript) = transcript::read(&lines, dialect, self.after_session(fence)) {
            return Role::Transcript(transcript);
        }
        let blank = lines.iter().all(|line| line.trim().is_empty());
        match dialect {
            Dialect::Shell if blank => Role::Shown,
            Dialect::Shell if begins_with_continuation(&lines) => {
                Role::NotRun(messages::begins_with_continuation())
            }
            Dialect::Shell if begins_with_unknown_prompt(&lines) => Role::NotRun(messages::unknown_prompt()),
            Dialect::Shell => Role::Script,
            Dialect::Plain if !blank && (self.is_bare_script(fence) || self.is_echoed(fence, next)) => {
                Role::Script
            }
            Dialect::Session | Dialect::Plain | Dialect::Output => self.output_role(fence, dialect, blank),
        }
    }

    /// The role of a block in the language of neither a shell nor plain output.
    fn role_of_data(&self, fence: &Fence) -> Role {
        let language = fence.language.as_str();
        let base = language.split([':', '=', '{', ',']).next().unwrap_or_default();
        if (base != language && matches!(Dialect::of(base), Some(Dialect::Shell | Dialect::Session)))
            || language == "shellscript"
        {
            return Role::NotRun(messages::nearly_a_shell(language));
        }
        let joins = match language {
            "json" => self.joins(fence, Join::Adjacent),
            _ => DATA.contains(&language) && self.is_announced(fence),
        };
        match self.open.filter(|_| joins).map(|open| open.shows) {
            Some(Shows::Nothing) => Role::Output,
            Some(_) if self.is_announced(fence) => Role::NotRun(messages::second_output()),
            _ => Role::Shown,
        }
    }

    /// The role of a block without commands.
    fn output_role(&self, fence: &Fence, dialect: Dialect, blank: bool) -> Role {
        match self.open {
            Some(open) if self.joins(fence, Join::Near) => {
                return match open.shows {
                    Shows::Nothing if dialect == Dialect::Plain && self.is_commands(fence) => {
                        Role::NotRun(messages::no_language())
                    }
                    Shows::Nothing => Role::Output,
                    Shows::InTranscript if !blank && self.repeats(fence, open) => Role::Shown,
                    Shows::InTranscript if self.joins(fence, Join::Adjacent) && !self.is_announced(fence) => {
                        Role::SecondOutput
                    }
                    Shows::InTranscript | Shows::InBlock => Role::NotRun(messages::second_output()),
                };
            }
            Some(open) if open.shows == Shows::Nothing && !blank && dialect != Dialect::Session => {
                return Role::NotRun(messages::far_output());
            }
            _ => {}
        }
        match dialect {
            _ if blank => Role::Shown,
            Dialect::Session => Role::NotRun(messages::no_prompt()),
            Dialect::Plain if self.looks_like_shell(fence) => Role::NotRun(messages::no_language()),
            Dialect::Output if shows_prompt(fence) => Role::NotRun(messages::prompt_in_output()),
            Dialect::Output if matches!(fence.language.as_str(), "output" | "stdout" | "stderr") => {
                Role::NotRun(messages::lone_output())
            }
            _ => Role::Shown,
        }
    }

    /// Whether a block shows a part of what the open command's transcript shows already.
    fn repeats(&self, fence: &Fence, open: Open) -> bool {
        let step = self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet));
        let expected = step.and_then(|step| step.expected.as_ref());
        let parts = fence.lines.iter().map(|line| line.text.trim()).filter(|line| !line.is_empty());
        expected.is_some_and(|expected| {
            parts.into_iter().all(|part| expected.lines.iter().any(|line| has_as_words(&line.text, part)))
        })
    }

    /// Whether a paragraph between the open command and this fence announces output.
    fn is_announced(&self, fence: &Fence) -> bool {
        self.open.is_some_and(|open| {
            is_announced(self.source.text.get(open.end..fence.range.start).unwrap_or_default())
        })
    }

    /// Whether nothing but the word "output" stands between the open command and this fence.
    fn is_labelled_output(&self, fence: &Fence) -> bool {
        self.open.is_some_and(|open| {
            open.shows == Shows::Nothing
                && is_label(self.source.text.get(open.end..fence.range.start).unwrap_or_default())
        })
    }

    /// Whether a block that a paragraph stands before, which announces nothing, begins with a known program.
    fn is_commands(&self, fence: &Fence) -> bool {
        let program = |line: &str| line.split_whitespace().find(|word| *word != "sudo").map(str::to_owned);
        let open = self.open.and_then(|open| {
            self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet))?.shown()
        });
        let first = fence.lines.iter().map(|line| line.text.as_str()).find(|line| !line.trim().is_empty());
        // A program that is asked for its version may say its own name.
        let asks = open.is_some_and(|command| command.split_whitespace().skip(1).any(is_version));
        let says_its_name = asks && open.and_then(program) == first.and_then(program);
        !self.joins(fence, Join::Adjacent) && self.looks_like_shell(fence) && !says_its_name
    }

    /// Whether a block without a language begins with a program that everybody knows.
    pub(super) fn looks_like_shell(&self, fence: &Fence) -> bool {
        let lines = texts(fence);
        let first = lines.iter().find(|line| !script::is_blank_or_comment(line));
        let word = first.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
        PROGRAMS.contains(&word) || self.settings.bare.iter().any(|bare| bare == word)
    }

    /// Whether the command before this fence may have left the reader at another program's prompt.
    pub(super) fn after_session(&self, fence: &Fence) -> bool {
        let command =
            self.scenario.steps.iter().rev().find(|step| matches!(step.action, Action::Command { .. }));
        let Some(step) = command else { return false };
        let in_session = step.in_session();
        let opens = step.shown().is_some_and(may_open_session);
        in_session || opens || self.echoes_last_command(fence)
    }

    /// Whether a fence begins with a prompt and the very command that is open.
    fn echoes_last_command(&self, fence: &Fence) -> bool {
        let first = fence.lines.iter().map(|line| line.text.as_str()).find(|line| !line.trim().is_empty());
        let (Some(open), Some(prompt)) = (self.open, first.and_then(Prompt::session)) else { return false };
        let step = self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet));
        step.and_then(Step::shown).is_some_and(|shown| squeeze(shown) == squeeze(prompt.typed))
    }

    /// Whether each logical line of a fence begins with a program named in `bare`.
    fn is_bare_script(&self, fence: &Fence) -> bool {
        let texts = texts(fence);
        let commands = script::commands(&texts);
        !commands.is_empty()
            && commands.iter().all(|range| {
                let program = texts[range.start].split_whitespace().next().unwrap_or_default();
                self.settings.bare.iter().any(|bare| bare == program)
            })
    }

    /// Whether the next fence is a transcript that begins by echoing this one.
    fn is_echoed(&self, fence: &Fence, next: Option<&Fence>) -> bool {
        let Some(next) = next.filter(|next| matches!(next.language.as_str(), "" | "text" | "output")) else {
            return false;
        };
        let own = texts(fence).join("\n");
        let first = next.lines.first().and_then(|line| Prompt::session(&line.text));
        first.is_some_and(|prompt| squeeze(&own) == squeeze(prompt.typed))
    }
}

/// Whether a block of output begins with the reader's own prompt and a command.
fn shows_prompt(fence: &Fence) -> bool {
    let first = fence.lines.iter().map(|line| line.text.as_str()).find(|line| !line.trim().is_empty());
    let typed = first.and_then(|line| line.strip_prefix("$ "));
    typed.is_some_and(|typed| {
        typed.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '/' | '~'))
    })
}

/// Whether a word asks a program for its version.
fn is_version(word: &str) -> bool {
    matches!(word, "version" | "--version" | "-version" | "-v" | "-V")
}

/// Whether a line contains this, and not in the midst of a word or a number.
fn has_as_words(line: &str, part: &str) -> bool {
    line.match_indices(part).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        !line[..at].ends_with(joins) && !line[at + part.len()..].starts_with(joins)
    })
}

/// Whether a block begins with something typed at the prompt of a program that is not a shell.
fn begins_at_program(lines: &[&str]) -> bool {
    let first = lines.iter().find(|line| !line.trim().is_empty()).and_then(|line| Prompt::session(line));
    first.is_some_and(|prompt| !prompt.is_shell() && !prompt.typed.trim().is_empty())
}

/// Whether the first command is written behind a prompt of somebody's own, such as `(main)$ `, `~/work$ `, `❯ `.
fn begins_with_unknown_prompt(lines: &[&str]) -> bool {
    static PROMPT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:[~/][\w./~-]* )?[❯➜»λ▶]|(?:\([^()]*\) ?)?(?:[~/][\w./~-]*|[\w.-]+@[\w.-]+|[\w-]+:\S+ \w+)[$%]|\([^()]*\)[$%]) +\S")
            .expect("the expression is constant")
    });
    let first = lines.iter().find(|line| !script::is_blank_or_comment(line));
    first.is_some_and(|line| PROMPT.is_match(line.trim_start()))
}

/// Whether commands are written behind `> `, as no shell's first prompt is. A lone word behind it is a file
/// that is emptied.
fn begins_with_continuation(lines: &[&str]) -> bool {
    let first = lines.iter().find(|line| !script::is_blank_or_comment(line));
    let typed = first.and_then(|line| line.trim_start().strip_prefix("> "));
    typed.is_some_and(|typed| typed.split_whitespace().nth(1).is_some())
}

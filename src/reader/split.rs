//! Which lines of a pasted text are the output of which command.

use std::ops::Range;

use super::lines::is_blank;
use crate::matching::{Actual, Example, typed};
use crate::snippet::Prompt;

/// The output of a command in what was pasted.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// The lines that it printed.
    pub(super) output: Vec<String>,
    /// The words of the command that were typed otherwise; `None` where the command was not pasted.
    pub(super) words: Option<Vec<(Example, Actual)>>,
    /// The prompt that stands behind the output.
    pub(super) prompt: Option<String>,
}

/// A pasted text by commands.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// What belongs to each command, if it is there.
    pub(super) parts: Vec<Option<Part>>,
    /// How many lines belong to none.
    pub(super) ignored: usize,
}

/// What a prompt ends with, or has in it.
const PROMPT_MARKS: [char; 10] = ['$', '#', '%', '>', '❯', '➜', '›', '»', 'λ', '✗'];

/// How many more lines than on the page a terminal may have broken a command into.
const MOST_BROKEN: usize = 6;

/// Splits lines by the commands that stand in them; `None` if none does.
pub(super) fn split(lines: &[String], commands: &[&str]) -> Option<Split> {
    let mut found: Vec<(usize, Typed)> = Vec::new();
    let mut from = 0;
    for (number, command) in commands.iter().enumerate() {
        let wanted = canonical(command);
        let typed = (from..lines.len()).find_map(|at| typed_at(&lines[at..], &wanted, at));
        if let Some(typed) = typed {
            from = typed.lines.end;
            found.push((number, typed));
        }
    }
    let first = found.first()?;
    let mut split = Split { parts: vec![None; commands.len()], ignored: 0 };
    let before = &lines[..first.1.lines.start];
    match first.0.checked_sub(1) {
        // The first lines of what was pasted are the last ones of the command before.
        Some(previous) if before.iter().any(|line| !is_blank(line)) => {
            split.parts[previous] = Some(Part { output: before.to_vec(), ..Part::default() });
        }
        _ => split.ignored += before.iter().filter(|line| !is_blank(line)).count(),
    }
    for (at, (number, typed)) in found.iter().enumerate() {
        let next = found.get(at + 1);
        let end = next.map_or(lines.len(), |(_, next)| next.lines.start);
        let mut output = lines[typed.lines.end..end].to_vec();
        let mut prompt = next.map(|(_, next)| next.prompt.clone());
        if let Some(cut) = output.iter().position(|line| typed.is_prompt(line)) {
            let others = output.split_off(cut);
            prompt = Some(typed.prompt_of(&others[0]));
            let typed_more = |line: &&String| !is_blank(line) && !typed.is_bare(line);
            split.ignored += others.iter().filter(typed_more).count();
        }
        split.parts[*number] = Some(Part { output, words: Some(typed.words.clone()), prompt });
    }
    Some(split)
}

/// Lines without a prompt at their end where nobody has typed yet.
pub(super) fn without_last_prompt(lines: &[String]) -> &[String] {
    let end = lines.iter().rposition(|line| !is_blank(line)).map_or(0, |at| at + 1);
    let is_bare = |line: &String| Prompt::any(line).is_some_and(|prompt| is_blank(prompt.typed));
    match end.checked_sub(1).filter(|&last| is_bare(&lines[last])) {
        Some(last) => &lines[..last],
        None => &lines[..end],
    }
}

/// A command as it was typed.
#[derive(Debug)]
struct Typed {
    lines: Range<usize>,
    prompt: String,
    words: Vec<(Example, Actual)>,
}

impl Typed {
    /// Whether a line begins with the prompt of this command, in whatever folder.
    fn is_prompt(&self, line: &str) -> bool {
        let prompt = self.prompt.trim();
        if let (Some(own), Some(other)) = (Prompt::any(&self.prompt), Prompt::any(line)) {
            return own.form.continues(&other.form);
        }
        let is_glyph = |c: char| !c.is_ascii() && PROMPT_MARKS.contains(&c);
        let own_glyph = prompt.chars().next().filter(|&c| is_glyph(c));
        !prompt.is_empty()
            && (line.trim() == prompt
                || (prompt.len() > 1 && line.starts_with(self.prompt.trim_end()))
                || (own_glyph.is_some() && line.trim_start().chars().next() == own_glyph)
                || (prompt.starts_with("PS ") && line.starts_with("PS ") && line.contains('>')))
    }

    fn prompt_of(&self, line: &str) -> String {
        Prompt::any(line).map_or_else(|| self.prompt.clone(), |prompt| prompt.prompt.to_owned())
    }

    /// Whether nothing was typed behind the prompt of a line.
    fn is_bare(&self, line: &str) -> bool {
        match Prompt::any(line) {
            Some(prompt) => is_blank(prompt.typed),
            None => {
                line.trim() == self.prompt.trim() || (line.starts_with("PS ") && line.trim().ends_with('>'))
            }
        }
    }
}

/// A command with one blank between its words, on one line.
fn canonical(command: &str) -> String {
    command.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The command, if the first of these lines is where it was typed; `start` is the number of that line.
fn typed_at(lines: &[String], wanted: &str, start: usize) -> Option<Typed> {
    let first = lines.first()?;
    let word = wanted.split(' ').next().filter(|word| !word.is_empty())?;
    first.match_indices(word).find_map(|(at, _)| {
        let prompt = &first[..at];
        let may_be_prompt = is_blank(prompt)
            || (prompt.ends_with([' ', '>']) && prompt.contains(PROMPT_MARKS) && prompt.len() < 160);
        if !may_be_prompt {
            return None;
        }
        // A terminal breaks a line where it is full, a person between two words.
        let (mut broken, mut continued) = (first[at..].to_owned(), first[at..].to_owned());
        let most = wanted.len() + 4 * MOST_BROKEN;
        for (count, next) in (1..).zip(lines[1..].iter().map(Some).chain([None])) {
            for text in [&broken, &continued] {
                if let Some(words) = typed(wanted, &canonical(text)) {
                    return Some(Typed { lines: start..start + count, prompt: prompt.to_owned(), words });
                }
            }
            let next = next?;
            if continued.len() > most {
                return None;
            }
            broken.push_str(next);
            continued.push('\n');
            continued.push_str(without_continuation(next));
        }
        None
    })
}

/// A line of a command without the second prompt before it: `> `, or zsh's `dquote> `.
fn without_continuation(line: &str) -> &str {
    match line.split_once('>') {
        Some((name, rest)) if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ') => {
            rest.strip_prefix(' ').unwrap_or(rest)
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, commands: &[&str]) -> Option<(Vec<Option<String>>, usize)> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let split = split(&lines, commands)?;
        let parts = split.parts.into_iter().map(|part| part.map(|part| part.output.join("|"))).collect();
        Some((parts, split.ignored))
    }

    #[test]
    fn commands_stand_behind_any_prompt() {
        for prompt in [
            "$ ",
            "# ",
            "kim@mac ~ % ",
            "kim@pc:~/work$ ",
            "[kim@pc work]$ ",
            "PS C:\\Users\\kim> ",
            "C:\\Users\\kim>",
            "➜  ~ ",
            "➜  work git:(main) ✗ ",
            "(base) kim@mac ~ % ",
            "~/work ❯ ",
            "",
        ] {
            let text =
                format!("{prompt}docker ps\nCONTAINER ID\n{prompt}docker images\nREPOSITORY\n{prompt}\n");
            let wanted = (vec![Some("CONTAINER ID".into()), Some("REPOSITORY".to_owned())], 0);
            let (mut found, ignored) = parts(&text, &["docker ps", "docker images"]).unwrap();
            found.iter_mut().flatten().for_each(|text| *text = text.trim_end_matches('|').to_owned());
            assert_eq!((found, ignored), wanted, "{prompt}");
        }
        assert_eq!(parts("Run 'docker ps' to see\nx", &["docker ps"]), None);
        assert_eq!(parts("CONTAINER ID", &["docker ps"]), None);
    }

    #[test]
    fn other_commands_and_their_output_are_left_out() {
        let text = "$ cd work\n$ docker ps\nA\n$ ls\nb\n$ docker images\nC\n$ ls\nb";
        let found = parts(text, &["docker ps", "docker images"]).unwrap();
        assert_eq!(found, (vec![Some("A".into()), Some("C".into())], 5));
        let found = parts("B\n$ docker images\nC", &["docker ps", "docker images"]).unwrap();
        assert_eq!(found, (vec![Some("B".into()), Some("C".into())], 0));
        let found = parts("$ docker images\nC", &["docker ps", "docker images", "true"]).unwrap();
        assert_eq!(found, (vec![None, Some("C".into()), None], 0));
    }

    #[test]
    fn a_command_may_be_broken_or_go_on() {
        let command = "docker run -d \\\n  --name web nginx";
        for text in [
            "$ docker run -d \\\n>   --name web nginx\nid",
            "$ docker run -d --name web nginx\nid",
            "$ docker run -d --na\nme web nginx\nid",
        ] {
            assert_eq!(parts(text, &[command]), Some((vec![Some("id".into())], 0)), "{text}");
        }
        assert_eq!(
            parts("$ docker logs 4f1\nx", &["docker logs 89c"]),
            Some((vec![Some("x".into())], 0)),
            "another container"
        );
    }

    #[test]
    fn the_prompt_at_the_end_is_no_output() {
        let lines: Vec<String> = ["id", "kim@mac ~ % ", ""].map(str::to_owned).into();
        assert_eq!(without_last_prompt(&lines), ["id"]);
        assert_eq!(without_last_prompt(&lines[..1]), ["id"]);
    }
}

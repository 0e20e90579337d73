//! Whether a block of output belongs to the command before it: what may stand between the two.

/// How close a block of output is to its command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// Nothing but blank lines and comments stands between, or a paragraph that announces output.
    Adjacent,
    /// One short paragraph or a summary stands between.
    Near,
    /// More than that.
    Apart,
}

/// The longest paragraph that may stand between a command and its output, in characters.
const SHORT: usize = 160;

/// Words by which a paragraph announces output.
const ANNOUNCES: [&str; 32] = [
    "output",
    "prints",
    "print ",
    "printed",
    "shows",
    "see ",
    "returns",
    "result",
    "response",
    "displays",
    "looks like",
    "similar",
    "should",
    "gives",
    "answer",
    "says",
    "reports",
    "lists",
    "출력",
    "결과",
    "나옵니다",
    "나타납니다",
    "보입니다",
    "표시",
    "get back",
    "you get",
    "输出",
    "輸出",
    "结果",
    "結果",
    "出力",
    "返回",
];

/// Words by which a paragraph announces a file or something to write.
const WRITES: [&str; 24] = [
    "create",
    "write",
    "save",
    "add ",
    "edit",
    "put ",
    "file",
    "dockerfile",
    "makefile",
    "contents",
    "contain",
    "config",
    "paste",
    "copy",
    "change",
    "replace",
    "structure",
    "layout",
    "directory",
    "만들",
    "작성",
    "저장",
    "파일",
    "추가",
];

/// Whether a paragraph between the end of a command's block and a later block announces output.
pub(super) fn is_announced(between: &str) -> bool {
    join(between) == Join::Adjacent && without_comments(between).chars().any(char::is_alphabetic)
}

/// Whether nothing but the word for output stands there.
pub(super) fn is_label(between: &str) -> bool {
    if join(between) != Join::Adjacent {
        return false;
    }
    let text = without_comments(between).to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    matches!(
        words.as_slice(),
        ["output" | "result" | "prints" | "출력" | "결과" | "输出" | "出力"]
            | ["expected" | "sample" | "example" | "the", "output" | "result"]
            | ["실행" | "출력", "결과"]
    )
}

/// What the text between the end of a command's block and a later block makes of the two.
pub(super) fn join(between: &str) -> Join {
    let text = without_comments(between);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        // A quote keeps its marks on each line.
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>').trim_end();
        if line.is_empty() {
            open = false;
            continue;
        }
        if is_tag(line) {
            continue;
        }
        if is_boundary(line) {
            return Join::Apart;
        }
        match paragraphs.last_mut().filter(|_| open) {
            Some(paragraph) => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            None => paragraphs.push(line.to_owned()),
        }
        open = true;
    }
    match paragraphs.as_slice() {
        [] => Join::Adjacent,
        [one] => of_paragraph(one),
        _ => Join::Apart,
    }
}

fn of_paragraph(text: &str) -> Join {
    let lower = text.to_lowercase();
    let announces = ANNOUNCES.iter().any(|word| lower.contains(word));
    let writes = WRITES.iter().any(|word| begins_a_word(&lower, word));
    match (text.chars().count() <= SHORT, announces, writes) {
        (true, true, false) => Join::Adjacent,
        (true, false, false) => Join::Near,
        (true, true, true) if text.trim_end().ends_with(':') => Join::Near,
        _ => Join::Apart,
    }
}

/// Whether a word begins with this: `output` does not begin with `put`.
fn begins_a_word(text: &str, beginning: &str) -> bool {
    text.match_indices(beginning)
        .any(|(at, _)| !text[..at].ends_with(|before: char| before.is_ascii_alphabetic()))
}

/// A heading, a rule, a table or another block.
fn is_boundary(line: &str) -> bool {
    let rule = line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' '));
    line.starts_with('#')
        || line.starts_with("```")
        || line.starts_with("~~~")
        || line.starts_with('|')
        || rule
}

/// A line of HTML that folds what follows away: `<details>`, `<summary>Output</summary>`.
fn is_tag(line: &str) -> bool {
    let folds = |name: &str| {
        line.strip_prefix('<')
            .map(|rest| rest.trim_start_matches('/'))
            .is_some_and(|rest| rest.starts_with(name) && line.ends_with('>'))
    };
    ["details", "summary", "p>", "br", "div"].into_iter().any(folds)
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_paragraph_a_summary_or_a_comment_may_stand_between() {
        for (between, wanted) in [
            ("\n\n", Join::Adjacent),
            ("\n> \n", Join::Adjacent),
            ("\n<!-- a note -->\n<!-- haechi: wait true -->\n", Join::Adjacent),
            ("\n\nOutput:\n\n", Join::Adjacent),
            ("\n\nThe output is like this:\n\n", Join::Adjacent),
            ("\n\nYou should see this:\n\n", Join::Adjacent),
            ("\n\n결과는 다음과 같습니다.\n\n", Join::Adjacent),
            ("\n<details><summary>Output</summary>\n\n", Join::Adjacent),
            ("\n<details>\n<summary>Click</summary>\n\n", Join::Adjacent),
            ("\n\nAnd then:\n\n", Join::Near),
            ("\n\n## Next\n\n", Join::Apart),
            ("\n\n---\n\n", Join::Apart),
            ("\n\nNow create `app.conf`:\n\n", Join::Apart),
            ("\n\nThis is the Dockerfile:\n\n", Join::Apart),
            ("\n\nThe Dockerfile should have this\n\n", Join::Apart),
            ("\n\nOne.\n\nTwo.\n\n", Join::Apart),
        ] {
            assert_eq!(join(between), wanted, "{between:?}");
        }
        assert_eq!(join(&format!("\n\n{}\n\n", "word ".repeat(50))), Join::Apart);
    }
}

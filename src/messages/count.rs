//! Numbers of things.

use super::Message;

messages! {
    one_page() "1 page" "페이지 1개";
    some_pages(count) "{count} pages" "페이지 {count}개";
    one_snippet() "1 snippet" "스니펫 1개";
    some_snippets(count) "{count} snippets" "스니펫 {count}개";
    one_step() "1 step" "단계 1개";
    some_steps(count) "{count} steps" "단계 {count}개";
    one_finding() "1 finding" "문제 1개";
    some_findings(count) "{count} findings" "문제 {count}개";
    one_link() "1 link" "링크 1개";
    some_links(count) "{count} links" "링크 {count}개";
    one_command() "1 command" "명령 1개";
    some_commands(count) "{count} commands" "명령 {count}개";
    one_error() "1 error" "오류 1";
    some_errors(count) "{count} errors" "오류 {count}";
    one_markdown_file() "1 Markdown file" "Markdown 파일 1개";
    some_markdown_files(count) "{count} Markdown files" "Markdown 파일 {count}개";
}

/// `1 page`, `2 pages`.
pub(crate) fn pages(count: usize) -> Message {
    if count == 1 { one_page() } else { some_pages(count) }
}

/// `1 snippet`, `2 snippets`.
pub(crate) fn snippets(count: usize) -> Message {
    if count == 1 { one_snippet() } else { some_snippets(count) }
}

/// `1 step`, `2 steps`.
pub(crate) fn steps(count: usize) -> Message {
    if count == 1 { one_step() } else { some_steps(count) }
}

/// `1 finding`, `2 findings`.
pub(crate) fn findings(count: usize) -> Message {
    if count == 1 { one_finding() } else { some_findings(count) }
}

/// `1 link`, `2 links`.
pub(crate) fn links(count: usize) -> Message {
    if count == 1 { one_link() } else { some_links(count) }
}

/// `1 command`, `2 commands`.
pub(crate) fn commands(count: usize) -> Message {
    if count == 1 { one_command() } else { some_commands(count) }
}

/// `1 Markdown file`, `2 Markdown files`.
pub(crate) fn markdown_files(count: usize) -> Message {
    if count == 1 { one_markdown_file() } else { some_markdown_files(count) }
}

/// `1 error`, `2 errors`.
pub(crate) fn errors(count: usize) -> Message {
    if count == 1 { one_error() } else { some_errors(count) }
}

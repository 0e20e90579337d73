//! Pages, `SUMMARY.md`, includes and what other programs do with a book.

messages! {
    no_book()
        "give the folder of a book, or a Markdown file; `haechi new DIR` makes a book"
        "책의 디렉터리나 Markdown 파일을 지정하십시오. `haechi new DIR`로 새 책을 만들 수 있습니다";
    no_summary()
        "a book lists its pages in SUMMARY.md, one link a line"
        "책의 페이지는 SUMMARY.md에 한 줄에 링크 하나씩 적습니다";
    no_page()
        "SUMMARY.md names this page; write it, save it as UTF-8, or take the link out"
        "SUMMARY.md에 있는 페이지입니다. 페이지를 쓰거나, UTF-8로 저장하거나, 링크를 지우십시오";
    no_404_page()
        "[output.html] input-404 of book.toml names this page"
        "book.toml의 [output.html] input-404에 적힌 페이지입니다";
    page_outside(path)
        "`{path}` is outside the book's folder"
        "책의 디렉터리 밖에 있습니다: `{path}`";
    page_without_name(path)
        "`{path}` is not a file"
        "파일이 아닙니다: `{path}`";
    page_help()
        "a page is named relative to SUMMARY.md, below its folder"
        "페이지는 SUMMARY.md가 있는 디렉터리를 기준으로 그 아래의 경로로 적으십시오";
    not_utf8(path, byte)
        "{path} is not UTF-8 after byte {byte}"
        "UTF-8이 아닌 내용이 있습니다: {path}, {byte}바이트 다음";
    not_utf8_help()
        "save the file as UTF-8"
        "파일을 UTF-8로 저장하십시오";
    summary(path, reason)
        "{path}: {reason}"
        "읽을 수 없습니다: {path}: {reason}";
    summary_help()
        "SUMMARY.md is a list of links, one chapter a line: `- [Name](file.md)`"
        "SUMMARY.md에는 한 줄에 장 하나씩 링크를 적습니다: `- [이름](file.md)`";

    include_help()
        "the path is relative to the file that includes"
        "경로는 포함하는 파일을 기준으로 적습니다";
    include_outside(path, limit)
        "{path} is outside of {limit}"
        "{path} 파일이 {limit} 밖에 있습니다";
    include_outside_help()
        "a book includes only files of its own repository"
        "책에는 같은 저장소의 파일만 포함할 수 있습니다";
    helper_of_lines(path)
        "a helper of {path} goes over several lines"
        "도우미가 여러 줄에 걸쳐 있습니다: {path}";
    helper_of_lines_help()
        "write `{{#include …}}` in one line: of a file that is included, lines may be left out"
        "포함되는 파일은 일부 줄만 쓰일 수 있으므로 `{{#include …}}`를 한 줄에 적으십시오";
    includes_too_much(path, most)
        "{path} includes files more than {most} times"
        "{path} 페이지가 파일을 {most}번 넘게 포함합니다";
    includes_too_much_help()
        "files that include files several times multiply: include each once"
        "파일이 다른 파일을 여러 번 포함하면 기하급수로 늘어납니다. 한 번씩만 포함하십시오";
    build_dir_outside(path, limit)
        "`build-dir` of book.toml leads out of {limit}: {path}"
        "book.toml의 `build-dir`이 {limit} 밖을 가리킵니다: {path}";
    build_dir_outside_help()
        "say where the site goes with `--dest-dir`"
        "사이트를 만들 곳을 `--dest-dir`로 지정하십시오";
    no_anchor(path, anchor)
        "{path} has no `ANCHOR: {anchor}`"
        "{path} 파일에 `ANCHOR: {anchor}` 주석이 없습니다";
    no_anchor_help()
        "write that comment before the lines to include, and `ANCHOR_END` after them"
        "포함할 줄의 앞에 이 주석을, 뒤에 `ANCHOR_END` 주석을 적으십시오";

    programs(kind, reason)
        "[{kind}] of book.toml: {reason}"
        "book.toml의 [{kind}]를 읽을 수 없습니다: {reason}";
    programs_help()
        "each program is a table with a `command`, as mdBook has it"
        "프로그램마다 mdBook처럼 `command`가 있는 테이블을 적으십시오";
    untrusted(programs)
        "this book wants to run `{programs}` on this machine, and is not trusted"
        "신뢰하지 않는 책이 이 컴퓨터에서 프로그램을 실행하려고 합니다: `{programs}`";
    untrusted_help()
        "read [preprocessor] and [output] in book.toml; then say --trust"
        "book.toml의 [preprocessor]와 [output]을 확인한 다음 --trust를 지정하십시오";
    preprocessor_failed(reason)
        "a preprocessor failed: {reason}"
        "전처리기가 실패했습니다: {reason}";
    preprocessor_failed_help()
        "run it by hand to see why, or take it out of [preprocessor] in book.toml"
        "직접 실행해서 원인을 확인하거나 book.toml의 [preprocessor]에서 지우십시오";
    preprocessor_cycle()
        "the `before` and `after` of the preprocessors form a cycle"
        "전처리기의 `before`와 `after`가 순환합니다";
    preprocessor_cycle_help()
        "take one of them out of [preprocessor] in book.toml"
        "book.toml의 [preprocessor]에서 하나를 지우십시오";
    chapter_added(path)
        "a preprocessor added the chapter {path}, which the site does not have"
        "전처리기가 추가한 장은 사이트에 들어가지 않습니다: {path}";
    chapter_added_help()
        "haechi publishes the chapters that SUMMARY.md names"
        "SUMMARY.md에 있는 장만 사이트에 들어갑니다";
    renderer_failed(name, reason)
        "the renderer `{name}` failed: {reason}"
        "렌더러 `{name}` 실행이 실패했습니다: {reason}";
    renderer_failed_help()
        "run it by hand to see why, or take it out of [output] in book.toml"
        "직접 실행해서 원인을 확인하거나 book.toml의 [output]에서 지우십시오";
}

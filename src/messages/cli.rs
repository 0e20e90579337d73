//! The command line.

messages! {
    progress(done, steps, seconds)
        "{done} of {steps} after {seconds} s"
        "{seconds}초 동안 {steps} 가운데 {done}개";
    more_problems(count)
        "and {count} more of them"
        "이 밖에 {count}개가 더 있습니다";
    more_warnings(count)
        "and {count} more warnings: `haechi check --unsupported` shows them all"
        "경고 {count}개가 더 있습니다. `haechi check --unsupported`로 모두 볼 수 있습니다";
    built(pages, file)
        "{pages} in {file}"
        "{pages}를 만들었습니다: {file}";
    built_with_changes(pages, file, changed)
        "{pages} in {file} ({changed} files changed)"
        "{pages}를 만들었습니다: {file} (바뀐 파일 {changed}개)";
    card(file)
        "the book's card in {file}"
        "책의 카드를 만들었습니다: {file}";
    pdf(file)
        "the book as PDF in {file}"
        "책의 PDF를 만들었습니다: {file}";
    renderer(name)
        "the renderer `{name}` has run"
        "렌더러를 실행했습니다: `{name}`";
    made(folder)
        "made {folder}; next: haechi verify {folder} && haechi serve {folder}"
        "{folder}에 책을 만들었습니다. 다음 명령: haechi verify {folder} && haechi serve {folder}";
    not_empty(folder)
        "{folder} is not empty"
        "비어 있지 않은 디렉터리입니다: {folder}";
    not_empty_help()
        "name a folder that does not exist yet"
        "아직 없는 디렉터리의 이름을 지정하십시오";

    not_from_mdbook(reason)
        "standard input is not a book as mdBook sends it: {reason}"
        "표준 입력이 mdBook이 보낸 책이 아닙니다: {reason}";
    not_from_mdbook_help()
        "mdbook-haechi and mdbook must speak the same protocol, that of mdBook 0.5"
        "mdbook-haechi에는 mdBook 0.5가 필요합니다";
    bad_variable()
        "a variable HAECHI_… cannot be read"
        "HAECHI_… 환경 변수를 읽을 수 없습니다";
    bad_variable_help()
        "see `haechi verify --help`"
        "`haechi verify --help`를 참고하십시오";
    cannot_start(reason)
        "cannot start: {reason}"
        "시작할 수 없습니다: {reason}";
    cannot_start_help()
        "look at the limits of processes and memory of this machine"
        "이 컴퓨터의 프로세스와 메모리 제한을 확인하십시오";

    nothing_matches(filter)
        "no page's path contains `{filter}`, so nothing would be verified"
        "경로에 `{filter}` 문자열이 있는 페이지가 없어서 검증할 것이 없습니다";
    nothing_matches_help()
        "--filter wants a part of a path in the book, as in --filter intro"
        "--filter에는 페이지 경로의 일부를 지정하십시오. 예: --filter intro";
    low_coverage(coverage, wanted)
        "{coverage} % of the commands shown were run, fewer than the {wanted} % asked for"
        "본문의 명령 가운데 {coverage}%만 실행했습니다. 요구한 비율은 {wanted}%입니다";
    low_coverage_help()
        "the skipped blocks above are the ones left out"
        "위에 나온 건너뛴 블록을 확인하십시오";
    no_xml(reason)
        "cannot write the report as XML: {reason}"
        "보고서를 XML로 쓸 수 없습니다: {reason}";
    no_xml_help()
        "write it as JSON: --report json=FILE"
        "JSON으로 쓰십시오: --report json=FILE";
    local_without_trust()
        "--engine local runs the pages' commands on this machine, with no isolation"
        "--engine local은 페이지의 명령을 이 컴퓨터에서 격리 없이 실행합니다";
    local_without_trust_help()
        "read the pages, and add --trust if you would type these commands yourself"
        "페이지를 읽어 보고, 직접 입력해도 괜찮은 명령이면 --trust를 지정하십시오";
    ask_now_and_later(programs)
        "This book wants to run `{programs}` on this machine. Let it, now and later? [y/n] "
        "이 책은 이 컴퓨터에서 `{programs}` 명령을 실행하려고 합니다. 앞으로도 허용하시겠습니까? [y/n] ";
    ask_this_time(programs)
        "This book wants to run `{programs}` on this machine. Let it, this time? [y/n] "
        "이 책은 이 컴퓨터에서 `{programs}` 명령을 실행하려고 합니다. 이번만 허용하시겠습니까? [y/n] ";
    not_remembered(file, reason)
        "cannot remember this in {file}: {reason}"
        "이 답을 저장할 수 없습니다: {file}: {reason}";
    flaky(count, steps)
        "{count} of {steps} did not come out the same each time"
        "{steps} 가운데 {count}개의 결과가 매번 같지는 않았습니다";
    flaky_step(page, step, counts)
        "{page}, step {step}: {counts}"
        "{page}, {step}번째 단계: {counts}";
    nothing_in(folder)
        "{folder} contains neither book.toml nor Markdown files"
        "book.toml도 Markdown 파일도 없는 디렉터리입니다: {folder}";
    nothing_in_help()
        "give the folder of a book, or Markdown files; in a folder, what git ignores is left out"
        "책의 디렉터리나 Markdown 파일을 지정하십시오. 디렉터리에서 git이 무시하는 파일은 제외됩니다";
    no_book_here(instead)
        "no book.toml here: {instead}"
        "book.toml이 없어서 다음을 읽습니다: {instead}";
    readme() "README.md" "README.md";
    below_docs(files) "{files} below docs" "docs 아래의 {files}";
    readme_and_docs(files)
        "README.md and {files} below docs"
        "README.md와 docs 아래의 {files}";
}

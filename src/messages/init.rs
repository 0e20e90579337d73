//! `haechi init`

messages! {
    no_folder(folder)
        "there is no folder {folder}"
        "디렉터리가 없습니다: {folder}";
    no_folder_help()
        "name a folder of the repository; `haechi new DIR` makes a new book"
        "저장소의 디렉터리를 지정하십시오. `haechi new DIR`로 새 책을 만들 수 있습니다";
    nothing_here()
        "there is no README.md, no docs and no book here"
        "README.md, docs, 책 가운데 아무것도 없습니다";
    nothing_here_help()
        "write one, or let `haechi new DIR` make a book to start from"
        "하나를 쓰거나 `haechi new DIR`로 새 책을 만드십시오";
    add_to(path, why) "add to {path}: it {why}" "내용을 추가할 파일: {path} ({why})";
    write(path, why) "write {path}: it {why}" "새로 만들 파일: {path} ({why})";
    makes_a_book()
        "makes a book of SUMMARY.md"
        "SUMMARY.md를 책으로 만듭니다";
    verifies_pushes()
        "verifies every push and pull request, and once a week"
        "푸시와 풀 리퀘스트마다, 그리고 매주 한 번 검증합니다";
    verifies_merge_requests()
        "verifies every merge request and branch"
        "머지 리퀘스트와 브랜치를 모두 검증합니다";
    verifies_commits()
        "verifies the pages of a commit before it is made"
        "커밋하기 전에 커밋할 페이지를 검증합니다";
    ignores()
        "keeps what haechi builds out of the repository; evidence belongs into it"
        "haechi가 만드는 파일을 저장소에서 제외합니다. 증거는 저장소에 넣습니다";
    note(text) "note: {text}" "참고: {text}";
    stays(path)
        "{path} is there and stays as it is"
        "이미 있는 파일은 바꾸지 않습니다: {path}";
    no_ci()
        "no CI service was found: --ci github or --ci gitlab writes its file"
        "CI 서비스를 찾지 못했습니다. --ci github 또는 --ci gitlab을 지정하면 설정 파일을 만듭니다";
    no_action()
        "no CI file: this build of haechi does not know where it is published; --action OWNER/NAME@REF says it"
        "CI 설정 파일을 만들지 않았습니다. 이 haechi가 배포된 곳을 알 수 없습니다. --action OWNER/NAME@REF로 지정하십시오";
    include_in_gitlab()
        "add to .gitlab-ci.yml:  include: [{{ local: .gitlab/haechi.yml }}]"
        ".gitlab-ci.yml에 추가하십시오:  include: [{{ local: .gitlab/haechi.yml }}]";
    hook_without_git()
        "--hook wants a git repository"
        "--hook은 git 저장소에서만 쓸 수 있습니다";
    hook_without_git_help()
        "`git init` makes one"
        "`git init`으로 저장소를 만드십시오";
    add_pre_commit(lines)
        "add below `repos:` of .pre-commit-config.yaml:\n{lines}"
        ".pre-commit-config.yaml의 `repos:` 아래에 추가하십시오:\n{lines}";
    nothing_written() "nothing is written" "아무것도 쓰지 않았습니다";
    top_folder() "the top folder" "최상위 디렉터리";
    found_books(folders) "found a book in {folders}" "책을 찾았습니다: {folders}";
    found_books_and_pages(folders, pages)
        "found a book in {folders}, and {pages}"
        "책과 페이지를 찾았습니다: {folders}, {pages}";
    found_summary(folder)
        "found SUMMARY.md in {folder}, with no book.toml"
        "book.toml 없이 SUMMARY.md만 있습니다: {folder}";
    found_pages(pages) "found {pages}" "페이지를 찾았습니다: {pages}";
    reading(pages, with_commands, commands, runnable)
        "{pages}, {with_commands} with commands: {commands}, {runnable} of them would be run"
        "{pages}, 그중 명령이 있는 페이지 {with_commands}개: {commands}, 그중 실행할 명령 {runnable}개";
    not_run(count, why)
        "  {count} not run: {why}"
        "  실행하지 않는 명령 {count}개: {why}";
    misread(pages)
        "  {pages} with a mistake in a fence or a directive: `haechi verify` shows it"
        "  코드 블록이나 지시문이 잘못된 {pages}: `haechi verify`로 볼 수 있습니다";
    misread_page()
        "the page has a mistake in a fence or a directive"
        "코드 블록이나 지시문이 잘못된 페이지입니다";
    no_terminal()
        "there is no terminal to ask on, so nothing is written"
        "물어볼 터미널이 없어서 아무것도 쓰지 않았습니다";
    no_terminal_help()
        "--yes writes it, --dry-run shows it"
        "--yes를 지정하면 쓰고, --dry-run을 지정하면 보여 주기만 합니다";
    ask_one() "Write this file? [y/n] " "이 파일을 쓰시겠습니까? [y/n] ";
    ask_many(count)
        "Write these {count} files? [y/n] "
        "파일 {count}개를 쓰시겠습니까? [y/n] ";
    next(command) "next: {command}" "다음 명령: {command}";
    then_commit()
        "then commit the files and the folder `evidence`, which says what was seen"
        "그다음 이 파일들과 `evidence` 디렉터리를 커밋하십시오. 실행 결과가 들어 있습니다";
}

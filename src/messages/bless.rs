//! `haechi bless`

messages! {
    rewritten(path, blocks)
        "{path}: {blocks} blocks rewritten"
        "{path}: 블록 {blocks}개를 다시 썼습니다";
    not_in_page()
        "this block is not written in the page: it is included, or a preprocessor made it"
        "포함된 파일의 블록이거나 전처리기가 만든 블록이라서 이 페이지에서 고칠 수 없습니다";
    not_in_page_help()
        "fix it where it comes from"
        "원래 파일에서 고치십시오";
    ask()
        "write this? [y/n/q] "
        "이대로 쓰시겠습니까? [y/n/q] ";
    cannot_ask(reason)
        "cannot ask: {reason}"
        "물어볼 수 없습니다: {reason}";
    cannot_ask_help()
        "run it on a terminal, or without --review"
        "터미널에서 실행하거나 --review 없이 실행하십시오";
    changed(path)
        "{path} has changed since it was read; nothing is written"
        "읽은 뒤에 바뀐 파일이라서 아무것도 쓰지 않았습니다: {path}";
    changed_help()
        "run the command again"
        "명령을 다시 실행하십시오";
}

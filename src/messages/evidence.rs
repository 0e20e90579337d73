//! Evidence: why it does not stand for a run, and why it cannot be written.

messages! {
    unclaimed(file)
        "{file} is evidence that no run of this book was compared with, and the trusted commit does not have it"
        "이 책의 어떤 실행과도 비교하지 않은 증거이고 신뢰하는 커밋에도 없습니다: {file}";
    unclaimed_help()
        "take it out: `haechi verify` writes evidence when its page is run"
        "지우십시오. 증거는 페이지를 실행할 때 `haechi verify`가 씁니다";
    text_changed()
        "the text, a setting or a rule has changed since it was verified"
        "검증한 뒤에 내용, 설정, 규칙 가운데 하나가 바뀌었습니다";
    future()
        "its evidence is not believed: it is dated later than now"
        "증거를 신뢰할 수 없습니다. 날짜가 현재보다 나중입니다";
    unvouched()
        "its evidence is not believed: this machine did not write it, and no trusted commit contains it with this page"
        "증거를 신뢰할 수 없습니다. 이 컴퓨터에서 쓴 것이 아니고, 이 페이지와 함께 신뢰하는 커밋에 들어 있지도 않습니다";
    old()
        "its evidence is older than max-age"
        "증거가 max-age보다 오래되었습니다";
    unreadable() "its evidence cannot be read" "증거를 읽을 수 없습니다";
    never_verified() "it has never been verified" "검증한 적이 없습니다";
    contradicted(file, reason)
        "{file} says something else than the run: {reason}"
        "증거가 실행 결과와 다릅니다: {file}: {reason}";
    of_another_text(file)
        "{file} is new or changed, and is evidence of another text than this page's: commit it as `haechi verify` writes it, or leave it as it was"
        "새로 만들거나 바꾼 증거인데 이 페이지의 내용이 아닙니다: {file}. `haechi verify`가 쓴 그대로 커밋하거나 원래대로 되돌리십시오";
    other_steps(there, here)
        "it has {there} steps and the run {here}"
        "증거의 단계는 {there}개, 실행한 단계는 {here}개입니다";
    other_verdict(step, there, here)
        "step {step} is {there} there and {here} in the run"
        "{step}번째 단계: 증거 {there}, 실행 {here}";
    verdict(word) "`{word}`" "`{word}`";
    verdict_with_exit(word, exit)
        "`{word}` with exit code {exit}"
        "`{word}` (종료 코드 {exit})";

    not_signed(reason)
        "evidence cannot be signed, so it will not be believed later: {reason}"
        "증거에 서명할 수 없어서 나중에 신뢰할 수 없습니다: {reason}";
    not_signed_help()
        "give this user a folder for its state: see XDG_STATE_HOME"
        "이 사용자의 상태 디렉터리를 XDG_STATE_HOME에 지정하십시오";
    no_state_folder()
        "HOME and XDG_STATE_HOME are not set"
        "HOME과 XDG_STATE_HOME이 설정되어 있지 않습니다";
    no_key() "the key cannot be read again" "서명 키를 다시 읽을 수 없습니다";
    no_json(page, reason)
        "cannot write the evidence of {page}: {reason}"
        "증거를 쓸 수 없습니다: {page}: {reason}";
    file_not_signed(file, reason)
        "cannot sign {file}: {reason}"
        "서명할 수 없습니다: {file}: {reason}";
    runs_without()
        "the pages run all the same, without writing evidence"
        "증거를 쓰지 않고 페이지를 실행합니다";
    link(file, link)
        "cannot write {file}: {link} is a link, which could lead out of the book"
        "쓸 수 없습니다: {file}: 책 밖으로 나갈 수 있는 링크입니다: {link}";
    link_help()
        "put a folder in its place"
        "링크 대신 디렉터리를 두십시오";

    no_repository(folder)
        "{folder} is in no git repository, so no ref can be trusted"
        "git 저장소가 아니라서 신뢰할 ref가 없습니다: {folder}";
    no_repository_help()
        "leave --trust-evidence out"
        "--trust-evidence를 빼십시오";
    submodule(folder)
        "{folder} is a submodule, and which commits it has is said by the repository around it"
        "서브모듈이라서 커밋을 바깥 저장소가 정합니다: {folder}";
    submodule_help()
        "verify the book in a clone of its own"
        "따로 복제한 저장소에서 검증하십시오";
    untrusted_ref(name, reason)
        "`{name}` is not a commit that can be trusted: {reason}"
        "신뢰할 수 있는 커밋이 아닙니다: `{name}`: {reason}";
    ref_with_dash()
        "a ref does not begin with `-`"
        "ref는 `-`로 시작할 수 없습니다";
    ref_form()
        "name a branch, a tag or a commit, as in origin/main"
        "브랜치, 태그, 커밋 가운데 하나를 지정하십시오. 예: origin/main";
    no_git(reason) "git does not run: {reason}" "git을 실행할 수 없습니다: {reason}";
    no_git_help() "install git, or leave --trust-evidence out" "git을 설치하거나 --trust-evidence를 빼십시오";
    fetch_first(remote, branch, name)
        "fetch it first: `git fetch --depth 1 {remote} {branch}:refs/remotes/{name}`, or `fetch-depth: 0` for actions/checkout"
        "먼저 가져오십시오: `git fetch --depth 1 {remote} {branch}:refs/remotes/{name}`. actions/checkout에서는 `fetch-depth: 0`을 적으십시오";
    no_such_ref()
        "name a branch, a tag or a commit that this clone has, or fetch it with more depth"
        "이 복제본에 있는 브랜치, 태그, 커밋을 지정하거나 더 깊이 가져오십시오";
    full_ref()
        "write it in full, as in refs/remotes/origin/main"
        "전체 이름으로 적으십시오. 예: refs/remotes/origin/main";
}

//! Verdicts, and what explains them. Evidence has the English text: a change of it changes evidence.

messages! {
    not_run(reason) "not run: {reason}" "실행하지 않았습니다: {reason}";
    misread()
        "not run: something is wrong with the page's blocks or directives"
        "페이지의 코드 블록이나 지시문이 잘못되어 실행하지 않았습니다";
    no_sandbox(reason, help)
        "no sandbox could be made: {reason} ({help})"
        "샌드박스를 만들지 못했습니다: {reason} ({help})";
    other_alternative()
        "another alternative was run"
        "다른 대안을 실행했습니다";
    time_is_up(seconds)
        "the page's time is up ({seconds} s)"
        "페이지의 제한 시간이 지났습니다 ({seconds}초)";
    unasked()
        "nothing asked for this answer; write the directive before the command that asks, or take it out"
        "이 답을 묻는 명령이 없습니다. 지시문을 값을 묻는 명령 앞에 적거나 지우십시오";
    file_not_written(exit)
        "the file could not be written in the sandbox (exit code {exit})"
        "샌드박스에 파일을 쓰지 못했습니다 (종료 코드 {exit})";
    picture_outside(name)
        "the picture {name} would lie outside of the book"
        "그림의 경로가 책 밖입니다: {name}";
    no_proxy(reason)
        "no proxy to the sandbox: {reason}"
        "샌드박스에 연결할 프록시를 만들 수 없습니다: {reason}";
    no_proxy_help()
        "run it again, or without --pictures"
        "다시 실행하거나 --pictures 없이 실행하십시오";
    broke_off(reason)
        "a page's run broke off: {reason}"
        "페이지를 실행하다가 중단되었습니다: {reason}";
    broke_off_help()
        "this is a bug of haechi: please report it with the page"
        "haechi의 버그입니다. 페이지와 함께 알려 주십시오";
    no_page_before(path, name)
        "{path} continues `{name}`, which is not another page of the book"
        "{path} 페이지의 `continues`에 적힌 페이지가 책에 없습니다: `{name}`";
    no_page_before_help()
        "name a page relative to this one, as in `<!-- haechi: continues first.md -->`"
        "이 페이지를 기준으로 적으십시오. 예: `<!-- haechi: continues first.md -->`";

    version(expected, actual)
        "the page says version {expected}, it is {actual}"
        "버전이 바뀌었습니다. 문서: {expected}, 실제: {actual}";
    order(first, second, actual_first, actual_second)
        "the page has {first} before {second} by size, they are {actual_first} and {actual_second}"
        "크기의 순서가 바뀌었습니다. 문서: {first}, {second}. 실제: {actual_first}, {actual_second}";
    second_example(example, line, first)
        "`{example}` is what line {line} of the page calls `{first}`; a reader would stumble"
        "{line}번째 줄과 다른 예시 값을 적어 독자가 헷갈립니다: `{first}`, `{example}`";
    left_session(prompt)
        "the page does not say to leave `{prompt}` before this"
        "이 명령 앞에서 `{prompt}` 세션을 끝내라는 내용이 없습니다";
    prints_error(line)
        "it prints `{line}`, and the page does not show it"
        "문서에 없는 오류가 출력되었습니다: `{line}`";
    prints(line)
        "it prints `{line}`, and the page shows no output"
        "문서에는 출력이 없는데 출력되었습니다: `{line}`";
    job_failed(notice)
        "a background job has failed, and the page does not show it: `{notice}`"
        "백그라운드 작업이 실패했는데 문서에는 없습니다: `{notice}`";
    download()
        "the page leaves out the lines about the download, which a reader without the image sees"
        "이미지가 없는 독자에게 나오는 다운로드 메시지가 문서에 없습니다";
    attempts(count)
        "it took {count} attempts, and each may have left more behind than a reader's one does"
        "{count}번 만에 성공했습니다. 실패한 시도가 남긴 것이 있을 수 있습니다";
    other_meaning(example, bound, line, found)
        "`{example}` stands for {bound} since line {line} of the page; here it would be {found}"
        "예시 값 `{example}`의 의미가 다릅니다. {line}번째 줄: {bound}, 여기: {found}";
    two_meanings(example, bound, found)
        "`{example}` would be both {bound} and {found}"
        "예시 값 `{example}`의 의미가 둘입니다: {bound}, {found}";
    differs()
        "the output is not what the page says"
        "출력이 문서와 다릅니다";
    exit(code, wanted)
        "exit code {code}, not {wanted}"
        "종료 코드가 다릅니다. 실제: {code}, 기대: {wanted}";
    did_not_end(seconds)
        "it did not end within {seconds} s"
        "{seconds}초 안에 끝나지 않았습니다";
    did_not_appear(seconds)
        "what the page says did not appear within {seconds} s"
        "문서의 내용이 {seconds}초 안에 나오지 않았습니다";
    still_runs(wanted)
        "it was to end with exit code {wanted}, and still runs"
        "끝나야 하는데 아직 실행 중입니다 (종료 코드 {wanted})";
    ended_by_itself(code)
        "the page says that it goes on until it is interrupted, and it ended by itself with exit code {code}"
        "중단할 때까지 계속된다고 적혀 있는데 스스로 끝났습니다 (종료 코드 {code})";
    incomplete()
        "the shell asks for more: the command is not complete"
        "명령이 끝나지 않아 셸이 나머지를 기다립니다";
    hinted(failure, hint) "{failure}; {hint}" "{failure}. {hint}";
    too_much()
        "it printed more than a step may (100,000 lines of 120 columns, or 64 MiB with what it drew over)"
        "한 단계의 출력 한도를 넘었습니다 (120칸 너비로 100,000줄, 덮어쓴 것까지 64 MiB)";
    other_prompt(expected, actual)
        "the page types this at `{expected}`, but the prompt is `{actual}`"
        "프롬프트가 다릅니다. 문서: `{expected}`, 실제: `{actual}`";
    no_prompt(expected)
        "the page types this at `{expected}`, but no program with a prompt is open"
        "문서의 프롬프트는 `{expected}`인데, 실행 중인 대화형 프로그램이 없습니다";
    asked(question)
        "it asks `{question}` and the page gives no answer"
        "문서에 답이 없는 질문을 합니다: `{question}`";
    shell_gone()
        "the shell is gone: this or an earlier command ended it; the next block begins in a new one"
        "이 명령이나 앞의 명령이 셸을 끝냈습니다. 다음 블록은 새 셸에서 시작합니다";
    show_the_answer(line)
        "it asks `{line}`: show the answer behind the question, as a reader types it"
        "질문이 나왔습니다: `{line}`. 질문 뒤에 독자가 입력할 답을 적으십시오";
    held_terminal(name)
        "`{name}` had the terminal"
        "터미널을 사용 중인 프로그램: `{name}`";
    did_you_mean(name) "did you mean `{name}`?" "혹시 `{name}`입니까?";

    placeholder(name)
        "`{name}` stands for what a reader puts in: write an example, or mark the block {{skip=\"a form\"}}"
        "`{name}` 자리에는 독자가 값을 넣습니다. 예시 값을 적거나 블록에 {{skip=\"형식\"}}을 적으십시오";
    taken(name)
        "an earlier step made `{name}`: if this is an example of its own, write <!-- haechi: fresh --> before it, or fresh = \"section\" in [verify]"
        "앞의 단계에서 이미 만든 것입니다: `{name}`. 독립된 예제라면 앞에 <!-- haechi: fresh -->를 적거나 [verify]에 fresh = \"section\"을 적으십시오";
    no_swarm()
        "no step before makes a swarm: set one up with <!-- haechi: run docker swarm init -->"
        "앞에서 스웜을 만들지 않았습니다. <!-- haechi: run docker swarm init -->으로 만드십시오";
    not_made(name)
        "no step before makes `{name}`: set it up with <!-- haechi: run … -->, or begin with <!-- haechi: continues PAGE.md -->"
        "앞에서 만들지 않은 것입니다: `{name}`. <!-- haechi: run … -->으로 만들거나 <!-- haechi: continues PAGE.md -->로 시작하십시오";
    maybe_file(language, line, name)
        "the `{language}` block of line {line} may be the file that it lacks: write {{file={name}}} behind `{language}`"
        "{line}번째 줄의 `{language}` 블록이 없는 파일일 수 있습니다. `{language}` 뒤에 적으십시오: {{file={name}}}";

    goes_on_from_failed(line)
        "it goes on from line {line}, which failed: the image is not there"
        "실패한 {line}번째 줄에 이어지는 단계입니다. 이미지가 없습니다";
    goes_on_from_unknown(line, what)
        "it goes on from line {line}, which could not be found out: {what}"
        "확인하지 못한 {line}번째 줄에 이어지는 단계입니다: {what}";
    session_not_open() "the session is not open" "세션이 열려 있지 않습니다";
    other_folder() "the shell is not in its folder" "셸이 그 디렉터리에 있지 않습니다";
    not_there(name) "`{name}` is not there" "없는 것: `{name}`";
    nothing_answers_at_address()
        "nothing answers at this address"
        "이 주소에서 응답하지 않습니다";

    no_image_here(name)
        "the image `{name}` cannot be had here"
        "여기에서는 받을 수 없는 이미지입니다: `{name}`";
    no_image(name)
        "the mirror does not have the image `{name}`; verify where Docker Hub can be reached, or add it to the mirror"
        "미러에 없는 이미지입니다: `{name}`. Docker Hub에 연결할 수 있는 곳에서 검증하거나 미러에 추가하십시오";
    no_hub(place)
        "the mirror does not have the image, and {place} does not reach Docker Hub; verify where it can be reached, or add the image to the mirror"
        "미러에 없는 이미지이고, {place}에서 Docker Hub에 연결할 수 없습니다. 연결할 수 있는 곳에서 검증하거나 미러에 추가하십시오";
    no_network(place)
        "{place} does not reach the network; mark the block {{skip=\"needs the network\"}}"
        "{place}에서 네트워크에 연결할 수 없습니다. 블록에 {{skip=\"네트워크 필요\"}}를 적으십시오";
    no_host(place, name)
        "{place} does not reach `{name}`; mark the block {{skip=\"needs the network\"}}"
        "{place}에서 연결할 수 없습니다: `{name}`. 블록에 {{skip=\"네트워크 필요\"}}를 적으십시오";
    no_feature(place, name)
        "{place} has no `{name}`; mark the block {{skip=\"needs {name}\"}}"
        "{place}에 없는 기능입니다: `{name}`. 블록에 {{skip=\"{name} 필요\"}}를 적으십시오";
    no_program(place, name)
        "{place} has no program `{name}`; let the page install it, or mark the block {{skip=\"needs {name}\"}}"
        "{place}에 없는 프로그램입니다: `{name}`. 페이지에서 설치하거나 블록에 {{skip=\"{name} 필요\"}}를 적으십시오";
    this_machine() "this machine" "이 컴퓨터";
    the_sandbox() "the sandbox" "샌드박스";

    other_status(status, wanted)
        "it answers with status {status}, not {wanted}"
        "응답 상태가 다릅니다. 실제: {status}, 기대: {wanted}";
    not_contained(wanted)
        "the page that answers does not contain `{wanted}`"
        "응답한 페이지에 없는 텍스트입니다: `{wanted}`";
    many_redirects(count)
        "it redirects more than {count} times"
        "리디렉션이 {count}번을 넘습니다";
    bad_redirect(address)
        "it redirects to `{address}`, which is neither http nor https"
        "http나 https가 아닌 주소로 리디렉션합니다: `{address}`";
    bad_redirects()
        "it redirects to an address that is neither http nor https"
        "http나 https가 아닌 주소로 리디렉션합니다";
    not_an_address(url) "`{url}` is not an address" "주소가 아닙니다: `{url}`";
    nothing_answers() "nothing answers there" "응답하지 않습니다";
}

//! What a run says at its end, and reports that cannot be merged.

messages! {
    fail() "fail" "실패";
    drift() "drift" "달라짐";
    error() "error" "오류";
    skipped() "skipped" "건너뜀";
    not_run() "not run" "실행 안 함";
    stale() "stale" "검증 필요";
    expected() "the page says" "문서";
    actual() "the screen says" "화면";
    ran_as() "typed as" "실제로 입력한 명령";
    bindings() "examples" "예시 값";
    more_lines(count) "… {count} more lines" "… {count}줄 더 있음";
    what_to_do() "what to do" "할 일";
    bless_hint()
        "fix the command or the text, or let `haechi bless` write what the screen says"
        "명령이나 문장을 고치거나, `haechi bless`로 화면의 내용을 문서에 쓰십시오";
    secret_hint()
        "give the answer: <!-- haechi: secret … --> before the block"
        "블록 앞에 답을 적으십시오: <!-- haechi: secret … -->";
    exit_hint()
        "if the error is intentional, show it, or mark the block {{exit=N}}"
        "의도한 오류라면 문서에 오류 출력을 적거나 블록에 {{exit=N}}을 적으십시오";
    timeout_hint()
        "give it time with {{timeout=120s}}, or mark a command that goes on {{follow}}"
        "{{timeout=120s}}로 시간을 더 주거나, 끝나지 않는 명령이면 {{follow}}를 적으십시오";
    follow_hint()
        "fix the text, or give it time with {{timeout=120s}}"
        "문서를 고치거나 {{timeout=120s}}로 시간을 더 주십시오";
    stale_hint()
        "run `haechi verify` without --offline"
        "--offline 없이 `haechi verify`를 실행하십시오";
    evidence_hint()
        "see who changed the evidence; this run has written its own in its place"
        "누가 증거를 바꾸었는지 확인하십시오. 이번 실행의 증거로 바꾸어 썼습니다";
    most_frequent() "most frequent" "가장 많은 원인";
    first_at(place) "first at {place}" "처음 나온 곳은 {place}";
    totals(pages, snippets, steps, verdicts)
        "{pages}, {snippets}, {steps}: {verdicts}"
        "{pages}, {snippets}, {steps}: {verdicts}";
    verdicts(passed, drifted, failed, errors, skipped)
        "{passed} passed, {drifted} drifted, {failed} failed, {errors}, {skipped} skipped"
        "통과 {passed}, 달라짐 {drifted}, 실패 {failed}, {errors}, 건너뜀 {skipped}";
    commands(run, shown)
        "{run} of {shown} commands shown were run"
        "본문의 명령 {shown}개 가운데 {run}개를 실행했습니다";
    unverified(count)
        "{count} are marked unverified"
        "{count}개는 미검증으로 표시되어 있습니다";
    from_evidence(pages)
        "{pages} from evidence"
        "{pages}는 증거로 대신했습니다";
    stale_pages(pages)
        "{pages} stale"
        "{pages}는 증거가 유효하지 않습니다";

    not_a_report(file, reason)
        "{file} is not a report: {reason}"
        "보고서가 아닙니다: {file}: {reason}";
    other_format(file, found, wanted)
        "{file} has format {found}; this haechi reads format {wanted}"
        "형식이 다른 보고서입니다: {file}. 보고서의 형식: {found}, 이 haechi의 형식: {wanted}";
    other_format_help()
        "let the same version of haechi write and merge the reports"
        "같은 버전의 haechi로 보고서를 쓰고 합치십시오";
    page_twice(page, one, other)
        "{page} is in {one} and in {other}"
        "같은 페이지가 두 보고서에 있습니다: {page}: {one}, {other}";
    merge_once()
        "merge the parts of one run, each once"
        "한 번 실행한 결과의 부분들을 하나씩만 합치십시오";
    page_in_none(page)
        "{page} is in none of the reports"
        "어느 보고서에도 없는 페이지입니다: {page}";
    same_checkout()
        "let every machine run the same checkout, evidence included: it says which pages a part has"
        "모든 컴퓨터에서 같은 체크아웃을 실행하십시오. 부분마다 맡을 페이지를 증거가 정합니다";
    other_pages(file, before)
        "{file} is of another run than {before}: its pages are others"
        "서로 다른 실행의 보고서라서 페이지가 다릅니다: {file}, {before}";
    not_a_part(file, shard)
        "{file} is part {shard} of a run, which is not a part such as `1/3`"
        "부분의 번호가 잘못된 보고서입니다: {file}: {shard}. 예: `1/3`";
    name_reports()
        "name files that `haechi verify --report json=FILE` wrote"
        "`haechi verify --report json=FILE`로 쓴 파일을 지정하십시오";
    other_run(file, shard)
        "{file} is part {shard} of another run than the reports before it"
        "앞의 보고서와 다른 실행의 부분입니다: {file}: {shard}";
    missing_parts(parts)
        "the parts {parts} are missing"
        "빠진 부분이 있습니다: {parts}";
    missing_parts_and_more(parts)
        "the parts {parts} and more are missing"
        "빠진 부분이 있습니다: {parts} 등";
    missing_parts_help()
        "name the report of every `--shard`"
        "모든 `--shard`의 보고서를 지정하십시오";
}

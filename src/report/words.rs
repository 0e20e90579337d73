//! The words of the reports, in both languages, side by side.

/// The language of the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 한국어
    Korean,
    /// English
    English,
}

impl Language {
    /// The language that `LC_ALL`, `LC_MESSAGES` or `LANG` asks for, in the order of POSIX.
    pub fn of_environment() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        if named.is_some_and(|name| name.starts_with("ko")) { Self::Korean } else { Self::English }
    }

    /// The catalogue.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Korean => &KOREAN,
            Self::English => &ENGLISH,
        }
    }
}

/// A catalogue of what the reports say; `{}` marks what is filled in, in order.
#[derive(Debug)]
pub struct Words {
    pub(super) fail: &'static str,
    pub(super) drift: &'static str,
    pub(super) error: &'static str,
    pub(super) skipped: &'static str,
    pub(super) not_run: &'static str,
    pub(super) expected: &'static str,
    pub(super) actual: &'static str,
    pub(super) ran_as: &'static str,
    pub(super) bindings: &'static str,
    pub(super) more_lines: &'static str,
    pub(super) what_to_do: &'static str,
    pub(super) bless_hint: &'static str,
    pub(super) secret_hint: &'static str,
    pub(super) exit_hint: &'static str,
    pub(super) timeout_hint: &'static str,
    pub(super) most_frequent: &'static str,
    pub(super) first_at: &'static str,
    pub(super) totals: &'static str,
    pub(super) commands: &'static str,
    pub(super) unverified: &'static str,
    pub(super) from_evidence: &'static str,
    pub(super) stale: &'static str,
    pub(super) stale_pages: &'static str,
    pub(super) stale_hint: &'static str,
    pub(super) evidence_hint: &'static str,
}

const ENGLISH: Words = Words {
    fail: "fail",
    drift: "drift",
    error: "error",
    skipped: "skipped",
    not_run: "not run",
    expected: "the page says",
    actual: "the screen says",
    ran_as: "typed as",
    bindings: "examples",
    more_lines: "… {} more lines",
    what_to_do: "what to do",
    bless_hint: "fix the command or the text, or let `haechi bless` write what the screen says",
    secret_hint: "give the answer: <!-- haechi: secret … --> before the block",
    exit_hint: "if the error is intentional, show it, or mark the block {exit=N}",
    timeout_hint: "give it time with {timeout=120s}, or mark a command that goes on {follow}",
    most_frequent: "most frequent",
    first_at: "first at {}",
    totals: "{} pages, {} snippets, {} steps: {} passed, {} drifted, {} failed, {} errors, {} skipped",
    commands: "{} of {} commands shown were run",
    unverified: "{} are marked unverified",
    from_evidence: "{} pages from evidence",
    stale: "stale",
    stale_pages: "{} pages stale",
    stale_hint: "run `haechi verify` without --offline",
    evidence_hint: "see who changed the evidence; this run has written its own in its place",
};

const KOREAN: Words = Words {
    fail: "실패",
    drift: "달라짐",
    error: "오류",
    skipped: "건너뜀",
    not_run: "실행 안 함",
    expected: "문서",
    actual: "화면",
    ran_as: "실제로 입력한 명령",
    bindings: "예시 값",
    more_lines: "… {}줄 더 있음",
    what_to_do: "할 일",
    bless_hint: "명령이나 문장을 고치거나, `haechi bless`로 화면의 내용을 문서에 쓰십시오",
    secret_hint: "블록 앞에 답을 적으십시오: <!-- haechi: secret … -->",
    exit_hint: "의도한 오류라면 문서에 보이거나 블록에 {exit=N}을 적으십시오",
    timeout_hint: "{timeout=120s}로 시간을 더 주거나, 끝나지 않는 명령이면 {follow}를 적으십시오",
    most_frequent: "가장 많은 원인",
    first_at: "처음 나온 곳은 {}",
    totals: "페이지 {}개, 스니펫 {}개, 단계 {}개: 통과 {}, 달라짐 {}, 실패 {}, 오류 {}, 건너뜀 {}",
    commands: "본문의 명령 {1}개 가운데 {0}개를 실행했습니다",
    unverified: "{}개는 미검증으로 표시되어 있습니다",
    from_evidence: "페이지 {}개는 증거로 대신했습니다",
    stale: "지난 증거",
    stale_pages: "페이지 {}개는 증거가 유효하지 않습니다",
    stale_hint: "--offline 없이 `haechi verify`를 실행하십시오",
    evidence_hint: "누가 증거를 바꾸었는지 확인하십시오. 이번 실행의 증거로 바꾸어 썼습니다",
};

/// Fills `{}` in order, and `{0}`, `{1}` by number.
pub(super) fn fill(pattern: &str, values: &[&dyn std::fmt::Display]) -> String {
    let mut text = pattern.to_owned();
    for (number, value) in values.iter().enumerate() {
        let numbered = format!("{{{number}}}");
        if text.contains(&numbered) {
            text = text.replace(&numbered, &value.to_string());
        } else {
            text = text.replacen("{}", &value.to_string(), 1);
        }
    }
    text
}

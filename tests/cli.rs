//! What the command line says, pinned by transcripts: `TRYCMD=overwrite cargo test --test cli` records them.
//! Each command of a mistake stands there twice, the second time with `LC_ALL=ko_KR.UTF-8`.

#[test]
fn the_command_line_says_what_it_said() {
    // It would go before `LC_MESSAGES`, and before what the transcripts say of it.
    let language = std::env::var("LC_ALL").unwrap_or_default();
    assert!(!language.starts_with("ko"), "the transcripts are English where they say nothing: unset LC_ALL");
    let cases = trycmd::TestCases::new();
    cases.env("LC_MESSAGES", "C").env("NO_COLOR", "1").env("COLUMNS", "100");
    cases.case("tests/cmd/*.trycmd");
}

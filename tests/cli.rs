//! What the command line says, pinned by transcripts: `TRYCMD=overwrite cargo test --test cli` records them.

#[test]
fn the_command_line_says_what_it_said() {
    let cases = trycmd::TestCases::new();
    cases.env("LC_ALL", "C").env("NO_COLOR", "1").env("COLUMNS", "100");
    cases.case("tests/cmd/*.trycmd");
}

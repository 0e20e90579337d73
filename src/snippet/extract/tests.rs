//! Pages and their plans.

use super::*;
use crate::markdown::Extensions;
use crate::snippet::scenario::Expected;

fn plan(text: &str) -> Scenario {
    let source = Source::new("page.md", text);
    let document = Document::parse(&source, Extensions::default());
    extract(&source, &document, &Verify::default())
}

fn steps_of(scenario: &Scenario) -> Vec<(String, Vec<String>)> {
    let lines = |expected: &Expected| expected.lines.iter().map(|line| line.text.clone()).collect();
    scenario
        .steps
        .iter()
        .map(|step| (step.label(), step.expected.as_ref().map(lines).unwrap_or_default()))
        .collect()
}

fn row(label: &str, lines: &[&str]) -> (String, Vec<String>) {
    (label.to_owned(), lines.iter().map(|&line| line.to_owned()).collect())
}

#[test]
fn a_bare_docker_fence_and_its_output() {
    let found = plan(
        "```\ndocker pull a\ndocker ps\n```\n\n<!-- haechi: wait true -->\n```\nx\ny\n```\n\n```\nx\n```\n",
    );
    assert_eq!(
        steps_of(&found),
        [row("docker pull a", &[]), row("docker ps", &["x", "y"]), row("(wait) true", &[])]
    );
    // The second block of output is compared with nothing, and counted so.
    assert_eq!(found.commands(), 3);
}

#[test]
fn prose_between_parts_output_from_command() {
    assert_eq!(steps_of(&plan("```sh\nls\n```\n## Next\n```\nx\n```\n")), [row("ls", &[])]);
}

#[test]
fn a_console_transcript() {
    let found = plan("```console {exit=2}\n$ cat <<E\n> a\n> E\na\n$ id\nroot\n$ false\n```\n");
    assert_eq!(steps_of(&found), [row("cat <<E\na\nE", &["a"]), row("id", &["root"]), row("false", &[])]);
    assert_eq!(found.steps[2].conditions.exit, Some(2));
    assert_eq!(found.steps[0].conditions.exit, None);
}

#[test]
fn a_transcript_that_echoes_is_one_step() {
    let found = plan(
        "```\ndocker exec -it wp-db bash\n```\n```\nmysql -u root -p wp\n```\n<!-- haechi: secret pw -->\n\n```\nroot@a9f5b0786995:/# mysql -u root -p wp   \nEnter password: \nWelcome\n\nmysql> show\n    -> databases;\n+--+\nmysql> exit\nBye\n```\n",
    );
    assert_eq!(
        steps_of(&found),
        [
            row("docker exec -it wp-db bash", &[]),
            row("(secret)", &[]),
            row("mysql -u root -p wp", &["Enter password: ", "Welcome", ""]),
            row("show\ndatabases;", &["+--+"]),
            row("exit", &["Bye"]),
        ]
    );
    assert_eq!(found.steps[2].shown(), Some("mysql -u root -p wp"));
    let Action::Command { prompt, .. } = &found.steps[2].action else { panic!() };
    assert_eq!(prompt.as_deref(), Some("root@a9f5b0786995:/# "));
}

#[test]
fn a_transcript_may_begin_with_a_banner() {
    let found = plan(
        "```sh\ndocker exec -it db psql\n```\n\n```text\npsql (15)\n\npostgres=# select\npostgres-# 1;\n 1\n```\n",
    );
    assert_eq!(
        steps_of(&found),
        [row("docker exec -it db psql", &["psql (15)", ""]), row("select\n1;", &[" 1"])]
    );
    let found = plan("```sh\nls\n```\n```text\na\npostgres=# x\n```\n");
    assert_eq!(steps_of(&found), [row("ls", &["a", "postgres=# x"])]);
}

#[test]
fn files_and_what_is_only_shown() {
    let found =
        plan("```dockerfile {file=app/Dockerfile}\nFROM a\n```\n\n```yaml\na: 1\n```\n\n```\nplain\n```\n");
    assert_eq!(steps_of(&found), [row("(file) app/Dockerfile", &[])]);
    assert!(found.problems.is_empty());
}

#[test]
fn a_transcript_that_is_set_off_is_one() {
    let found = plan("```sh\n  $ a\n  x\n   y\n```\n\nOr:\n\n    $ b\n    z\n\nShown:\n\n    c: 1\n");
    assert_eq!(steps_of(&found), [row("a", &["x", " y"]), row("b", &["z"])]);
    assert_eq!(found.commands(), 2);
}

#[test]
fn a_part_of_the_output_may_be_shown_again() {
    let page = |part: &str| {
        format!(
            "```console\n$ a\nfirst: 1\nsecond: 2\n```\n\nThe output has this:\n\n```console\n{part}\n```\n"
        )
    };
    let found = plan(&page("second: 2"));
    assert!(found.problems.is_empty() && found.not_run.is_empty());
    assert_eq!(steps_of(&found), [row("a", &["first: 1", "second: 2"])]);
    assert_eq!(plan(&page("second: 3")).not_run.len(), 1);
    let next = page("second: 3").replace("The output has this:\n\n", "");
    assert_eq!(plan(&next).problems.len(), 1);
}

#[test]
fn what_is_not_run_counts_for_its_commands() {
    let found =
        plan("```\nnpm install\nnpm start\n```\n\n```sh\nls\n```\n\n# A\n\n```\na: 1\nb: 2\nc: 3\n```\n");
    assert_eq!(found.not_run.iter().map(|block| block.commands).collect::<Vec<_>>(), [2, 1]);
    let found = plan("```sh\n> echo a\na\n```\n\n```sh\n> log\n```\n");
    assert_eq!((found.not_run.len(), found.steps.len()), (1, 1));
}

#[test]
fn a_control_character_is_not_typed() {
    let found = plan("```sh\necho \u{3}\n```\n");
    assert!(found.steps.is_empty());
    assert!(found.problems[0].message.english().contains("U+0003"));
}

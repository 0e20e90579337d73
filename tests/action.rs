//! The action for GitHub and the job for GitLab, as their runners run them: the steps in a shell, with the
//! runner's variables and files. What other actions do (caches, artefacts) is left out.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use regex::Regex;
use serde_norway::Value;

const HAECHI: &str = env!("CARGO_BIN_EXE_haechi");
const TRUE: &str = "# A\n\n```sh\necho one\n```\n\n```text\none\n```\n";
const FALSE: &str = "# A\n\n```sh\necho one\n```\n\n```text\ntwo\n```\n";

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_norway::from_str(&text).unwrap()
}

/// A runner of GitHub's, with a checkout.
struct Runner {
    folder: tempfile::TempDir,
    event: &'static str,
    path: std::ffi::OsString,
    inputs: BTreeMap<String, String>,
}

/// What a run of the action said.
struct Run {
    /// The outputs of the steps, by `steps.ID.outputs.NAME`.
    outputs: BTreeMap<String, String>,
    said: String,
    summary: String,
    /// The exit code of the last step that ran.
    code: i32,
}

impl Runner {
    fn new(page: &str, inputs: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["checkout", "temp", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("checkout/README.md"), page).unwrap();
        let declared = read("action.yml");
        let mut all: BTreeMap<String, String> = declared["inputs"]
            .as_mapping()
            .unwrap()
            .iter()
            .map(|(name, input)| (name.as_str().unwrap().into(), input["default"].as_str().unwrap().into()))
            .collect();
        for (name, value) in [("haechi", HAECHI), ("args", "--engine=local\n--trust")].iter().chain(inputs) {
            assert!(all.insert((*name).into(), (*value).into()).is_some(), "{name} is not an input");
        }
        Self { folder, event: "push", path: std::env::var_os("PATH").unwrap(), inputs: all }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self) -> Run {
        let mut run = Run { outputs: BTreeMap::new(), said: String::new(), summary: String::new(), code: 0 };
        for file in ["output", "summary"] {
            let _ = std::fs::remove_file(self.path(file));
        }
        for step in read("action.yml")["runs"]["steps"].as_sequence().unwrap() {
            let Some(script) = step["run"].as_str() else { continue };
            std::fs::write(self.path("output"), "").unwrap();
            let output = self.step(step, script, &run.outputs);
            run.said += &format!("{}{}", text(&output.stdout), text(&output.stderr));
            run.code = output.status.code().unwrap();
            let id = step["id"].as_str().unwrap_or_default();
            for line in std::fs::read_to_string(self.path("output")).unwrap().lines() {
                let (name, value) = line.split_once('=').unwrap();
                run.outputs.insert(format!("steps.{id}.outputs.{name}"), value.into());
            }
            if run.code != 0 {
                break;
            }
        }
        run.summary = std::fs::read_to_string(self.path("summary")).unwrap_or_default();
        run
    }

    fn step(&self, step: &Value, script: &str, outputs: &BTreeMap<String, String>) -> Output {
        let expression = Regex::new(r"\$\{\{\s*([\w.-]+)\s*\}\}").unwrap();
        let fill = |text: &str| {
            let value = |found: &regex::Captures<'_>| self.value(&found[1], outputs);
            expression.replace_all(text, value).into_owned()
        };
        let folder = step["working-directory"].as_str().map_or_else(|| ".".into(), fill);
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &fill(script)]);
        command.current_dir(self.path("checkout").join(folder)).env_clear();
        command.env("PATH", &self.path).env("HOME", self.path("home"));
        command.env("GITHUB_SERVER_URL", format!("file://{}", self.path("server").display()));
        command.envs([
            ("GITHUB_ACTIONS", "true"),
            ("CI", "true"),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
        ]);
        command.env("GITHUB_EVENT_NAME", self.event).env("GITHUB_REF", "refs/heads/main");
        command.env("RUNNER_TEMP", self.path("temp"));
        command.env("GITHUB_OUTPUT", self.path("output"));
        command.env("GITHUB_STEP_SUMMARY", self.path("summary"));
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            command.env(name.as_str().unwrap(), fill(value.as_str().unwrap()));
        }
        command.output().unwrap()
    }

    fn value(&self, name: &str, outputs: &BTreeMap<String, String>) -> String {
        match name {
            "github.action_path" => env!("CARGO_MANIFEST_DIR").into(),
            "github.action_ref" => "v0".into(),
            "github.action_repository" => "someone/haechi".into(),
            "github.event.repository.default_branch" => "main".into(),
            _ => match name.strip_prefix("inputs.") {
                Some(input) => self.inputs[input].clone(),
                None => outputs.get(name).unwrap_or_else(|| panic!("{name} is not known")).clone(),
            },
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_true_page_passes_with_reports() {
    let runner = Runner::new(TRUE, &[]);
    let run = runner.run();
    assert_eq!((run.code, &*run.outputs["steps.verify.outputs.exit-code"]), (0, "0"), "{}", run.said);
    let work = PathBuf::from(&run.outputs["steps.names.outputs.work"]).join("report");
    for file in ["report.json", "junit.xml", "haechi.sarif", "evidence/README.json", "evidence/README.cast"] {
        assert!(work.join(file).is_file(), "{file}: {}", run.said);
    }
    assert!(run.summary.contains('1'), "{}", run.summary);
    assert_eq!(run.outputs["steps.names.outputs.artifact"], "haechi");
}

#[test]
fn a_false_page_is_red_at_its_line() {
    let runner = Runner::new(FALSE, &[]);
    let run = runner.run();
    assert_eq!((run.code, &*run.outputs["steps.verify.outputs.exit-code"]), (1, "1"), "{}", run.said);
    assert!(run.said.contains("::error file=README.md,line=8,col=1::echo one"), "{}", run.said);
    assert!(run.summary.contains("README.md:8:1"), "{}", run.summary);
}

#[test]
fn what_is_kept_is_kept_where_no_stranger_can_write() {
    let mut runner = Runner::new(TRUE, &[]);
    let first = runner.run();
    assert_eq!(first.outputs["steps.names.outputs.cache"], "true", "{}", first.said);
    // The next checkout has no evidence but the kept one.
    std::fs::remove_dir_all(runner.path("checkout/evidence")).unwrap();
    let second = runner.run();
    let report = std::fs::read_to_string(&second.outputs["steps.verify.outputs.report"]).unwrap();
    assert!(report.contains("\"from_evidence\": 1"), "{report}");
    for event in ["pull_request", "pull_request_target", "issue_comment"] {
        runner.event = event;
        assert_eq!(runner.run().outputs["steps.names.outputs.cache"], "false", "{event}");
    }
    let never = Runner::new(TRUE, &[("cache", "never")]).run();
    assert_eq!(never.outputs["steps.names.outputs.cache"], "false");
    let wrong = Runner::new(TRUE, &[("cache", "yes")]).run();
    assert_eq!(wrong.code, 2, "{}", wrong.said);
}

#[test]
fn paths_and_arguments_are_lines() {
    let runner = Runner::new(FALSE, &[("paths", "\n  a b.md \n"), ("shard", "1/3")]);
    std::fs::write(runner.path("checkout/a b.md"), TRUE).unwrap();
    let run = runner.run();
    assert_eq!(run.code, 0, "{}", run.said);
    assert_eq!(run.outputs["steps.names.outputs.artifact"], "haechi-1-of-3");
    let injected = Runner::new(TRUE, &[("paths", "$(touch injected); touch injected")]);
    assert_eq!(injected.run().code, 2);
    assert!(!injected.path("checkout/injected").exists());
}

#[test]
fn the_release_of_the_tag_is_taken_if_its_sum_is_right() {
    let mut runner = Runner::new(TRUE, &[("haechi", "")]);
    // Neither haechi nor cargo.
    runner.path = "/usr/bin:/bin".into();
    let release = runner.path("server/someone/haechi/releases/download/v0");
    std::fs::create_dir_all(&release).unwrap();
    let pack = format!(
        "name=haechi-0-$(uname -m)-unknown-linux-musl && mkdir $name && \
         printf '#!/bin/sh\\nexec {HAECHI} \"$@\"\\n' > $name/haechi && chmod +x $name/haechi && \
         tar -czf $name.tar.gz $name && sha256sum $name.tar.gz > $name.tar.gz.sha256"
    );
    let packed = Command::new("sh").args(["-c", &pack]).current_dir(&release).output().unwrap();
    assert!(packed.status.success(), "{}", text(&packed.stderr));
    let run = runner.run();
    assert_eq!(run.code, 0, "{}", run.said);
    assert!(run.outputs["steps.install.outputs.haechi"].ends_with("/haechi/bin/haechi"));
    std::fs::remove_dir_all(runner.path("temp/haechi")).unwrap();
    let spoil = "for sum in *.sha256; do sed -i 's/^..../0000/' $sum; done";
    Command::new("sh").args(["-c", spoil]).current_dir(&release).output().unwrap();
    let run = runner.run();
    assert!(run.code != 0 && !run.outputs.contains_key("steps.install.outputs.haechi"), "{}", run.said);
}

#[test]
fn other_actions_are_pinned_and_inputs_said() {
    let action = read("action.yml");
    let pinned = Regex::new(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$").unwrap();
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let used: Vec<&str> = steps.iter().filter_map(|step| step["uses"].as_str()).collect();
    assert!(!used.is_empty() && used.iter().all(|used| pinned.is_match(used)), "{used:?}");
    for step in steps.iter().filter(|step| !step["run"].is_null()) {
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{ inputs.") && !script.contains("${{ github."), "{script}");
    }
    let described = |value: &Value| value["description"].as_str().is_some_and(|text| !text.is_empty());
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        assert!(described(input), "{name:?}");
        let name = name.as_str().unwrap();
        let docs =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/en/ci.md")).unwrap();
        assert!(docs.contains(&format!("| `{name}` |")), "docs/en/ci.md does not say what `{name}` is");
    }
}

#[test]
fn the_job_for_gitlab_runs() {
    let job = read("ci/gitlab.yml");
    let script: Vec<&str> =
        job[".haechi"]["script"].as_sequence().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let script = script.join("\n");
    for (page, code) in [(TRUE, 0), (FALSE, 1)] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("README.md"), page).unwrap();
        let bin = Path::new(HAECHI).parent().unwrap();
        let path = std::env::join_paths(
            [bin.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let output = Command::new("sh")
            .args(["-e", "-c", &script])
            .current_dir(folder.path())
            .env("PATH", path.unwrap())
            .env("HAECHI_PATHS", "")
            .env("HAECHI_ARGS", "--engine local --trust")
            .env("XDG_STATE_HOME", folder.path().join("state"))
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
        assert!(folder.path().join(".haechi-ci/report/junit.xml").is_file());
    }
}

#[test]
fn the_hooks_for_pre_commit_name_what_is_there() {
    let hooks = read(".pre-commit-hooks.yaml");
    for hook in hooks.as_sequence().unwrap() {
        assert_eq!(hook["entry"].as_str(), Some("haechi verify"));
        assert_eq!(hook["require_serial"].as_bool(), Some(true));
    }
}

//! How fast snippets are verified, beside the peers: `make bench`, or `cargo bench --bench verify`.
//!
//! Whole processes but where a line says otherwise; medians; the peers run the same commands and
//! compare the same output. Peers that `benches/peers.sh` did not install are left out.

#![allow(clippy::unwrap_used, reason = "a benchmark says what is wrong by failing")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use haechi::book::Book;
use haechi::sandbox::{Engine, Host, Setup};
use haechi::snippet::Action;
use haechi::verify::plan;

const STEPS: usize = 1000;
const ROUNDS: usize = 5;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    println!("\n{STEPS} steps of `echo N`, medians of {ROUNDS}\n");
    println!("| | seconds | to plain bash |\n| --- | ---: | ---: |");
    echo(folder.path());
    println!("\nA fresh sandbox, from the call to the first prompt, median of 9\n");
    println!("{:.3} s", fresh_sandbox().as_secs_f64());
    println!("\nThe guide, one run each\n");
    println!("| | seconds | to plain bash |\n| --- | ---: | ---: |");
    guide();
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The peers' folder, as `make bench` fills it.
fn peer(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("HAECHI_PEERS")?;
    let path = Path::new(&folder).join("bin").join(name);
    path.exists().then_some(path)
}

fn timed(command: &mut Command) -> Duration {
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let took = began.elapsed();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    took
}

fn row(name: &str, took: Duration, base: Duration) {
    println!("| {name} | {:.3} | {:.1} |", took.as_secs_f64(), took.as_secs_f64() / base.as_secs_f64());
}

fn echo(folder: &Path) {
    let mut script = String::new();
    let mut console = String::from("```console\n");
    let mut cram = String::new();
    let mut scrut = String::new();
    let mut byexample = String::from("```shell\n");
    for number in 0..STEPS {
        let _ = writeln!(script, "[ \"$(echo {number})\" = {number} ] || exit 1");
        let _ = write!(console, "$ echo {number}\n{number}\n");
        let _ = write!(cram, "  $ echo {number}\n  {number}\n");
        let _ = write!(scrut, "# t\n\n```scrut\n$ echo {number}\n{number}\n```\n\n");
        let _ = write!(byexample, "$ echo {number}\n{number}\n\n");
    }
    console.push_str("```\n");
    byexample.push_str("```\n");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let script = file("echo.sh", &script);
    let page = file("echo.md", &console);
    let (cram, scrut) = (file("echo.t", &cram), file("scrut.md", &scrut));
    let byexample = file("byexample.md", &byexample);
    let run =
        |make: &dyn Fn() -> Command| median((0..ROUNDS).map(|_| timed(make().current_dir(folder))).collect());
    let with = |program: &Path, arguments: &[&str], file: &Path| {
        let mut command = Command::new(program);
        command.args(arguments).arg(file);
        command
    };
    let bash = run(&|| with(Path::new("bash"), &[], &script));
    row("plain bash", bash, bash);
    let haechi = Path::new(env!("CARGO_BIN_EXE_haechi"));
    let ready = || {
        let mut command = with(haechi, &["verify", "--no-cache", "--json"], &page);
        let output = command.current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let steps = report["pages"][0]["steps"].as_array().unwrap();
        Duration::from_secs_f64(steps.iter().map(|step| step["seconds"].as_f64().unwrap()).sum())
    };
    row("haechi, from the ready sandbox on", median((0..ROUNDS).map(|_| ready()).collect()), bash);
    row("haechi, whole process", run(&|| with(haechi, &["verify", "--no-cache"], &page)), bash);
    let local = ["verify", "--no-cache", "--engine", "local", "--trust"];
    row("haechi --engine local", run(&|| with(haechi, &local, &page)), bash);
    for (name, arguments, file) in [
        ("prysk", &[][..], &cram),
        ("byexample", &["-l", "shell", "--no-enhance-diff", "--quiet"], &byexample),
        ("scrut", &["test"], &scrut),
    ] {
        match peer(name) {
            Some(program) => row(name, run(&|| with(&program, arguments, file)), bash),
            None => println!("| {name} | not installed | |"),
        }
    }
}

fn setup() -> Setup {
    Setup {
        image: "haechi/engine:latest".into(),
        memory: 4096,
        disk: 10240,
        runtime: None,
        own_socket: "unix:///run/haechi/docker.sock".into(),
    }
}

fn fresh_sandbox() -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Host::Engine(Box::new(Engine::connect(setup()).await.unwrap()));
        let mut times = Vec::new();
        for _ in 0..9 {
            let began = Instant::now();
            let sandbox = host.sandbox(None).await.unwrap();
            let shell = sandbox.shell().await.unwrap();
            times.push(began.elapsed());
            drop(shell);
            sandbox.remove().await;
        }
        median(times)
    })
}

/// Takes an engine back to where it began.
const CLEAN: &str = "docker rm -fv $(docker ps -aq); docker volume prune -af; docker network prune -f; \
    docker image prune -af; docker builder prune -af; cd /root; rm -rf /root/*\n";

/// The guide's commands in one engine, page after page, by a script that compares nothing, beside
/// haechi with all that it does.
fn guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let book = Book::load(root, &|_| false).unwrap();
    let mut script = String::from(
        "exec >/dev/null 2>&1\nwait_for() { for n in {1..300}; do bash -c \"$1\" && return; sleep 0.2; done; }\n",
    );
    for plan in plan(&book) {
        // A page that goes on from another finds what that one left.
        if plan.prelude.is_empty() {
            script.push_str(CLEAN);
        }
        for step in &plan.scenario.steps {
            let skipped = step.snippet.is_some_and(|snippet| plan.scenario.snippets[snippet].skip.is_some());
            if skipped || step.in_session() {
                continue;
            }
            match &step.action {
                Action::Command { text, .. } if step.conditions.follows => {
                    let _ = writeln!(script, "timeout 1 bash -c {}", word(text));
                }
                Action::Command { text, .. } | Action::Hidden(text) => {
                    let _ = writeln!(script, "{{ {text}\n}} </dev/null");
                }
                Action::Wait(text) => {
                    let _ = writeln!(script, "wait_for {}", word(text));
                }
                Action::Http(claim) => {
                    let holds = claim
                        .contains
                        .as_ref()
                        .map_or(String::new(), |text| format!("| grep -q {}", word(text)));
                    let ask = format!("curl -sL {} {holds}", word(&claim.url));
                    let _ = writeln!(script, "wait_for {}", word(&ask));
                }
                Action::File { path, text } => {
                    let path = word(path);
                    let _ = writeln!(
                        script,
                        "mkdir -p \"$(dirname {path})\"; cat >{path} <<'FILE'\n{text}\nFILE"
                    );
                }
                Action::Secret(_) => {}
                Action::Fresh => script.push_str(CLEAN),
            }
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let plain = runtime.block_on(async {
        let host = Host::Engine(Box::new(Engine::connect(setup()).await.unwrap()));
        let sandbox = host.sandbox(None).await.unwrap();
        let began = Instant::now();
        sandbox.run(&["bash"], script.as_bytes()).await.unwrap();
        let took = began.elapsed();
        sandbox.remove().await;
        took
    });
    row("plain bash, one engine, no checks", plain, plain);
    let haechi = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
        timed(command.args(arguments).current_dir(root))
    };
    row("haechi, an engine for each page", haechi(&["verify", "--no-cache"]), plain);
    let unchanged = (0..ROUNDS).map(|_| haechi(&["verify"])).collect();
    row("haechi, from evidence", median(unchanged), plain);
}

/// A text as one word of the shell.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

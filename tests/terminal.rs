//! What a terminal does to verdicts, often enough that luck would show: each page repeats what once
//! failed now and then, and runs a second time beside two busy loops.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::process::{Child, Command, Stdio};

/// How often a page repeats itself. What depended on luck failed in 3 of 12 to 17 of 17.
const TIMES: usize = 20;

/// Two programs that keep the processors busy, ended when this is dropped.
struct Busy(Vec<Child>);

impl Busy {
    fn new() -> Self {
        let busy = || Command::new("yes").stdout(Stdio::null()).spawn().unwrap();
        Self(vec![busy(), busy()])
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs a page; what is said of it, and its exit code.
fn verify(text: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust", "page.md"])
        .current_dir(folder.path())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    (output.status.code(), support::said(&output))
}

/// A page that says its part so often must have just so many steps that passed and that are false, also
/// beside a busy machine.
fn comes_out(part: &str, passed: usize, failed: usize) {
    let text = part.repeat(TIMES);
    let wanted = format!("{} passed, 0 drifted, {} failed, 0 errors", passed * TIMES, failed * TIMES);
    let (_, quiet) = verify(&text);
    assert!(quiet.contains(&wanted), "wanted {wanted}:\n{quiet}");
    let busy = Busy::new();
    let (_, beside) = verify(&text);
    drop(busy);
    assert!(beside.contains(&wanted), "beside a busy machine, wanted {wanted}:\n{beside}");
}

const ALIVE: &str = "\n```sh\necho alive\n```\n\n```text\nalive\n```\n\n";

#[test]
fn an_interrupt_reaches_the_job_and_the_shell_lives_on() {
    let follow = "```sh {follow}\necho starting && tail -f /dev/null\n```\n\n```text\nstarting\n```\n";
    comes_out(&format!("{follow}{ALIVE}"), 2, 0);
}

#[test]
fn a_loop_that_prints_is_ended_at_its_limit() {
    let endless = "```sh {timeout=500ms}\nwhile true; do date; sleep 0.05; done\n```\n";
    comes_out(&format!("{endless}{ALIVE}"), 1, 1);
}

#[test]
fn a_prompt_drawn_anew_ends_no_command() {
    let redrawn = "```console\n$ stty cols 100; stty cols 120\n$ false\n```\n\n```sh {exit=130}\nkill -INT $$\n```\n\n\
        ```console\n$ false\n```\n";
    comes_out(&format!("{redrawn}{ALIVE}"), 3, 2);
}

#[test]
fn a_prompt_that_another_process_has_drawn_anew_ends_no_command() {
    let redrawn = "```sh\n(sleep 0.1; kill -WINCH $$; kill -WINCH $$) &\nsleep 0.2; false\n```\n\n```console\n$ false\n$ # nothing\n$ false\n```\n";
    comes_out(&format!("{redrawn}{ALIVE}"), 3, 3);
}

/// What a program types into the terminal runs before the next line, and ends none.
#[test]
fn what_is_typed_ahead_ends_no_command() {
    if std::fs::read_to_string("/proc/sys/dev/tty/legacy_tiocsti").is_ok_and(|text| text.trim() == "0") {
        return support::not_run(
            "what_is_typed_ahead_ends_no_command",
            "the kernel lets nothing be typed ahead",
        );
    }
    let keys = "import fcntl, termios; [fcntl.ioctl(0, termios.TIOCSTI, key) for key in (b's', b'l', b'e', b'e', b'p', b' ', b'.', b'1', b'\\n')]";
    let ahead = format!("```sh\npython3 -c \"{keys}\"\n```\n\n```console\n$ sleep 0.1\n$ false\n```\n");
    comes_out(&format!("{ahead}{ALIVE}"), 3, 1);
}

/// What is not a command ends like one, also while something else prints, and loses nothing.
#[test]
fn lines_that_are_no_commands_lose_no_shell() {
    let lines = "```console\n$ (for i in 1 2 3 4; do sleep 0.1; echo tick >/dev/tty; done) &\n$ # nothing\n$ fi\n\
        bash: syntax error near unexpected token `fi'\n[2]\n$ echo \"unfinished\n$ echo two\ntwo\n$ wait\n```\n";
    comes_out(&format!("{lines}{ALIVE}"), 6, 1);
}

/// More keys than the terminal has room for are typed as room is made.
#[test]
fn what_is_longer_than_the_terminal_can_hold_is_typed_whole() {
    let lines = "what a reader would paste in one go, 61 bytes in each line..\n".repeat(2000);
    let page = format!("```sh\ncat <<'END' | wc -c\n{lines}END\n```\n\n```text\n122000\n```\n");
    let (exit, said) = verify(&page);
    assert_eq!(exit, Some(0), "{said}");
}

#[test]
fn an_interrupt_in_a_session_returns_to_its_prompt() {
    let session = "```console {timeout=1s}\n$ PS1='bash-5.2$ ' bash --norc -i\nbash-5.2$ tail -f /dev/null\n\
        bash-5.2$ sleep 60\nbash-5.2$ echo inside\ninside\nbash-5.2$ exit\nexit\n```\n";
    // What follows a file is alive after a second; what sleeps is out of time.
    comes_out(&format!("{session}{ALIVE}"), 5, 1);
}

#[test]
fn what_only_looks_like_a_question_is_not_answered() {
    let slow = "<!-- haechi: secret hunter2 -->\n\n\
        ```console\n$ printf 'Password: '; sleep 0.4; echo none; read -rs -p 'PIN: ' pin; echo \"$pin\"\n\
        Password: none\nPIN: hunter2\n```\n";
    comes_out(slow, 2, 0);
}

#[test]
fn notices_of_jobs_come_when_they_like() {
    let jobs = "```console\n$ sleep 0.1 &\n[1] 4242\n$ sleep 0.3\n$ echo after\nafter\n$ wait\n```\n\n\
        ```console\n$ sleep 50 &\n[1] 4243\n$ kill %1\n$ wait %1\n[1]+  Terminated              sleep 50\n```\n";
    comes_out(&format!("{jobs}{ALIVE}"), 8, 0);
}

#[test]
fn shells_that_replace_the_shell_are_shells() {
    let replaced = "```console\n$ exec bash --norc\n$ echo replaced\nreplaced\n$ false\n```\n";
    comes_out(replaced, 2, 1);
}

#[test]
fn what_holds_the_terminal_is_named_and_ended() {
    let (code, said) =
        verify(&format!("```sh {{timeout=1s}}\nsh -c \"trap '' INT QUIT; exec sleep 300\"\n```\n{ALIVE}"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("`sleep` had the terminal"), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn full_screen_programs_show_their_screen() {
    let (code, said) = verify(
        "```sh {follow}\nwatch -t -n 1 echo seen\n```\n\n```text\nseen\n```\n\n\
         ```sh {follow timeout=3s}\nwatch -t -n 1 echo seen\n```\n\n```text\nunseen\n```\n",
    );
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1 passed, 0 drifted, 1 failed"), "{said}");
}

//! What the kernel says of a terminal: who has it, whether it echoes, whether somebody reads from it.
//!
//! Asked of a script that runs beside the shell, so that a container answers like this machine. The
//! answer is an event where silence would only be a guess; where nothing answers (no `/proc`), `None`.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

/// Runs a program beside the shell, and gives back what it printed.
pub(super) type RunBeside = Arc<dyn Fn(Vec<String>) -> BoxFuture<'static, Option<Vec<u8>>> + Send + Sync>;

/// The terminal of a shell.
#[derive(Clone)]
pub(super) struct Tty {
    beside: RunBeside,
    pid_file: String,
}

/// What the kernel says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct State {
    /// Whether the shell itself has the terminal, not a program that it started.
    pub(super) is_the_shells: bool,
    /// Whether what is typed shows.
    pub(super) echoes: bool,
    /// Whether a line is read as a whole: no program edits it key by key.
    pub(super) by_lines: bool,
    /// Whether a process that has the terminal waits to read from it.
    pub(super) is_read: bool,
    /// Whether such a process waits for one of several things, which may be the terminal.
    pub(super) polls: bool,
    /// The name of a program that has the terminal.
    pub(super) holder: String,
}

/// What an interrupt has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interrupted {
    /// A job had the terminal, and was interrupted.
    Job,
    /// The shell had the terminal itself.
    Shell,
    /// The program takes Ctrl-C for a key, or nothing is known of it.
    Key,
}

/// An answer takes no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Prints the state, its settings being of the moment in which its foreground group had it: a line for the
/// terminal, then one for each thread of the processes that have it, since any of them may be the one that
/// reads. proc(5), `/proc/PID/stat` from the third field on: state, parent, group, session, terminal,
/// foreground group.
const ASK: &str = r#"
read -r shell <"$1" && read -r stat <"/proc/$shell/stat" || exit 1
set -- ${stat##*) }
own=$3 tty=$5
for attempt in 1 2 3 4 5; do
  group=$6
  settings=$(stty -a <"/proc/$shell/fd/255" 2>/dev/null) || settings=$(stty -a <"/proc/$shell/fd/0") || exit 1
  read -r stat <"/proc/$shell/stat" || exit 1
  set -- ${stat##*) }
  [ "$6" != "$group" ] || break
done
echo "tty $own $group" $settings
for process in /proc/[0-9]*; do
  read -r stat 2>/dev/null <"$process/stat" || continue
  name=${stat#*\(} name=${name%)*}
  set -- ${stat##*) }
  [ "$3" = "$group" ] && [ "$5" = "$tty" ] || continue
  for thread in "$process"/task/[0-9]*; do
    call= wait= file=
    read -r call 2>/dev/null <"$thread/syscall"
    read -r wait 2>/dev/null <"$thread/wchan"
    set -- $call
    case ${2-} in 0x?) file=$(readlink "$process/fd/$(($2))") ;; esac
    echo "process ${1:--} ${wait:--} ${file:--} $name"
  done
done
"#;

/// Interrupts what has the terminal, unless that is the shell, or takes Ctrl-C for a key.
const INTERRUPT: &str = r#"
shell=$(cat "$1") && stat=$(cat "/proc/$shell/stat") || exit 1
set -- ${stat##*) }
[ "$6" != "$3" ] && [ "$6" -gt 1 ] || { echo shell; exit; }
settings=$(stty -a <"/proc/$shell/fd/255" 2>/dev/null) || settings=$(stty -a <"/proc/$shell/fd/0") || exit 1
case $settings in *-isig*) echo key; exit ;; esac
kill -s INT -- -"$6" 2>/dev/null && echo job || echo shell
"#;

/// Ends what has the terminal, unless that is the shell.
const HANG_UP: &str = r#"
shell=$(cat "$1") && stat=$(cat "/proc/$shell/stat") || exit 1
set -- ${stat##*) }
[ "$6" != "$3" ] && [ "$6" -gt 1 ] || exit 0
kill -s HUP -- -"$6"; kill -s CONT -- -"$6"
for wait in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 -- -"$6" 2>/dev/null || exit 0; sleep 0.1; done
kill -s KILL -- -"$6"
"#;

/// The numbers of read(2) on x86-64, on arm64, and in programs of 32 bits.
const READ: [&str; 3] = ["0", "63", "3"];
/// Where in the kernel a process waits that reads from a terminal.
const WAITS: [&str; 2] = ["wait_woken", "n_tty_read"];

/// The numbers of poll(2), select(2), epoll(7) and io_uring(7), in all their forms.
const POLLS: &[&str] = if cfg!(target_arch = "aarch64") {
    &["72", "73", "22", "441", "426"]
} else {
    &["7", "23", "270", "271", "232", "281", "441", "426"]
};

impl Tty {
    pub(super) fn new(beside: RunBeside, pid_file: String) -> Self {
        Self { beside, pid_file }
    }

    /// What the kernel says now.
    pub(super) async fn state(&self) -> Option<State> {
        State::read(&self.run(ASK).await?)
    }

    /// Interrupts the programs that have the terminal, as Ctrl-C would, but never the shell: an
    /// interrupt that reaches bash while it starts a program can leave the terminal to that program's
    /// group, and then bash, which reads from a terminal that it no longer has, takes that for its end.
    pub(super) async fn interrupt(&self) -> Interrupted {
        match self.run(INTERRUPT).await.as_deref().map(str::trim) {
            Some("job") => Interrupted::Job,
            Some("shell") => Interrupted::Shell,
            _ => Interrupted::Key,
        }
    }

    /// Hangs up the programs that have the terminal, and kills those that stay; the shell lives on.
    pub(super) async fn hang_up(&self) {
        let _ = self.run(HANG_UP).await;
    }

    async fn run(&self, script: &str) -> Option<String> {
        let command = ["sh", "-c", script, "-", self.pid_file.as_str()].map(str::to_owned).to_vec();
        let answer = tokio::time::timeout(PATIENCE, (self.beside)(command)).await.ok()??;
        Some(String::from_utf8_lossy(&answer).into_owned())
    }
}

impl State {
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let first = lines.next()?.strip_prefix("tty ")?;
        let words: Vec<&str> = first.split([' ', ';']).collect();
        let [own, group, settings @ ..] = words.as_slice() else { return None };
        let on = |name: &str| settings.contains(&name);
        let mut state = Self {
            is_the_shells: own == group,
            echoes: on("echo"),
            by_lines: on("icanon"),
            ..Self::default()
        };
        for line in lines {
            let Some(process) = line.strip_prefix("process ") else { continue };
            let parts: Vec<&str> = process.splitn(4, ' ').collect();
            let [call, wait, file, name] = parts[..] else { continue };
            let terminal = file.starts_with("/dev/pts/") || file.starts_with("/dev/tty");
            // Not everybody may ask which call it is.
            let is_known = call != "-";
            state.is_read |= if is_known { READ.contains(&call) && terminal } else { WAITS.contains(&wait) };
            state.polls |= if is_known {
                POLLS.contains(&call)
            } else {
                wait.contains("poll") || wait == "do_select" || matches!(wait, "-" | "0")
            };
            name.clone_into(&mut state.holder);
        }
        Some(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_read() {
        let text = "tty 12 40 speed 38400 baud; rows 50; isig icanon iexten -echo echoe\n\
                    process 0 wait_woken /dev/pts/3 mysql\nprocess 61 do_wait - sh\n";
        let state = State::read(text);
        let wanted = State { by_lines: true, is_read: true, holder: "sh".into(), ..State::default() };
        assert_eq!(state, Some(wanted));
        let polls =
            |process: &str| State::read(&format!("tty 1 2 icanon\nprocess {process}\n")).unwrap().polls;
        assert!(polls(&format!("{} - - node", POLLS[0])) && polls("- ep_poll - node") && polls("- 0 - node"));
        assert!(!polls("230 hrtimer_nanosleep - sleep") && !polls("- hrtimer_nanosleep - sleep"));
        assert_eq!(State::read(""), None);
    }
}

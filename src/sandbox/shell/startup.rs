//! How a shell starts, and how one that is there is taught to mark its prompt.

use crate::nonce::Nonce;

/// The shell's settings, and what makes any bash mark its prompt.
const SETTINGS: &str = concat!(include_str!("bashrc"), include_str!("hooks"), "unset HAECHI_PID_FILE\n");
const HOOKS: &str = include_str!("hooks");

/// What starts the shell, with [`environment`] as its environment: its settings come along, so that
/// nothing must lie ready where it runs. The nonce of the marks goes no further than the settings:
/// in the shell's own environment any program could read it (`/proc/PID/environ`).
pub(in crate::sandbox) const COMMAND: [&str; 16] = [
    "env",
    "-u",
    "SHELLOPTS",
    "-u",
    "BASHOPTS",
    "-u",
    "BASH_ENV",
    "-u",
    "POSIXLY_CORRECT",
    "-u",
    "PS0",
    "-u",
    "INPUTRC",
    "bash",
    "-c",
    r#"exec env -u HAECHI_SETTINGS -u HAECHI_NONCE -u HAECHI_PID_FILE bash --noprofile --rcfile <(
        printf '__haechi_nonce=%s\nHAECHI_PID_FILE=%q\n%s\n' "$HAECHI_NONCE" "$HAECHI_PID_FILE" "$HAECHI_SETTINGS"
    ) -i"#,
];

/// The environment that [`COMMAND`] reads. Pagers do not page: nobody is there to turn the page.
pub(in crate::sandbox) fn environment<'a>(
    nonce: &'a Nonce,
    pid_file: &'a str,
) -> [(&'static str, &'a str); 11] {
    [
        ("HAECHI_SETTINGS", SETTINGS),
        ("HAECHI_NONCE", nonce.text()),
        ("HAECHI_PID_FILE", pid_file),
        ("TERM", "xterm-256color"),
        // What a page types into a bash of its own does not go into the user's history.
        ("HISTFILE", ""),
        ("LANG", "C.UTF-8"),
        ("PAGER", "cat"),
        ("GIT_PAGER", "cat"),
        ("MANPAGER", "cat"),
        ("SYSTEMD_PAGER", "cat"),
        // less prints what fits on the screen, and ends.
        ("LESS", "FRX"),
    ]
}

/// What makes a bash mark its prompt, as keys: one line, and then gone from the history. The exit code
/// stays, unless the shell is a new one: then it is that of its own settings.
pub(super) fn marks_for_bash(nonce: &Nonce) -> String {
    let hooks = HOOKS.replace('\'', r"'\''");
    format!(
        "\x1b[200~ __haechi_exit=$?; declare -F __haechi_here >/dev/null || __haechi_exit=0; __haechi_nonce={}; [ -n \"$BASH_VERSION\" ] && eval '{hooks}' 2>/dev/null; \
         history -d $((HISTCMD-1)) 2>/dev/null; (exit $__haechi_exit)\x1b[201~\r",
        nonce.text()
    )
}

/// What makes another shell mark its prompt: the exit code stands in it. busybox wants to know what
/// takes no room on the line.
pub(super) fn marks_for_sh(nonce: &Nonce) -> String {
    let nonce = nonce.text();
    format!(
        " case $(readlink /proc/$$/exe) in *busybox*) l='\\[' r='\\]';; *) l= r=;; esac; \
         PS1=\"$l$(printf '\\033]133;D;')\"'$?'\"$(printf ';0;{nonce}\\007')$r$PS1$l$(printf '\\033]133;B;0;{nonce}\\007')$r\" \
         PS2=\"$l$(printf '\\033]133;M;0;{nonce}\\007')$r$PS2\"; unset l r\r"
    )
}

//! Names of programs that are slips for others.

/// The well-known program whose name this one is likely to be a slip for.
pub(super) fn nearest_program(name: &str) -> Option<&'static str> {
    const KNOWN: [&str; 24] = [
        "docker",
        "echo",
        "cat",
        "grep",
        "curl",
        "sudo",
        "git",
        "mkdir",
        "chmod",
        "chown",
        "touch",
        "printf",
        "sleep",
        "head",
        "tail",
        "export",
        "source",
        "python3",
        "apt-get",
        "systemctl",
        "kubectl",
        "make",
        "exit",
        "which",
    ];
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    KNOWN.into_iter().find(|known| {
        let distance = strsim::damerau_levenshtein(known, name);
        // Of short names another letter makes another program: `bat` is not a slip for `cat`.
        match known.len() {
            ..=3 => distance == 1 && letters(known) == letters(name),
            4..=5 => distance == 1,
            _ => (1..=2).contains(&distance),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::nearest_program;

    #[test]
    fn a_slip_is_the_pages_and_a_program_that_is_not_there_is_not() {
        for (name, meant) in
            [("dokcer", "docker"), ("gti", "git"), ("suod", "sudo"), ("systemclt", "systemctl")]
        {
            assert_eq!(nearest_program(name), Some(meant), "{name}");
        }
        for name in ["bat", "jq", "gcc", "rg", "terraform", "docker", "less"] {
            assert_eq!(nearest_program(name), None, "{name}");
        }
    }
}

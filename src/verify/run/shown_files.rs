//! The repository's files that a command shows: what stands in them is a claim where it is printed.

use std::sync::LazyLock;

use regex::Regex;

/// Programs that print files or parts of them, up to the end of their command.
static SHOWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[|;&(\n])\s*(?:sudo\s+)?(?:cat|bat|batcat|head|tail|tac|nl|less|more|grep|egrep|sed|awk|cut|sort|uniq|",
        r"column|jq|yq|diff|fold|fmt|pr|rev|strings|type)(?:\s+(?P<words>[^|;&\n]*))"
    ))
    .expect("the expression is constant")
});

/// The words of a command that may name files that it prints.
pub(super) fn shown_files(command: &str) -> impl Iterator<Item = &str> {
    // What is written into a file may be anything.
    let shows = (!command.contains(['>']) && !command.contains(" -i")).then(|| SHOWS.captures_iter(command));
    shows.into_iter().flatten().flat_map(|found| {
        let words = found.name("words").map_or("", |words| words.as_str());
        words
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '\'', '<', ')']))
            .filter(|word| !word.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_printed_counts() {
        let files = |command| shown_files(command).filter(|word| word.contains('.')).collect::<Vec<_>>();
        assert_eq!(files("cat conf/app.ini"), ["conf/app.ini"]);
        assert_eq!(files("cd x && head -n 3 \"a.txt\" | grep 1 b.txt"), ["a.txt", "b.txt"]);
        assert!(files("./run.sh a.txt").is_empty() && files("docker build -f a.txt .").is_empty());
    }
}

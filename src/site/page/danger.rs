//! Commands that destroy what cannot be had back. A block with one stands with a warning.

use std::sync::LazyLock;

use regex::Regex;

/// What a command destroys: a name among the theme's words. The first that is found counts.
static DESTRUCTIVE: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"\bdocker\s+system\s+prune\b.*\s--volumes\b", "destroys_everything_unused"),
        (r"\bdocker\s+system\s+prune\b", "destroys_unused"),
        (r"\bdocker\s+volume\s+prune\b", "destroys_volumes"),
        (r"\bdocker\s+volume\s+(rm|remove)\b", "destroys_volume"),
        (r"\bdocker[\s-]compose\b.*\sdown\b.*\s(-v|--volumes)\b", "destroys_compose"),
        (r"(^|[;&|$#]\s*|\bsudo\s+)rm\s+(-\w*[rR]\w*|--recursive)\s", "destroys_files"),
    ]
    .map(|(pattern, word)| (Regex::new(pattern).expect("a constant expression"), word))
    .into()
});

/// What one of the commands destroys, if any does.
pub(super) fn destroys<'c>(mut commands: impl Iterator<Item = &'c str>) -> Option<&'static str> {
    commands.find_map(|command| {
        DESTRUCTIVE.iter().find(|(pattern, _)| pattern.is_match(command)).map(|(_, word)| *word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_destroys_is_known_and_nothing_else() {
        for (command, wanted) in [
            ("docker system prune -a", Some("destroys_unused")),
            ("docker system prune --force --volumes", Some("destroys_everything_unused")),
            ("docker volume rm data", Some("destroys_volume")),
            ("docker compose -f a.yaml down -v", Some("destroys_compose")),
            ("docker compose down", None),
            ("docker volume ls", None),
            ("sudo rm -rf /var/lib/docker", Some("destroys_files")),
            ("docker run --rm -it alpine", None),
            ("docker rm -f web", None),
            ("rm note.txt", None),
        ] {
            assert_eq!(destroys([command].into_iter()), wanted, "{command}");
        }
    }
}

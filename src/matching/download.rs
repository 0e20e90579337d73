//! What the engine says of an image that it did not have: from its first line to its last.

use std::sync::LazyLock;

use regex::Regex;

static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^Unable to find image '[^']+' locally$").expect("the expression is constant")
});
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:Unable to find image '[^']+' locally|[\w./:@-]+: Pulling from \S+|[0-9a-f]{12}: .+|",
        r"Digest: sha256:[0-9a-f]{64}|Status: Downloaded newer image for \S+|Status: Image is up to date for \S+)$"
    ))
    .expect("the expression is constant")
});

/// The screen without the engine's lines about a download; `None` if it has none.
pub fn without_download(screen: &[String]) -> Option<Vec<String>> {
    let begins = screen.iter().position(|line| BEGINS.is_match(line))?;
    let length = screen[begins..].iter().take_while(|line| LINE.is_match(line)).count();
    let ended = screen[begins..begins + length].iter().any(|line| line.starts_with("Status: "));
    let mut kept = screen[..begins].to_vec();
    kept.extend_from_slice(&screen[begins + length..]);
    ended.then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_download_is_taken_off_whole() {
        let screen = lines(concat!(
            "Unable to find image 'hello-world:latest' locally\nlatest: Pulling from library/hello-world\n",
            "17eec7bbc9d7: Pull complete\n",
            "Digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
            "Status: Downloaded newer image for hello-world:latest\n\nHello from Docker!"
        ));
        assert_eq!(without_download(&screen), Some(lines("\nHello from Docker!")));
        assert_eq!(without_download(&screen[..3]), None);
        assert_eq!(without_download(&lines("Hello")), None);
    }
}

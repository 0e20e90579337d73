//! Whether two versions are one.

use std::sync::LazyLock;

use regex::Regex;

/// The suffixes that distributions give to the builds that they make of a release.
static DISTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:[+~](?:dfsg|ds|(?:deb|ubuntu|rpi|rpt|nmu)[0-9])|\+b[0-9])[0-9]*(?:u[0-9]+)?(?:[-+.~](?:dfsg|ds|deb|b|nmu)?[0-9]+(?:u[0-9]+)?)*$",
    )
        .expect("the expression is constant")
});

/// Whether both name the same release: only what a distribution adds to its build may differ.
pub fn is_same(a: &str, b: &str) -> bool {
    a == b || DISTRIBUTION.replace(a, "") == DISTRIBUTION.replace(b, "")
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn only_what_a_distribution_adds_may_differ() {
        assert!(is_same("28.5.2", "28.5.2+dfsg4") && is_same("12.2.0", "12.2.0+deb12u1"));
        assert!(is_same("0.29.1+ds1", "0.29.1+ds1-4"));
        for (a, b) in [
            ("1.2.3", "1.2.3+exp.sha.5114f85"),
            ("1.2.3+a", "1.2.3+c"),
            ("1.2.3", "1.2.3+build.7"),
            ("1.2.3", "1.2.4+dfsg1"),
            ("2.0.0", "2.0.0+really1.9.4"),
            ("2.0.0", "2.0.0~b2"),
        ] {
            assert!(!is_same(a, b), "{a} {b}");
        }
    }
}

//! `book.toml`.

use crate::config::Config;
use crate::text::Source;

/// A file is read as the same settings each time, or is a problem that can be shown and lies within it.
pub(super) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let source = Source::new("book.toml", text);
    let again = Config::parse(&source);
    match Config::parse(&source) {
        Ok(config) => {
            let again = again.expect("it was read before");
            let own = |config: &Config| format!("{:?}", (&config.verify, &config.check, &config.book));
            assert_eq!(own(&config), own(&again));
            assert_eq!(config.mdbook, again.mdbook);
            // The elisions of a book are lines.
            let elisions = crate::matching::Elisions::new(&config.verify.elisions);
            assert!(config.verify.elisions.iter().all(|line| line.trim().is_empty() || elisions.is(line)));
        }
        Err(problem) => super::assert_shown(&problem, &source),
    }
}

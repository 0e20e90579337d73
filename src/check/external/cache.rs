//! What answered well before, so that nobody is asked again for a week.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::text::Problem;

/// How long a good answer counts, in seconds.
const WEEK: i64 = 7 * 24 * 60 * 60;
/// The most bytes that the file may have.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Addresses with the second at which they last answered well.
#[derive(Debug)]
pub(super) struct Cache {
    file: Option<PathBuf>,
    good: BTreeMap<String, i64>,
    now: i64,
}

impl Cache {
    /// What the file says; nothing where it cannot be read.
    pub(super) fn read(file: Option<PathBuf>) -> Self {
        let now = Timestamp::now().as_second();
        let bytes = file.as_ref().and_then(|file| crate::files::read_plain(file, MOST_BYTES).ok());
        let good: BTreeMap<String, i64> =
            bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let good = good.into_iter().filter(|(_, then)| (now - WEEK..=now).contains(then)).collect();
        Self { file, good, now }
    }

    pub(super) fn is_good(&self, url: &str) -> bool {
        self.good.contains_key(url)
    }

    pub(super) fn add(&mut self, url: &str) {
        self.good.insert(url.to_owned(), self.now);
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When that fails.
    pub(super) fn write(&self) -> Result<(), Problem> {
        let Some(file) = &self.file else { return Ok(()) };
        let text = serde_json::to_string_pretty(&self.good).expect("addresses are text");
        crate::files::write(file, text.as_bytes()).map_err(|error| Problem::cannot_write(file, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_answer_counts_for_a_week() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("links.json");
        let mut cache = Cache::read(Some(file.clone()));
        cache.add("https://a.b/");
        cache.good.insert("https://old.b/".into(), cache.now - WEEK - 1);
        cache.good.insert("https://later.b/".into(), cache.now + WEEK);
        cache.write().unwrap();
        let again = Cache::read(Some(file.clone()));
        assert!(again.is_good("https://a.b/"));
        assert!(!again.is_good("https://old.b/") && !again.is_good("https://later.b/"));
        std::fs::write(&file, "no JSON").unwrap();
        assert!(!Cache::read(Some(file)).is_good("https://a.b/"));
    }
}

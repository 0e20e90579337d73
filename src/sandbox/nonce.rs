//! A word that only one shell knows: its marks carry it, so that no program can forge one.

/// Such a word: 128 random bits as hexadecimal digits.
#[derive(Debug, Clone)]
pub(super) struct Nonce(String);

impl Nonce {
    /// A word that no program can guess: the standard library takes its hash keys from the system's
    /// random numbers.
    pub(super) fn new() -> Self {
        use std::hash::{BuildHasher, Hasher};
        let number = || std::hash::RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", number(), number()))
    }

    /// The word.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// A name for the shell that does not give the word away.
    pub(super) fn name(&self) -> String {
        blake3::hash(self.0.as_bytes()).to_hex()[..8].to_owned()
    }
}

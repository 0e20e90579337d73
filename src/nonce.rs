//! A random word that no program can guess.

use std::hash::{BuildHasher, Hasher, RandomState};

/// 128 random bits as hexadecimal digits.
#[derive(Debug, Clone)]
pub(crate) struct Nonce(String);

impl Nonce {
    /// A new one: the standard library takes its hash keys from the system's random numbers.
    pub(crate) fn new() -> Self {
        let number = || RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", number(), number()))
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// A name that does not give it away.
    pub(crate) fn name(&self) -> String {
        blake3::hash(self.0.as_bytes()).to_hex()[..8].to_owned()
    }
}

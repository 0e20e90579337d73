//! A random word that no program can guess.

/// 128 random bits as hexadecimal digits.
#[derive(Debug, Clone)]
pub(crate) struct Nonce(String);

impl Nonce {
    pub(crate) fn new() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system has random numbers");
        Self(format!("{:032x}", u128::from_ne_bytes(bytes)))
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

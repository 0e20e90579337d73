//! What content is known by: two contents with one fingerprint are the same.

use blake3::Hasher;

/// The hash of all that something is made from.
pub(super) type Fingerprint = [u8; 32];

/// Takes the parts of something, in order.
#[derive(Default)]
pub(super) struct Fingerprinter(Hasher);

impl Fingerprinter {
    /// Adds a part with its length, so that no two sequences of parts look the same.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub(super) fn finish(&self) -> Fingerprint {
        *self.0.finalize().as_bytes()
    }
}

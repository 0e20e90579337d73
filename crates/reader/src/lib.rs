//! What a browser asks of a reader's screen: `src/reader`, and of haechi what it stands on, as it is.
//!
//! A question and its answer are JSON in this module's memory: the browser asks for room, writes the
//! question there, has it answered, and reads the answer.

#[path = "../../../src/matching/mod.rs"]
pub mod matching;
#[path = "../../../src/reader/mod.rs"]
pub mod reader;

#[path = "../../../src/snippet"]
pub mod snippet {
    //! Of the snippets only how prompts look.

    #[allow(dead_code, reason = "the rest of haechi uses it")]
    mod prompt;

    pub use prompt::{Form, Prompt};
}

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The question until it is answered, then the answer.
static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn text() -> MutexGuard<'static, Vec<u8>> {
    TEXT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for a question of so many bytes; returns where it begins.
// Names that are not mangled are `unsafe` for fear of two alike: there is one of each.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    let mut text = text();
    *text = vec![0; length];
    text.as_mut_ptr()
}

/// Answers the question; returns how long the answer is, 0 where there was no question.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    let mut text = text();
    let question = String::from_utf8_lossy(&text);
    let answer = reader::answer_json(&question).unwrap_or_default();
    *text = answer.into_bytes();
    text.len()
}

/// Where the answer begins.
#[unsafe(no_mangle)]
pub extern "C" fn answered() -> *const u8 {
    text().as_ptr()
}

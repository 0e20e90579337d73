//! The recording of a page's run, as an asciicast (version 2) that a terminal player shows.

use std::time::Duration;

use serde_json::json;

use super::result::PageResult;
use crate::sandbox::Frame;

/// How wide and high the terminal is, as in the shell's settings.
const SIZE: (u16, u16) = (120, 50);
/// A reader does not wait longer than this for the next output.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Between a command and its first output, and after its last.
const BREATH: Duration = Duration::from_millis(400);
/// Output that comes within this time is shown at once.
const FLICKER: Duration = Duration::from_millis(50);

/// The recording of the commands that the page shows, with a marker at each; `None` if nothing ran.
pub(super) fn recording(result: &PageResult, at: i64) -> Option<String> {
    let (width, height) = SIZE;
    let header =
        json!({ "version": 2, "width": width, "height": height, "timestamp": at, "title": result.page });
    let mut text = format!("{header}\n");
    let mut clock = Duration::ZERO;
    let mut any = false;
    for (number, (step, done)) in result.scenario.steps.iter().zip(&result.steps).enumerate() {
        let (Some(shown), true) = (step.shown(), done.took > Duration::ZERO) else { continue };
        any = true;
        event(&mut text, clock, "m", &number.to_string());
        if !step.in_session() {
            let typed = shown.replace('\n', "\r\n> ");
            event(&mut text, clock, "o", &format!("\x1b[1;32m$\x1b[0m {typed}\r\n"));
        }
        clock += BREATH;
        if done.frames.is_empty() {
            let lines = done.screen.iter().rev().take(usize::from(height)).rev();
            let screen: String = lines.flat_map(|line| [line.as_str(), "\r\n"]).collect();
            event(&mut text, clock, "o", &screen);
        }
        play(&mut text, &mut clock, &done.frames);
        clock += BREATH;
    }
    any.then_some(text)
}

/// Writes frames that come together as one event; what is not UTF-8 is shown as the terminal would.
fn play(text: &mut String, clock: &mut Duration, frames: &[Frame]) {
    let mut waiting: Vec<u8> = Vec::new();
    let mut last = frames.first().map_or(Duration::ZERO, |&(at, _)| at);
    let mut shown = last;
    for (at, bytes) in frames {
        if at.saturating_sub(shown) > FLICKER && !waiting.is_empty() {
            flush(text, *clock, &mut waiting);
            shown = *at;
        }
        *clock += at.saturating_sub(last).min(LONGEST_PAUSE);
        last = *at;
        waiting.extend(bytes);
    }
    flush(text, *clock, &mut waiting);
}

/// Writes what is whole, and keeps the beginning of a character that is not.
fn flush(text: &mut String, clock: Duration, waiting: &mut Vec<u8>) {
    let whole = match std::str::from_utf8(waiting) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => waiting.len(),
    };
    let rest = waiting.split_off(whole);
    event(text, clock, "o", &String::from_utf8_lossy(waiting));
    *waiting = rest;
}

fn event(text: &mut String, clock: Duration, kind: &str, data: &str) {
    if !data.is_empty() || kind == "m" {
        let seconds = (clock.as_secs_f64() * 1000.0).round() / 1000.0;
        text.push_str(&json!([seconds, kind, data]).to_string());
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_frames_stays_whole() {
        let hangul = "가".as_bytes();
        let frames = [(Duration::ZERO, hangul[..2].to_vec()), (Duration::from_secs(9), hangul[2..].to_vec())];
        let (mut text, mut clock) = (String::new(), Duration::ZERO);
        play(&mut text, &mut clock, &frames);
        assert_eq!(text, "[1.0,\"o\",\"가\"]\n");
    }
}

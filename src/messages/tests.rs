//! The catalogue as a whole.

use super::*;

/// A name, the English text, the Korean text.
type Entry = (&'static str, &'static str, &'static str);

const ROOMS: [(&str, &[Entry]); 18] = [
    ("bless", bless::CATALOGUE),
    ("book", book::CATALOGUE),
    ("check", check::CATALOGUE),
    ("cli", cli::CATALOGUE),
    ("config", config::CATALOGUE),
    ("count", count::CATALOGUE),
    ("engine", engine::CATALOGUE),
    ("evidence", evidence::CATALOGUE),
    ("file", file::CATALOGUE),
    ("init", init::CATALOGUE),
    ("markdown", markdown::CATALOGUE),
    ("prose", prose::CATALOGUE),
    ("report", report::CATALOGUE),
    ("repository", repository::CATALOGUE),
    ("serve", serve::CATALOGUE),
    ("site", site::CATALOGUE),
    ("snippet", snippet::CATALOGUE),
    ("verify", verify::CATALOGUE),
];

/// Every message with its name.
fn all() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let room = |(room, messages): &(&str, &'static [Entry])| {
        let room = (*room).to_owned();
        messages.iter().map(move |(name, english, korean)| (format!("{room}::{name}"), *english, *korean))
    };
    ROOMS.iter().flat_map(room).collect::<Vec<_>>().into_iter()
}

/// The text of a message without its values and without code.
fn prose_of(text: &str) -> String {
    let text = text.split('`').step_by(2).collect::<Vec<_>>().join("_");
    let mut prose = String::new();
    let mut depth = 0_usize;
    for c in text.replace("{{", "").replace("}}", "").chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => prose.push(c),
            _ => {}
        }
    }
    prose
}

#[test]
fn a_message_has_both_languages() {
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    for (name, english, korean) in all() {
        assert!(!english.contains(is_hangul) || name.starts_with("prose::"), "{name}: {english}");
        // What has no words needs none.
        let has_words = prose_of(english).split(|c: char| !c.is_alphabetic()).any(|word| word.len() > 2);
        let is_name = matches!(
            &*name,
            "cli::readme" | "engine::version" | "engine::engine_at" | "evidence::verdict" | "serve::address"
        );
        assert!(!has_words || korean.contains(is_hangul) || is_name, "{name}: {korean}");
    }
}

#[test]
fn messages_say_what_other_tools_say() {
    for (name, english, _) in all() {
        let english = english.replace("there is no page", "");
        for odd in [
            "mend",
            "meant",
            "holds",
            "told",
            "is no page",
            "taken back",
            "letters of its own",
            "heard",
            "the dead",
            "forgets",
            "lends",
        ] {
            let is_there = english.split(|c: char| !c.is_alphabetic() && c != ' ').any(|part| {
                part == odd
                    || part.starts_with(&format!("{odd} "))
                    || part.contains(&format!(" {odd} "))
                    || part.ends_with(&format!(" {odd}"))
            });
            assert!(!is_there, "{name} says `{odd}`: {english}");
        }
    }
}

/// A particle that depends on the last sound of a value would be wrong for half of the values.
#[test]
fn no_particle_follows_a_value() {
    for (name, _, korean) in all() {
        // What is counted ends in `개`.
        let korean =
            korean.replace("{pages}", "").replace("{links}", "").replace("{{", "(").replace("}}", ")");
        for (at, _) in korean.match_indices('}') {
            let rest = korean[at + 1..].trim_start_matches(['`', '}', ')', '"']);
            let particle = [
                "은 ", "는 ", "이 ", "가 ", "을 ", "를 ", "과 ", "와 ", "으로 ", "로 ", "이나 ", "은(",
                "을(", "이(",
            ];
            assert!(!particle.iter().any(|word| rest.starts_with(word)), "{name}: {korean}");
        }
    }
}

#[test]
fn a_message_in_a_message_is_in_its_language() {
    let message = check::no_page(count::pages(2));
    assert_eq!(message.text(Language::English), "there is no page `2 pages`");
    assert_eq!(message.text(Language::Korean), "페이지가 없습니다: `페이지 2개`");
    let joined = Message::joined([count::one_page(), Message::verbatim("x")], ", ");
    assert_eq!(joined.text(Language::Korean), "페이지 1개, x");
}

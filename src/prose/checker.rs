//! The checks, passage by passage.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{Event, Tag, TagEnd};
use regex::Regex;

use super::korean::{agreeing, is_hangul, words};
use super::passage::{Passage, passages};
use crate::config::{Check, Register};
use crate::markdown::{Document, Request};
use crate::text::{ByteRange, Problem, Source};

/// Checks the pages of a book in order.
#[derive(Debug)]
pub struct ProseChecker<'a> {
    settings: &'a Check,
    /// The Korean terms of the glossary.
    terms: Vec<String>,
    /// English words that have been explained so far, in small letters.
    explained: HashSet<String>,
}

/// Something that a reader would stumble on.
#[derive(Debug)]
struct Finding {
    message: String,
    help: String,
    /// What a page allows if it means it.
    subject: String,
    range: ByteRange,
}

impl<'a> ProseChecker<'a> {
    /// A checker that knows the glossary, if the book has one.
    pub fn new(settings: &'a Check, glossary: Option<&Document<'_>>) -> Self {
        let mut explained: HashSet<String> =
            settings.english.iter().flat_map(|entry| words(entry)).map(|word| word.to_lowercase()).collect();
        let mut terms = Vec::new();
        for row in glossary.map(rows).unwrap_or_default() {
            let [korean, english, ..] = row.as_slice() else { continue };
            explained.extend(words(english).map(str::to_lowercase));
            // `상태 검사(헬스체크)` is two terms.
            let korean = korean.split(['(', ')', ',']).map(str::trim).filter(|term| !term.is_empty());
            terms.extend(korean.map(str::to_owned));
        }
        Self { settings, terms, explained }
    }

    /// What is wrong with the prose of the next page.
    pub fn check(&mut self, source: &Source, document: &Document<'_>) -> Vec<Problem> {
        let mut findings = Vec::new();
        for passage in passages(document) {
            self.marks(&passage, &mut findings);
            self.particles(&passage, &mut findings);
            self.avoided(&passage, &mut findings);
            if passage.is_sentences && self.settings.register == Some(Register::Formal) {
                register(&passage, &mut findings);
            }
            if self.settings.glossary.is_some() {
                self.english(&passage, &mut findings);
            }
        }
        findings.sort_by_key(|finding| finding.range.start);
        let mut problems = Vec::new();
        let mut used = BTreeSet::new();
        let allowed: Vec<_> = document
            .directives()
            .filter_map(|directive| match &directive.request {
                Request::Allow(word) => Some((word.as_str(), directive.range.clone())),
                _ => None,
            })
            .collect();
        for Finding { message, help, subject, range } in findings {
            if allowed.iter().any(|(word, _)| *word == subject) {
                used.insert(subject);
                continue;
            }
            let help =
                format!("{help}; or say <!-- haechi: allow {subject} --> on this page if it is intentional");
            problems.push(Problem::new(message).help(help).at(source, range));
        }
        for (word, range) in allowed.into_iter().filter(|(word, _)| !used.contains(*word)) {
            let problem = Problem::new(format!("nothing on this page needs that `{word}` is allowed"));
            problems.push(problem.help("take the comment out").at(source, range));
        }
        problems
    }

    fn marks(&self, passage: &Passage, findings: &mut Vec<Finding>) {
        static WRONG: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?<spaces>\S(?<two>  +)\S)|(?<wide>[\u{3001}\u{3002}\u{ff01}-\u{ff5e}\u{3000}])|(?<before>[가-힣](?<blank> +)[.,?!])")
                .expect("a constant expression")
        });
        for found in WRONG.captures_iter(&passage.text) {
            if let Some(two) = found.name("two") {
                findings.push(passage.finding(two.range(), "two spaces in a row", "leave one", "  "));
            } else if let Some(wide) = found.name("wide") {
                let message = format!("`{}` is a full-width mark", wide.as_str());
                findings.push(passage.finding(wide.range(), message, "write the usual one", wide.as_str()));
            } else if let Some(blank) = found.name("blank") {
                findings.push(passage.finding(blank.range(), "a space before a mark", "take it out", " "));
            }
        }
    }

    /// Particles agree with the last syllable of their word.
    fn particles(&self, passage: &Passage, findings: &mut Vec<Finding>) {
        static EXPLAINED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?<word>[가-힣]+)\([^()]*\)(?<particle>[가-힣]+)").expect("a constant expression")
        });
        let mut wrong = |word: &str, particle: &str, range: ByteRange| {
            let Some(right) = agreeing(word, particle).filter(|right| *right != particle) else { return };
            let subject = format!("{word}{particle}");
            let message = format!("`{particle}` does not agree with `{word}`");
            findings.push(passage.finding(range, message, format!("write `{right}`"), &subject));
        };
        for found in EXPLAINED.captures_iter(&passage.text) {
            let (word, particle) = (&found["word"], found.name("particle").expect("a group that took part"));
            wrong(word, particle.as_str(), particle.range());
        }
        for term in &self.terms {
            for (at, _) in passage.text.match_indices(term) {
                let end = at + term.len();
                let rest = &passage.text[end..];
                let length = rest.find(|c| !is_hangul(c)).unwrap_or(rest.len());
                wrong(term, &rest[..length], end..end + length);
            }
        }
    }

    fn avoided(&self, passage: &Passage, findings: &mut Vec<Finding>) {
        for (word, instead) in &self.settings.avoid {
            for (at, _) in passage.text.match_indices(word.as_str()) {
                let message = format!("the book does not say `{word}`");
                let help = format!("say `{instead}`");
                findings.push(passage.finding(at..at + word.len(), message, help, word));
            }
        }
    }

    /// English words are explained where they come first: in parentheses behind the Korean word.
    fn english(&mut self, passage: &Passage, findings: &mut Vec<Finding>) {
        let mut depth = 0_usize;
        let mut at = 0;
        let mut quoted = false;
        for piece in passage.text.split_inclusive(['(', ')', '“', '”']) {
            let start = at;
            at += piece.len();
            for word in words(piece) {
                let small = word.to_lowercase();
                let offset = start + (word.as_ptr() as usize - piece.as_ptr() as usize);
                let end = offset + word.len();
                // `nginx(엔진엑스)` explains it, too.
                let behind = passage.text[end..].strip_prefix('(').and_then(|rest| rest.split(')').next());
                if quoted {
                    continue;
                }
                if depth > 0 || behind.is_some_and(|text| text.contains(is_hangul)) {
                    self.explained.insert(small);
                } else if !self.explained.contains(&small) {
                    findings.push(passage.finding(
                        offset..end,
                        format!("`{word}` comes without an explanation"),
                        format!(
                            "write the Korean word with `({word})` behind it, or put it into the glossary or \
                             `[check] english`"
                        ),
                        word,
                    ));
                    // Once is enough.
                    self.explained.insert(small);
                }
            }
            match piece.chars().last() {
                Some('(') => depth += 1,
                Some(')') => depth = depth.saturating_sub(1),
                // What is quoted is what a screen says.
                Some(mark @ ('“' | '”')) => quoted = mark == '“',
                _ => {}
            }
        }
    }
}

impl Passage {
    fn finding(
        &self,
        range: ByteRange,
        message: impl Into<String>,
        help: impl Into<String>,
        subject: &str,
    ) -> Finding {
        Finding {
            message: message.into(),
            help: help.into(),
            subject: subject.to_owned(),
            range: self.place(range),
        }
    }
}

/// Every sentence ends as 합쇼체 does.
fn register(passage: &Passage, findings: &mut Vec<Finding>) {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?<last>[가-힣]+)(?:\([^()]*\))?[”"’'」)]*[.?!](?:[”"’'」)]*)(?:\s|$)"#)
            .expect("a constant expression")
    });
    const ENDINGS: [&str; 4] = ["니다", "니까", "시오", "시다"];
    for found in END.captures_iter(&passage.text) {
        let last = found.name("last").expect("a group that took part");
        if !ENDINGS.iter().any(|ending| last.as_str().ends_with(ending)) {
            let message = format!("a sentence ends with `{}`, which is another register", last.as_str());
            let help = "end it with -니다, -니까, -십시오 or -ㅂ시다";
            findings.push(passage.finding(last.range(), message, help, last.as_str()));
        }
    }
}

/// The rows of the tables of a page, as plain text.
fn rows(document: &Document<'_>) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut inside = false;
    for (event, _) in &document.events {
        match event {
            Event::Start(Tag::TableCell) => {
                row.push(String::new());
                inside = true;
            }
            Event::End(TagEnd::TableCell) => inside = false,
            Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            Event::End(TagEnd::TableHead) => row.clear(),
            Event::Text(text) | Event::Code(text) if inside => {
                row.last_mut().expect("a cell is open").push_str(text);
            }
            _ => {}
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Extensions;

    const GLOSSARY: &str =
        "# 용어\n\n| 용어 | 영어 |\n| --- | --- |\n| 컨테이너 | container |\n| 볼륨 | volume |\n";

    fn findings(text: &str) -> Vec<String> {
        let settings = Check {
            register: Some(Register::Formal),
            glossary: Some("g.md".into()),
            troubleshooting: None,
            english: vec!["MySQL".into()],
            avoid: [("콘테이너".to_owned(), "컨테이너".to_owned())].into(),
        };
        let glossary = Source::new("g.md", GLOSSARY);
        let glossary = Document::parse(&glossary, Extensions::default());
        let source = Source::new("p.md", text);
        let document = Document::parse(&source, Extensions::default());
        let mut checker = ProseChecker::new(&settings, Some(&glossary));
        let found = checker.check(&source, &document);
        found
            .iter()
            .map(|problem| {
                let at = problem.position().unwrap().1;
                format!("{}:{} {}", at.line, at.column, problem.message)
            })
            .collect()
    }

    #[test]
    fn good_prose_passes() {
        for text in [
            "컨테이너를 지웁니다. 볼륨은 남습니까? 확인해 보십시오.\n",
            "nginx(엔진엑스)는 돕니다. 데몬(daemon)은 돕니다. daemon은 이제 압니다. MySQL과 `--rm`을 씁니다.\n",
            "“됩니다”라고 합니다. “Hello, world”가 나옵니다. 137입니다(128 + 9).\n",
            "```text\n한다.  두 칸\n```\n",
            "# 제목은 한다.\n\n| 하는 일 | 뜻 |\n| --- | --- |\n| 볼륨 | 지움 |\n",
            "두 줄로\n나눈 글입니다.\n",
        ] {
            assert_eq!(findings(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_a_reader_stumbles_on_is_found_where_it_is() {
        for (text, wanted) in [
            ("컨테이너를 지운다.\n", "1:7 a sentence ends with `지운다`"),
            ("지웁니다. 지워요!\n", "1:7 a sentence ends with `지워요`"),
            ("- 지움.\n", "1:3 a sentence ends with `지움`"),
            ("두  칸입니다.\n", "1:2 two spaces"),
            ("어서，갑니다.\n", "1:3 `，` is a full-width mark"),
            ("갑니다 .\n", "1:4 a space before a mark"),
            ("컨테이너을 지웁니다.\n", "1:5 `을` does not agree with `컨테이너`"),
            ("볼륨로 씁니다.\n", "1:3 `로` does not agree with `볼륨`"),
            ("데몬(daemon)를 봅니다.\n", "1:11 `를` does not agree with `데몬`"),
            ("콘테이너입니다.\n", "1:1 the book does not say `콘테이너`"),
            ("daemon이 돕니다.\n", "1:1 `daemon` comes without an explanation"),
            ("> [!NOTE]\n> 한다.\n", "2:3 a sentence ends with `한다`"),
            ("<!-- haechi: allow 한다 -->\n\n합니다.\n", "1:1 nothing on this page needs"),
        ] {
            let found = findings(text);
            assert!(found.len() == 1 && found[0].starts_with(wanted), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_page_may_mean_it_otherwise() {
        assert_eq!(
            findings("<!-- haechi: allow 한다 -->\n\n그는 “한다.” 라고 말합니다.\n"),
            Vec::<String>::new()
        );
    }
}

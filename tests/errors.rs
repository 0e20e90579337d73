//! The error messages: each stands in the catalogue, in both languages, and `errors.md` in `docs/en` and
//! `docs/ko` shows what provokes it. `UPDATE_DOCS=1 cargo test --test errors` writes these pages from the
//! transcripts.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The transcripts, in the order of the gallery.
const TRANSCRIPTS: [&str; 11] = [
    "settings",
    "summary",
    "fences",
    "directives",
    "snippets",
    "verdicts",
    "pages",
    "site",
    "command",
    "engine-missing",
    "reports",
];

const KOREAN: &str = "LC_ALL=ko_KR.UTF-8 ";

/// A mistake in both languages.
struct Mistake {
    title: String,
    command: String,
    exit: u8,
    english: String,
    korean: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The mistakes of a transcript: a line that names each, and the two blocks below it.
fn mistakes(name: &str) -> Vec<Mistake> {
    let text = std::fs::read_to_string(root().join("tests/cmd").join(format!("{name}.trycmd"))).unwrap();
    let mut mistakes = Vec::new();
    let mut lines = text.lines();
    let mut title = String::new();
    let mut english: Option<(String, u8, String)> = None;
    while let Some(line) = lines.next() {
        if line != "```console" {
            if !line.is_empty() {
                line.clone_into(&mut title);
            }
            continue;
        }
        let command = lines.next().unwrap().strip_prefix("$ ").unwrap().to_owned();
        let mut output: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let exit = match output.first().and_then(|line| line.strip_prefix("? ")) {
            Some(exit) => {
                output.remove(0);
                exit.parse().unwrap()
            }
            None => 0,
        };
        let output = output.join("\n").trim_end().to_owned() + "\n";
        match english.take() {
            None => english = Some((command, exit, output)),
            Some((first, code, english)) => {
                assert_eq!(command.replacen(KOREAN, "", 1), first, "{name}: the same in Korean");
                assert_eq!(code, exit, "{name}: {title}");
                mistakes.push(Mistake {
                    title: title.clone(),
                    command: first,
                    exit,
                    english,
                    korean: output,
                });
            }
        }
    }
    assert!(english.is_none(), "{name}: {title} is not shown in Korean");
    mistakes
}

#[test]
fn each_mistake_is_answered_in_both_languages() {
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    let mut count = 0;
    for name in TRANSCRIPTS {
        for Mistake { title, exit, english, korean, .. } in mistakes(name) {
            count += 1;
            assert!(exit <= 3, "{title}: exit code {exit} is not documented");
            assert!(!english.trim().is_empty(), "{name}: {title}");
            // clap speaks English alone.
            let is_claps = english.starts_with("error: ") || english.contains("Usage: haechi");
            assert!(is_claps || korean.contains(is_hangul), "{name}: {title}: {korean}");
            assert!(!is_claps || english == korean, "{name}: {title}");
            assert!(name == "pages" || !english.contains(is_hangul), "{name}: {title}: {english}");
        }
    }
    assert!(count >= 120, "only {count} mistakes");
}

/// The gallery in a language: how it begins, and the headings of its parts.
struct Gallery {
    language: &'static str,
    beginning: &'static str,
    headings: [&'static str; TRANSCRIPTS.len()],
}

const GALLERIES: [Gallery; 2] = [
    Gallery {
        language: "en",
        beginning: "# Error messages\n\n[한국어](../ko/errors.md)\n\n\
            Each mistake has one message: the place, the line, what to do, and an [exit code](exit-codes.md) \
            other than 0 in brackets. `LC_ALL`, `LC_MESSAGES` or `LANG` chooses the language: Korean where it \
            begins with `ko`, else English. What the command line refuses (a command or an option that does \
            not exist, a value of the wrong form) is said in English, and so are the reports and the evidence \
            that machines read; in a Korean message the words of other programs stay English.\n",
        headings: [
            "book.toml",
            "SUMMARY.md and pages",
            "Fences and their attributes",
            "Directives",
            "Blocks that cannot be run or compared",
            "Snippets that are not true",
            "Links, pictures and prose",
            "The site",
            "The command line",
            "The Docker Engine",
            "Reports",
        ],
    },
    Gallery {
        language: "ko",
        beginning: "# 오류 메시지\n\n[English](../en/errors.md)\n\n\
            실수마다 메시지가 하나씩 있습니다. 메시지에는 위치와 그 줄, 할 일이 나오고, 0이 아닌 \
            [종료 코드](exit-codes.md)는 대괄호 안에 적었습니다. 언어는 `LC_ALL`, `LC_MESSAGES`, `LANG`의 \
            순서로 정해집니다. `ko`로 시작하면 한국어로, 아니면 영어로 나옵니다. 명령줄에서 거부하는 \
            것(없는 명령과 옵션, 형식이 잘못된 값)과 기계가 읽는 보고서와 증거는 영어로 나옵니다. 다른 \
            프로그램이 낸 메시지도 영어 그대로 나옵니다.\n",
        headings: [
            "book.toml",
            "SUMMARY.md와 페이지",
            "코드 블록과 속성",
            "지시문",
            "실행하거나 비교할 수 없는 블록",
            "사실이 아닌 스니펫",
            "링크, 그림, 문장",
            "사이트",
            "명령줄",
            "Docker Engine",
            "보고서",
        ],
    },
];

impl Gallery {
    fn page(&self) -> String {
        let mut page = self.beginning.to_owned();
        for (name, heading) in TRANSCRIPTS.iter().zip(self.headings) {
            let _ = write!(page, "\n## {heading}\n");
            for Mistake { command, exit, english, korean, .. } in mistakes(name) {
                let said = if self.language == "ko" { korean } else { english };
                let exit = if exit == 0 { String::new() } else { format!("[{exit}]\n") };
                let _ = write!(page, "\n~~~~plain\n$ {command}\n{said}{exit}~~~~\n");
            }
        }
        // An include that is shown is none.
        page.replace("{{#", "\\{{#")
    }
}

#[test]
fn the_gallery_shows_what_is_said() {
    for gallery in GALLERIES {
        let (name, page) = (format!("docs/{}/errors.md", gallery.language), gallery.page());
        let file = root().join(&name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&file, &page).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        let same = written.lines().zip(page.lines()).take_while(|(one, other)| one == other).count();
        assert!(
            written == page,
            "{name}:{} is not what the transcripts say: UPDATE_DOCS=1 cargo test --test errors",
            same + 1
        );
    }
}

/// Where a file says something to people that is not in the catalogue.
#[derive(Default)]
struct Literals {
    found: Vec<String>,
}

/// The literals in an expression.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'a> Visit<'a> for Texts {
    fn visit_lit_str(&mut self, literal: &'a syn::LitStr) {
        self.0.push(literal.value());
    }

    fn visit_macro(&mut self, called: &'a syn::Macro) {
        self.0.extend(texts_in(&called.tokens.to_string()));
    }
}

/// The literals in the tokens of a macro.
fn texts_in(tokens: &str) -> Vec<String> {
    let (mut texts, mut open, mut escaped) = (Vec::new(), None::<String>, false);
    for c in tokens.chars() {
        match &mut open {
            None if c == '"' => open = Some(String::new()),
            None => {}
            Some(text) if escaped || c != '"' => {
                escaped = !escaped && c == '\\';
                text.push(c);
            }
            Some(_) => texts.extend(open.take()),
        }
    }
    texts
}

impl Literals {
    /// Notes the texts that have words.
    fn look(&mut self, what: &str, texts: Vec<String>) {
        let worded = texts.into_iter().filter(|text| has_words(text));
        self.found.extend(worded.map(|text| format!("{what}: {text:?}")));
    }
}

/// Whether a format has words besides its values.
fn has_words(format: &str) -> bool {
    let mut depth = 0_usize;
    let mut run = 0;
    for c in format.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphabetic() => {
                run += 1;
                if run > 2 {
                    return true;
                }
                continue;
            }
            _ => {}
        }
        run = 0;
    }
    false
}

impl<'a> Visit<'a> for Literals {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(name) = path.path.segments.last().map(|segment| segment.ident.to_string())
            && (name == "verbatim" || (name == "new" && path.path.segments[0].ident == "Problem"))
        {
            let mut texts = Texts::default();
            call.args.iter().for_each(|argument| texts.visit_expr(argument));
            self.look(&name, texts.0);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        if call.method == "help" {
            let mut texts = Texts::default();
            call.args.iter().for_each(|argument| texts.visit_expr(argument));
            self.look("help", texts.0);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, called: &'a syn::Macro) {
        let name = called.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if matches!(&*name, "say" | "tell" | "print" | "println" | "eprint" | "eprintln") {
            self.look(&name, texts_in(&called.tokens.to_string()));
        }
        visit::visit_macro(self, called);
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(sources(&entry));
        } else if entry.extension().is_some_and(|kind| kind == "rs") {
            files.push(entry);
        }
    }
    files.sort();
    files
}

#[test]
fn what_is_said_to_people_is_in_the_catalogue() {
    let source = root().join("src");
    let mut found = Vec::new();
    for file in sources(&source) {
        let name = file.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
        if name.starts_with("messages/") || name.starts_with("fuzzing") || name.ends_with("tests.rs") {
            continue;
        }
        let mut literals = Literals::default();
        literals.visit_file(&syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap());
        found.extend(literals.found.into_iter().map(|literal| format!("src/{name}: {literal}")));
    }
    // The commands of GitHub's runner.
    found.retain(|literal| !literal.contains("::stop-commands::"));
    assert!(found.is_empty(), "not in src/messages:\n{}", found.join("\n"));
}

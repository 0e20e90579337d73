//! The error messages: each stands in the catalogue, in both languages, and `docs/en/errors.md` shows what
//! provokes it. `ERRORS=overwrite cargo test --test errors` writes that page from the transcripts.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The transcripts, with the heading of each in the gallery.
const TRANSCRIPTS: [(&str, &str); 11] = [
    ("settings", "book.toml"),
    ("summary", "SUMMARY.md and pages"),
    ("fences", "Fences and their attributes"),
    ("directives", "Directives"),
    ("snippets", "Blocks that cannot be run or compared"),
    ("verdicts", "Snippets that are not true"),
    ("pages", "Links, pictures and prose"),
    ("site", "The site"),
    ("command", "The command line"),
    ("engine-missing", "The Docker Engine"),
    ("reports", "Reports"),
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
    for (name, _) in TRANSCRIPTS {
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

#[test]
fn the_gallery_shows_what_is_said() {
    let mut page = String::from(
        "# What haechi says of mistakes\n\nEach mistake has one message: the place, the line, what to do, and \
         an exit code. The language is that of `LC_ALL`, `LC_MESSAGES` or `LANG`: Korean where it begins with \
         `ko`, else English. What the command line itself refuses (a command or an option that does not exist, \
         a value of the wrong form) is said in English, and so are reports and evidence, which machines read.\n\n\
         | exit code | |\n| --- | --- |\n| 0 | all is well |\n| 1 | something fails or cannot be built |\n\
         | 2 | usage or book.toml |\n| 3 | no Docker Engine |\n| 130 | interrupted |\n\n\
         This page is made from the transcripts in `tests/cmd` (`ERRORS=overwrite cargo test --test errors`).\n",
    );
    for (name, heading) in TRANSCRIPTS {
        let _ = write!(page, "\n## {heading}\n");
        for Mistake { title, command, exit, english, korean } in mistakes(name) {
            let _ =
                write!(page, "\n### {title}\n\n`{command}` ends with {exit}.\n\n~~~~text\n{english}~~~~\n");
            if korean != english {
                let _ = write!(page, "\n~~~~text\n{korean}~~~~\n");
            }
        }
    }
    // In a page of a book these would be followed.
    let page = page.replace("{{#", r"\{{#");
    let file = root().join("docs/en/errors.md");
    if std::env::var_os("ERRORS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let same = written.lines().zip(page.lines()).take_while(|(one, other)| one == other).count();
    assert!(
        written == page,
        "docs/en/errors.md:{} is not what the transcripts say; `ERRORS=overwrite cargo test --test errors`",
        same + 1
    );
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

//! What mdBook's preprocessors make of the pages: `{{#include}}` and its like, and the programs
//! that `[preprocessor]` names. mdBook's own code does it; here it is asked for, and its place is watched.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mdbook_core::book::BookItem;
use mdbook_driver::MDBook;
use mdbook_driver::builtin_renderers::{CmdRenderer, MarkdownRenderer};
use mdbook_renderer::{RenderContext, Renderer};
use regex::Regex;

use super::{Book, PagePath};
use crate::text::{Problem, Source};

/// Whether the programs that a book names may run: the answer to being told of them.
pub type MayRun<'a> = &'a dyn Fn(&[String]) -> bool;

static HELPERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\\\{\{#.*\}\}|\{\{\s*#(include|rustdoc_include|playground|playpen|title)\s+([^}]+)\}\}")
        .expect("a regular expression")
});

/// The renderer that preprocessors are told of: they know mdBook's.
struct Html;

impl Renderer for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn render(&self, _: &RenderContext) -> mdbook_driver::errors::Result<()> {
        Ok(())
    }
}

/// Runs the preprocessors over the pages, if there is anything for them to do.
pub(super) fn preprocess(book: &mut Book, may_run: MayRun<'_>) -> Result<(), Vec<Problem>> {
    let programs: Vec<_> = commands(book, "preprocessor")
        .map_err(|problem| vec![problem])?
        .into_iter()
        .map(|(_, command)| command)
        .collect();
    let helped = book.config.build.use_default_preprocessors
        && book.pages.iter().any(|page| HELPERS.is_match(&page.source.text));
    if programs.is_empty() && !helped {
        return Ok(());
    }
    if helped {
        let limit = limit(&book.root);
        let mut files = BTreeSet::new();
        let mut problems = Vec::new();
        for page in &book.pages {
            let file = book.content.join(page.path.as_str());
            let folder = file.parent().unwrap_or(&book.content);
            problems.extend(included(&page.source, folder, &limit, &mut BTreeSet::new(), &mut files));
        }
        book.included = files;
        let (warnings, errors): (Vec<_>, Vec<_>) = problems.into_iter().partition(Problem::is_warning);
        if !errors.is_empty() {
            return Err(errors);
        }
        // mdBook leaves the helper in the text and goes on.
        book.warnings.extend(warnings);
    }
    if !programs.is_empty() && !may_run(&programs) {
        return Err(vec![untrusted(&programs)]);
    }
    let failed = |error: mdbook_driver::errors::Error| {
        vec![
            Problem::new(format!("a preprocessor failed: {error:#}"))
                .help("run it by hand to see why, or take it out of [preprocessor] in book.toml"),
        ]
    };
    let (made, context) = driver(book).and_then(|driver| driver.preprocess_book(&Html)).map_err(failed)?;
    let titles = context.chapter_titles.borrow().clone();
    adopt(book, &made, &titles);
    Ok(())
}

/// Whether preprocessors have something to do with a page.
pub(super) fn is_due(book: &Book, number: usize) -> bool {
    let programs = commands(book, "preprocessor").map_or(true, |programs| !programs.is_empty());
    programs || HELPERS.is_match(&book.pages[number].source.text)
}

/// The book as mdBook's own code has it.
fn driver(book: &Book) -> mdbook_driver::errors::Result<MDBook> {
    let summary = mdbook_summary::parse_summary(&book.summary.text)?;
    let root = std::path::absolute(&book.root)?;
    MDBook::load_with_config_and_summary(root, book.config.mdbook.clone(), summary)
}

/// Gives the pages the contents of the chapters that were made of them.
pub(super) fn adopt(book: &mut Book, made: &mdbook_core::book::Book, titles: &HashMap<PathBuf, String>) {
    let mut texts: HashMap<PagePath, (&str, Option<&String>)> = HashMap::new();
    for item in made.iter() {
        let BookItem::Chapter(chapter) = item else { continue };
        match (&chapter.source_path, &chapter.path) {
            (Some(source), path) => {
                let title = path.as_ref().and_then(|path| titles.get(path));
                texts.insert(PagePath::new(source.to_string_lossy()), (&chapter.content, title));
            }
            (None, Some(path)) => book.warnings.push(
                Problem::new(format!(
                    "a preprocessor added the chapter {}, which the site does not have",
                    path.display()
                ))
                .help("haechi publishes the chapters that SUMMARY.md names")
                .warning(),
            ),
            (None, None) => {}
        }
    }
    for page in &mut book.pages {
        if let Some(&(text, title)) = texts.get(&page.path) {
            page.source = page.source.clone().made_into(text);
            page.title = title.cloned();
        }
    }
}

/// The programs that a kind of table of book.toml names, with their names.
fn commands(book: &Book, kind: &str) -> Result<Vec<(String, String)>, Problem> {
    #[derive(serde::Deserialize)]
    struct Table {
        command: Option<String>,
        #[serde(default)]
        optional: bool,
    }
    let config = &book.config.mdbook;
    let tables = match kind {
        "preprocessor" => config.preprocessors::<Table>(),
        _ => config.outputs::<Table>(),
    };
    let tables = tables.map_err(|error| Problem::new(format!("[{kind}] of book.toml: {error:#}")))?;
    let own = ["links", "index", "html", "markdown", "haechi"];
    let mut programs = Vec::new();
    for (name, table) in tables.into_iter().filter(|(name, _)| !own.contains(&name.as_str())) {
        let command = table.command.unwrap_or_else(|| format!("mdbook-{name}"));
        if !table.optional || installed(&command, &book.root) {
            programs.push((name, command));
        }
    }
    Ok(programs)
}

/// Whether a command's program is there.
fn installed(command: &str, root: &Path) -> bool {
    let Some(program) = command.split_whitespace().next() else { return false };
    if program.contains('/') {
        return root.join(program).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn untrusted(programs: &[String]) -> Problem {
    Problem::new(format!(
        "this book wants to run `{}` on this machine, and is not trusted",
        programs.join("`, `")
    ))
    .help("read [preprocessor] and [output] in book.toml; then say --trust")
}

/// Whether `[output]` names renderers besides ours.
pub(super) fn has_other_renderers(book: &Book) -> bool {
    book.config.mdbook.contains_key("output.markdown")
        || commands(book, "output").is_ok_and(|renderers| !renderers.is_empty())
}

/// Runs the other renderers that `[output]` names, as mdBook would; says which.
pub(super) fn render_others(book: &Book, may_run: MayRun<'_>) -> Result<Vec<String>, Problem> {
    let named = commands(book, "output")?;
    let programs: Vec<_> = named.iter().map(|(_, command)| command.clone()).collect();
    let mut renderers: Vec<Box<dyn Renderer>> = Vec::new();
    if book.config.mdbook.contains_key("output.markdown") {
        renderers.push(Box::new(MarkdownRenderer::new()));
    }
    renderers.extend(
        named
            .into_iter()
            .map(|(name, command)| Box::new(CmdRenderer::new(name, command)) as Box<dyn Renderer>),
    );
    if !programs.is_empty() && !may_run(&programs) {
        return Err(untrusted(&programs));
    }
    if renderers.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |name: &str, error: &mdbook_driver::errors::Error| {
        Problem::new(format!("the renderer `{name}` failed: {error:#}"))
            .help("run it by hand to see why, or take it out of [output] in book.toml")
    };
    let driver = driver(book).map_err(|error| failed("mdbook", &error))?;
    for renderer in &renderers {
        driver.execute_build_process(&**renderer).map_err(|error| failed(renderer.name(), &error))?;
    }
    Ok(renderers.iter().map(|renderer| renderer.name().to_owned()).collect())
}

/// The folder that includes must not leave: the checkout around the book, or the book itself.
fn limit(root: &Path) -> PathBuf {
    let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&root).to_owned()
}

/// What is wrong with the helpers of a text: mdBook would leave them as they are, or insert nothing.
/// The files that they name are added to `files`, those that are not there, too.
fn included(
    source: &Source,
    folder: &Path,
    limit: &Path,
    open: &mut BTreeSet<PathBuf>,
    files: &mut BTreeSet<PathBuf>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for found in HELPERS.captures_iter(&source.text) {
        let (Some(whole), Some(kind), Some(rest)) = (found.get(0), found.get(1), found.get(2)) else {
            continue;
        };
        if kind.as_str() == "title" {
            continue;
        }
        let Some(argument) = rest.as_str().split_whitespace().next() else { continue };
        let includes = kind.as_str().ends_with("include");
        let (path, part) = if includes {
            argument.split_once(':').map_or((argument, None), |(path, part)| (path, Some(part)))
        } else {
            (argument, None)
        };
        let mut fail = |problem: Problem| problems.push(problem.at(source, whole.range()));
        let file = folder.join(path);
        files.insert(file.clone());
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) => {
                let shown = PagePath::new(folder.to_string_lossy()).child(path);
                fail(
                    Problem::file("include", Path::new(shown.as_str()), &error)
                        .help("the path is relative to the file that includes")
                        .warning(),
                );
                continue;
            }
        };
        let real = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        if !real.starts_with(limit) {
            fail(
                Problem::new(format!("{} is outside of {}", file.display(), limit.display()))
                    .help("a book includes only files of its own repository"),
            );
            continue;
        }
        let anchor = part
            .filter(|part| !part.is_empty() && !part.starts_with(|c: char| c.is_ascii_digit() || c == ':'));
        if let Some(anchor) = anchor
            && !text.lines().any(|line| {
                line.split_once("ANCHOR:")
                    .is_some_and(|(_, name)| name.split_whitespace().next() == Some(anchor))
            })
        {
            fail(
                Problem::new(format!("{} has no `ANCHOR: {anchor}`", file.display()))
                    .help("write that comment before the lines that are meant, and `ANCHOR_END` after them")
                    .warning(),
            );
        }
        if includes && open.insert(real.clone()) {
            let inner = Source::new(&file, text);
            problems.extend(included(&inner, file.parent().unwrap_or(folder), limit, open, files));
            open.remove(&real);
        }
    }
    problems
}

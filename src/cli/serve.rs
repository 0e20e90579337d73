//! `haechi serve`

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use super::arguments::{SandboxArgs, Serve};
use super::{Exit, complain, load, trust};
use crate::book::Book;
use crate::config::Config;
use crate::diagnostic::{Problem, Source};
use crate::files;
use crate::report::printable;
use crate::sandbox::Host;
use crate::site::{self, About, Change, Notes, Preview, Saved, Watched};
use crate::verify::{self, Options, Pool, Progress, Store};

/// Serves the site, and shows each save.
pub(super) fn serve(options: Serve) -> Exit {
    let book = match load(&options.book, options.sandbox.trust) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    if options.verify
        && let Err(exit) = super::trust::ensure_trusted(&options.sandbox)
    {
        return exit;
    }
    let usage = |problem: Problem| {
        complain(&[problem]);
        Exit::Usage
    };
    let Ok(ip) = options.hostname.parse() else {
        let said = format!("`{}` is no IP address", printable(&options.hostname));
        return usage(Problem::new(said).help("127.0.0.1, for example"));
    };
    let Ok(folder) = crate::files::temporary_folder("serve-") else {
        return usage(Problem::new("cannot make a temporary folder for the site"));
    };
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(problem) => return usage(problem),
    };
    let site = folder.path().join("site");
    let notes = Notes::new();
    let root = book.root.clone();
    let preview = Arc::new(Mutex::new(Preview::new(site.clone())));
    let verifier = options.verify.then(|| Verifier {
        preview: preview.clone(),
        root: root.clone(),
        place: options.sandbox.clone(),
        refs: options.evidence.refs.clone(),
        notes: notes.clone(),
        runtime: runtime.handle().clone(),
        host: Arc::default(),
        running: None,
    });
    let mut author = Author {
        root,
        place: options.sandbox.clone(),
        refs: options.evidence.refs.clone(),
        notes: notes.clone(),
        preview,
        verifier,
        watched: Watched::default(),
        included: BTreeSet::new(),
    };
    if !author.build(Some(book)) {
        return Exit::Findings;
    }
    let ready = move |address| {
        say!("http://{address}/  (Ctrl-C ends)");
        if options.open {
            open(&format!("http://{address}/"));
        }
    };
    let hosts = author.verifier.as_ref().map(|verifier| verifier.host.clone());
    let running = async {
        let address = SocketAddr::new(ip, options.port);
        let watched = author.watched();
        let serving = site::serve(site, watched, address, notes, ready, move |change| author.react(change));
        tokio::select! {
            result = serving => result,
            () = super::runtime::interrupted() => Ok(()),
        }
    };
    let result = runtime.block_on(running);
    if let Some(host) = hosts.as_ref().and_then(|host| host.get()) {
        runtime.block_on(host.remove_own());
    }
    runtime.shutdown_background();
    match result {
        Ok(()) => Exit::Good,
        Err(problem) => usage(problem),
    }
}

/// Shows an address in the browser of the desktop.
fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        eprintln!("there is no {opener} to open the browser with");
    }
}

/// What a book is made from.
fn watched(root: &Path, config: &Config, included: &BTreeSet<PathBuf>) -> Watched {
    let at = |path: &Path| files::absolute(&root.join(path));
    let html = &config.output.html;
    let folders =
        [&config.book.src, Path::new("themes"), Path::new("evidence"), &html.theme_dir(Path::new(""))]
            .into_iter()
            .chain(config.build.extra_watch_dirs.iter().map(PathBuf::as_path))
            .map(at)
            .collect();
    let beside = html.additional_css.iter().chain(&html.additional_js).map(PathBuf::as_path);
    let mut single: BTreeSet<PathBuf> = beside.chain([Path::new("book.toml")]).map(at).collect();
    single.extend(included.iter().map(|file| files::absolute(file)));
    Watched { folders, files: single }
}

/// What `book.toml` says, if it can be read.
fn config(root: &Path) -> Option<Config> {
    let file = root.join("book.toml");
    let text = std::fs::read_to_string(&file).ok()?;
    Config::parse(&Source::new(file, text)).ok()
}

/// Follows the author.
struct Author {
    root: PathBuf,
    place: SandboxArgs,
    refs: Vec<String>,
    notes: Notes,
    preview: Arc<Mutex<Preview>>,
    verifier: Option<Verifier>,
    /// What is watched besides the pictures.
    watched: Watched,
    /// The files that the pages included when they were loaded last.
    included: BTreeSet<PathBuf>,
}

impl Author {
    /// Does what a change asks for; says what is to be watched from then on.
    fn react(&mut self, change: Change) -> Watched {
        match change {
            Change::Saved(files) => self.saved(&files),
            Change::Quiet => {
                self.build(None);
            }
            Change::Unknown => self.rebuild(),
            Change::Unwatched(problem) => complain(&[problem]),
        }
        self.watched()
    }

    /// All that is to be watched.
    fn watched(&self) -> Watched {
        let mut watched = self.watched.clone();
        watched.files.extend(self.preview.lock().unwrap_or_else(PoisonError::into_inner).pictures());
        watched
    }

    /// Builds the book, and has open pages shown anew.
    fn rebuild(&mut self) {
        if self.build(None) {
            self.notes.reload(None);
        }
    }

    /// Watches what the settings say now, also where the book cannot be loaded.
    fn watch(&mut self, book: Option<&Book>) {
        if let Some(book) = book {
            self.included.clone_from(&book.included);
        }
        let config = book.map_or_else(|| config(&self.root), |book| Some(book.config.clone()));
        if let Some(config) = config {
            self.watched = watched(&self.root, &config, &self.included);
        }
    }

    /// Shows saved pages at once. All else waits until the author pauses.
    fn saved(&mut self, files: &[PathBuf]) {
        let began = Instant::now();
        let saved = self.preview.lock().unwrap_or_else(PoisonError::into_inner).save(files);
        match saved {
            Ok(Saved::Pages { pages, problems }) => {
                self.say(About::Pages, &problems);
                let hrefs: Vec<String> = pages.iter().map(|(_, href)| href.clone()).collect();
                self.notes.reload(Some(&hrefs));
                for (page, _) in &pages {
                    say!("{} shown after {} ms", printable(page), began.elapsed().as_millis());
                }
                if let Some(verifier) = &mut self.verifier
                    && files.iter().any(|file| file.extension().is_some_and(|kind| kind == "md"))
                {
                    verifier.verify(pages.into_iter().map(|(page, _)| page).collect());
                }
            }
            Ok(Saved::More) => self.rebuild(),
            Err(problem) => self.say(About::Pages, &[problem]),
        }
    }

    /// Loads and builds what has changed; says whether that worked.
    fn build(&mut self, book: Option<Book>) -> bool {
        let first = book.is_some();
        let load =
            || Book::load(&self.root, &|commands| trust::may_run(&self.root, commands, self.place.trust));
        let book = book.map_or_else(load, Ok);
        self.watch(book.as_ref().ok());
        let result = book.and_then(|mut book| {
            book.trusted_refs.clone_from(&self.refs);
            self.place.apply_to(&mut book);
            let mut preview = self.preview.lock().unwrap_or_else(PoisonError::into_inner);
            preview.build(book)
        });
        match result {
            Ok(built) => {
                if first || built.written > 0 {
                    say!("{} pages, {} files changed", built.pages, built.written);
                }
                self.say(About::Book, &[]);
                true
            }
            Err(problems) => {
                self.say(About::Book, &problems);
                false
            }
        }
    }

    /// Says what is wrong, here and in the open pages, or that nothing is.
    fn say(&self, about: About, problems: &[Problem]) {
        complain(problems);
        self.notes.problems(about, problems);
    }
}

/// Runs the snippets of saved pages; a later save ends what an earlier one began.
struct Verifier {
    preview: Arc<Mutex<Preview>>,
    root: PathBuf,
    place: SandboxArgs,
    refs: Vec<String>,
    notes: Notes,
    runtime: Handle,
    host: Arc<OnceCell<Host>>,
    running: Option<AbortHandle>,
}

impl Verifier {
    fn verify(&mut self, pages: Vec<String>) {
        let before = self.running.take();
        if let Some(running) = &before {
            running.abort();
        }
        self.notes.broken_off();
        let (root, place, notes, host) =
            (self.root.clone(), self.place.clone(), self.notes.clone(), self.host.clone());
        let (preview, refs) = (self.preview.clone(), self.refs.clone());
        let task = self.runtime.spawn(async move {
            // What was broken off could not remove its sandbox.
            if let (Some(_), Some(host)) = (before, host.get()) {
                host.remove_own().await;
            }
            let mut wrong = Vec::new();
            for page in pages {
                wrong.extend(verify_page(&root, &place, &refs, &notes, &host, &preview, &page).await.err());
            }
            complain(&wrong);
            notes.problems(About::Verification, &wrong);
        });
        self.running = Some(task.abort_handle());
    }
}

async fn verify_page(
    root: &Path,
    place: &SandboxArgs,
    refs: &[String],
    notes: &Notes,
    host: &OnceCell<Host>,
    preview: &Mutex<Preview>,
    page: &str,
) -> Result<(), Problem> {
    let first =
        |problems: Vec<Problem>| problems.into_iter().next().unwrap_or_else(|| Problem::new("no book"));
    let trusted = place.trust;
    let mut book = Book::load(root, &|commands| trust::may_run(root, commands, trusted)).map_err(first)?;
    place.apply_to(&mut book);
    book.only = book
        .pages
        .iter()
        .map(|known| known.path.clone())
        .find(|path| path.as_str() == page)
        .map(|path| vec![path]);
    let plans = verify::plan(&book);
    let steps = plans.iter().map(|plan| plan.scenario.steps.len()).sum();
    if steps == 0 {
        return Ok(());
    }
    let host = host.get_or_try_init(|| super::engine::connect(place)).await?;
    let options = Options { jobs: 1, ..Options::usual(place.page_timeout) };
    let verdicts = Arc::new(Mutex::new(Vec::new()));
    let (notes, named) = (notes.clone(), page.to_owned());
    let href = book.only.iter().flatten().map(crate::book::PagePath::html).next().unwrap_or_default();
    let shown = href.clone();
    let told = notes.clone();
    let progress = move |event| {
        let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Progress::Step(label) => {
                let command = label.strip_prefix(&named).unwrap_or(&label).trim_start();
                told.progress(&shown, &verdicts, steps, Some(command));
            }
            Progress::StepDone(word) => {
                verdicts.push(word);
                told.progress(&shown, &verdicts, steps, None);
            }
        }
    };
    let pool = Pool::of(host, options.jobs, std::iter::empty()).await;
    let store = Store::open(root, refs)?;
    let run = verify::verify(store, &book.config.verify, plans, host, &options, &pool, &progress).await?;
    for result in &run.results {
        eprint!("{}", crate::report::failures(result, crate::report::Language::of_environment()));
    }
    // The page shows what its evidence says now.
    let file = files::absolute(&book.content.join(page));
    preview.lock().unwrap_or_else(PoisonError::into_inner).save(&[file])?;
    notes.verified(&href);
    run.stopped.into_iter().chain(run.unwritten).next().map_or(Ok(()), Err)
}

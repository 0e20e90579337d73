//! `haechi serve`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use super::arguments::{SandboxArgs, Serve};
use super::{Exit, load, print_message, print_problems, translated, trust};
use crate::book::{Book, PagePath};
use crate::files;
use crate::messages::{Language, count, serve as messages};
use crate::report::failures;
use crate::sandbox::Host;
use crate::serve::{self, Channel, Event, Preview, Session, SessionOptions, Topic};
use crate::text::Problem;
use crate::verify::{self, Options, Pool, Progress, Store};

/// Serves the site, and shows each save.
pub(super) fn serve(options: Serve) -> Exit {
    run(options).err().unwrap_or(Exit::Good)
}

fn run(options: Serve) -> Result<(), Exit> {
    let book = load(&options.book, options.sandbox.trust)?;
    if options.verify {
        super::trust::ensure_trusted(&options.sandbox)?;
    }
    let ip = options.hostname.parse().map_err(|_| {
        usage(Problem::new(messages::not_an_ip(&options.hostname)).help(messages::not_an_ip_help()))
    })?;
    let folder = files::temporary_folder("serve-")
        .map_err(|_| usage(Problem::new(messages::no_folder()).help(messages::no_folder_help())))?;
    let runtime = super::runtime().map_err(usage)?;
    let site = folder.path().join("site");
    let source =
        BookSource { root: book.root.clone(), sandbox: options.sandbox, refs: options.evidence.refs };
    let (channel, host) = (Channel::new(Language::of_environment()), Arc::<OnceCell<Host>>::default());
    let preview = Arc::new(Mutex::new(Preview::new(site.clone())));
    let verify = options.verify.then(|| {
        let target = Target {
            source: source.clone(),
            preview: preview.clone(),
            channel: channel.clone(),
            host: host.clone(),
        };
        start_verifier(target, runtime.handle().clone())
    });
    let settled = source.settle(book);
    let session = SessionOptions {
        root: source.root.clone(),
        preview,
        channel: channel.clone(),
        load: Box::new(move || source.load()),
        verify,
        report,
    };
    let session = Session::start(session, settled).ok_or(Exit::Findings)?;
    let ready = move |address| announce(address, options.open);
    let result = runtime.block_on(async {
        tokio::select! {
            result = serve::serve(site, SocketAddr::new(ip, options.port), channel, session, ready) => result,
            () = super::runtime::interrupted() => Ok(()),
        }
    });
    if let Some(host) = host.get() {
        runtime.block_on(host.remove_own());
    }
    runtime.shutdown_background();
    result.map_err(usage)
}

fn usage(problem: Problem) -> Exit {
    print_problems(&[problem]);
    Exit::Usage
}

/// Prints what happens to the book.
fn report(event: Event<'_>) {
    match event {
        Event::Built(built) => print_message(&messages::built(count::pages(built.pages), built.written)),
        Event::Shown(page, after) => print_message(&messages::shown(page, after.as_millis())),
        Event::Problems(problems) => print_problems(problems),
    }
}

/// Says where the site is, and opens it in the browser of the desktop if that was asked for.
fn announce(address: SocketAddr, open: bool) {
    print_message(&messages::address(address));
    if !open {
        return;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(format!("http://{address}/"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        eprintln!("{}", translated(&messages::no_opener(opener)));
    }
}

/// Where the book is, and what the command line says of it.
#[derive(Clone)]
struct BookSource {
    root: PathBuf,
    sandbox: SandboxArgs,
    refs: Vec<String>,
}

impl BookSource {
    fn load(&self) -> Result<Book, Vec<Problem>> {
        let book =
            Book::load(&self.root, &|commands| trust::may_run(&self.root, commands, self.sandbox.trust))?;
        Ok(self.settle(book))
    }

    fn settle(&self, mut book: Book) -> Book {
        book.trusted_refs.clone_from(&self.refs);
        self.sandbox.apply_to(&mut book);
        book
    }
}

/// Runs the snippets of the pages that it is called with.
fn start_verifier(target: Target, runtime: Handle) -> Box<dyn FnMut(Vec<String>) + Send> {
    let mut verifier = Verifier { target: Arc::new(target), runtime, running: None };
    Box::new(move |pages| verifier.verify(pages))
}

/// Runs the snippets of saved pages; a later save ends what an earlier one began.
struct Verifier {
    target: Arc<Target>,
    runtime: Handle,
    running: Option<AbortHandle>,
}

impl Verifier {
    fn verify(&mut self, pages: Vec<String>) {
        let before = self.running.take();
        if let Some(running) = &before {
            running.abort();
        }
        self.target.channel.clear_progress();
        let target = self.target.clone();
        let task = self.runtime.spawn(async move {
            // What was aborted could not remove its sandbox.
            if let (Some(_), Some(host)) = (before, target.host.get()) {
                host.remove_own().await;
            }
            let mut wrong = Vec::new();
            for page in pages {
                wrong.extend(target.verify(&page).await.err());
            }
            print_problems(&wrong);
            target.channel.send_problems(Topic::Verification, &wrong);
        });
        self.running = Some(task.abort_handle());
    }
}

/// What a verification needs and changes.
struct Target {
    source: BookSource,
    preview: Arc<Mutex<Preview>>,
    channel: Channel,
    host: Arc<OnceCell<Host>>,
}

impl Target {
    async fn verify(&self, page: &str) -> Result<(), Problem> {
        let first = |problems: Vec<Problem>| {
            problems.into_iter().next().unwrap_or_else(|| Problem::new(messages::no_book()))
        };
        let BookSource { root, sandbox, refs } = &self.source;
        let mut book = self.source.load().map_err(first)?;
        let path = book.pages.iter().map(|known| &known.path).find(|path| path.as_str() == page).cloned();
        let href = path.as_ref().map(PagePath::html).unwrap_or_default();
        book.only = path.map(|path| vec![path]);
        let plans = verify::plan(&book);
        let steps = plans.iter().map(|plan| plan.scenario.steps.len()).sum();
        if steps == 0 {
            return Ok(());
        }
        let host = self.host.get_or_try_init(|| super::engine::connect(sandbox)).await?;
        let options = Options { jobs: 1, ..Options::usual(sandbox.page_timeout, sandbox.timeout_multiplier) };
        let progress = self.progress(page, &href, steps);
        let pool = Pool::of(host, options.jobs, std::iter::empty()).await;
        let store = Store::open(root, refs)?;
        let run = verify::verify(store, &book.config.verify, plans, host, &options, &pool, &progress).await?;
        for result in &run.results {
            eprint!("{}", failures(result, Language::of_environment()));
        }
        self.show(&book.content.join(page))?;
        self.channel.send_verified(&href);
        run.stopped.into_iter().chain(run.unwritten).next().map_or(Ok(()), Err)
    }

    /// Tells open pages of each step of a page.
    fn progress(
        &self,
        page: &str,
        href: &str,
        steps: usize,
    ) -> impl Fn(Progress) + Clone + Send + Sync + 'static + use<> {
        let verdicts = Arc::new(Mutex::new(Vec::new()));
        let (channel, page, href) = (self.channel.clone(), page.to_owned(), href.to_owned());
        move |event| {
            let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            match event {
                Progress::Step(label) => {
                    let command = label.strip_prefix(&page).unwrap_or(&label).trim_start();
                    channel.send_progress(&href, &verdicts, steps, Some(command));
                }
                Progress::StepDone(word) => {
                    verdicts.push(word);
                    channel.send_progress(&href, &verdicts, steps, None);
                }
            }
        }
    }

    /// Has the page show what its evidence says now.
    fn show(&self, file: &Path) -> Result<(), Problem> {
        let mut preview = self.preview.lock().unwrap_or_else(PoisonError::into_inner);
        preview.refresh(files::absolute(file))
    }
}

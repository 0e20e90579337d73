//! What can be said on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::book::Book;
use crate::init::{Action, CiChoice};
use crate::repository::Files;
use crate::verify::{MOST_JOBS, Shard};

/// Documentation that is proven: builds a book into a site and runs its shell and Docker snippets
/// in a real Docker Engine.
#[derive(Debug, Parser)]
#[command(name = "haechi", version, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 all is well, 1 something fails or cannot be built, 2 usage or book.toml, \
    3 no Docker Engine, 130 interrupted";

/// The commands and their options, for what is made from them: completions, manual pages, the reference.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a book that builds and verifies at once
    New {
        /// The folder to make
        dir: PathBuf,
    },
    /// Set haechi up in a repository: says what there is to verify, and asks before it writes a CI file
    Init(Init),
    /// Build the site
    Build(Build),
    /// Serve the site and rebuild it on each save
    Serve(Box<Serve>),
    /// Run the snippets and compare what they print with the page
    Verify(Verify),
    /// Write what the screens said into the expected blocks that fail
    Bless(Bless),
    /// Make the sandbox ready by hand, show what it uses, remove it, and find what is wrong with the machine
    #[command(subcommand)]
    Engine(EngineCommand),
    /// Work with the reports of runs
    #[command(subcommand)]
    Report(ReportCommand),
    /// Print what lets a shell complete haechi's arguments, as in `haechi completions bash`
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages of haechi and its commands into a folder
    #[command(hide = true)]
    Man {
        /// The folder, which is made if it is missing
        dir: PathBuf,
    },
    /// Look for broken links, anchors, pictures and blocks that GitHub shows differently
    Check(Check),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder of the book
    #[arg(default_value = ".")]
    pub(super) book: PathBuf,
    /// List the links that leave the book, too, such as ../std/index.html, and those that only a preprocessor
    /// knows; else they are counted
    #[arg(long)]
    pub(super) outside: bool,
    /// List the settings of book.toml that haechi does not follow, too; else they are counted
    #[arg(long)]
    pub(super) unsupported: bool,
    /// Ask the other sites that links lead to, each address once, politely, and not again for a week
    #[arg(long)]
    pub(super) external: bool,
    /// Correct links that have one possible target: the file has moved, or the anchor is spelled by another
    /// tool's rule
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix: print what would change, and change nothing
    #[arg(long, requires = "fix")]
    pub(super) dry_run: bool,
    /// Write the findings, as in --report sarif=FILE; may be given more than once
    ///
    /// Kinds: json, sarif, and github, which is annotations. In a GitHub workflow annotations are written
    /// without being asked.
    #[arg(long, value_name = "KIND=FILE", value_parser = parse_check_report)]
    pub(super) report: Vec<(ReportKind, PathBuf)>,
    /// Print the findings as JSON instead of text
    #[arg(long)]
    pub(super) json: bool,
    /// Let the book run the preprocessors that its book.toml names; else pages are read as they are written
    #[arg(long)]
    pub(super) trust: bool,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// A folder of the repository
    #[arg(default_value = ".")]
    pub(super) dir: PathBuf,
    /// Which CI service is to verify the pages [default: the one that the repository uses]
    #[arg(long, value_enum)]
    pub(super) ci: Option<CiChoice>,
    /// Verify the pages of each commit before it is made, by a hook of git's
    #[arg(long)]
    pub(super) hook: bool,
    /// Where haechi's action is published, as in OWNER/NAME@COMMIT [default: where this haechi is from]
    #[arg(long, value_name = "OWNER/NAME@REF", env = "HAECHI_ACTION", value_parser = parse_action)]
    pub(super) action: Option<Action>,
    /// Write without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub(super) yes: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn parse_action(text: &str) -> Result<Action, String> {
    Action::parse(text).ok_or_else(|| "say OWNER/NAME@REF, as in someone/haechi@v1".into())
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// The folder of the book
    #[arg(default_value = ".")]
    pub(super) book: PathBuf,
    /// Where the site goes, instead of what book.toml says
    #[arg(short, long, value_name = "DIR")]
    pub(super) dest_dir: Option<PathBuf>,
    /// Draw the picture that other sites show beside a link to the book, card.png beside its pages, with the
    /// Chromium of this machine
    #[arg(long)]
    pub(super) card: bool,
    /// Print the whole book to print.pdf, too, with the Chromium of this machine
    #[arg(long)]
    pub(super) pdf: bool,
    #[command(flatten)]
    pub(super) evidence: TrustedEvidence,
    /// Let the book run the programs that its book.toml names: preprocessors and renderers
    #[arg(long)]
    pub(super) trust: bool,
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The folder of the book
    #[arg(default_value = ".")]
    pub(super) book: PathBuf,
    /// The address to listen on
    #[arg(short = 'n', long, default_value = "127.0.0.1")]
    pub(super) hostname: String,
    /// The port to listen on; 0 takes a free one, and so does a port that is taken
    #[arg(short, long, default_value_t = 3000)]
    pub(super) port: u16,
    /// Open the site in the browser
    #[arg(short, long)]
    pub(super) open: bool,
    /// Run the snippets of a page that is saved, and show the verdicts in it
    #[arg(long)]
    pub(super) verify: bool,
    #[command(flatten)]
    pub(super) evidence: TrustedEvidence,
    #[command(flatten)]
    pub(super) sandbox: SandboxArgs,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A book's folder, Markdown files, or a folder of such; none is the book here, or README.md and docs
    #[arg(value_name = "BOOK or FILE.md")]
    pub(super) paths: Vec<PathBuf>,
    /// Only ask whether the evidence still belongs to the text; nothing runs
    #[arg(long, conflicts_with_all = ["no_cache", "jobs"])]
    pub(super) offline: bool,
    /// Run everything, also what evidence already shows
    #[arg(long)]
    pub(super) no_cache: bool,
    /// How many pages run at a time, up to 256 [default: two for each processor, if memory allows]
    #[arg(short, long, value_name = "N", value_parser = parse_jobs)]
    pub(super) jobs: Option<usize>,
    /// Only the pages whose path contains this
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Option<String>,
    /// Only the I-th of N parts of the pages, as in 1/3
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    pub(super) shard: Option<Shard>,
    /// Leave out the pages that have not begun when one is not true
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Take the pictures that the pages' http claims ask for, with the Chromium of this machine; wants --trust,
    /// since that browser then shows what the containers serve
    #[arg(long, requires = "trust", conflicts_with_all = ["offline", "repeat"])]
    pub(super) pictures: bool,
    /// Run everything so many times and say which steps do not come out the same each time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), conflicts_with = "offline")]
    pub(super) repeat: Option<u32>,
    #[command(flatten)]
    pub(super) evidence: TrustedEvidence,
    #[command(flatten)]
    pub(super) output: Output,
    #[command(flatten)]
    pub(super) sandbox: SandboxArgs,
}

/// Whose evidence is believed besides this machine's own.
#[derive(Debug, Clone, Args)]
pub(super) struct TrustedEvidence {
    /// Believe evidence that this git ref contains unchanged together with its page; may be given more than once
    ///
    /// In a pull request on GitHub and a merge request on GitLab the commit that it is to be merged into is
    /// found without being asked. Name no ref that the author of the pages can move.
    #[arg(long = "trust-evidence", value_name = "REF", env = "HAECHI_TRUST_EVIDENCE", value_parser = parse_ref)]
    pub(super) refs: Vec<String>,
}

fn parse_ref(text: &str) -> Result<String, String> {
    match text {
        "" => Err("say a branch, a tag or a commit, as in origin/main".into()),
        _ if text.starts_with('-') => Err("a ref does not begin with `-`".into()),
        _ => Ok(text.to_owned()),
    }
}

fn parse_jobs(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|jobs| (1..=MOST_JOBS).contains(jobs))
        .ok_or_else(|| format!("say a number from 1 to {MOST_JOBS}"))
}

/// What is said of a run, and where.
#[derive(Debug, Args)]
pub(super) struct Output {
    /// Fail if fewer of the commands shown were run, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(super) min_coverage: Option<u8>,
    /// Write a report, as in --report junit=FILE; may be given more than once
    ///
    /// Kinds: json (see `haechi report schema`), junit, sarif, markdown, and github, which is annotations.
    /// In a GitHub workflow annotations and the job's summary are written without being asked.
    #[arg(long, value_name = "KIND=FILE", value_parser = parse_report)]
    pub(super) report: Vec<(ReportKind, PathBuf)>,
    /// Print the report as JSON instead of text
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum EngineCommand {
    /// Make the sandbox's image and the mirror where they are missing, and start the mirror
    Up,
    /// Say what haechi has in the engine, and how much of its disk that takes
    Status,
    /// Remove the sandboxes and the mirror
    Down {
        /// Remove the images and what the mirror keeps, too
        #[arg(long)]
        all: bool,
    },
    /// Look for what keeps pages from running on this machine
    Doctor {
        #[command(flatten)]
        sandbox: SandboxArgs,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Put the reports of all shards of a run together
    Merge {
        /// Files that `haechi verify --report json=FILE` wrote
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// Print the JSON Schema of the report
    Schema,
}

/// Where the snippets run and what they may use there.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Sandbox")]
pub(super) struct SandboxArgs {
    /// Where the snippets run: in a sandbox of the Docker Engine, or on this machine
    #[arg(long, value_enum, default_value_t = EngineKind::Docker)]
    pub(super) engine: EngineKind,
    /// Say that the book may do to this machine what it pleases; --engine local asks for it, and so do
    /// preprocessors of book.toml
    #[arg(long)]
    pub(super) trust: bool,
    /// What of the git repository around a page its sandbox gets a copy of [default: what [verify] files says,
    /// else "repository" for files with no book around them, and "none" for a book]
    #[arg(long, value_enum, env = "HAECHI_FILES", hide_default_value = true)]
    pub(super) files: Option<Files>,
    /// The image that sandboxes are made from [default: one that haechi makes by itself]
    #[arg(long, value_name = "IMAGE", env = "HAECHI_SANDBOX_IMAGE")]
    pub(super) sandbox_image: Option<String>,
    /// The engine's runtime that sandboxes run with, such as runsc or sysbox-runc [default: the engine's own choice]
    #[arg(long, value_name = "NAME", env = "HAECHI_RUNTIME")]
    pub(super) runtime: Option<String>,
    /// The most memory that a sandbox may use
    #[arg(long, value_name = "MIB", env = "HAECHI_MEMORY", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(256..))]
    pub(super) memory: u32,
    /// The size of a sandbox's disk; 0 sets no limit
    #[arg(long, value_name = "MIB", env = "HAECHI_DISK", default_value_t = 10240, value_parser = parse_disk)]
    pub(super) disk: u32,
    /// How long one page may take in all
    #[arg(long, value_name = "TIME", env = "HAECHI_PAGE_TIMEOUT", default_value = "30m", value_parser = parse_time)]
    pub(super) page_timeout: Duration,
    /// How many times as long each step and each page may take, on a slow machine
    #[arg(long, value_name = "N", env = "HAECHI_TIMEOUT_MULTIPLIER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) timeout_multiplier: u32,
}

impl SandboxArgs {
    /// What is said on the command line goes before what the book says.
    pub(super) fn apply_to(&self, book: &mut Book) {
        if let Some(files) = self.files {
            book.config.verify.files = files;
        }
    }
}

fn parse_disk(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(size) if size == 0 || size >= 256 => Ok(size),
        _ => Err("say 0, or a size in MiB from 256".into()),
    }
}

fn parse_time(text: &str) -> Result<Duration, String> {
    crate::text::parse_duration(text)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "say a duration such as 90s, 30m or 2h".into())
}

/// Where snippets run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineKind {
    /// In a sandbox with a Docker Engine of its own
    Docker,
    /// On this machine, with no isolation
    Local,
}

/// What `--report` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportKind {
    /// JUnit XML
    Junit,
    /// GitHub workflow commands
    Github,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Markdown
    Markdown,
}

fn parse_report(text: &str) -> Result<(ReportKind, PathBuf), String> {
    let (kind, file) = text.split_once('=').ok_or("say KIND=FILE, as in junit=report.xml")?;
    let kind = ReportKind::from_str(kind, true)
        .map_err(|_| format!("`{kind}` is none of junit, github, json, sarif, markdown"))?;
    Ok((kind, file.into()))
}

fn parse_check_report(text: &str) -> Result<(ReportKind, PathBuf), String> {
    match parse_report(text)? {
        (ReportKind::Junit | ReportKind::Markdown, _) => Err("say json, sarif or github".into()),
        report => Ok(report),
    }
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    Shard::parse(text).ok_or_else(|| "say I/N with I from 1 to N, as in 2/3".into())
}

#[derive(Debug, Args)]
pub(super) struct Bless {
    /// A book's folder, or Markdown files
    #[arg(value_name = "BOOK or FILE.md")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) sandbox: SandboxArgs,
    /// Ask before each block
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) review: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

//! Where a book's evidence is kept, and who vouches for it: this machine for what it wrote itself, and
//! commits that somebody trusts for what they contain unchanged. Evidence comes with a pull request as pages
//! do; what nobody vouches for is a claim.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use walkdir::WalkDir;

use super::commits::{Commits, is_in_repository, named_by_ci};
use super::model::{Evidence, State};
use super::signer::Signer;
use crate::messages::file::reason;
use crate::messages::{Message, evidence as messages};
use crate::text::{Problem, Source};
use crate::verify::plan::Plan;

/// The most bytes that evidence or a recording may have: what comes with a pull request may be a link to
/// something without an end.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The evidence of a book.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    signer: Option<Signer>,
    commits: Option<Commits>,
    /// What is checked out, if that is a commit.
    head: OnceLock<Option<Commits>>,
    /// Why fewer may vouch than could.
    warning: Option<Problem>,
}

/// All but its bytes and its pages that decides whether evidence is believed. By default nobody vouches.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Vouchers<'a> {
    /// Whether this machine signed it.
    signed: bool,
    /// The trusted commits, which may contain it.
    commits: Option<&'a Commits>,
    /// Whether it says that it was written later than now; then nobody can vouch for it.
    is_future_dated: bool,
}

/// Evidence as it was found.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What it says.
    pub evidence: Evidence,
    /// Whether somebody vouches for it.
    pub vouched: bool,
    /// Whether it belongs to the page as it is now.
    pub belongs: bool,
    /// Whether it is new in this checkout, where there is another to compare with.
    is_new: bool,
    file: PathBuf,
}

/// Why evidence does not stand for a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReason {
    /// It was recorded of another text.
    Changed,
    /// It is dated later than now.
    Future,
    /// Nobody vouches for it.
    Unvouched,
    /// It is older than the book's `max-age`.
    Old,
}

impl StaleReason {
    /// The reason in one sentence.
    pub fn sentence(self) -> Message {
        match self {
            Self::Changed => messages::text_changed(),
            Self::Future => messages::future(),
            Self::Unvouched => messages::unvouched(),
            Self::Old => messages::old(),
        }
    }
}

impl Store {
    /// The evidence beside a book. `refs` are those that somebody trusts; without any, the commit counts
    /// that a CI service says a pull request is for.
    ///
    /// # Errors
    /// When a ref is not there. One that the CI service named is a warning.
    pub fn open(root: &Path, refs: &[String]) -> Result<Self, Problem> {
        // A page outside of the repository that the CI service speaks of has no commits.
        let found = named_by_ci(|name| std::env::var(name).ok())
            .filter(|_| refs.is_empty() && is_in_repository(root));
        let (commits, warning) = match found {
            None => (Commits::named(root, refs)?, None),
            Some(name) => match Commits::named(root, &[name]) {
                Ok(commits) => (commits, None),
                Err(problem) => (None, Some(problem.warning())),
            },
        };
        Ok(Self { root: root.to_owned(), signer: Signer::find(), commits, head: OnceLock::new(), warning })
    }

    /// Makes ready to sign; the problem says why evidence will not be believed later.
    pub(in crate::verify) fn enable_signing(&mut self) -> Option<Problem> {
        match Signer::find_or_make() {
            Ok(signer) => {
                signer.tidy();
                self.signer = Some(signer);
                None
            }
            Err(error) => {
                Some(Problem::new(messages::not_signed(error)).help(messages::not_signed_help()).warning())
            }
        }
    }

    /// What is to be said before a run.
    pub fn warning(&self) -> Option<&Problem> {
        self.warning.as_ref()
    }

    /// Where a page's evidence is.
    pub fn file(&self, page: &str) -> PathBuf {
        evidence_file(&self.root, page)
    }

    /// What is known of the plan's page; `None` where there is nothing that can be read.
    pub fn read(&self, plan: &Plan) -> Option<Stored> {
        let bytes = self.bytes(&plan.page)?;
        self.judge(plan, &bytes, self.vouchers_of(&bytes))
    }

    /// What the bytes of its evidence say of the plan's page, and whether these vouchers do vouch for it;
    /// `None` where they cannot be read.
    pub(crate) fn judge(&self, plan: &Plan, bytes: &[u8], vouchers: Vouchers<'_>) -> Option<Stored> {
        let file = self.file(&plan.page);
        let evidence: Evidence = serde_json::from_slice(bytes).ok()?;
        let Vouchers { signed, commits, is_future_dated } = vouchers;
        let is_committed = |commits: &Commits| {
            // A commit vouches for a page and its evidence together: the evidence alone may have been put
            // there for a page that was to come.
            let before = plan.prelude.iter().map(|(source, _)| source);
            let pages = before.chain([&plan.source]).map(page_bytes);
            let read =
                |file: &PathBuf| Some((file.clone(), crate::files::read_plain(file, MOST_BYTES).ok()?));
            let read: Vec<(PathBuf, Vec<u8>)> = plan.included.iter().filter_map(read).collect();
            let mut files: Vec<(&Path, &[u8])> = pages.collect();
            files.extend(read.iter().map(|(file, bytes)| (file.as_path(), bytes.as_slice())));
            files.push((file.as_path(), bytes));
            commits.contain(&files)
        };
        let vouched = !is_future_dated && (signed || commits.is_some_and(is_committed));
        let is_new = !signed && commits.is_some_and(|commits| !commits.contain(&[(file.as_path(), bytes)]));
        Some(Stored { belongs: evidence.belongs(plan), evidence, vouched, is_new, file })
    }

    /// What stands in a page's evidence, if that is a file that a run could have written.
    pub(crate) fn bytes(&self, page: &str) -> Option<Vec<u8>> {
        crate::files::read_plain(&self.file(page), MOST_BYTES).ok()
    }

    /// What stands in a page's recording.
    pub(crate) fn recording_bytes(&self, page: &str) -> Option<Vec<u8>> {
        crate::files::read_plain(&recording_file(&self.file(page)), MOST_BYTES).ok()
    }

    /// The files of evidence that a trusted commit does not contain and that no run compares with anything:
    /// those of these plans' pages that run are left aside. They wait for a page that is to come.
    pub(crate) fn unclaimed<'p>(&self, plans: impl IntoIterator<Item = &'p Plan>) -> Vec<Problem> {
        let Some(commits) = &self.commits else { return Vec::new() };
        let run = |plan: &&Plan| !plan.scenario.steps.is_empty() && plan.problems.is_empty();
        let compared: BTreeSet<PathBuf> =
            plans.into_iter().filter(run).map(|plan| self.file(&plan.page)).collect();
        let all = WalkDir::new(evidence_dir(&self.root))
            .follow_root_links(false)
            .sort_by_file_name()
            .into_iter()
            .flatten();
        let files = all.filter(|entry| !entry.file_type().is_dir()).map(walkdir::DirEntry::into_path);
        let is_evidence = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "json");
        let is_vouched = |file: &Path| {
            let bytes = crate::files::read_plain(file, MOST_BYTES);
            bytes.is_ok_and(|bytes| {
                let signed = self.signer.as_ref().is_some_and(|signer| signer.signed(&bytes));
                signed || commits.contain(&[(file, &bytes)])
            })
        };
        files
            .filter(|file| is_evidence(file) && !compared.contains(file) && !is_vouched(file))
            .map(|file| Problem::new(messages::unclaimed(file.display())).help(messages::unclaimed_help()))
            .collect()
    }

    /// How long the last run of a page took, in seconds, as its evidence says, whoever wrote it: nothing
    /// but the order of work may depend on it. In a checkout the commit counts, which all machines have that
    /// share a run, and not what one of them has of its last run.
    pub(in crate::verify) fn seconds(&self, page: &str) -> Option<f64> {
        #[derive(serde::Deserialize)]
        struct Timed {
            seconds: f64,
        }
        let head = self.head.get_or_init(|| Commits::named(&self.root, &["HEAD".into()]).ok().flatten());
        let bytes = match head {
            Some(head) => head.read(&self.file(page)),
            None => self.bytes(page),
        };
        let Timed { seconds } = serde_json::from_slice(&bytes?).ok()?;
        (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
    }

    /// Who may vouch for the bytes of evidence, as things are now.
    pub(crate) fn vouchers_of(&self, bytes: &[u8]) -> Vouchers<'_> {
        Vouchers {
            signed: self.signer.as_ref().is_some_and(|signer| signer.signed(bytes)),
            commits: self.commits.as_ref(),
            is_future_dated: Evidence::are_future_dated(bytes),
        }
    }

    /// Writes the evidence of a run and its recording, each whole or not at all. What a run before it
    /// showed is kept where nothing has changed.
    pub(in crate::verify) fn write(
        &self,
        mut new: Evidence,
        recording: Option<&str>,
        old: Option<&Stored>,
    ) -> Result<(), Problem> {
        let file = self.file(&new.page);
        self.refuse_link(&file)?;
        let unchanged = old.filter(|old| old.needs_no_update(&new));
        if let Some(old) = unchanged {
            new.bindings.clone_from(&old.evidence.bindings);
            new.steps.clone_from(&old.evidence.steps);
        }
        if let Some(old) = unchanged.filter(|old| old.has_recording()) {
            new.recording.clone_from(&old.evidence.recording);
        } else if let Some(text) = recording {
            write_whole(&recording_file(&file), text)?;
            new.recording = Some(hash(text.as_bytes()));
        }
        let mut text = serde_json::to_string_pretty(&new)
            .map_err(|error| Problem::new(messages::no_json(&new.page, error)))?;
        text.push('\n');
        // A signature without its evidence is harmless, evidence without its signature is a claim.
        if let Some(signer) = &self.signer {
            signer
                .sign(text.as_bytes())
                .map_err(|error| Problem::new(messages::file_not_signed(file.display(), reason(&error))))?;
        }
        write_whole(&file, &text)
    }

    /// Why the evidence of a page cannot be written, if that is so.
    pub(in crate::verify) fn refusal(&self, page: &str) -> Option<Problem> {
        let file = self.file(page);
        let folder = file.parent().unwrap_or(&self.root);
        let try_to_write = || {
            self.refuse_link(&file)?;
            std::fs::create_dir_all(folder)
                .and_then(|()| crate::files::try_to_write(folder))
                .map_err(|error| Problem::cannot_write(&file, &error))
        };
        let problem = try_to_write().err()?;
        Some(problem.help(messages::runs_without()))
    }

    /// A folder of evidence that is a link could lead anywhere, and comes with the book.
    fn refuse_link(&self, file: &Path) -> Result<(), Problem> {
        // `.haechi/files` is haechi's own, and what is below a book comes with the book.
        let is_own = self.root.ends_with(".haechi/files");
        let above = self.root.ancestors().take(if is_own { 2 } else { 0 });
        let folders = file.ancestors().skip(1).take_while(|folder| *folder != self.root).chain(above);
        match folders.filter(|folder| folder.is_symlink()).last() {
            Some(link) => {
                Err(Problem::new(messages::link(file.display(), link.display())).help(messages::link_help()))
            }
            None => Ok(()),
        }
    }
}

impl Stored {
    /// Why it does not stand for a run, if it does not.
    pub fn stale_reason(&self, max_age: Duration) -> Option<StaleReason> {
        if !self.belongs {
            Some(StaleReason::Changed)
        } else if self.evidence.is_future_dated() {
            Some(StaleReason::Future)
        } else if !self.vouched {
            Some(StaleReason::Unvouched)
        } else if !self.evidence.is_fresh(max_age) {
            Some(StaleReason::Old)
        } else {
            None
        }
    }

    /// What a run finds wrong with it, in one sentence. What this machine wrote, or a trusted commit contains,
    /// was true when it was written.
    pub(in crate::verify) fn contradiction(&self, run: &Evidence) -> Option<Message> {
        if self.vouched {
            return None;
        }
        let name = self.file.display();
        if self.evidence.text == run.text {
            let why = self.evidence.contradicted_by(run)?;
            return Some(messages::contradicted(name, why));
        }
        self.is_new.then(|| messages::of_another_text(name))
    }

    /// The state of a snippet of the page, for its badge.
    pub fn state(&self, plan: &Plan, snippet: usize) -> State {
        match self.evidence.state(plan, snippet) {
            State::Stale => State::Stale,
            _ if !self.vouched => State::Unvouched,
            state => state,
        }
    }

    /// Whether these are the bytes of the recording that it was written with.
    pub(crate) fn was_written_with(&self, recording: &[u8]) -> bool {
        let wanted = self.evidence.recording.as_ref().filter(|_| self.vouched);
        wanted.is_some_and(|wanted| hash(recording) == *wanted)
    }

    /// Whether the recording beside it is the one that it was written with.
    fn has_recording(&self) -> bool {
        let read = || crate::files::read_plain(&recording_file(&self.file), MOST_BYTES);
        self.evidence.recording.is_some() && read().is_ok_and(|bytes| self.was_written_with(&bytes))
    }

    /// Whether what it shows is kept when a new run comes out the same; what nobody vouches for, only
    /// where the run showed it, too: it is signed from then on.
    fn needs_no_update(&self, new: &Evidence) -> bool {
        self.evidence.has_same_outcome(new) && (self.vouched || self.evidence.shows_the_same(new))
    }
}

/// A page's file and what stands in it.
fn page_bytes(source: &Source) -> (&Path, &[u8]) {
    (&source.path, source.written().as_bytes())
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The folder of a book's evidence.
pub fn evidence_dir(root: &Path) -> PathBuf {
    root.join("evidence")
}

/// Where a page's evidence is.
pub fn evidence_file(root: &Path, page: &str) -> PathBuf {
    let name = page.strip_suffix(".md").unwrap_or(page);
    evidence_dir(root).join(format!("{name}.json"))
}

/// Where the recording is kept that belongs to a file of evidence.
pub fn recording_file(evidence: &Path) -> PathBuf {
    evidence.with_extension("cast")
}

fn write_whole(file: &Path, text: &str) -> Result<(), Problem> {
    crate::files::write(file, text.as_bytes()).map_err(|error| Problem::cannot_write(file, &error))
}

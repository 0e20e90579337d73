//! What sandboxes are made on.

use super::container::Container;
use super::engine::PER_PROCESSOR;
use super::exec::ExecOutput;
use super::images::Image;
use super::local::Local;
use super::{Engine, Error, Shell};
use crate::repository::Workspace;

/// What sandboxes are made on.
#[derive(Debug, Clone)]
pub enum Host {
    /// A Docker Engine: each sandbox is a container.
    Engine(Box<Engine>),
    /// This machine itself: no isolation, for documents that are trusted.
    Local,
}

/// A place to run one scenario in, thrown away afterwards.
#[derive(Debug)]
pub struct Sandbox(Inner);

#[derive(Debug)]
enum Inner {
    Container(Container),
    Local(Local),
}

impl Host {
    /// Makes a sandbox that is ready for a shell, and puts the files in it that its pages find there.
    ///
    /// # Errors
    /// When the engine refuses, the one inside the sandbox does not come up, or the files do not fit.
    pub async fn sandbox(&self, workspace: Option<&Workspace>) -> Result<Sandbox, Error> {
        let folder = workspace.map(|workspace| workspace.folder().to_owned());
        let sandbox = Sandbox(match self {
            Self::Engine(engine) => Inner::Container(Container::start(engine, folder).await?),
            Self::Local => Inner::Local(Local::new(folder)?),
        });
        let filled = match workspace {
            Some(workspace) => sandbox.fill(workspace).await,
            None => Ok(()),
        };
        match filled {
            Ok(()) => Ok(sandbox),
            Err(error) => {
                sandbox.remove().await;
                Err(error)
            }
        }
    }

    /// A text that changes when what a page finds in its sandbox changes.
    ///
    /// # Errors
    /// When the engine cannot say.
    pub async fn fingerprint(&self) -> Result<String, Error> {
        match self {
            Self::Engine(engine) => engine.fingerprint().await,
            Self::Local => Ok("local".into()),
        }
    }

    /// Whether sandboxes can still be made.
    pub async fn is_reachable(&self) -> bool {
        match self {
            Self::Engine(engine) => engine.is_reachable().await,
            Self::Local => true,
        }
    }

    /// How many sandboxes there is room for at a time.
    pub async fn capacity(&self) -> usize {
        let room = match self {
            Self::Engine(engine) => engine.capacity().await,
            Self::Local => None,
        };
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        room.unwrap_or_else(|| PER_PROCESSOR * processors())
    }

    /// Removes the sandboxes of this process, when it is asked to end.
    pub async fn remove_own(&self) {
        match self {
            Self::Engine(engine) => engine.remove_own().await,
            #[cfg(target_os = "linux")]
            Self::Local => super::keeper::wait_for_descendants().await,
            #[cfg(not(target_os = "linux"))]
            Self::Local => {}
        }
    }
}

impl Sandbox {
    /// Unpacks the files. They belong to the user of the sandbox and are as old as a fresh clone's.
    async fn fill(&self, workspace: &Workspace) -> Result<(), Error> {
        let script = "tar -x -m -p --no-same-owner -f - && mkdir -p -- \"$1\"";
        let answer = self.run(&["sh", "-c", script, "-", workspace.folder()], workspace.archive()).await?;
        if answer.exit == 0 { Ok(()) } else { Err(Error::NotFilled(answer.exit)) }
    }

    /// Opens an interactive shell on a terminal.
    ///
    /// # Errors
    /// When the shell does not come up.
    pub async fn shell(&self) -> Result<Shell, Error> {
        match &self.0 {
            Inner::Container(container) => container.shell().await,
            Inner::Local(local) => local.shell().await,
        }
    }

    /// Runs a program beside the shell, unseen by it.
    ///
    /// # Errors
    /// When it cannot be run.
    pub async fn run(&self, command: &[&str], input: &[u8]) -> Result<ExecOutput, Error> {
        match &self.0 {
            Inner::Container(container) => container.run(command, input).await,
            Inner::Local(local) => local.run(command, input).await,
        }
    }

    /// The images that its programs were given; none are known of where there is no wall around them.
    pub async fn images(&self) -> Vec<Image> {
        match &self.0 {
            Inner::Container(container) => container.images().await,
            Inner::Local(_) => Vec::new(),
        }
    }

    /// Whether there is a Docker Engine of its own inside.
    pub fn has_engine(&self) -> bool {
        matches!(self.0, Inner::Container(_))
    }

    /// Removes the sandbox with all that is in it.
    pub async fn remove(self) {
        match self.0 {
            Inner::Container(container) => container.remove().await,
            Inner::Local(local) => local.remove().await,
        }
    }
}

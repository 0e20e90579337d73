//! The engine that pages run in: found, made ready, looked at, cleaned up.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use console::{Alignment, pad_str, style};
use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::{EngineCommand, EngineKind, SandboxArgs};
use super::{Exit, print_message, print_problems, runtime, translated};
use crate::messages::{Message, engine as messages};
use crate::provision::{self, Event, Health, Hub, Provision, Usage};
use crate::sandbox::{Engine, Error, Host, Setup};
use crate::text::{Problem, printable};

/// Where an engine of haechi's own listens.
const OWN_SOCKET: &str = "unix:///run/haechi/docker.sock";

pub(super) fn engine(command: &EngineCommand) -> Exit {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(problem) => return failed(&problem),
    };
    let done = runtime.block_on(async {
        match command {
            EngineCommand::Up => up().await.map(|()| Exit::Good),
            EngineCommand::Status => status().await,
            EngineCommand::Down { all } => down(*all).await,
            EngineCommand::Doctor { sandbox } => Ok(doctor(sandbox).await),
        }
    });
    done.unwrap_or_else(|problem| failed(&problem))
}

fn failed(problem: &Problem) -> Exit {
    print_problems(std::slice::from_ref(problem));
    Exit::NoEngine
}

/// What snippets run on. An engine without the sandbox or the mirror is given it.
pub(super) async fn connect(sandbox: &SandboxArgs) -> Result<Host, Problem> {
    if sandbox.engine == EngineKind::Local {
        return Ok(Host::Local);
    }
    let is_made_here = sandbox.sandbox_image.is_none();
    let engine = match Engine::connect(setup(sandbox)).await {
        Err(Error::NoImage(_)) if is_made_here => None,
        connected => Some(connected?),
    };
    if let Some(engine) = engine
        && (!is_made_here || engine.has_mirror().await)
    {
        return Ok(Host::Engine(Box::new(engine)));
    }
    up().await?;
    Ok(Host::Engine(Box::new(Engine::connect(setup(sandbox)).await?)))
}

fn setup(sandbox: &SandboxArgs) -> Setup {
    Setup {
        image: sandbox.sandbox_image.clone().unwrap_or_else(provision::sandbox_image),
        memory: sandbox.memory,
        disk: sandbox.disk,
        runtime: sandbox.runtime.clone(),
        own_socket: OWN_SOCKET.into(),
    }
}

/// Makes the sandbox and the mirror where they are missing.
async fn up() -> Result<(), Problem> {
    let provision = Provision::find(OWN_SOCKET).await?;
    let began = Instant::now();
    let log = UpLog::new();
    let done = provision.up(&Hub::from_environment(), &|event| log.event(event)).await;
    log.bar.finish_and_clear();
    done?;
    eprintln!("{}", translated(&messages::ready(began.elapsed().as_secs())));
    Ok(())
}

/// How long nothing is said of work that goes on, where no bar shows it.
const SILENCE: Duration = Duration::from_secs(20);

/// What is shown while images are made: each step, and on a terminal a bar with the time and the last line of
/// output. Elsewhere such a line comes now and then.
struct UpLog {
    bar: ProgressBar,
    /// When something was said last.
    said: Mutex<Instant>,
}

impl UpLog {
    fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, said: Mutex::new(Instant::now()) }
    }

    fn event(&self, event: Event<'_>) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Step(step) => self.bar.suspend(|| eprintln!("{}", translated(&messages::step(step)))),
            Event::Output(line) if self.bar.is_hidden() => {
                if said.elapsed() < SILENCE {
                    return;
                }
                eprintln!("{}", translated(&messages::step(format!("… {}", printable(line)))));
            }
            Event::Output(line) => {
                self.bar.set_message(printable(line));
                return;
            }
        }
        *said = Instant::now();
    }
}

async fn status() -> Result<Exit, Problem> {
    let provision = Provision::find(OWN_SOCKET).await?;
    let Usage { engine, images, kept, sandboxes, mirror, is_ready } = provision::usage(&provision).await?;
    let mut lines = vec![messages::status_engine(engine)];
    lines.push(if is_ready { messages::status_ready() } else { messages::status_not_ready() });
    lines.push(match mirror.as_deref() {
        None => messages::status_no_mirror(),
        Some("none") => messages::status_published(),
        Some(address) => messages::status_mirror(address),
    });
    lines.push(messages::status_sandboxes(sandboxes));
    lines.extend(images.into_iter().map(|(name, bytes)| messages::status_image(bytes / 1_000_000, name)));
    lines.extend(kept.map(|bytes| messages::status_kept(bytes / 1_000_000)));
    lines.iter().for_each(print_message);
    Ok(if is_ready { Exit::Good } else { Exit::NoEngine })
}

async fn down(all: bool) -> Result<Exit, Problem> {
    let provision = Provision::find(OWN_SOCKET).await?;
    let removed = provision::remove(&provision, all).await?;
    for name in &removed {
        print_message(&messages::removed(name));
    }
    if removed.is_empty() {
        print_message(&messages::nothing_to_remove());
    }
    Ok(Exit::Good)
}

async fn doctor(sandbox: &SandboxArgs) -> Exit {
    let checks = provision::examine(setup(sandbox), &Hub::from_environment()).await;
    let mut exit = Exit::Good;
    for check in checks {
        // A Korean letter has two columns.
        let sign = |word: Message| style(pad_str(&translated(&word), 8, Alignment::Left, None).into_owned());
        let sign = match check.health {
            Health::Good => sign(messages::good()).green(),
            Health::Limited => sign(messages::limited()).yellow(),
            Health::Bad => {
                exit = Exit::NoEngine;
                sign(messages::bad()).red()
            }
        };
        say!("{sign} {}", translated(&check.found));
        if check.advice != Message::default() {
            print_message(&messages::advice(check.advice));
        }
    }
    exit
}

//! `haechi build` and `haechi serve`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::arguments::{Build, Serve};
use super::{Exit, complain, load, trust};
use crate::book::Book;
use crate::diagnostic::Problem;
use crate::site::{self, Live};

/// Builds the site.
pub(super) fn build(options: &Build) -> Exit {
    let mut book = match load(&options.book, options.trust) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    if let Some(folder) = &options.dest_dir {
        book.build_into(folder);
    }
    let destination = book.destination();
    let here = std::env::current_dir().unwrap_or_default();
    let shown = destination.strip_prefix(&here).unwrap_or(&destination);
    match site::build(&book, &destination, Live::Off) {
        Ok(built) => {
            say!(
                "{} pages in {} ({} files changed)",
                built.pages,
                shown.strip_prefix("./").unwrap_or(shown).join("index.html").display(),
                built.written
            );
            match book.render_others(&|commands| trust::may_run(&book.root, commands, options.trust)) {
                Ok(names) => {
                    names.iter().for_each(|name| say!("the renderer `{name}` has run"));
                    Exit::Good
                }
                Err(problem) => {
                    complain(&[problem]);
                    Exit::Findings
                }
            }
        }
        Err(problems) => {
            complain(&problems);
            Exit::Findings
        }
    }
}

/// Serves the site and rebuilds it on each save.
pub(super) fn serve(options: &Serve) -> Exit {
    let book = match load(&options.book, options.trust) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let Ok(ip) = options.hostname.parse() else {
        complain(&[
            Problem::new(format!("`{}` is no IP address", options.hostname)).help("127.0.0.1, for example")
        ]);
        return Exit::Usage;
    };
    let Ok(folder) = crate::files::temporary_folder("serve-") else {
        complain(&[Problem::new("cannot make a temporary folder for the site")]);
        return Exit::Usage;
    };
    let site = folder.path().join("site");
    let trust = options.trust;
    if !rebuild(&book.root, &site, trust) {
        return Exit::Findings;
    }
    let watched = watched(&book);
    let root = book.root.clone();
    let target = site.clone();
    let running = async {
        let ready = |address| say!("http://{address}/  (Ctrl-C ends)");
        let serving = site::serve(site, watched, SocketAddr::new(ip, options.port), ready, move || {
            rebuild(&root, &target, trust)
        });
        tokio::select! {
            result = serving => result,
            () = super::verify::interrupted() => Ok(()),
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result =
        runtime.map_err(|error| Problem::new(format!("cannot start: {error}"))).and_then(|runtime| {
            let result = runtime.block_on(running);
            runtime.shutdown_background();
            result
        });
    match result {
        Ok(()) => Exit::Good,
        Err(problem) => {
            complain(&[problem]);
            Exit::Usage
        }
    }
}

fn watched(book: &Book) -> Vec<PathBuf> {
    let beside = ["book.toml", "themes", "evidence"].map(|name| book.root.join(name));
    let extra = book.config.build.extra_watch_dirs.iter().map(|folder| book.root.join(folder));
    std::iter::once(book.content.clone()).chain(beside).chain(extra).collect()
}

/// Loads and builds anew; says whether that worked.
fn rebuild(root: &Path, site: &Path, trust: bool) -> bool {
    let result = Book::load(root, &|commands| trust::may_run(root, commands, trust))
        .and_then(|book| site::build(&book, site, Live::On));
    match result {
        Ok(built) => {
            say!("{} pages, {} files changed", built.pages, built.written);
            true
        }
        Err(problems) => {
            complain(&problems);
            false
        }
    }
}

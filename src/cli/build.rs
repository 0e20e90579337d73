//! `haechi build` and `haechi serve`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::arguments::Serve;
use super::{Exit, complain, load};
use crate::book::Book;
use crate::diagnostic::Problem;
use crate::site::{self, Live};

/// Builds the site.
pub(super) fn build(path: &Path, dest_dir: Option<&Path>) -> Exit {
    let book = match load(path) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let destination = dest_dir.map_or_else(|| book.destination(), Path::to_owned);
    match site::build(&book, &destination, Live::Off) {
        Ok(built) => {
            say!(
                "{} pages in {} ({} files changed)",
                built.pages,
                destination.strip_prefix("./").unwrap_or(&destination).join("index.html").display(),
                built.written
            );
            Exit::Good
        }
        Err(problems) => {
            complain(&problems);
            Exit::Findings
        }
    }
}

/// Serves the site and rebuilds it on each save.
pub(super) fn serve(options: &Serve) -> Exit {
    let book = match load(&options.book) {
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
    if !rebuild(&book.root, &site) {
        return Exit::Findings;
    }
    let watched = watched(&book);
    let root = book.root.clone();
    let target = site.clone();
    let running = async {
        let ready = |address| say!("http://{address}/  (Ctrl-C ends)");
        let serving = site::serve(site, watched, SocketAddr::new(ip, options.port), ready, move || {
            rebuild(&root, &target)
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
    std::iter::once(book.content.clone()).chain(beside).collect()
}

/// Loads and builds anew; says whether that worked.
fn rebuild(root: &Path, site: &Path) -> bool {
    let result = Book::load(root).and_then(|book| site::build(&book, site, Live::On));
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

//! Building sites beside the peers: `HAECHI_PEERS=FOLDER cargo bench --bench site`, with what
//! `benches/peers.sh FOLDER` installs. One corpus in the layouts of each; whole processes; medians.
//!
//! All files are in memory (`/dev/shm`) where there is such a place.
//!
//! `HAECHI_PAGES="100 1000"` measures other sizes than 100, 1,000 and 10,000 pages.

#![allow(clippy::unwrap_used, reason = "a benchmark says what is wrong by failing")]

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// Longer than this no run may take: it is left out of the table.
const LIMIT: Duration = Duration::from_secs(120);

/// A run of a process.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    mebibytes: f64,
}

fn main() {
    let scale = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/scale-corpus");
    let Some(peers) = std::env::var_os("HAECHI_PEERS").map(PathBuf::from).filter(|_| scale.exists()) else {
        println!("site: needs HAECHI_PEERS and ../shared; nothing is measured");
        return;
    };
    let sizes = std::env::var("HAECHI_PAGES").unwrap_or_else(|_| "100 1000 10000".into());
    let sizes: Vec<usize> = sizes.split_whitespace().map(|size| size.parse().unwrap()).collect();
    let mut table = String::from(
        "| pages | what | haechi | mdBook | Hugo | bare loop | the fastest peer by haechi |\n\
         | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for size in sizes {
        // A disk that has just been written to and emptied makes new files slowly: memory does not.
        let shm = Some(PathBuf::from("/dev/shm")).filter(|place| place.is_dir());
        let place = tempfile::tempdir_in(shm.unwrap_or_else(std::env::temp_dir)).unwrap();
        let made = Command::new(&scale).arg(size.to_string()).arg(place.path()).status().unwrap();
        assert!(made.success());
        measure(size, place.path(), &peers, &mut table);
        println!("{table}");
    }
}

fn measure(size: usize, corpus: &Path, peers: &Path, table: &mut String) {
    let rounds = if size > 5000 { 3 } else { 5 };
    let book = corpus.join("mdbook");
    let haechi = |site: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
        command.arg("build").arg(&book).arg("--dest-dir").arg(site);
        command
    };
    let mdbook = |site: &Path| {
        let mut command = Command::new(peers.join("bin/mdbook"));
        command.arg("build").arg(&book).arg("--dest-dir").arg(site);
        command
    };
    let hugo = |site: &Path| {
        let mut command = Command::new(peers.join("bin/hugo"));
        command.arg("--source").arg(corpus.join("hugo")).arg("--destination").arg(site);
        command
    };
    // Cold: each run writes into a folder that is not there yet, and nothing is remembered.
    let cold = |make: &dyn Fn(&Path) -> Command| -> Option<(Run, u64)> {
        let mut runs = Vec::new();
        let mut size = 0;
        for _ in 0..rounds {
            // Nothing is removed between runs: a file system takes its time to use what was freed again.
            let site = tempfile::tempdir_in(corpus).unwrap().keep().join("site");
            let _ = fs::remove_dir_all(book.join(".haechi"));
            runs.push(run(make(&site))?);
            size = bytes(&site);
        }
        Some((median(runs), size))
    };
    let ours = cold(&haechi).unwrap();
    // At 10,000 pages mdBook needs minutes: it is given one chance.
    let theirs = if size > 5000 { None } else { cold(&mdbook) };
    let other = cold(&hugo);
    let bare = bare_loop(&book, corpus, rounds);
    let seconds = |run: Option<(Run, u64)>| run.map(|(run, _)| run.seconds);
    let row = |table: &mut String, what: &str, cells: [Option<f64>; 4], unit: &str| {
        let cell = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.3} {unit}"));
        let peer = cells[1..3].iter().flatten().copied().reduce(f64::min);
        let ratio = cells[0].zip(peer).map_or("–".into(), |(ours, peer)| format!("{:.1}", peer / ours));
        let [a, b, c, d] = cells.map(cell);
        writeln!(table, "| {size} | {what} | {a} | {b} | {c} | {d} | {ratio} |").unwrap();
    };
    row(table, "cold", [seconds(Some(ours)), seconds(theirs), seconds(other), Some(bare)], "s");

    // Warm: the site is there.
    let site = corpus.join("warm");
    let _ = fs::remove_dir_all(book.join(".haechi"));
    run(haechi(&site)).unwrap();
    let warm: Option<Vec<_>> = (0..rounds).map(|_| run(haechi(&site))).collect();
    let page = book.join(format!("src/p{}.md", size / 2));
    let text = fs::read_to_string(&page).unwrap();
    let changed: Option<Vec<_>> = (0..rounds)
        .map(|round| {
            fs::write(&page, format!("{text}\nChanged {round}.\n")).unwrap();
            run(haechi(&site))
        })
        .collect();
    fs::write(&page, &text).unwrap();
    row(table, "warm, nothing changed", [warm.map(|runs| median(runs).seconds), None, None, None], "s");
    row(table, "warm, one page changed", [changed.map(|runs| median(runs).seconds), None, None, None], "s");

    let hugo_page = corpus.join(format!("hugo/content/docs/p{}.md", size / 2));
    let live = |command: Command, page: &Path, path: &str| live(command, page, path, rounds);
    let mut serve = Command::new(env!("CARGO_BIN_EXE_haechi"));
    serve.arg("serve").arg(&book).args(["--port", "39181"]);
    let ours_live = live(serve, &page, &format!("39181/p{}.html", size / 2));
    let mut serve = Command::new(peers.join("bin/mdbook"));
    serve.arg("serve").arg(&book).args(["--port", "39182", "--dest-dir"]).arg(corpus.join("mdbook-live"));
    let theirs_live =
        if size > 5000 { None } else { live(serve, &page, &format!("39182/p{}.html", size / 2)) };
    let mut serve = Command::new(peers.join("bin/hugo"));
    serve.args(["server", "--port", "39183", "--source"]).arg(corpus.join("hugo"));
    let other_live = live(serve, &hugo_page, &format!("39183/docs/p{}/", size / 2));
    row(table, "save to changed page", [ours_live, theirs_live, other_live, None], "s");

    let memory = |run: Option<(Run, u64)>| run.map(|(run, _)| run.mebibytes);
    row(table, "memory, cold", [memory(Some(ours)), memory(theirs), memory(other), None], "MiB");
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let output = |run: Option<(Run, u64)>| run.map(|(_, bytes)| bytes as f64 / 1024.0 / 1024.0);
    row(table, "output", [output(Some(ours)), output(theirs), output(other), None], "MiB");
}

fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    runs[runs.len() / 2]
}

/// Runs a process to its end; nothing if it takes too long.
fn run(mut command: Command) -> Option<Run> {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut mebibytes: f64 = 0.0;
    loop {
        if let Some(kibibytes) = peak(child.id()) {
            mebibytes = mebibytes.max(kibibytes / 1024.0);
        }
        if let Some(status) = child.try_wait().unwrap() {
            let seconds = began.elapsed().as_secs_f64();
            assert!(status.success(), "{command:?}");
            return Some(Run { seconds, mebibytes });
        }
        if began.elapsed() > LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The most memory that a process has held, in KiB.
fn peak(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}

fn bytes(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten();
    files.filter_map(|entry| entry.metadata().ok()).filter(fs::Metadata::is_file).map(|data| data.len()).sum()
}

/// The seconds from a save until the page that is served says what was saved.
fn live(mut command: Command, page: &Path, address: &str, rounds: usize) -> Option<f64> {
    struct Served(Child);
    impl Drop for Served {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
    let (port, path) = address.split_once('/').unwrap();
    let get = || -> Option<String> {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).ok()?;
        write!(stream, "GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned()).filter(|answer| answer.contains("200 OK"))
    };
    let wait = |mark: &str| -> Option<f64> {
        let began = Instant::now();
        while !get().is_some_and(|answer| answer.contains(mark)) {
            if began.elapsed() > LIMIT {
                return None;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Some(began.elapsed().as_secs_f64())
    };
    let text = fs::read_to_string(page).unwrap();
    let _served = Served(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    wait("<html")?;
    let mut runs = Vec::new();
    for round in 0..rounds {
        // What follows from the save before is over.
        std::thread::sleep(Duration::from_secs(2));
        let mark = format!("savedinround{round}");
        fs::write(page, format!("{text}\n{mark}\n")).unwrap();
        runs.push(wait(&mark)?);
    }
    fs::write(page, &text).unwrap();
    runs.sort_by(f64::total_cmp);
    Some(runs[runs.len() / 2])
}

/// The same pages by pulldown-cmark and syntect alone, in parallel: no navigation, no search, no template.
fn bare_loop(book: &Path, corpus: &Path, rounds: usize) -> f64 {
    let pages: Vec<PathBuf> =
        fs::read_dir(book.join("src")).unwrap().flatten().map(|entry| entry.path()).collect();
    let syntaxes = two_face::syntax::extra_newlines();
    let mut runs: Vec<f64> = (0..rounds)
        .map(|_| {
            let place = tempfile::tempdir_in(corpus).unwrap().keep();
            let began = Instant::now();
            pages.par_iter().for_each(|page| {
                let html = bare(&fs::read_to_string(page).unwrap(), &syntaxes);
                let name = page.with_extension("html");
                fs::write(place.join(name.file_name().unwrap()), html).unwrap();
            });
            began.elapsed().as_secs_f64()
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
}

fn bare(text: &str, syntaxes: &SyntaxSet) -> String {
    use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};
    let mut code: Option<(String, String)> = None;
    let events = Parser::new_ext(text, Options::all()).filter_map(|event| match event {
        Event::Start(Tag::CodeBlock(kind)) => {
            let language = match kind {
                CodeBlockKind::Fenced(info) => info.split([',', ' ']).next().unwrap_or_default().to_owned(),
                CodeBlockKind::Indented => String::new(),
            };
            code = Some((language, String::new()));
            None
        }
        Event::Text(piece) if code.is_some() => {
            code.as_mut().unwrap().1.push_str(&piece);
            None
        }
        Event::End(TagEnd::CodeBlock) => {
            let (language, code) = code.take().unwrap();
            let syntax =
                syntaxes.find_syntax_by_token(&language).unwrap_or_else(|| syntaxes.find_syntax_plain_text());
            let mut coloured =
                ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, ClassStyle::Spaced);
            for line in LinesWithEndings::from(&code) {
                coloured.parse_html_for_line_which_includes_newline(line).unwrap();
            }
            Some(Event::Html(format!("<pre><code>{}</code></pre>\n", coloured.finalize()).into()))
        }
        other => Some(other),
    });
    let mut page = String::with_capacity(text.len() * 2);
    html::push_html(&mut page, events);
    page
}

//! `haechi serve`: what it hands out and to whom, what it costs to be attacked, and which changes it sees.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long something that must happen is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A preview of a book in a temporary folder, which ends with the test.
struct Preview {
    folder: tempfile::TempDir,
    server: Child,
    address: SocketAddr,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Preview {
    /// Serves the book that `write` fills the folder `book` with.
    fn of(write: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("book");
        std::fs::create_dir_all(book.join("src")).unwrap();
        std::fs::write(book.join("book.toml"), "[book]\ntitle = \"first\"\n").unwrap();
        std::fs::write(book.join("src/SUMMARY.md"), "- [P](p.md)\n").unwrap();
        std::fs::write(book.join("src/p.md"), "# P\n\nbegin\n").unwrap();
        write(&book);
        let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
        command.args(["serve", "book", "--port", "0"]).current_dir(folder.path());
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let line = lines.find_map(|line| line.ok().filter(|line| line.contains("http://"))).unwrap();
        // The server must not block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.split_whitespace().next().unwrap();
        let address = address.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        Self { folder, server, address }
    }

    fn usual() -> Self {
        Self::of(|_| {})
    }

    fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join("book").join(path)
    }

    /// Saves a file as most editors do: written beside it, and renamed.
    fn save(&self, path: &str, text: &str) {
        let beside = self.folder.path().join("beside");
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(&beside, self.file(path)).unwrap();
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The beginning of the answer to a request whose `{host}` is the server; at most a mebibyte.
    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        let request = request.replace("{host}", &self.address.to_string());
        stream.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        match stream.take(1 << 20).read_to_end(&mut answer) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{request}: {error}"),
            _ => String::from_utf8_lossy(&answer).into_owned(),
        }
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {{host}}"))
    }

    /// Waits until a file of the site contains something.
    #[track_caller]
    fn shows(&self, path: &str, wanted: &str) {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if self.get(path).contains(wanted) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{path} does not show {wanted:?}:\n{}", self.get(path));
    }

    /// What the server has in memory, in kibibytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.server.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

#[track_caller]
fn is(answer: &str, status: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "not {status}: {:.300}", answer);
}

#[test]
fn files_of_the_site_have_their_kinds() {
    let preview = Preview::of(|book| {
        std::fs::create_dir(book.join("src/deep")).unwrap();
        std::fs::write(book.join("src/deep/index.html"), "deep").unwrap();
        std::fs::write(book.join("src/가 나.txt"), "글자").unwrap();
    });
    for (path, status, kind) in [
        ("/", "200", "text/html; charset=utf-8"),
        ("/p.html", "200", "text/html; charset=utf-8"),
        ("/p.md", "200", "text/plain; charset=utf-8"),
        ("/haechi.css", "200", "text/css; charset=utf-8"),
        ("/toc.js", "200", "text/javascript; charset=utf-8"),
        ("/feed.xml", "200", "xml"),
        ("/badge.svg", "200", "image/svg+xml"),
        ("/%EA%B0%80%20%EB%82%98.txt", "200", "text/plain; charset=utf-8"),
        ("/deep/", "200", "text/html; charset=utf-8"),
        ("/none.html", "404", "text/html; charset=utf-8"),
    ] {
        let answer = preview.get(path);
        is(&answer, status);
        let header = answer.lines().find(|line| line.to_lowercase().starts_with("content-type:"));
        assert!(header.is_some_and(|header| header.contains(kind)), "{path}: {header:?}");
    }
    let moved = preview.get("/deep");
    is(&moved, "307");
    assert!(moved.to_lowercase().contains("location: ./deep/"), "{moved}");
    is(&preview.ask("POST /p.html HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0"), "405");
}

#[test]
fn nothing_outside_of_the_site_is_read() {
    let preview = Preview::usual();
    let before = preview.memory();
    for path in [
        "/..%2f..%2f..%2fdev/zero",
        "/../../../dev/zero",
        "/%2e%2e/%2e%2e/%2e%2e/dev/zero",
        "/%2Fdev%2Fzero",
        "//dev/zero",
        "/..%5c..%5cdev%5czero",
        "/p.html%00",
        "/p.html/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/%ff%fe",
    ] {
        let answer = preview.get(path);
        assert!(!answer.contains("root:"), "{path} is answered with a file of the machine");
        is(&answer, "404");
    }
    let grown = preview.memory().saturating_sub(before);
    assert!(grown < 64 << 10, "the server grew by {grown} KiB");
}

#[test]
fn only_its_own_names_are_answered() {
    let preview = Preview::usual();
    let port = preview.address.port();
    for host in ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"] {
        is(&preview.ask(&format!("GET /p.html HTTP/1.1\r\nHost: {host}:{port}")), "200");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.7", "", "a b"] {
        let answer = preview.ask(&format!("GET /p.html HTTP/1.1\r\nHost: {host}:{port}"));
        is(&answer, "403");
        assert!(answer.contains("localhost") && !answer.contains("begin"), "{answer}");
    }
    assert!(!preview.ask("GET /p.html HTTP/1.0").contains("begin"), "without a host");
    // An absolute address names the host, too.
    is(&preview.ask("GET http://evil.example/p.html HTTP/1.1\r\nHost: {host}"), "403");
}

const UPGRADE: &str = "GET /__haechi/live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n\
                       Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

#[test]
fn notes_are_for_the_pages_of_the_site_alone() {
    let preview = Preview::usual();
    let upgrade = |origin: &str| {
        let mut stream = preview.connect();
        let request = format!("{UPGRADE}\r\nConnection: Upgrade\r\n{origin}\r\n\r\n");
        let own = preview.address.to_string();
        stream.write_all(request.replace("{host}", &own).as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line
    };
    is(&upgrade("Origin: http://{host}"), "101");
    // A foreign name that is made to lead here is its own origin.
    is(&preview.ask(&UPGRADE.replace("{host}", "evil.example\r\nOrigin: http://evil.example")), "403");
    for origin in ["Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1", "X: y"] {
        is(&upgrade(origin), "403");
    }
}

/// Something that a hostile neighbour sends; what stays open is given back.
fn attack(preview: &Preview, number: usize) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(preview.address).ok()?;
    stream.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let host = preview.address.to_string();
    let huge = "x".repeat(1 << 20);
    let request = match number % 10 {
        0 => format!("GET /..%2f..%2f..%2fdev/zero HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        1 => format!("GET /p.html HTTP/1.1\r\nHost: {host}\r\nX: {huge}\r\n\r\n"),
        2 => format!("GET /{huge} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        // A body that is announced and never ends.
        3 => format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999\r\n\r\n{huge}"),
        4 => format!("EVIL {huge}"),
        5 => "\0\u{16}\u{3}\u{1}".repeat(1000),
        6 => format!("GET /big.bin HTTP/1.1\r\nHost: {host}\r\nRange: bytes={}\r\n\r\n", "0-,".repeat(2000)),
        // These are never ended, or never read.
        7 => format!("GET /p.html HTTP/1.1\r\nHost: {host}\r\nX-Slow: "),
        8 => format!("GET /big.bin HTTP/1.1\r\nHost: {host}\r\n\r\n").repeat(50),
        _ => format!(
            "{}\r\nConnection: Upgrade\r\nOrigin: http://{host}\r\n\r\n",
            UPGRADE.replace("{host}", &host)
        ),
    };
    let _ = stream.write_all(request.as_bytes());
    if number % 10 > 6 {
        return Some(stream);
    }
    let _ = stream.read(&mut [0; 512]);
    None
}

#[test]
fn a_thousand_hostile_requests_leave_memory_flat() {
    const REQUESTS: usize = 1000;
    let preview = Preview::of(|book| std::fs::write(book.join("src/big.bin"), vec![7; 32 << 20]).unwrap());
    // What a server needs at its busiest is had once; then it must stay as it is.
    drop((0..200).filter_map(|number| attack(&preview, number)).collect::<Vec<_>>());
    is(&preview.get("/p.html"), "200");
    let before = preview.memory();
    let (mut most, mut open) = (before, Vec::new());
    for number in 0..REQUESTS {
        open.extend(attack(&preview, number));
        most = most.max(preview.memory());
        assert!(most < before + (512 << 10), "{most} KiB after {number} requests, {before} before");
    }
    let opened = open.len();
    drop(open);
    is(&preview.get("/p.html"), "200");
    let after = preview.memory();
    println!(
        "VmRSS: {before} KiB before, at most {most} under {REQUESTS} requests ({opened} opened open), {after} after"
    );
    assert!(most < before + (24 << 10), "{most} KiB, {before} before");
}

#[test]
fn who_is_slow_gives_the_place_to_others() {
    let try_with = |request: &str| {
        let preview =
            Preview::of(|book| std::fs::write(book.join("src/big.bin"), vec![7; 32 << 20]).unwrap());
        let slow = || {
            let mut stream = preview.connect();
            stream.write_all(request.as_bytes()).unwrap();
            stream
        };
        // More than there are places.
        let opened: Vec<TcpStream> = (0..160).map(|_| slow()).collect();
        is(&preview.get("/p.html"), "200");
        drop(opened);
    };
    std::thread::scope(|scope| {
        let unread = "GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for request in ["", "GET /p.html HTTP/1.1\r\nHost: ", unread] {
            scope.spawn(move || try_with(request));
        }
    });
}

#[test]
fn each_save_of_the_settings_by_renaming_is_seen() {
    let preview = Preview::usual();
    for title in ["second", "third", "fourth"] {
        preview.save("book.toml", &format!("[book]\ntitle = \"{title}\"\n"));
        preview.shows("/p.html", title);
    }
}

#[test]
fn what_a_page_includes_is_watched_wherever_it_is() {
    let preview = Preview::of(|book| {
        std::fs::create_dir(book.join("listings")).unwrap();
        std::fs::write(book.join("listings/a.txt"), "{{#include b.txt}}\n").unwrap();
        std::fs::write(book.join("listings/b.txt"), "one\n").unwrap();
        std::fs::write(book.join("src/p.md"), "# P\n\n{{#include ../listings/a.txt}}\n").unwrap();
    });
    preview.shows("/p.html", "one");
    preview.save("listings/b.txt", "two\n");
    preview.shows("/p.html", "two");
    preview.save("listings/b.txt", "three\n");
    preview.shows("/p.html", "three");
    // What a page begins to include later.
    std::fs::create_dir(preview.file("more")).unwrap();
    std::fs::write(preview.file("more/c.txt"), "four\n").unwrap();
    preview.save("src/p.md", "# P\n\n{{#include ../more/c.txt}}\n");
    preview.shows("/p.html", "four");
    preview.save("more/c.txt", "five\n");
    preview.shows("/p.html", "five");
}

#[test]
fn pictures_of_a_page_are_watched_wherever_they_are() {
    let svg = |width: u32| format!("<svg width=\"{width}\" height=\"20\"/>");
    let preview = Preview::of(|book| {
        std::fs::create_dir(book.join("pictures")).unwrap();
        std::fs::write(book.join("pictures/a.svg"), svg(30)).unwrap();
        std::fs::write(book.join("src/p.md"), "# P\n\n![a](../pictures/a.svg)\n").unwrap();
    });
    preview.shows("/p.html", "width=\"30\"");
    for width in [40, 50] {
        preview.save("pictures/a.svg", &svg(width));
        preview.shows("/p.html", &format!("width=\"{width}\""));
    }
    // A picture that a page names later, in a folder that comes after it.
    preview.save("src/p.md", "# P\n\nsaved ![b](../more/b.svg)\n");
    preview.shows("/p.html", "saved");
    std::fs::create_dir(preview.file("more")).unwrap();
    for width in [60, 70] {
        preview.save("more/b.svg", &svg(width));
        preview.shows("/p.html", &format!("width=\"{width}\""));
    }
}

#[test]
fn folders_that_appear_later_are_watched() {
    let preview = Preview::usual();
    let own = "{% extends \"base.html\" %}{% block body %}<main>MARK</main>{% endblock body %}";
    std::fs::create_dir_all(preview.file("themes/haechi")).unwrap();
    for mark in ["own page", "another page"] {
        preview.save("themes/haechi/404.html", &own.replace("MARK", mark));
        preview.shows("/404.html", mark);
    }
    // The pages' folder is another one, then the same again as a new folder.
    std::fs::create_dir(preview.file("docs")).unwrap();
    for (path, text) in [("docs/SUMMARY.md", "- [P](p.md)\n"), ("docs/p.md", "# P\n\nmoved\n")] {
        std::fs::write(preview.file(path), text).unwrap();
    }
    preview.save("book.toml", "[book]\nsrc = \"docs\"\n");
    preview.shows("/p.html", "moved");
    preview.save("docs/p.md", "# P\n\nsaved there\n");
    preview.shows("/p.html", "saved there");
    let away = preview.folder.path().join("away");
    std::fs::rename(preview.file("docs"), &away).unwrap();
    std::fs::write(away.join("p.md"), "# P\n\nback\n").unwrap();
    std::fs::rename(&away, preview.file("docs")).unwrap();
    preview.shows("/p.html", "back");
    preview.save("docs/p.md", "# P\n\nsaved after\n");
    preview.shows("/p.html", "saved after");
}

#[test]
fn what_too_many_events_hide_is_built_all_the_same() {
    let most: usize =
        std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap().trim().parse().unwrap();
    let preview = Preview::usual();
    preview.signal("STOP");
    // Files that the preview passes over, in turn, for the same event twice is one.
    let files = ["one.swp", "two.swp"].map(|name| preview.file("src").join(name));
    for number in 0..=most {
        std::fs::write(&files[number % 2], "x").unwrap();
    }
    preview.save("src/p.md", "# P\n\nafter the flood\n");
    preview.signal("CONT");
    preview.shows("/p.html", "after the flood");
}

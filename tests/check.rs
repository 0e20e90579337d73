//! `haechi check`: what it fixes, what it asks other sites, what it says to machines.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;

const HAECHI: &str = env!("CARGO_BIN_EXE_haechi");

fn book(pages: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    let listed: String = pages.iter().map(|(name, _)| format!("- [x]({name})\n")).collect();
    std::fs::write(folder.path().join("book.toml"), "").unwrap();
    std::fs::write(folder.path().join("src/SUMMARY.md"), listed).unwrap();
    for (name, text) in pages {
        let file = folder.path().join("src").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

fn check(folder: &Path, arguments: &[&str], proxy: Option<&str>) -> Output {
    let mut command = Command::new(HAECHI);
    command.arg("check").arg(".").args(arguments).current_dir(folder).env("LC_ALL", "C").env("NO_COLOR", "1");
    command.env_remove("GITHUB_ACTIONS").env("XDG_CACHE_HOME", folder.join("cache"));
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    if let Some(proxy) = proxy {
        command.env("http_proxy", proxy);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_is_fixed_is_fixed_once_and_nothing_else_changes() {
    let page = "# A\r\n\r\n[x](b.md#Race-Select) `b.md#Race-Select` ![p](b.md) [y](<b.md#Race-Select> \"t\")\r\n[z][z]\r\n\r\n\
                [z]: b.md#Race-Select  'title'\r\n[gone](nowhere.md)\r\n";
    let folder = book(&[("a.md", page), ("sub/b.md", "# B\n\n## Race/select\n")]);
    let file = folder.path().join("src/a.md");
    let dry = check(folder.path(), &["--fix", "--dry-run"], None);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), page, "{}", said(&dry));
    assert!(said(&dry).contains("+[x](sub/b.md"), "{}", said(&dry));
    let output = said(&check(folder.path(), &["--fix"], None));
    assert!(output.contains("src/a.md: 4 links fixed"), "{output}");
    let fixed = std::fs::read_to_string(&file).unwrap();
    let wanted = page
        .replace("(b.md#Race-Select)", "(sub/b.md#raceselect)")
        .replace("<b.md#Race-Select>", "<sub/b.md#raceselect>")
        .replace("]: b.md#Race-Select", "]: sub/b.md#raceselect")
        .replace("(b.md)", "(sub/b.md)");
    assert_eq!(fixed, wanted);
    let last = check(folder.path(), &["--json"], None);
    let left: Value = serde_json::from_slice(&last.stdout).unwrap();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left[0]["message"], "there is no page `nowhere.md`");
}

#[test]
fn machines_are_told_the_places() {
    let folder = book(&[("a.md", "# A\n\n[x](b c.md) [y](gone.md)\n")]);
    let output = check(folder.path(), &["--report", "sarif=x.sarif", "--report", "github=x.txt"], None);
    assert_eq!(output.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&std::fs::read(folder.path().join("x.sarif")).unwrap()).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "link");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "src/a.md");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&3.into(), &13.into()));
    let lines = std::fs::read_to_string(folder.path().join("x.txt")).unwrap();
    assert!(lines.starts_with("::error file=src/a.md,line=3,col=13::there is no page `gone.md`"), "{lines}");
}

/// What was asked, and when.
type Asked = Vec<(String, Instant)>;

/// A site of all hosts: a proxy that answers by what stands in the path, and remembers what it was asked.
fn site() -> (String, Arc<Mutex<Asked>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let all = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let asked = all.clone();
            std::thread::spawn(move || serve(stream.unwrap(), &asked));
        }
    });
    (address, asked)
}

fn serve(mut stream: TcpStream, asked: &Mutex<Asked>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut host = String::new();
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            lines.push(line.trim_end().to_owned());
        }
        let mut words = lines[0].split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        if method == "CONNECT" {
            host = path.to_owned();
            stream.write_all(b"HTTP/1.1 200 ok\r\n\r\n").unwrap();
            continue;
        }
        assert!(lines.iter().any(|line| line.to_lowercase().starts_with("user-agent: haechi/")), "{lines:?}");
        asked.lock().unwrap().push((format!("{method} {host}{path}"), Instant::now()));
        let (status, header) = match path {
            "/gone" => ("404 Not Found", ""),
            "/no-head" if method == "HEAD" => ("405 Method Not Allowed", ""),
            "/refused" => ("403 Forbidden", ""),
            "/moved" => ("301 Moved Permanently", "location: /good\r\n"),
            "/loop" => ("302 Found", "location: /loop\r\n"),
            "/broken" => ("500 Internal Server Error", ""),
            _ => ("200 OK", ""),
        };
        let answer = format!("HTTP/1.1 {status}\r\n{header}content-length: 0\r\n\r\n");
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn other_sites_are_asked_once_and_politely() {
    let page = "# A\n\n[1](http://one.dev/good) [2](http://one.dev/good#x) [3](http://one.dev/no-head)\n\
                [4](http://two.dev/gone) [5](http://two.dev/refused) [6](http://two.dev/moved)\n\
                [7](http://two.dev/broken) [8](http://two.dev/loop)\n\
                [9](http://localhost:3000) [10](https://example.com/x) [11](http://192.168.0.1/)\n";
    let folder = book(&[("a.md", page)]);
    let (proxy, asked) = site();
    // Not without being asked to.
    assert_eq!(check(folder.path(), &[], Some(&proxy)).status.code(), Some(0));
    assert!(asked.lock().unwrap().is_empty());
    let output = check(folder.path(), &["--external"], Some(&proxy));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("http://two.dev/gone: 404 Not Found"), "{text}");
    assert!(text.contains("1 page checked, 1 finding"), "{text}");
    assert!(text.contains("7 links to other sites: 0 known from the last seven days, 3 not asked"), "{text}");
    for unknown in ["two.dev/refused (403 Forbidden)", "two.dev/broken (500", "two.dev/loop ("] {
        assert!(text.contains(&format!("not known: http://{unknown}")), "{text}");
    }
    let first = std::mem::take(&mut *asked.lock().unwrap());
    let count = |wanted: &str| first.iter().filter(|(path, _)| path == wanted).count();
    assert_eq!((count("HEAD one.dev:80/good"), count("GET one.dev:80/good")), (1, 0), "{first:?}");
    assert_eq!((count("HEAD one.dev:80/no-head"), count("GET one.dev:80/no-head")), (1, 1), "{first:?}");
    assert!(first.iter().all(|(path, _)| path.contains("one.dev") || path.contains("two.dev")), "{first:?}");
    // What answered well is known.
    let again = said(&check(folder.path(), &["--external"], Some(&proxy)));
    assert!(again.contains("3 known from the last seven days"), "{again}");
    assert!(asked.lock().unwrap().iter().all(|(path, _)| !path.contains("one.dev")), "{asked:?}");
}

#[test]
fn where_there_is_no_network_nothing_is_called_broken() {
    let folder = book(&[("a.md", "# A\n\n[1](http://one.dev/good)\n")]);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = check(folder.path(), &["--external"], Some(&format!("http://{closed}")));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("no other site can be reached"), "{text}");
}

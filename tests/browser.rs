//! The site in a real browser. `make test` runs these; they need chromium and chromedriver.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program and returns the first line of its output that contains `mark`.
fn start(mut command: Command, mark: &str) -> (Running, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.find_map(|line| line.ok().filter(|line| line.contains(mark))).unwrap();
    // The program must not block on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (Running(child), line)
}

async fn browser(width: u32, height: u32) -> (Running, tempfile::TempDir, Client) {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0");
    let (driver, line) = start(command, "started successfully on port");
    let port: String =
        line.chars().rev().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let port: String = port.chars().rev().collect();
    let profile = tempfile::tempdir().unwrap();
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-prefers-reduced-motion",
        &format!("--user-data-dir={}", profile.path().display()),
        &format!("--window-size={width},{height}"),
    ]
    .map(serde_json::Value::from);
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".into(), serde_json::json!({ "args": arguments }));
    capabilities.insert("goog:loggingPrefs".into(), serde_json::json!({ "browser": "ALL" }));
    let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .unwrap();
    (driver, profile, client)
}

fn serve(root: &Path) -> (Running, String) {
    // The guide's own evidence is as good as the commit that it is in.
    serve_with(root, if root.join(".git").exists() { &["--trust-evidence", "HEAD"] } else { &[] })
}

fn serve_with(root: &Path, options: &[&str]) -> (Running, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
    command.arg("serve").arg(root).args(["--port", "0"]).args(options);
    let (server, line) = start(command, "http://");
    (server, line.split_whitespace().next().unwrap().to_owned())
}

async fn text(client: &Client, css: &str) -> String {
    client
        .wait()
        .at_most(Duration::from_secs(10))
        .for_element(Locator::Css(css))
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

/// Waits until something of the page says so. The page may be loaded anew meanwhile.
async fn says(client: &Client, css: &str, wanted: &str) {
    let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
    let mut last = String::new();
    for _ in 0..400 {
        if let Ok(found) = client.execute(script, vec![css.into()]).await {
            last = found.as_str().unwrap_or_default().to_owned();
        }
        if last.contains(wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{css} does not say {wanted:?}, but {last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn browser_reads_the_guide() {
    let (_server, address) = serve(Path::new(env!("CARGO_MANIFEST_DIR")));
    let (_driver, _profile, client) = browser(1300, 900).await;
    client.goto(&format!("{address}web.html")).await.unwrap();
    assert_eq!(text(&client, "h1").await, "웹서비스 실행");
    assert_eq!(text(&client, "#contents a[aria-current=page]").await, "7 웹서비스 실행");
    let here = client.find_all(Locator::Css(".here a")).await.unwrap().len();
    let headings = client.find_all(Locator::Css("article h2, article h3")).await.unwrap().len();
    assert!(here == headings && here > 4, "{here} of {headings} headings");

    // A Korean anchor leads to its heading.
    client.find(Locator::Css(".here a[href='#멈추기와-시그널']")).await.unwrap().click().await.unwrap();
    assert!(client.current_url().await.unwrap().fragment().is_some());

    // The theme is the reader's choice and is kept.
    client.find(Locator::Css("button.theme")).await.unwrap().click().await.unwrap();
    let chosen = client.execute("return document.documentElement.dataset.theme", vec![]).await.unwrap();
    client.find(Locator::Css("a[rel=next]")).await.unwrap().click().await.unwrap();
    says(&client, "h1", "이미지 만들기").await;
    assert_eq!(
        client.execute("return document.documentElement.dataset.theme", vec![]).await.unwrap(),
        chosen
    );

    // A proof opens.
    let proof = client.find(Locator::Css("details.proof")).await.unwrap();
    proof.find(Locator::Css("summary")).await.unwrap().click().await.unwrap();
    assert!(proof.attr("open").await.unwrap().is_some());

    // Nothing on any page is wider than a phone, and the console is silent.
    client.set_window_size(390, 800).await.unwrap();
    for page in ["index", "what-is-docker", "run", "web", "mysql", "wordpress", "toc", "state", "404"] {
        client.goto(&format!("{address}{page}.html")).await.unwrap();
        let wide = client
            .execute(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(wide, 0, "{page} is wider than the screen");
    }
    client.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn browser_shows_a_save_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("book");
    assert!(
        Command::new(env!("CARGO_BIN_EXE_haechi"))
            .arg("new")
            .arg(&root)
            .stdout(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    let (_server, address) = serve(&root);
    let (_driver, _profile, client) = browser(1000, 800).await;
    client.goto(&format!("{address}first.html")).await.unwrap();
    assert_eq!(text(&client, "h1").await, "First steps");
    client.wait().for_element(Locator::Css("html.live")).await.unwrap();
    std::fs::write(root.join("content/first.md"), "# Changed\n\ntext\n").unwrap();
    says(&client, "h1", "Changed").await;

    // What is wrong is shown in the page, and goes when it is fixed.
    let save = |text: &str| std::fs::write(root.join("content/first.md"), text).unwrap();
    save("# Broken\n\n```sh {timout=3s}\necho 1\n```\n");
    says(&client, "pre.live-wrong:not([hidden])", "did you mean `timeout`").await;
    says(&client, "pre.live-wrong:not([hidden])", "first.md:3:1").await;
    save("# Mended\n\n```sh\necho 1\n```\n");
    says(&client, "html.live h1", "Mended").await;
    says(&client, "html.live:has(pre.live-wrong[hidden]) h1", "Mended").await;

    // A page that SUMMARY.md names and that is not there.
    let summary = root.join("content/SUMMARY.md");
    let before = std::fs::read_to_string(&summary).unwrap();
    std::fs::write(&summary, format!("{before}- [None](none.md)\n")).unwrap();
    says(&client, "pre.live-wrong:not([hidden])", "none.md").await;
    std::fs::write(&summary, before).unwrap();
    says(&client, "html.live:has(pre.live-wrong[hidden]) h1", "Mended").await;
    client.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn browser_shows_verdicts_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("book");
    let made =
        Command::new(env!("CARGO_BIN_EXE_haechi")).arg("new").arg(&root).stdout(Stdio::null()).status();
    assert!(made.unwrap().success());
    let (_server, address) = serve_with(&root, &["--verify", "--engine", "local", "--trust"]);
    let (_driver, _profile, client) = browser(1000, 800).await;
    client.goto(&format!("{address}first.html")).await.unwrap();
    client.wait().for_element(Locator::Css("html.live")).await.unwrap();
    let page = "# Slow\n\n```sh\necho one\n```\n```output\none\n```\n\n```sh\nsleep 4; echo two\n```\n```output\n2\n```\n";
    std::fs::write(root.join("content/first.md"), page).unwrap();
    says(&client, "pre.live-running:not([hidden])", "verifying 1/2 ✓").await;
    says(&client, "details.proof.verified summary", "verified").await;
    says(&client, "details.proof.false summary", "failed").await;
    client.close().await.unwrap();
}

/// The queries of a file of `tests/search`, each with the pages that answer it.
fn queries(name: &str) -> Vec<(String, Vec<String>)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search").join(name);
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (query, pages) = line.split_once('\t').unwrap();
            (query.to_owned(), pages.split(' ').map(|page| format!("{page}.html")).collect())
        })
        .collect()
}

/// Asks each query on a page in the browser and says the mean reciprocal rank of the first page that answers.
async fn reciprocal_rank(client: &Client, page: &str, asked: &[(String, Vec<String>)]) -> f64 {
    client.goto(page).await.unwrap();
    client.find(Locator::Css("button.find")).await.unwrap().click().await.unwrap();
    client.wait().for_element(Locator::Css("dialog.search")).await.unwrap();
    let words: Vec<&str> = asked.iter().map(|(query, _)| query.as_str()).collect();
    let script = "const [words, done] = arguments;
        (async () => {
            const found = [];
            for (const word of words) found.push((await haechiFind(word, 10)).map((hit) => hit.href.split('#')[0]));
            done(found);
        })();";
    let found = client.execute_async(script, vec![serde_json::json!(words)]).await.unwrap();
    let ranks = asked.iter().zip(found.as_array().unwrap()).map(|((query, pages), hits)| {
        let mut unique: Vec<&str> = Vec::new();
        for hit in hits.as_array().unwrap().iter().filter_map(serde_json::Value::as_str) {
            if !unique.contains(&hit) {
                unique.push(hit);
            }
        }
        let rank = unique.iter().position(|hit| pages.iter().any(|page| page == hit));
        if rank.is_none_or(|rank| rank >= 3) {
            println!("not among the first three: {query}");
        }
        rank.map_or(0.0, |rank| 1.0 / f64::from(u32::try_from(rank).unwrap() + 1))
    });
    ranks.sum::<f64>() / f64::from(u32::try_from(asked.len()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn browser_finds_what_readers_ask() {
    let (_server, address) = serve(Path::new(env!("CARGO_MANIFEST_DIR")));
    let (_driver, _profile, client) = browser(1200, 900).await;
    client.goto(&format!("{address}index.html")).await.unwrap();

    // By the keyboard alone.
    let body = client.find(Locator::Css("body")).await.unwrap();
    body.send_keys("/").await.unwrap();
    let field = client.wait().for_element(Locator::Css("dialog.search input")).await.unwrap();
    field.send_keys("볼륨을").await.unwrap();
    let hit = client.wait().for_element(Locator::Css("#hits a[aria-selected=true] b")).await.unwrap();
    assert!(hit.text().await.unwrap().starts_with("볼륨"));
    assert!(client.find(Locator::Css("#hits mark")).await.is_ok(), "the hit is marked");
    field.send_keys("\u{e015}\u{e013}\u{e007}").await.unwrap();
    says(&client, "h1", "볼륨").await;

    let guide = reciprocal_rank(&client, &format!("{address}index.html"), &queries("guide.tsv")).await;
    println!("mean reciprocal rank on the guide: {guide:.3}");
    assert!(guide >= 0.9, "{guide}");
    client.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn browser_finds_in_a_real_book() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/rust-kr_doc.rust-kr.org");
    if !book.exists() {
        return support::not_run("browser_finds_in_a_real_book", &format!("{} is absent", book.display()));
    }
    let (_server, address) = serve(&book);
    let (_driver, _profile, client) = browser(1200, 900).await;
    let page = format!("{address}ch04-00-understanding-ownership.html");
    let rank = reciprocal_rank(&client, &page, &queries("rust.tsv")).await;
    println!("mean reciprocal rank on the Rust book in Korean: {rank:.3}");
    assert!(rank >= 0.9, "{rank}");
    client.close().await.unwrap();
}

#[test]
fn a_book_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("a b#c");
    std::fs::create_dir_all(book.join("src")).unwrap();
    std::fs::write(book.join("book.toml"), "[book]\ntitle = \"종이\"\n").unwrap();
    std::fs::write(book.join("src/SUMMARY.md"), "# x\n\n- [x](x.md)\n").unwrap();
    std::fs::write(book.join("src/x.md"), "# 첫 쪽\n\n글자\n").unwrap();
    let built =
        Command::new(env!("CARGO_BIN_EXE_haechi")).args(["build", "--pdf"]).arg(&book).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let pdf = std::fs::read(book.join("book/print.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 10_000, "{} bytes", pdf.len());
}

#[test]
fn pictures_are_taken_of_what_a_page_s_container_serves() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path();
    std::fs::create_dir_all(book.join("src")).unwrap();
    std::fs::write(book.join("book.toml"), "[book]\ntitle = \"x\"\n").unwrap();
    std::fs::write(book.join("src/SUMMARY.md"), "# x\n\n- [x](x.md)\n").unwrap();
    let page = |picture: &str| {
        format!(
            "# X\n\n```sh\ndocker run -d -p 8080:80 nginx\n```\n\n<!-- haechi: http http://localhost:8080/ \
             contains=\"Welcome to nginx\" within=30s picture={picture} size=400x300 -->\n"
        )
    };
    std::fs::write(book.join("src/x.md"), page("seen.png")).unwrap();
    let verify = |options: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
        let output = command.arg("verify").arg(book).args(options).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let picture = book.join("src/seen.png");
    assert_eq!(verify(&[]).0, Some(0));
    assert!(!picture.exists(), "nobody asked for it");
    let (code, said) = verify(&["--pictures"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--trust"), "{said}");
    let (code, said) = verify(&["--pictures", "--trust"]);
    assert_eq!(code, Some(0), "{said}");
    let bytes = std::fs::read(&picture).unwrap();
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    assert!(bytes.starts_with(b"\x89PNG"));
    assert_eq!((side(16), side(20)), (400, 300));
    // White alone would be a few hundred bytes.
    assert!(bytes.len() > 2_000, "{} bytes: nothing is on it", bytes.len());

    std::fs::write(book.join("src/x.md"), page("../outside.png")).unwrap();
    let (code, said) = verify(&["--pictures", "--trust"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("outside of the book") && !book.join("outside.png").exists(), "{said}");
}

//! The site in a real browser. `make test` runs these; they need chromium and chromedriver.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

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

/// Starts a program and returns the first line of its output that holds `mark`.
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
    command.arg("serve").arg(root).args(["--port", "0"]);
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

#[tokio::test(flavor = "multi_thread")]
async fn browser_reads_the_guide() {
    let (_server, address) = serve(Path::new(env!("CARGO_MANIFEST_DIR")));
    let (_driver, _profile, client) = browser(1300, 900).await;
    client.goto(&format!("{address}web.html")).await.unwrap();
    assert_eq!(text(&client, "h1").await, "웹서비스 실행");
    assert_eq!(text(&client, "#contents a[aria-current=page]").await, "7 웹서비스 실행");
    assert_eq!(client.find_all(Locator::Css(".here a")).await.unwrap().len(), 5);

    // A Korean anchor leads to its heading.
    client.find(Locator::Css(".here a[href='#멈추기']")).await.unwrap().click().await.unwrap();
    assert!(client.current_url().await.unwrap().fragment().is_some());

    // The theme is the reader's choice and is kept.
    client.find(Locator::Css("button.theme")).await.unwrap().click().await.unwrap();
    let chosen = client.execute("return document.documentElement.dataset.theme", vec![]).await.unwrap();
    client.find(Locator::Css("a[rel=next]")).await.unwrap().click().await.unwrap();
    assert_eq!(text(&client, "h1").await, "이미지 만들기");
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
    for page in ["index", "what-is-docker", "run", "web", "mysql", "wordpress", "toc", "404"] {
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
    client
        .wait()
        .at_most(Duration::from_secs(10))
        .for_element(Locator::XPath("//h1[contains(., 'Changed')]"))
        .await
        .expect("the saved page appears without a click");
    client.close().await.unwrap();
}

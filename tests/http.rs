//! Claims about URLs are judged by what a reader's browser would show.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use rayon::prelude::*;

/// A server on a free port, and the port.
fn serve() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || answer(stream.unwrap()));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut request = String::new();
    reader.read_line(&mut request).unwrap();
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|count| count > 2) {
        header.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, headers, body) = page(path);
    let length = body.len();
    // Whoever asked may have gone.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";

fn page(path: &str) -> (&'static str, String, String) {
    let html = |body: &str| ("200 OK", HTML.to_owned(), body.to_owned());
    let redirect = |to: &str| ("302 Found", format!("Location: {to}\r\n"), String::new());
    let refresh =
        |content: &str| html(&format!("<meta http-equiv=refresh content=\"{content}\"><p>Please wait</p>"));
    match path {
        "/text" => html("<p>Wel<b>come</b>\n  to Q&amp;A"),
        "/script" => html("<script>var greeting = 'Welcome'</script><!-- Welcome --><p title=Welcome>Bye"),
        "/plain" => ("200 OK", "Content-Type: text/plain\r\n".into(), "<!-- Welcome -->".into()),
        "/json" => ("200 OK", "Content-Type: application/json\r\n".into(), "{\"a\":  1}".into()),
        "/gone" => ("404 Not Found", HTML.into(), "<h1>Not here</h1>".into()),
        "/file" => redirect("file:///etc/passwd"),
        "/moved" => redirect("/text"),
        "/refresh" => refresh("0; url=/text"),
        "/refresh-moved" => refresh("0; url=moved"),
        "/slow" => refresh("30; url=/gone"),
        "/refresh-file" => refresh("0; url=file:///etc/passwd"),
        "/loop" => refresh("0; url=/loop"),
        "/list?a=[1-3]&b={x,y}" => html("<p>as written"),
        _ => match path.strip_prefix("/hops/").and_then(|number| number.parse::<u32>().ok()) {
            Some(0) => html("<p>Arrived"),
            Some(number) => redirect(&format!("/hops/{}", number - 1)),
            None => ("404 Not Found", HTML.into(), "<p>No such page".into()),
        },
    }
}

/// Whether haechi finds a claim about the server true, and what it says.
fn is_true(port: u16, claim: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    std::fs::write(&page, format!("<!-- haechi: http http://127.0.0.1:{port}{claim} within=1s -->\n"))
        .unwrap();
    let (code, said) = support::verify_here(&page);
    (code == Some(0), said)
}

#[test]
fn claims_are_about_what_a_browser_shows() {
    let port = serve();
    let claims = [
        ("/text contains=\"Welcome to Q&A\"", true),
        ("/text contains=\"Wel come\"", false),
        ("/text contains=\"<p>\"", false),
        ("/text contains=\"&amp;\"", false),
        ("/script contains=Welcome", false),
        ("/script contains=Bye", true),
        ("/plain contains=\"<!-- Welcome\"", true),
        ("/json contains='\"a\":  1'", true),
        ("/json contains='\"a\": 1'", false),
        ("/gone", false),
        ("/gone status=404 contains=\"Not here\"", true),
        ("/moved contains=Welcome", true),
        ("/moved status=302", true),
        ("/moved status=200", true),
        ("/refresh contains=Welcome", true),
        ("/refresh contains=\"Please wait\"", false),
        ("/refresh-moved contains=Welcome", true),
        ("/slow contains=\"Please wait\"", true),
        ("/slow status=404", false),
        ("/hops/10 contains=Arrived", true),
        ("/hops/11 contains=Arrived", false),
        ("/loop", false),
        ("/file", false),
        ("/refresh-file", false),
        ("/list?a=[1-3]&b={x,y} contains=\"as written\"", true),
    ];
    let wrong: Vec<String> = claims
        .par_iter()
        .filter_map(|(claim, right)| {
            let (is_true, said) = is_true(port, claim);
            (is_true != *right).then(|| format!("{claim} is {is_true}:\n{said}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_answer_that_is_not_followed_says_why() {
    let port = serve();
    for (claim, why) in [
        ("/file", "neither http nor https"),
        ("/refresh-file", "neither http nor https"),
        ("/loop", "more than 10 times"),
        ("/hops/11", "more than 10 times"),
        ("/gone", "status 404, not 200"),
        ("/text contains=Bye", "does not contain `Bye`"),
    ] {
        let (_, said) = is_true(port, claim);
        assert!(said.contains(why), "{claim}: {said}");
    }
}

//! Says which suites `cargo test` leaves out: those that need an engine or a browser, and those whose
//! books are not here.

use std::path::Path;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("the manifest can be read");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let left_out: Vec<&str> = manifest["test"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|suite| suite.get("test").and_then(toml::Value::as_bool) == Some(false))
        .filter_map(|suite| suite["name"].as_str())
        .collect();
    assert!(!left_out.is_empty(), "no suite is left out, and this one can go");
    println!("\nnot run by `cargo test`: {} (`make test` runs them)", left_out.join(", "));
    if which::which("node").is_err() {
        println!("not run in part: reader (there is no node to run WebAssembly)");
    }
    if !root.join("../shared/corpora").exists() {
        println!("not run in part: books, forms (there are no books in ../shared)");
    }
}

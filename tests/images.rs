//! The table of docs/en/images.md against the images themselves. `make test` runs this with the images that
//! were built here; with `HAECHI_IMAGES=official` it asks the official ones of Docker Hub what the table
//! says of them.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A row of the table.
#[derive(Debug, PartialEq)]
struct Row {
    /// As a page names it.
    image: String,
    property: String,
    official: String,
    ours: String,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The cells of a line of a table, without their marks.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\0");
    let plain = |cell: &str| {
        let cell = cell.trim();
        let cell = cell.strip_prefix("`` ").and_then(|cell| cell.strip_suffix(" ``")).unwrap_or(cell);
        cell.trim_matches('`').replace('\0', "|")
    };
    line.split('|').map(plain).collect()
}

/// The rows of the table that says what is the same.
fn rows(document: &str) -> Vec<Row> {
    let lines = document.lines().skip_while(|line| !line.starts_with("| image | property |")).skip(2);
    let row = |line: &str| {
        let [image, property, official, ours, read_in, used] = cells(line)
            .try_into()
            .unwrap_or_else(|cells: Vec<String>| panic!("{} cells and not 6: {line}", cells.len()));
        assert!(!read_in.is_empty() && !used.is_empty(), "{line}");
        let ours = if ours == "same" { official.clone() } else { ours };
        Row { image, property, official, ours }
    };
    lines.take_while(|line| line.starts_with('|')).map(row).collect()
}

/// The images that were built here, by the names under which the mirror serves them.
fn catalog() -> BTreeMap<String, String> {
    let script = read("images/build.sh");
    let catalog = script.split("catalog='").nth(1).unwrap().split('\'').next().unwrap();
    let of = |line: &str| {
        let (recipe, names) = line.split_once(' ').unwrap();
        let image = format!("haechi/{}:latest", recipe.replace('/', "-"));
        let names: Vec<String> = names.split(' ').map(|name| name.replace("library/", "")).collect();
        names.into_iter().map(move |name| (name, image.clone())).collect::<Vec<_>>()
    };
    catalog.lines().flat_map(of).collect()
}

/// The engine in use, as the scripts find it.
static HOST: LazyLock<String> = LazyLock::new(|| {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("images/engine.sh");
    let output = Command::new(script).arg("host").output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
});

fn docker(arguments: &[&str]) -> Output {
    Command::new("docker").args(arguments).env("DOCKER_HOST", &*HOST).output().unwrap()
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// An image, asked for what the table says of it.
struct Image {
    name: String,
    config: Value,
    /// The containers whose logs were read, by their variables.
    containers: RefCell<BTreeMap<String, String>>,
}

impl Drop for Image {
    fn drop(&mut self) {
        for id in self.containers.borrow().values() {
            docker(&["rm", "-fv", id]);
        }
    }
}

impl Image {
    fn of(name: &str) -> Self {
        let output = docker(&["image", "inspect", "--format", "{{json .Config}}", name]);
        assert!(output.status.success(), "{name}: {}", printed(&output));
        let config = serde_json::from_slice(&output.stdout).unwrap();
        Self { name: name.to_owned(), config, containers: RefCell::default() }
    }

    /// A property's value; `–` where there is none.
    fn value(&self, property: &str, expected: &str) -> String {
        let value = if let Some(command) = property.strip_prefix("$ ") {
            self.run(command)
        } else if let Some(variables) = property.strip_prefix("log") {
            return self.log(variables, expected);
        } else if let Some(name) = property.strip_prefix("Env ") {
            let variables = self.config["Env"].as_array().unwrap().iter().filter_map(Value::as_str);
            let mut values = variables.filter_map(|variable| variable.strip_prefix(name)?.strip_prefix('='));
            values.next().unwrap_or_default().to_owned()
        } else {
            assert!(
                ["Cmd", "Entrypoint", "ExposedPorts", "StopSignal", "Volumes", "WorkingDir"]
                    .contains(&property),
                "{property} is no property that can be read"
            );
            words(&self.config[property])
        };
        if value.is_empty() { "–".into() } else { value }
    }

    /// What a command prints in it.
    fn run(&self, command: &str) -> String {
        let output = docker(&["run", "--rm", "--entrypoint", "sh", &self.name, "-c", command]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The expected line, once it is in the log of a container with these variables; else the log.
    fn log(&self, variables: &str, expected: &str) -> String {
        let mut containers = self.containers.borrow_mut();
        let id = containers.entry(variables.to_owned()).or_insert_with(|| {
            let variables: Vec<&str> = variables.split_whitespace().collect();
            let started = docker(&[&["run", "-d"], &variables[..], &[self.name.as_str()]].concat());
            assert!(started.status.success(), "{}: {}", self.name, printed(&started));
            String::from_utf8_lossy(&started.stdout).trim().to_owned()
        });
        let deadline = Instant::now() + Duration::from_secs(180);
        let log = loop {
            let log = printed(&docker(&["logs", id]));
            if log.contains(expected) || Instant::now() > deadline {
                break log;
            }
            std::thread::sleep(Duration::from_millis(300));
        };
        if log.contains(expected) { expected.to_owned() } else { log }
    }
}

/// A list, or the keys of a map, in one line.
fn words(value: &Value) -> String {
    match value {
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Value::Object(map) => map.keys().map(String::as_str).collect::<Vec<_>>().join(" "),
        Value::String(word) => word.clone(),
        _ => String::new(),
    }
}

#[test]
fn images_are_as_the_table_says() {
    let official = std::env::var("HAECHI_IMAGES").is_ok_and(|which| which == "official");
    let (rows, catalog) = (rows(&read("docs/en/images.md")), catalog());
    assert!(rows.len() > 50, "the table was not found");
    let mut images: BTreeMap<&str, Image> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in &rows {
        let image = images.entry(&row.image).or_insert_with(|| {
            let tagged =
                if row.image.contains(':') { row.image.clone() } else { format!("{}:latest", row.image) };
            if official {
                assert!(docker(&["pull", "-q", &tagged]).status.success(), "{tagged} cannot be pulled");
                return Image::of(&tagged);
            }
            let built = catalog.get(&tagged).unwrap_or_else(|| panic!("images/build.sh serves no {tagged}"));
            Image::of(built)
        });
        let expected = if official { &row.official } else { &row.ours };
        let found = image.value(&row.property, expected);
        if found != *expected {
            wrong.push(format!(
                "{} {}: {expected:?} in the table, {found:?} in the image",
                row.image, row.property
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn images_that_were_built_here_say_so() {
    for image in catalog().into_values() {
        let label = Image::of(&image).config["Labels"]["haechi.stand-in"].clone();
        assert!(label.is_string(), "{image} does not say that it stands in for another: {label}");
    }
}

#[test]
fn images_table_is_read_as_it_is_written() {
    let table = "| image | property | official | ours | read in | relied on by |\n| --- | --- | --- | --- | --- | --- |\n\
                 | `a` | `$ b \\| c` | `d` | same | e `f` | g |\n| `a` | `Volumes` | `/x` | – | e | g |\n\nText";
    let row = |property: &str, official: &str, ours: &str| Row {
        image: "a".into(),
        property: property.into(),
        official: official.into(),
        ours: ours.into(),
    };
    assert_eq!(rows(table), [row("$ b | c", "d", "d"), row("Volumes", "/x", "–")]);
}

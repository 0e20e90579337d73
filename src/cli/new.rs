//! `haechi new`

use std::path::Path;

use super::{Exit, print_message, print_problems};
use crate::messages::cli as messages;
use crate::text::Problem;

/// The files of a new book.
const FILES: [(&str, &str); 3] = [
    (
        "book.toml",
        "[book]\ntitle = \"My book\"\nlanguage = \"en\"\nsrc = \"content\"\n\n[build]\nbuild-dir = \"site\"\n",
    ),
    ("content/SUMMARY.md", "# Summary\n\n- [First steps](first.md)\n"),
    (
        "content/first.md",
        "# First steps\n\nEvery command on this page is run, and its output compared:\n\n```sh\necho hello\n```\n\n```text\nhello\n```\n\n\
         The ID of a container is another one each time; the one below is an example.\n\n```sh\ndocker run -d --name web nginx\n```\n\n\
         ```text\nUnable to find image 'nginx:latest' locally\n...\n89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d\n```\n\n\
         Its first digits are enough to name it:\n\n```sh\ndocker stop 89c\n```\n\n```text\n89c\n```\n",
    ),
];

/// Makes a book in a folder that is new or empty.
pub(super) fn new(dir: &Path) -> Exit {
    match make(dir) {
        Ok(()) => {
            print_message(&messages::made(dir.display()));
            Exit::Good
        }
        Err(problem) => {
            print_problems(&[problem]);
            Exit::Usage
        }
    }
}

fn make(dir: &Path) -> Result<(), Problem> {
    let taken = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(Problem::new(messages::not_empty(dir.display())).help(messages::not_empty_help()));
    }
    for (name, text) in FILES {
        let file = dir.join(name);
        let folder = file.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).map_err(|error| Problem::cannot_create(folder, &error))?;
        std::fs::write(&file, text).map_err(|error| Problem::cannot_write(&file, &error))?;
    }
    Ok(())
}

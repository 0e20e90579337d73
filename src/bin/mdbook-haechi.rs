//! The backend of mdBook: `mdbook build` calls it for a book with `[output.haechi]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    haechi::cli::backend()
}

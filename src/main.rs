//! The `haechi` command: hands its arguments to the library and exits with the code it gets back.

use std::process::ExitCode;

fn main() -> ExitCode {
    haechi::cli::main()
}

//! The `haechi` command: hands its arguments to the library and exits with the code it gets back.

use std::process::ExitCode;

/// A build makes and drops millions of short texts on all cores at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    haechi::cli::main()
}

//! The theme is part of the program: it is built anew when a file of the theme comes or goes.

fn main() {
    println!("cargo::rerun-if-changed=themes/haechi");
}

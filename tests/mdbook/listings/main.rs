use std::env;
// ANCHOR: body
fn main() {
    println!("{}", env::args().count());
}
// ANCHOR_END: body

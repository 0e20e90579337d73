#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| haechi::fuzzing::check("evidence", input));

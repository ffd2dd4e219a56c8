//! C sees the structs that Rust lays out: a C program asserts at compile time what src/layout.rs does, for processors of
//! 64 and of 32 bits.

use std::fmt::Write;
use std::process::Command;

/// Where clang can compile for, without a C library: 32 bits, with the two alignments of a 64-bit integer, and either
/// order of bytes; then 64 bits.
const TARGETS: [&str; 7] = [
    "i686-linux-gnu",
    "thumbv6m-none-eabi",
    "riscv32-none-elf",
    "mips-linux-gnu",
    "aarch64-linux-gnu",
    "riscv64-none-elf",
    "s390x-linux-gnu",
];

/// The table of src/layout.rs as assertions of C.
fn assertions() -> String {
    let table = include_str!("../../src/layout.rs").split_once("\nlayout! {").unwrap().1;
    let mut program = String::from("#include \"tracebaton.h\"\n#define WORD sizeof(size_t)\n");
    for entry in table.split_inclusive('}') {
        let Some((head, fields)) = entry.split_once("=> {") else { continue };
        let (name, size) = head.trim().split_once(": ").unwrap();
        writeln!(program, "_Static_assert(sizeof({name}) == {size}, \"{name}\");").unwrap();
        for field in fields.trim_end_matches('}').split(',').filter(|field| !field.trim().is_empty()) {
            let (field, offset) = field.trim().split_once(": ").unwrap();
            writeln!(program, "_Static_assert(offsetof({name}, {field}) == {offset}, \"{name}.{field}\");")
                .unwrap();
        }
    }
    program
}

fn compiles(program: &str, name: &str, compiler: &[&str]) -> bool {
    let source = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&source, program).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/../include");
    let mut command = Command::new(compiler[0]);
    command.args(&compiler[1..]).args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]);
    command.args(["-ffreestanding", "-I", include]).arg(source).output().unwrap().status.success()
}

#[test]
#[cfg_attr(miri, ignore = "runs a compiler")]
fn rust_and_c_agree_on_every_size_and_offset() {
    let program = assertions();
    assert_eq!(program.matches("_Static_assert").count(), 23 + 113);
    assert!(compiles(&program, "layout.c", &["cc"]));
    if Command::new("clang").arg("--version").output().is_err() {
        return eprintln!("skipped: other processors, which need clang");
    }
    for target in TARGETS {
        assert!(compiles(&program, "layout.c", &["clang", &format!("--target={target}")]), "{target}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "runs a compiler")]
fn an_offset_that_is_wrong_does_not_compile() {
    let wrong = assertions().replace("skipped) == 2 * WORD", "skipped) == 1 * WORD");
    assert_ne!(wrong, assertions());
    assert!(!compiles(&wrong, "wrong_layout.c", &["cc"]));
}

/// README.md tells for each struct how it can grow; `reserved` bytes are exactly in the structs that it names.
#[test]
fn the_readme_tells_how_each_struct_can_grow() {
    let readme = include_str!("../../README.md");
    let table = include_str!("../../src/layout.rs").split_once("\nlayout! {").unwrap().1;
    let mut structs = 0;
    for entry in table.split_inclusive('}') {
        let Some((head, fields)) = entry.split_once("=> {") else { continue };
        let name = head.trim().split_once(": ").unwrap().0;
        let quoted = format!("`{name}`");
        let row =
            readme.lines().find(|line| line.split('|').nth(1).is_some_and(|cell| cell.contains(&quoted)));
        let row = row.unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(row.contains("reserved bytes |"), fields.contains("reserved:"), "{row}");
        structs += 1;
    }
    assert_eq!(structs, 23);
}

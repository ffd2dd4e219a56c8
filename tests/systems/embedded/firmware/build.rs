//! Gives the linker the memory layout of the target's board.

use std::path::PathBuf;

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    let memory = match target.as_str() {
        "thumbv6m-none-eabi" => include_str!("memory/microbit.x"),
        "thumbv7em-none-eabihf" => include_str!("memory/mps2-an386.x"),
        "riscv32imac-unknown-none-elf" => include_str!("memory/riscv-virt.x"),
        other => panic!("no board for {other}"),
    };
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder"));
    std::fs::write(folder.join("memory.x"), memory).expect("cargo's folder can be written");
    println!("cargo:rustc-link-search={}", folder.display());
    if target.starts_with("riscv") {
        println!("cargo:rustc-link-arg-bins=-Tmemory.x");
    }
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rerun-if-changed=memory");
}

//! Gives the linker the memory of the board.

use std::path::PathBuf;

fn main() {
    if std::env::var("TARGET").is_ok_and(|target| target.starts_with("thumb")) {
        let folder = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder"));
        std::fs::write(folder.join("memory.x"), include_str!("memory.x"))
            .expect("cargo's folder can be written");
        println!("cargo:rustc-link-search={}", folder.display());
        println!("cargo:rustc-link-arg-bins=-Tlink.x");
    }
    println!("cargo:rerun-if-changed=memory.x");
}

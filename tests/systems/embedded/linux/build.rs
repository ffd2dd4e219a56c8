//! Links a program without start files.

fn main() {
    println!("cargo:rustc-link-arg-bins=-static");
    println!("cargo:rustc-link-arg-bins=--entry=_start");
    println!("cargo:rustc-link-arg-bins=--no-pie");
}

//! Links the strings of defmt as the linker script of a microcontroller does: a string's address is its number.

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo");
    println!("cargo::rerun-if-changed=host.x");
    println!("cargo::rustc-link-arg-tests=-T{folder}/host.x");
    println!("cargo::rustc-link-arg-tests=-no-pie");
}

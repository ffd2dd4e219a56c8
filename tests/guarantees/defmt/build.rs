//! Links defmt's strings like the linker script of a microcontroller, so that their addresses are their numbers.

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo");
    println!("cargo::rerun-if-changed=host.x");
    println!("cargo::rustc-link-arg-tests=-T{folder}/host.x");
    println!("cargo::rustc-link-arg-tests=-no-pie");
}

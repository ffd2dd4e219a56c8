//! Links a module without an entry, with its functions exported.

fn main() {
    println!("cargo:rustc-link-arg-bins=--no-entry");
    for function in ["rows", "run"] {
        println!("cargo:rustc-link-arg-bins=--export={function}");
    }
}

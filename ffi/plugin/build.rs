//! Lets one of the programs export the functions of the librdkafka that is linked into it.

fn main() {
    println!("cargo:rustc-link-arg-bin=exporting-relay=-rdynamic");
    println!("cargo:rerun-if-changed=build.rs");
}

//! Lets one of the programs export the functions of the librdkafka that is linked into it, and says where the same one is
//! as a shared library.

fn main() {
    println!("cargo:rustc-link-arg-bin=exporting-relay=-rdynamic");
    let root = std::env::var("DEP_RDKAFKA_ROOT").expect("rdkafka-sys says where librdkafka is");
    println!("cargo:rustc-env=LIBRDKAFKA_BUNDLED={root}/src");
    println!("cargo:rerun-if-changed=build.rs");
}

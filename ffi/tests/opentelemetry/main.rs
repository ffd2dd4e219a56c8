//! The adapter for opentelemetry-cpp, with the headers of its API, which are looked for and not brought along.

#[path = "../library/built.rs"]
#[expect(dead_code, reason = "more than this test needs")]
mod built;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// Where the headers are: in the clone `OPENTELEMETRY_CPP`, or where pkg-config says.
fn opentelemetry() -> Option<Vec<String>> {
    if let Ok(clone) = std::env::var("OPENTELEMETRY_CPP") {
        return Some(vec!["-isystem".to_owned(), format!("{clone}/api/include")]);
    }
    pkg_config(&["--cflags", "opentelemetry_api"])
}

fn pkg_config(arguments: &[&str]) -> Option<Vec<String>> {
    let output = Command::new("pkg-config").args(arguments).output().ok()?;
    let flags = String::from_utf8_lossy(&output.stdout).split_whitespace().map(str::to_owned).collect();
    output.status.success().then_some(flags)
}

fn skip(missing: &str) {
    let _ =
        writeln!(std::io::stderr(), "skipped: the adapter for opentelemetry-cpp is not tested: {missing}");
}

#[test]
fn spans_and_baggage_to_headers_and_back() {
    let Some(opentelemetry) = opentelemetry() else {
        return skip(
            "no headers of opentelemetry-cpp, by OPENTELEMETRY_CPP or by pkg-config opentelemetry_api",
        );
    };
    let Some(librdkafka) = pkg_config(&["--libs", "rdkafka++", "rdkafka"]) else {
        return skip("no rdkafka++ by pkg-config; Debian has it as librdkafka-dev");
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let archive = built::library(built::Profile::Release).join("libtracebaton.a");
    for (compiler, standard) in [("g++", "-std=c++17"), ("clang++", "-std=c++20")] {
        let program = built::temporary(&format!("opentelemetry-{compiler}{standard}"));
        let examples = here.join("examples").display().to_string();
        let mut arguments: Vec<_> = [standard, "-g", "-fsanitize=address,undefined", "-I", &examples].into();
        arguments.extend(opentelemetry.iter().map(String::as_str));
        let libraries: Vec<_> =
            std::iter::once(archive.as_path()).chain(librdkafka.iter().map(Path::new)).collect();
        built::compile(
            compiler,
            &arguments,
            &here.join("tests/opentelemetry/check.cpp"),
            &libraries,
            &program,
        );
        let output = Command::new(&program).env_remove("LD_LIBRARY_PATH").output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        assert_eq!(String::from_utf8_lossy(&printed), "the adapter works\n", "{compiler} {standard}");
    }
}

//! C programs against the library: one that uses every function, and the example.

use crate::built::{Profile, compile, library, temporary};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tracebaton_linked::{compilers, declared};

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// How a program is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Static,
    Shared,
}

fn run(program: &str, compiler: &str, profile: Profile, link: Link) -> Output {
    let folder = library(profile);
    let name = Path::new(program).file_stem().unwrap().to_str().unwrap();
    let output = temporary(&format!("{name}-{compiler}-{profile:?}-{link:?}"));
    let file = folder.join(if link == Link::Static { "libtracebaton.a" } else { "libtracebaton.so" });
    compile(compiler, &["-std=c99", "-O2"], &source(program), &[&file], &output);
    Command::new(output).env("LD_LIBRARY_PATH", folder).output().unwrap()
}

/// Every way to compile and link.
fn ways() -> impl Iterator<Item = (&'static str, Profile, Link)> {
    let links = [Link::Static, Link::Shared];
    let profiles = [Profile::Release, Profile::Dev]
        .into_iter()
        .flat_map(move |profile| links.map(|link| (profile, link)));
    profiles
        .flat_map(|(profile, link)| compilers().into_iter().map(move |compiler| (compiler, profile, link)))
}

#[test]
fn every_function_does_in_c_what_its_manual_says() {
    for (compiler, profile, link) in ways() {
        let output = run("tests/c/exercise.c", compiler, profile, link);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text == "0 failures\n", "{compiler} {profile:?} {link:?}: {text}");
    }
}

#[test]
fn the_exercise_leaves_no_function_out() {
    let exercise = std::fs::read_to_string(source("tests/c/exercise.c")).unwrap();
    for name in declared() {
        assert!(exercise.contains(&format!("{name}(")), "{name}");
    }
}

#[test]
fn the_example_makes_a_hop() {
    for (compiler, profile, link) in ways() {
        let output = run("examples/hop.c", compiler, profile, link);
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "tenant: 7\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01\n",
            "{compiler} {profile:?} {link:?}"
        );
    }
}

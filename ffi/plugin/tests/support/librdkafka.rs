//! The versions of librdkafka that programs are run with.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A shared librdkafka.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The system's, which programs are compiled with.
    Installed,
    /// That of rdkafka-sys.
    Bundled,
    /// That in the wheel of confluent-kafka, the newest.
    Wheel,
}

impl Version {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Installed, Self::Bundled, Self::Wheel];

    /// Runs a program that was linked with the system's librdkafka with this one. Prints a message and skips if it is missing.
    pub fn set(self, command: &mut Command) -> bool {
        command.env_remove("LD_LIBRARY_PATH");
        let folder = match self {
            Self::Installed => return true,
            Self::Bundled => PathBuf::from(env!("LIBRDKAFKA_BUNDLED")),
            Self::Wheel => match wheel() {
                Some(folder) => folder,
                None => return false,
            },
        };
        assert!(folder.join("librdkafka.so.1").exists(), "{self:?}: {}", folder.display());
        command.env("LD_LIBRARY_PATH", folder);
        true
    }
}

/// The wheel's librdkafka. Prints a message and returns `None` if there is no wheel.
pub fn wheel_library() -> Option<PathBuf> {
    let Ok(python) = std::env::var("TEST_PYTHON") else {
        crate::skip("the librdkafka of confluent-kafka's wheel", "tests/run installs it");
        return None;
    };
    let libraries = std::fs::read_dir(Path::new(&python).parent()?.parent()?.join("lib")).ok()?;
    let site = libraries.map(|entry| entry.unwrap().path().join("site-packages/confluent_kafka.libs"));
    let files = site.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let is_librdkafka =
        |file: &PathBuf| file.file_name().unwrap().to_str().unwrap().starts_with("librdkafka-");
    let library =
        files.map(|entry| entry.unwrap().path()).find(is_librdkafka).expect("the wheel has librdkafka");
    Some(library.canonicalize().unwrap())
}

/// A folder with the wheel's librdkafka, by the name that programs ask for.
fn wheel() -> Option<PathBuf> {
    let library = wheel_library()?;
    let folder = crate::output("wheel");
    std::fs::create_dir_all(&folder).unwrap();
    // Tests of several processes make the same link at the same time.
    let new = folder.join(format!("{}-{:?}", std::process::id(), std::thread::current().id()));
    std::os::unix::fs::symlink(library, &new).unwrap();
    std::fs::rename(new, folder.join("librdkafka.so.1")).unwrap();
    Some(folder)
}

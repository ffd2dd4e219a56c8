//! The symbols that an archive or an object exports and needs.

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol, SymbolScope};
use std::collections::BTreeSet;
use std::path::Path;

/// Functions that compilers call by themselves, so that every platform has them.
pub const CALLED_BY_COMPILERS: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];

/// Symbols by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbols {
    /// The exported symbols.
    pub exported: BTreeSet<String>,
    /// The symbols that are needed and not exported by the same object.
    pub needed: BTreeSet<String>,
}

impl Symbols {
    fn add<'data>(&mut self, symbols: impl Iterator<Item = impl ObjectSymbol<'data>>) {
        for symbol in symbols {
            let name = symbol.name().expect("a name").to_owned();
            if symbol.is_undefined() {
                if !name.is_empty() && !symbol.is_weak() {
                    self.needed.insert(name);
                }
            } else if symbol.scope() == SymbolScope::Dynamic {
                self.exported.insert(name);
            }
        }
    }

    /// The needed symbols that are not called by compilers.
    pub fn needed_too_many(&self) -> Vec<&str> {
        self.needed.iter().map(String::as_str).filter(|name| !CALLED_BY_COMPILERS.contains(name)).collect()
    }
}

/// The symbols of an archive: the exports of all members, and the needs of members that contain code of the library.
///
/// The other members are the compiler's builtins, which a linker uses only if they are needed.
///
/// # Panics
///
/// If the archive cannot be read.
pub fn archive_symbols(archive: &Path) -> Symbols {
    let bytes = std::fs::read(archive).expect("an archive");
    let mut all = Symbols::default();
    for member in ArchiveFile::parse(&*bytes).expect("an archive").members() {
        let data = member.and_then(|member| member.data(&*bytes)).expect("a member");
        let Ok(file) = object::File::parse(data) else { continue };
        let mut of_member = Symbols::default();
        of_member.add(file.symbols());
        if file.symbols().any(|symbol| symbol.name().is_ok_and(|name| name.contains("tracebaton"))) {
            all.needed.append(&mut of_member.needed);
        }
        all.exported.append(&mut of_member.exported);
    }
    all
}

/// The symbols of an object, or the dynamic symbols of a shared object.
///
/// # Panics
///
/// If the object cannot be read.
pub fn object_symbols(object: &Path) -> Symbols {
    let bytes = std::fs::read(object).expect("an object");
    let file = object::File::parse(&*bytes).expect("an object");
    let mut symbols = Symbols::default();
    match file.kind() {
        object::ObjectKind::Dynamic => symbols.add(file.dynamic_symbols()),
        _ => symbols.add(file.symbols()),
    }
    symbols
}

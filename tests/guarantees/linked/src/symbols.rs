//! Symbols that an archive or an object defines, and symbols that it needs.

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol, SymbolScope};
use std::collections::BTreeSet;
use std::path::Path;

/// Symbols that compilers use by themselves, so every platform has them.
pub const CALLED_BY_COMPILERS: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];

/// Symbols by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbols {
    /// Defined symbols.
    pub exported: BTreeSet<String>,
    /// Needed symbols that the same object does not define.
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

    /// Needed symbols without those that compilers use by themselves.
    pub fn needed_too_many(&self) -> Vec<&str> {
        self.needed.iter().map(String::as_str).filter(|name| !CALLED_BY_COMPILERS.contains(name)).collect()
    }
}

/// Symbols of an archive: those that any member defines, and those that the library's own members need. The other
/// members are the compiler's builtins; a linker includes only the needed ones.
///
/// # Panics
///
/// If it cannot be read.
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

/// Symbols of an object, or those that a shared object shows to the loader.
///
/// # Panics
///
/// If it cannot be read.
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

//! What the library exports, and what it needs.

use crate::built::{Profile, compile, declared, library, temporary};
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol, SymbolScope};
use std::collections::BTreeSet;

/// What a C compiler may call by itself, so that every platform has it.
const ALLOWED: [&str; 6] = ["memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen"];

/// The names that an object offers to others, and those that it needs of others.
#[derive(Debug, Default, PartialEq)]
struct Symbols {
    exported: BTreeSet<String>,
    needed: BTreeSet<String>,
}

impl Symbols {
    fn add<'data>(&mut self, symbols: impl Iterator<Item = impl ObjectSymbol<'data>>) {
        for symbol in symbols {
            let name = symbol.name().unwrap().to_owned();
            if symbol.is_undefined() {
                if !name.is_empty() && !symbol.is_weak() {
                    self.needed.insert(name);
                }
            } else if symbol.scope() == SymbolScope::Dynamic {
                self.exported.insert(name);
            }
        }
    }

    /// What is exported beside the functions of the header, and needed beside what is allowed.
    fn surplus(&self) -> (Vec<&str>, Vec<&str>) {
        let declared = declared();
        let exported = self.exported.iter().filter(|name| !declared.contains(name));
        let needed = self.needed.iter().filter(|name| !ALLOWED.contains(&name.as_str()));
        (exported.map(String::as_str).collect(), needed.map(String::as_str).collect())
    }
}

/// Of the archive: what any member exports, and what those members need that have something of the library in them. The
/// others are the compiler's own builtins, of which a linker takes none that is not needed.
fn archive() -> Symbols {
    let bytes = std::fs::read(library(Profile::Release).join("libtracebaton.a")).unwrap();
    let mut all = Symbols::default();
    for member in ArchiveFile::parse(&*bytes).unwrap().members() {
        let Ok(file) = object::File::parse(member.unwrap().data(&*bytes).unwrap()) else { continue };
        let mut of_member = Symbols::default();
        of_member.add(file.symbols());
        if file.symbols().any(|symbol| symbol.name().is_ok_and(|name| name.contains("tracebaton"))) {
            all.needed.append(&mut of_member.needed);
        }
        all.exported.append(&mut of_member.exported);
    }
    all
}

#[test]
fn the_archive_exports_the_functions_of_the_header_and_nothing_else() {
    let symbols = archive();
    assert_eq!(Vec::from_iter(symbols.exported.clone()), declared());
    assert_eq!(symbols.surplus(), (vec![], vec![]));
}

#[test]
fn the_shared_object_exports_the_functions_of_the_header_and_nothing_else() {
    let bytes = std::fs::read(library(Profile::Release).join("libtracebaton.so")).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let mut symbols = Symbols::default();
    symbols.add(file.dynamic_symbols());
    assert_eq!(Vec::from_iter(symbols.exported.clone()), declared());
    assert_eq!(symbols.surplus(), (vec![], vec![]));
}

#[test]
fn a_symbol_too_many_is_found() {
    let (source, object) = (temporary("surplus.c"), temporary("surplus.o"));
    let program = "extern int other(void);\nint baton(void);\nint baton(void) { return other(); }\n";
    std::fs::write(&source, program).unwrap();
    compile("gcc", &["-c"], &source, &[], &object);
    let bytes = std::fs::read(&object).unwrap();
    let mut symbols = Symbols::default();
    symbols.add(object::File::parse(&*bytes).unwrap().symbols());
    assert_eq!(symbols.surplus(), (vec!["baton"], vec!["other"]));
}

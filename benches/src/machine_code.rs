//! The functions in the object file of the library, and which of them a program gets that calls one.

use anyhow::{Context, Result};
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol, SectionIndex, SectionKind, SymbolKind};
use std::collections::{BTreeMap, BTreeSet};

/// A function, which is a section of its own.
pub struct Function {
    pub name: String,
    pub is_public: bool,
    pub size: u64,
}

/// The machine code of the archive's own object, by section.
pub struct MachineCode {
    functions: BTreeMap<usize, Function>,
    /// The sections that a section refers to.
    references: BTreeMap<usize, BTreeSet<usize>>,
}

impl MachineCode {
    /// Other objects in the archive are the compiler's builtins, which a linker uses only if they are needed.
    pub fn of(archive: &[u8]) -> Result<Self> {
        for member in ArchiveFile::parse(archive)?.members() {
            let Ok(object) = object::File::parse(member?.data(archive)?) else { continue };
            let code = Self::of_object(&object);
            if code.functions.values().any(|function| function.is_public) {
                return Ok(code);
            }
        }
        None.context("the archive has no function of the library")
    }

    fn of_object(object: &object::File<'_>) -> Self {
        let mut code = Self { functions: BTreeMap::new(), references: BTreeMap::new() };
        for symbol in object.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text) {
            let (Some(SectionIndex(section)), Ok(name)) = (symbol.section_index(), symbol.name()) else {
                continue;
            };
            let Ok(of_symbol) = object.section_by_index(SectionIndex(section)) else { continue };
            let is_public = symbol.is_global() && name.starts_with("tracebaton_");
            let name = format!("{:#}", rustc_demangle::demangle(name));
            code.functions.insert(section, Function { name, is_public, size: of_symbol.size() });
        }
        for section in object.sections() {
            let symbols = section.relocations().filter_map(|(_, relocation)| match relocation.target() {
                object::RelocationTarget::Symbol(symbol) => object.symbol_by_index(symbol).ok(),
                _ => None,
            });
            let sections =
                symbols.filter_map(|symbol| symbol.section_index()).map(|SectionIndex(index)| index);
            code.references.entry(section.index().0).or_default().extend(sections);
        }
        code
    }

    /// The functions that a linker keeps for a program that uses the public functions with these names.
    pub fn used(&self, is_called: impl Fn(&str) -> bool) -> Vec<&Function> {
        let called =
            self.functions.iter().filter(|(_, function)| function.is_public && is_called(&function.name));
        let mut rest: Vec<_> = called.map(|(section, _)| *section).collect();
        let mut kept = BTreeSet::new();
        while let Some(section) = rest.pop() {
            if kept.insert(section) {
                rest.extend(self.references.get(&section).into_iter().flatten());
            }
        }
        kept.iter().filter_map(|section| self.functions.get(section)).collect()
    }
}

/// The size of all machine code.
pub fn text_of(object: &object::File<'_>) -> u64 {
    let text = object.sections().filter(|section| section.kind() == SectionKind::Text);
    text.map(|section| section.size()).sum()
}

/// The bytes of these functions.
pub fn size_of(functions: &[&Function]) -> u64 {
    functions.iter().map(|function| function.size).sum()
}

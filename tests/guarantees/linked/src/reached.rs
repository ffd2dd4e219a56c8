//! The code that is reachable from the functions of an archive. The linker combines it into one object and discards the
//! rest.

use crate::CALLED_BY_COMPILERS;
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget, SectionIndex};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::Command;

/// The reachable sections and the symbols that they need.
#[derive(Debug)]
pub struct Reached {
    /// The section of each requested function.
    roots: BTreeMap<String, SectionIndex>,
    /// The name of the code in a section, for messages.
    names: BTreeMap<usize, String>,
    /// The sections that a section refers to.
    references: BTreeMap<usize, BTreeSet<usize>>,
    /// The missing symbols that a section refers to.
    missing: BTreeMap<usize, BTreeSet<String>>,
    /// The bytes of all code, sorted.
    code: BTreeSet<Vec<u8>>,
}

impl Reached {
    /// Links an archive from these functions, into an object beside it.
    ///
    /// # Panics
    ///
    /// If a function is missing in the archive, or the linker fails.
    pub fn from(archive: &Path, functions: &[String]) -> Self {
        Self::linked_by(Command::new("ld"), archive, functions)
    }

    /// The same with another linker of GNU binutils.
    ///
    /// # Panics
    ///
    /// As [`from`](Self::from).
    pub fn linked_by(mut linker: Command, archive: &Path, functions: &[String]) -> Self {
        let object = archive.with_extension("o");
        let wanted = functions.iter().flat_map(|function| ["-u", function]);
        let output = linker
            .args(["-r", "--gc-sections", "-o"])
            .arg(&object)
            .args(wanted)
            .arg(archive)
            .output()
            .expect("ld of binutils");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let reached = Self::read(&std::fs::read(object).expect("an object"));
        for function in functions {
            assert!(reached.roots.contains_key(function), "{function} is not in the archive");
        }
        reached
    }

    fn read(bytes: &[u8]) -> Self {
        let file = object::File::parse(bytes).expect("an object");
        let mut reached = Self {
            roots: BTreeMap::new(),
            names: BTreeMap::new(),
            references: BTreeMap::new(),
            missing: BTreeMap::new(),
            code: BTreeSet::new(),
        };
        for symbol in file.symbols() {
            let (Some(section), Ok(name)) = (symbol.section_index(), symbol.name()) else { continue };
            if symbol.is_global() {
                reached.roots.insert(name.to_owned(), section);
            }
            if !name.is_empty() {
                reached.names.insert(section.0, format!("{:#}", rustc_demangle::demangle(name)));
            }
        }
        for section in file.sections() {
            if section.kind() == object::SectionKind::Text {
                reached.code.insert(section.data().expect("code").to_owned());
            }
            for (_, relocation) in section.relocations() {
                reached.refer(&file, section.index(), relocation.target());
            }
        }
        reached
    }

    fn refer(&mut self, file: &object::File<'_>, from: SectionIndex, target: RelocationTarget) {
        let RelocationTarget::Symbol(symbol) = target else { return };
        let symbol = file.symbol_by_index(symbol).expect("a symbol");
        match symbol.section_index() {
            Some(section) => self.references.entry(from.0).or_default().insert(section.0),
            None => {
                let name = symbol.name().expect("a name").to_owned();
                self.missing.entry(from.0).or_default().insert(name)
            }
        };
    }

    /// The reachable code; equal for two builds with the same code.
    pub fn code(&self) -> &BTreeSet<Vec<u8>> {
        &self.code
    }

    /// The reachable functions that have one of these words in their name.
    pub fn named(&self, words: &[&str]) -> Vec<&str> {
        let has_one = |name: &&str| words.iter().any(|word| name.contains(word));
        self.names.values().map(String::as_str).filter(has_one).collect()
    }

    /// For each function, the shortest way to a symbol that is missing and not [called by
    /// compilers](CALLED_BY_COMPILERS).
    pub fn ways_to_missing(&self) -> Vec<String> {
        let unwanted = |name: &str| !CALLED_BY_COMPILERS.contains(&name);
        self.roots.keys().filter_map(|function| self.way(function, unwanted)).collect()
    }

    /// The shortest way from a function to this missing symbol.
    pub fn way_to(&self, function: &str, symbol: &str) -> Option<String> {
        self.way(function, |name| name == symbol)
    }

    fn way(&self, function: &str, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let root = self.roots.get(function)?.0;
        let mut came_from = BTreeMap::from([(root, root)]);
        let mut queue = VecDeque::from([root]);
        while let Some(section) = queue.pop_front() {
            let mut missing = self.missing.get(&section).into_iter().flatten();
            if let Some(symbol) = missing.find(|name| wanted(name)) {
                return Some(self.told(function, root, section, symbol, &came_from));
            }
            for next in self.references.get(&section).into_iter().flatten() {
                came_from.entry(*next).or_insert_with(|| {
                    queue.push_back(*next);
                    section
                });
            }
        }
        None
    }

    fn told(
        &self,
        function: &str,
        root: usize,
        last: usize,
        symbol: &str,
        came_from: &BTreeMap<usize, usize>,
    ) -> String {
        let mut way = vec![symbol];
        let mut section = last;
        while section != root {
            way.push(self.names.get(&section).map_or("?", String::as_str));
            section = came_from[&section];
        }
        way.push(function);
        way.reverse();
        way.join(" -> ")
    }
}

//! The sizes and stack depths of a linked program, from its symbols, relocations and frame sizes.

use crate::Failure;
use object::read::elf::ElfFile;
use object::{
    Architecture, Endianness, Object, ObjectSection, ObjectSymbol, RelocationTarget, SectionKind, SymbolKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// The measurements of a program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The bytes of its code.
    pub text: u64,
    /// The bytes of its constants.
    pub constants: u64,
    functions: BTreeMap<u64, Function>,
}

#[derive(Clone, Debug, Default)]
struct Function {
    name: String,
    size: u64,
    frame: Option<u64>,
    calls: BTreeSet<u64>,
}

/// The deepest chain of calls, outermost function first, each with its frame in bytes.
pub type Chain = Vec<(String, u64)>;

impl Program {
    /// Reads a program that was linked with its relocations kept.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Self, Failure> {
        match object::FileKind::parse(bytes)? {
            object::FileKind::Elf32 => {
                Self::of(&ElfFile::<object::elf::FileHeader32<Endianness>>::parse(bytes)?)
            }
            object::FileKind::Wasm => Self::of_wasm(&object::read::wasm::WasmFile::parse(bytes)?),
            _ => Self::of(&ElfFile::<object::elf::FileHeader64<Endianness>>::parse(bytes)?),
        }
    }

    /// The sections of code and of data.
    fn of_wasm<'a>(file: &impl Object<'a>) -> Result<Self, Failure> {
        let size = |kind| {
            file.sections().filter(|section| section.kind() == kind).map(|section| section.size()).sum()
        };
        Ok(Self { text: size(SectionKind::Text), constants: size(SectionKind::Data), ..Self::default() })
    }

    fn of<'a>(file: &impl Object<'a>) -> Result<Self, Failure> {
        let mut program = Self::default();
        for section in file.sections() {
            // A linker marks a section of strings alone, and one of pointers that a loader may have to change.
            match section.kind() {
                SectionKind::Text => program.text += section.size(),
                SectionKind::ReadOnlyData | SectionKind::ReadOnlyString if section.address() > 0 => {
                    program.constants += section.size();
                }
                SectionKind::Data if section.name()? == ".data.rel.ro" => program.constants += section.size(),
                _ => {}
            }
        }
        program.read_functions(file);
        program.read_frames(file)?;
        program.read_calls(file)?;
        Ok(program)
    }

    fn read_functions<'a>(&mut self, file: &impl Object<'a>) {
        for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0) {
            let name = symbol.name().unwrap_or_default().to_owned();
            let function = Function { name, size: symbol.size(), ..Function::default() };
            self.functions.insert(code_address(file, symbol.address()), function);
        }
    }

    /// `.stack_sizes`: an address, and a frame in bytes as a varint, for each function.
    fn read_frames<'a>(&mut self, file: &impl Object<'a>) -> Result<(), Failure> {
        let word = if file.is_64() { 8 } else { 4 };
        for section in file.sections().filter(|section| section.name() == Ok(".stack_sizes")) {
            let mut rest = section.data()?;
            while let Some((address, after)) = rest.split_at_checked(word) {
                let address = number(address, file.is_little_endian());
                let (frame, after) = varint(after);
                rest = after;
                if let Some(function) = self.functions.get_mut(&code_address(file, address)) {
                    function.frame = Some(frame);
                }
            }
        }
        Ok(())
    }

    /// Every relocation from a function to a function counts as a call, even if only the address is used.
    fn read_calls<'a>(&mut self, file: &impl Object<'a>) -> Result<(), Failure> {
        for section in file.sections().filter(|section| section.kind() == SectionKind::Text) {
            for (place, relocation) in section.relocations() {
                let RelocationTarget::Symbol(index) = relocation.target() else { continue };
                let symbol = file.symbol_by_index(index)?;
                let mut target = code_address(file, symbol.address());
                if symbol.kind() == SymbolKind::Section {
                    target = target.wrapping_add_signed(relocation.addend());
                }
                let Some(caller) = self.function_at(place) else { continue };
                let Some(callee) = self.function_at(target) else { continue };
                if caller != callee {
                    self.functions.entry(caller).or_default().calls.insert(callee);
                }
            }
        }
        Ok(())
    }

    fn function_at(&self, address: u64) -> Option<u64> {
        let (start, function) = self.functions.range(..=address).next_back()?;
        (address < start + function.size).then_some(*start)
    }

    /// The deepest chain of calls below a function, itself included.
    ///
    /// # Errors
    ///
    /// If there is no such function, or a function in the chain has no known frame or calls itself.
    pub fn deepest(&self, name: &str) -> Result<Chain, Failure> {
        let root = self.functions.iter().find(|(_, function)| function.name == name);
        let (address, _) = root.ok_or_else(|| format!("there is no function {name}"))?;
        self.deepest_below(*address, &mut Vec::new())
    }

    fn deepest_below(&self, address: u64, above: &mut Vec<u64>) -> Result<Chain, Failure> {
        let function = self.functions.get(&address).ok_or("a call to an address without a function")?;
        if above.contains(&address) {
            return Err(format!("{} calls itself", function.name).into());
        }
        let frame = function.frame.ok_or_else(|| format!("{} has no known frame", function.name))?;
        above.push(address);
        let mut deepest = Chain::new();
        for callee in &function.calls {
            let chain = self.deepest_below(*callee, above)?;
            if depth(&chain) > depth(&deepest) {
                deepest = chain;
            }
        }
        above.pop();
        deepest.insert(0, (function.name.clone(), frame));
        Ok(deepest)
    }
}

/// How deep a chain is, in bytes.
pub fn depth(chain: &Chain) -> u64 {
    chain.iter().map(|(_, frame)| frame).sum()
}

/// The address of the code, without the lowest bit, which marks Thumb code.
fn code_address<'a>(file: &impl Object<'a>, address: u64) -> u64 {
    match file.architecture() {
        Architecture::Arm => address & !1,
        _ => address,
    }
}

fn number(bytes: &[u8], is_little_endian: bool) -> u64 {
    let add = |number, byte: &u8| number << 8 | u64::from(*byte);
    match is_little_endian {
        true => bytes.iter().rev().fold(0, add),
        false => bytes.iter().fold(0, add),
    }
}

fn varint(bytes: &[u8]) -> (u64, &[u8]) {
    let length = bytes.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    let (varint, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    (varint.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)), rest)
}

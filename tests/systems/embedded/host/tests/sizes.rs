//! The measurement counts every kind of constant.

use std::path::Path;
use std::process::Command;
use tracebaton_test_embedded::elf::Program;

/// Constants, their least size in bytes, and what kind of section a linker makes of them.
const CONSTANTS: [(&str, u64, &str); 3] = [
    ("const int *f(void) { static const int numbers[9] = {1, 2, 3}; return numbers; }", 36, "numbers"),
    ("const char *f(void) { return \"a section of strings alone\"; }", 27, "strings"),
    (
        "extern int f(void); int g(void) { return 1; }\n\
         int (*const table[4])(void) = {f, g, g, f};\n\
         int f(void) { return ((int (*const volatile *)(void))table)[1] == g; }",
        32,
        "pointers",
    ),
];

#[test]
fn constants_are_counted() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (source, least, name) in CONSTANTS {
        let (file, program) = (folder.join(format!("{name}.c")), folder.join(name));
        std::fs::write(&file, source).unwrap();
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-fPIC", "-nostdlib", "-static", "-fno-asynchronous-unwind-tables", "-Wl,-e,f"]);
        assert!(cc.arg(&file).arg("-o").arg(&program).status().unwrap().success());
        let constants = Program::read(&std::fs::read(&program).unwrap()).unwrap().constants;
        assert!(constants >= least, "{name}: {constants} bytes of {least}");
    }
}

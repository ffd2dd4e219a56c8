//! Why is my trace broken? The program; its library does the work.

fn main() -> std::process::ExitCode {
    explain::main()
}

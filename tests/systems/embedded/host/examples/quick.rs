use tracebaton_test_embedded::{
    board::Board,
    build::{Level, Tools},
    elf, figures, vectors,
};
fn main() -> Result<(), tracebaton_test_embedded::Failure> {
    let tools = Tools::of_environment()?;
    for board in Board::ALL.iter().filter(|b| std::env::args().any(|a| a == b.target)) {
        if board.is_bare() {
            println!(
                "{} {:?}",
                board.processor,
                vectors::instructions(
                    board,
                    &tools.program(board, "tracebaton-test-embedded-firmware", "instructions")?
                )?
            );
        }
        for level in [Level::Size, Level::Speed] {
            let s = figures::size(&tools, board, level)?;
            println!("{level:?} {:?}", s.uses);
            for c in &s.stacks {
                println!("   {} {c:?}", elf::depth(c));
            }
        }
    }
    Ok(())
}

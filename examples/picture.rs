//! Draws the README's picture of the output from a run of the program on a fixture.
//!
//! `cargo run --example picture` writes `docs/picture.svg`; with `--check` it only tells whether the file is up to date.

use std::error::Error;
use std::path::{Path, PathBuf};

use grantlint::report::Human;
use grantlint::run::Options;

const FIXTURE: &str = "fixtures/unsupported-scope/fires";

fn main() -> Result<(), Box<dyn Error>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = package.join("docs/picture.svg");
    let picture = anstyle_svg::Term::new().min_width_px(900).render_svg(&output(&package.join(FIXTURE))?);
    if std::env::args().any(|argument| argument == "--check") {
        if std::fs::read_to_string(&path)? != picture {
            return Err("docs/picture.svg is not up to date: run `cargo run --example picture`".into());
        }
        return Ok(());
    }
    std::fs::write(path, picture)?;
    Ok(())
}

fn output(folder: &Path) -> Result<String, Box<dyn Error>> {
    let report = grantlint::check(&Options::of(&[PathBuf::from(".")], folder, jiff::civil::date(2026, 1, 1)))?;
    let mut out = b"$ grantlint check\n".to_vec();
    Human { color: true, width: 100, quiet: false, verbose: false }.write(&report, &mut out)?;
    Ok(String::from_utf8(out)?)
}

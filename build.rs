//! Checks every file of `rules/` and compiles them into the table that the library embeds.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "the modules are the library's, which uses and documents all of them"
)]

#[path = "src/catalog/api.rs"]
mod api;
#[path = "src/catalog/check.rs"]
mod check;
#[path = "src/catalog/compile/mod.rs"]
mod compile;
#[path = "src/catalog/error.rs"]
mod error;
#[path = "build/facts.rs"]
mod facts;
#[path = "src/catalog/format/mod.rs"]
mod format;
#[path = "src/catalog/gate.rs"]
mod gate;
#[path = "src/catalog/gate_tokens.rs"]
mod gate_tokens;
#[path = "src/catalog/layout.rs"]
mod layout;
#[path = "src/catalog/phase.rs"]
mod phase;
#[path = "build/rule_pages.rs"]
mod rule_pages;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use check::RulesFile;
use walkdir::WalkDir;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/catalog");
    println!("cargo::rerun-if-changed=src/lint");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=build.rs");
    match build() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(1)
        }
    }
}

/// Writes the table and the pages of the rules. `false` if a file of `rules/` has a mistake, which is printed.
fn build() -> Result<bool, Box<dyn Error>> {
    let (package, output) = (env::var("CARGO_MANIFEST_DIR")?, env::var("OUT_DIR")?);
    let (package, output) = (Path::new(&package), Path::new(&output));
    facts::tell(package);
    fs::write(output.join("rule_pages.rs"), rule_pages::source(&package.join("src/lint"))?)?;
    match check::compile_rules(&rules(&package.join("rules"))?) {
        Ok(table) => {
            fs::write(output.join("table.bin"), table)?;
            Ok(true)
        }
        Err(errors) => {
            for error in errors {
                eprintln!("error: rules/{error}");
            }
            Ok(false)
        }
    }
}

fn rules(root: &Path) -> Result<Vec<RulesFile>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(root).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "yaml") {
            let below = entry.path().strip_prefix(root)?;
            let path = below.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(entry.path())?;
            files.push(RulesFile { path, text });
        }
    }
    Ok(files)
}

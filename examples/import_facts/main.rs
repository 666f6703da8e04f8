//! Writes `rules/` from tables of facts (JSON lines), keeping what people have corrected by hand.
//!
//! `cargo run --example import_facts -- --facts DIR [--services a,b,c] --out rules`: all services unless some are named.

mod facts;
mod gates;
mod identity;
mod joined;
mod kept;
mod operations;
mod permissions;
mod policies;
mod services;
mod sources;
mod terraform;
mod when;
#[path = "../../src/catalog/import/yaml.rs"]
mod yaml;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use facts::Facts;
use gates::Gates;
use joined::Joined;

/// What any step of the import may fail with.
type Failure = Box<dyn Error>;

struct Arguments {
    facts: PathBuf,
    out: PathBuf,
    /// `None`: all.
    services: Option<BTreeSet<String>>,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| import(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments, Failure> {
    let mut facts = None;
    let mut out = None;
    let mut services = None;
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--facts" => facts = Some(PathBuf::from(value()?)),
            "--out" => out = Some(PathBuf::from(value()?)),
            "--services" => services = Some(value()?),
            _ => return Err(format!("unknown argument `{word}`").into()),
        }
    }
    Ok(Arguments {
        facts: facts.ok_or("`--facts DIR` is missing")?,
        out: out.ok_or("`--out DIR` is missing")?,
        services: services.map(|list: String| list.split(',').map(str::to_owned).collect()),
    })
}

fn import(arguments: &Arguments) -> Result<(), Failure> {
    let facts = Facts::read(&arguments.facts)?;
    let chosen = match &arguments.services {
        Some(services) => services.clone(),
        None => facts.service_codes(),
    };
    let mut codes = BTreeSet::new();
    let mut service_codes: BTreeSet<String> = chosen.clone();
    let joined = Joined::new(&facts)?;
    let mut gates = Gates::read()?;
    for service in &chosen {
        let target = |folder: &str| arguments.out.join(folder).join(format!("{service}.yaml"));
        write(&target("permissions"), |old| {
            permissions::file(&facts, &joined, service, old, &mut codes, &mut service_codes)
        })?;
        write(&target("identity"), |old| identity::file(&facts, service, old))?;
        write(&target("terraform"), |old| terraform::file(&facts, &mut gates, service, old, &mut service_codes))?;
        write(&target("operations"), |_| Ok(operations::file(&facts, service)))?;
    }
    if arguments.services.is_none() {
        gates.all_used()?;
    }
    write(&arguments.out.join("policies/system.yaml"), |old| policies::file(&facts, old).map(Some))?;
    write(&arguments.out.join("when.yaml"), |old| when::file(&facts, &codes, old))?;
    write(&arguments.out.join("services.yaml"), |old| Ok(Some(services::file(&facts, &service_codes, old))))
}

/// Writes what `make` makes of the file's present text; `None` leaves the file as it is.
fn write(path: &Path, make: impl FnOnce(&str) -> Result<Option<String>, Failure>) -> Result<(), Failure> {
    let old = fs::read_to_string(path).unwrap_or_default();
    let Some(text) = make(&old).map_err(|error| format!("{}: {error}", path.display()))? else {
        return Ok(());
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if text != old {
        fs::write(path, text)?;
    }
    Ok(())
}

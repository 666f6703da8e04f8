//! How the program is built, for `grantlint --version --verbose`.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Hands the facts to the compiler as variables.
pub(crate) fn tell(package: &Path) {
    println!("cargo::rerun-if-env-changed=GRANTLINT_COMMIT");
    println!("cargo::rustc-env=GRANTLINT_TARGET={}", env::var("TARGET").unwrap_or_default());
    println!("cargo::rustc-env=GRANTLINT_PROFILE={}", env::var("PROFILE").unwrap_or_default());
    println!("cargo::rustc-env=GRANTLINT_COMPILER={}", compiler().unwrap_or_else(|| "unknown".to_owned()));
    if let Some(commit) = env::var("GRANTLINT_COMMIT").ok().or_else(|| published(package)) {
        println!("cargo::rustc-env=GRANTLINT_COMMIT={commit}");
    }
}

fn compiler() -> Option<String> {
    let told = Command::new(env::var_os("RUSTC")?).arg("--version").output().ok()?;
    String::from_utf8(told.stdout).ok().map(|text| text.trim().to_owned())
}

/// The commit of a published package, in which there is no repository.
fn published(package: &Path) -> Option<String> {
    let text = fs::read_to_string(package.join(".cargo_vcs_info.json")).ok()?;
    let (_, hash) = text.split_once("\"sha1\": \"")?;
    hash.split_once('"').map(|(hash, _)| hash.to_owned())
}

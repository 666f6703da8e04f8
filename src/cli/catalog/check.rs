//! `grantlint catalog check`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use crate::cli::output::{Common, tell, working_directory};
use crate::explore::{Remark, examine};
use crate::report::{self, Checked};
use crate::run::{self, RunError};
use crate::source::{self, Disk, SourceFile};

/// Check files that extend the table, and tell what they change
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Files to check, in the order in which they would be read
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Document<'c> {
    check: &'c Checked,
}

impl Check {
    pub(super) fn run(&self) -> ExitCode {
        let working_directory = working_directory();
        let mut files = Vec::new();
        for path in &self.files {
            let absolute = working_directory.join(path);
            let shown = source::shown(&absolute, &working_directory);
            match source::read(&absolute, &shown) {
                Ok(file) => files.push(Arc::new(file)),
                Err(error) => {
                    let near = if absolute.exists() { String::new() } else { source::near(path, &absolute) };
                    tell(&format!("error: {shown} {error}{near}"));
                    return ExitCode::from(2);
                }
            }
        }
        match self.examined(&files, &working_directory) {
            Ok(remarks) => {
                let names = files.iter().map(|file| file.path().to_owned()).collect();
                let checked = Checked::new(names, &remarks);
                let code = ExitCode::from(u8::from(checked.errors > 0));
                let human = |human, out: &mut dyn std::io::Write| report::remarks(&checked, &remarks, human, out);
                self.common.print(&Document { check: &checked }, human, code)
            }
            Err(error) => self.common.fail(&error),
        }
    }

    /// The files are held against the table with the other extensions of the configuration.
    fn examined(&self, files: &[Arc<SourceFile>], working_directory: &Path) -> Result<Vec<Remark>, RunError> {
        let start = self.files.first().map_or(Path::new("."), PathBuf::as_path);
        let config = self.common.configuration(start)?;
        let mut catalog = crate::catalog::Catalog::embedded();
        let disk = Disk::of(working_directory);
        for (path, shown, at) in run::extensions(&config, disk)? {
            if files.iter().all(|file| file.path() != shown) {
                run::extend(&mut catalog, disk, (&path, &shown), &at)?;
            }
        }
        Ok(files.iter().flat_map(|file| examine(&mut catalog, file)).collect())
    }
}

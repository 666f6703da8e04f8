//! The YAML files of the permission table: what they may say, and where a mistake stands.

mod agency;
mod entry;
mod escalation;
mod files;
mod map;
mod scalar;
mod vocabulary;

use std::collections::BTreeSet;

pub(super) use agency::{AgencyEntry, AgencyFile, AgencyNeedEntry};
pub(super) use entry::Depends;
pub(super) use escalation::{EscalationEntry, EscalationFile};
pub(super) use files::{
    AccessName, ApiEntry, HostScope, IdentityEntry, IdentityFile, Language, Meaning, OperationFile, PermissionFile,
    PolicyEntry, PolicyFile, PolicyKindName, ReachName, ScopeAttribute, SdkEntry, ServiceEntry, ServiceFile,
    SourceDocument, SupportName, TerraformFile, TypeEntry, WhenFile,
};
pub(super) use map::{Entries, NewCode, NewSource};
#[allow(unused_imports, reason = "used by the library and not by the build script")]
pub(super) use scalar::check_action;
pub(super) use scalar::{KnownAgencyService, SourceId, Text};
pub(super) use vocabulary::Vocabulary;

use serde::de::DeserializeOwned;

use super::error::TableError;
use files::FurtherActions;

/// The kinds of file, by the place that each has in `rules/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    When,
    Services,
    Permissions,
    Identity,
    Terraform,
    Operations,
    Policies,
    Escalations,
    Agencies,
}

impl FileKind {
    /// The kind of a file of `rules/`, from its path below that folder (with `/`).
    pub(super) fn of_path(path: &str) -> Option<Self> {
        match path.split_once('/') {
            None => match path {
                "when.yaml" => Some(Self::When),
                "services.yaml" => Some(Self::Services),
                "escalations.yaml" => Some(Self::Escalations),
                "agencies.yaml" => Some(Self::Agencies),
                _ => None,
            },
            Some(("permissions", _)) => Some(Self::Permissions),
            Some(("identity", _)) => Some(Self::Identity),
            Some(("terraform", _)) => Some(Self::Terraform),
            Some(("operations", _)) => Some(Self::Operations),
            Some(("policies", _)) => Some(Self::Policies),
            Some(_) => None,
        }
    }

    /// The kind of a file that a user adds, from its first keys.
    pub(super) fn of_content(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            match line.split(':').next()? {
                "apis" => return Some(Self::Permissions),
                // A list of further names, or a map that describes each.
                "actions" => {
                    let is_list = lines.find(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
                    let is_list = is_list.is_some_and(|line| line.trim_start().starts_with('-'));
                    return Some(if is_list { Self::Permissions } else { Self::Identity });
                }
                "resources" | "data" => return Some(Self::Terraform),
                "versions" => return Some(Self::Operations),
                "policies" => return Some(Self::Policies),
                _ => {}
            }
        }
        None
    }
}

/// Every file that was read, by kind.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) when: Vec<WhenFile>,
    pub(super) services: Vec<ServiceFile>,
    pub(super) permissions: Vec<PermissionFile>,
    pub(super) identity: Vec<IdentityFile>,
    pub(super) terraform: Vec<TerraformFile>,
    pub(super) operations: Vec<OperationFile>,
    pub(super) policies: Vec<PolicyFile>,
    pub(super) escalations: Vec<EscalationFile>,
    pub(super) agencies: Vec<AgencyFile>,
}

impl Files {
    /// Reads one file. The first mistake in it is the error.
    pub(super) fn read(
        &mut self,
        kind: FileKind,
        name: &str,
        text: &str,
        names: &Vocabulary,
    ) -> Result<(), TableError> {
        match kind {
            FileKind::When => self.when.push(parse(name, text, names)?),
            FileKind::Services => self.services.push(parse(name, text, names)?),
            FileKind::Permissions => {
                let file: PermissionFile = parse(name, text, names)?;
                let known = self.permissions.iter().map(|other| other.service.0.as_str());
                one_file_per_service(name, &file.service.0, known)?;
                self.permissions.push(file);
            }
            FileKind::Identity => {
                let file: IdentityFile = parse(name, text, names)?;
                let known = self.identity.iter().map(|other| other.service.0.as_str());
                one_file_per_service(name, &file.service.0, known)?;
                self.identity.push(file);
            }
            FileKind::Terraform => {
                let file: TerraformFile = parse(name, text, names)?;
                let known = self.terraform.iter().map(|other| other.service.0.as_str());
                one_file_per_service(name, &file.service.0, known)?;
                self.terraform.push(file);
            }
            FileKind::Operations => {
                let file: OperationFile = parse(name, text, names)?;
                let known = self.operations.iter().map(|other| other.service.0.as_str());
                one_file_per_service(name, &file.service.0, known)?;
                self.operations.push(file);
            }
            FileKind::Policies => self.policies.push(parse(name, text, names)?),
            FileKind::Escalations => self.escalations.push(parse(name, text, names)?),
            FileKind::Agencies => self.agencies.push(parse(name, text, names)?),
        }
        Ok(())
    }

    /// The names that the files read so far define for the others.
    pub(super) fn vocabulary(&self) -> Vocabulary {
        let codes = |pick: fn(&WhenFile) -> &map::Entries<NewCode, Meaning>| -> BTreeSet<String> {
            let entries = self.when.iter().flat_map(|file| &pick(file).0);
            entries.map(|(code, _)| code.0.clone()).collect()
        };
        let services = self.services.iter().flat_map(|file| &file.services);
        Vocabulary {
            when: Some(codes(|file| &file.when)),
            notes: Some(codes(|file| &file.notes)),
            services: Some(services.map(|service| service.code.0.clone()).collect()),
            actions: None,
        }
    }

    /// The actions that an API row or a description names, without patterns; some more than once.
    pub(super) fn actions(&self) -> impl Iterator<Item = &str> {
        let identity = self.identity.iter().flat_map(|file| &file.actions.0).flat_map(|(action, entry)| {
            [action.0.as_str()].into_iter().chain(entry.aliases.iter().map(|alias| alias.0.as_str()))
        });
        let rows = self.permissions.iter().flat_map(|file| &file.apis.0).flat_map(|(_, entry)| {
            let aliases = entry.identity_aliases.iter().map(|action| action.0.as_str());
            let depends = entry.depends.iter().map(|dependency| dependency.action.0.as_str());
            entry.needed().chain(aliases).chain(depends)
        });
        identity.chain(rows).filter(|action| !action.contains('*'))
    }

    /// All actions that are known to exist, as documented.
    pub(super) fn all_actions(&self) -> BTreeSet<String> {
        let lists = self.permissions.iter().flat_map(|file| &file.actions);
        self.actions().chain(lists.flat_map(FurtherActions::actions)).map(str::to_owned).collect()
    }
}

fn one_file_per_service<'a>(
    name: &str,
    service: &str,
    mut known: impl Iterator<Item = &'a str>,
) -> Result<(), TableError> {
    if known.any(|other| other == service) {
        let message = format!("another file of this folder has the service `{service}` already: merge the two");
        return Err(TableError::whole_file(name, message));
    }
    Ok(())
}

/// More brackets than these are never open at a time in a file that a person or an import has written.
const MOST_OPEN: usize = 200;

/// The line in which too many brackets are open: the YAML reader takes time by the square of them.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (index, line) in text.lines().enumerate() {
        let mut in_quotes = false;
        for byte in line.bytes() {
            match byte {
                b'"' => in_quotes = !in_quotes,
                b'[' | b'{' if !in_quotes => open += 1,
                b']' | b'}' if !in_quotes => open = open.saturating_sub(1),
                _ => {}
            }
        }
        if open > MOST_OPEN {
            return Some(index + 1);
        }
    }
    None
}

fn parse<T: DeserializeOwned>(name: &str, text: &str, names: &Vocabulary) -> Result<T, TableError> {
    if let Some(line) = too_deep(text) {
        let message =
            format!("more than {MOST_OPEN} brackets are open: write it without nesting, as docs/extending.md does");
        return Err(TableError { line, ..TableError::whole_file(name, message) });
    }
    vocabulary::within(names, || serde_yaml::from_str(text)).map_err(|error| TableError::from_yaml(name, &error))
}

//! How far the permission table reaches over a tree of Terraform files: blocks, operations, and the operations of which
//! it knows the actions.
//!
//! `cargo run --release --example reach -- DIR`

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use grantlint::catalog::{ApiKey, ApiMatch, Catalog, TerraformKind};
use grantlint::manifest::{Call, Context, Variables};
use grantlint::report::percent;
use grantlint::source;
use grantlint::syntax::hcl;

/// How many of the most frequent gaps are listed.
const LISTED: usize = 20;

/// How often something occurs, and how often the table knows it.
#[derive(Default, Clone, Copy)]
struct Share {
    all: usize,
    known: usize,
}

impl Share {
    fn add(&mut self, is_known: bool) {
        self.all += 1;
        self.known += usize::from(is_known);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("write the folder: `cargo run --release --example reach -- DIR`")?;
    let folder = PathBuf::from(folder);
    let catalog = Catalog::embedded();
    let walk = source::walk(&[PathBuf::from(".")], &folder, &globset::GlobSet::empty(), &folder)?;
    let context = Context {
        catalog: &catalog,
        default_region: None,
        variables: &Variables::default(),
        disk: source::Disk::of(&folder),
        progress: &|_| {},
    };
    let inputs = grantlint::project::read(&walk, context);

    let (blocks, unknown_types) = blocks(&walk.files, &catalog);
    println!(
        "{} files, {} of them manifests, {} problems",
        inputs.files,
        inputs.manifest_files,
        inputs.manifests.problems.len()
    );
    println!(
        "{} blocks of huaweicloud_ types, {} ({}) of types that the table knows",
        blocks.all,
        blocks.known,
        percent(blocks.known, blocks.all)
    );

    let mut total = Share::default();
    let mut by_service: BTreeMap<&str, Share> = BTreeMap::new();
    let mut missing: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut answers: HashMap<&Call, bool> = HashMap::new();
    for operation in &inputs.manifests.operations {
        let is_known = *answers.entry(&operation.call).or_insert_with(|| has_action(&catalog, &operation.call));
        total.add(is_known);
        if let Call::Api { service, key, .. } = &*operation.call {
            let service = service.as_deref().unwrap_or("-");
            by_service.entry(service).or_default().add(is_known);
            if !is_known {
                *missing.entry((service, key.to_string())).or_default() += 1;
            }
        }
    }
    println!(
        "{} operations, {} ({}) with a row that names an action",
        total.all,
        total.known,
        percent(total.known, total.all)
    );

    println!("\nby service:");
    let mut services: Vec<_> = by_service.into_iter().collect();
    services.sort_by(|a, b| b.1.all.cmp(&a.1.all).then(a.0.cmp(b.0)));
    for (service, share) in services {
        println!("{:>8} of {:>8}  {:>8}  {service}", share.known, share.all, percent(share.known, share.all));
    }
    list(
        "APIs without an action",
        missing.into_iter().map(|((service, api), number)| (format!("{service} {api}"), number)),
    );
    list("types that the table does not know", unknown_types.into_iter());
    Ok(())
}

fn has_action(catalog: &Catalog, call: &Call) -> bool {
    let find = |service: Option<&str>, key: &ApiKey| match catalog.find(service, key) {
        ApiMatch::Unknown => Vec::new(),
        ApiMatch::One(api) => vec![api],
        ApiMatch::Several(apis) => apis,
    };
    match call {
        Call::Action(_) => true,
        Call::Api { service, key, .. } => {
            find(service.as_deref(), key).iter().any(|api| !api.actions.is_empty() || !api.identity.is_empty())
        }
    }
}

/// The blocks of the provider, and how often each type occurs that the table does not know.
fn blocks(files: &[(PathBuf, String)], catalog: &Catalog) -> (Share, BTreeMap<String, usize>) {
    let mut share = Share::default();
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let is_terraform = |path: &Path| path.extension().is_some_and(|ending| ending == "tf" || ending == "tofu");
    for (path, _) in files.iter().filter(|(path, _)| is_terraform(path)) {
        let Some(body) = fs::read_to_string(path).ok().and_then(|text| hcl::parse(&text).ok()) else { continue };
        for (word, kind) in [("resource", TerraformKind::Resource), ("data", TerraformKind::Data)] {
            for block in body.blocks_of(word) {
                let Some(name) = block.labels.first().filter(|name| name.starts_with("huaweicloud_")) else { continue };
                let is_known = catalog.terraform(kind, name).is_some();
                share.add(is_known);
                if !is_known {
                    *unknown.entry(format!("{word} {name}")).or_default() += 1;
                }
            }
        }
    }
    (share, unknown)
}

fn list(title: &str, entries: impl Iterator<Item = (String, usize)>) {
    let mut entries: Vec<(String, usize)> = entries.collect();
    if entries.is_empty() {
        return;
    }
    entries.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    println!("\n{title}:");
    for (name, number) in entries.iter().take(LISTED) {
        println!("{number:>8}  {name}");
    }
    if entries.len() > LISTED {
        println!("          and {} more", entries.len() - LISTED);
    }
}

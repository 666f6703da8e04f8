//! How much of the project a run looks at, and what accepts its findings.

use super::Options;
use super::report::runs;
use crate::catalog::Phase;
use crate::config::{Acceptance, Config, Extent, Inline};
use crate::lint::{RULES, UNUSED_IGNORE, rule_names};
use crate::project::Inputs;
use crate::source;

/// The comments and the `ignore` entries that accept findings.
pub(crate) fn acceptance<'a>(config: &'a Config, options: &'a Options<'_>, inputs: &Inputs) -> Acceptance<'a> {
    let policies = inputs.policies.iter().filter_map(|document| document.source.file.as_ref());
    let broken = inputs.broken_policies.iter().map(|problem| &problem.place.file);
    let files = inputs.commented.iter().chain(config.file.as_ref()).chain(policies).chain(broken);
    let rules: Vec<&str> = rule_names().into_iter().filter(|rule| *rule != UNUSED_IGNORE).collect();
    let inline = Inline::read(files, &rules);
    let extent = extent(config, options, inputs);
    Acceptance::new((&config.ignore, &config.root), inline, extent, options.working_directory, options.today)
}

fn extent(config: &Config, options: &Options<'_>, inputs: &Inputs) -> Extent {
    let is_confined = !options.select.is_empty() || !options.ignore.is_empty() || !options.principals.is_empty();
    let has_phases = Phase::ALL.iter().all(|phase| options.phases.contains(phase));
    let running = RULES.iter().filter(|rule| runs(**rule, config, options));
    let covers = || source::is_covered(&config.root, options.paths, options.working_directory);
    let disk = options.disk();
    // Without a configuration the folders that are named are all that is known of the project.
    let are_folders = || options.paths.iter().all(|path| disk.is_folder(&options.working_directory.join(path)));
    Extent {
        rules: running.map(|rule| rule.name()).collect(),
        is_whole: !is_confined && has_phases && !inputs.has_plan,
        has_all_files: if config.file.is_some() { covers() } else { are_folders() },
        paths: options.paths.to_vec(),
    }
}

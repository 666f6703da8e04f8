//! The attributes of a type that what it causes may depend on; the others need not be evaluated.

use super::Made;
use crate::catalog::{AgencyUse, Gate};

/// Every resource is asked for these.
const OF_ALL: [&str; 6] = ["bucket", "enterprise_project_id", "key", "prevent_destroy", "region", "tags"];

/// The names of the attributes, nested ones and their blocks by their own; sorted.
pub(super) fn asked_for(calls: &[Made<'_>], agencies: &[AgencyUse<'_>]) -> Vec<String> {
    let of_calls = calls.iter().flat_map(|made| {
        let gates = made.phases.iter().flat_map(|(_, gate)| gate.attributes());
        gates.chain(made.region)
    });
    let of_agencies = agencies.iter().flat_map(of_agency);
    let paths = of_calls.chain(of_agencies).chain(OF_ALL);
    let mut names: Vec<&str> = paths.flat_map(|path| path.split('.')).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(str::to_owned).collect()
}

fn of_agency<'a>(agency: &'a AgencyUse<'_>) -> Vec<&'a str> {
    let needs = agency.needs.iter();
    let gates = needs.clone().map(|need| &need.when).chain([&agency.when]).flat_map(Gate::attributes);
    gates.chain([agency.attribute]).chain(needs.filter_map(|need| need.region)).collect()
}

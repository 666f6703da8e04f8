//! The nearest right name for one that does not exist.

/// How alike two names have to be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.8;

/// The candidate that is most like `name`, letter case aside; `None` where none is alike enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// A sentence that offers the nearest candidate, or else lists all of them.
pub fn suggestion(name: &str, candidates: &[&str]) -> String {
    match nearest(name, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of {}", listed(candidates)),
    }
}

/// Names in backticks, separated by commas.
pub fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_finds_none() {
        let names = ["enterprise_projects", "regions", "projects"];
        assert_eq!(nearest("enterprise_project", names), Some("enterprise_projects"));
        assert_eq!(nearest("Regions", names), Some("regions"));
        assert_eq!(nearest("colour", names), None);
    }
}

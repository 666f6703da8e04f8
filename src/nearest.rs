//! The nearest right name for one that does not exist.

/// How alike two names have to be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.8;

/// Names longer than this, in bytes, are never compared: nobody means one of them by a slip.
const MAX_LENGTH: usize = 200;

/// The candidate that is most like `name`, letter case aside; `None` where none is alike enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let best = alike(name, candidates).max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    best.map(|(_, candidate)| candidate)
}

/// The candidates that are alike enough to be meant, the nearest first, each once and at most `count`.
pub fn nearest_few<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut ranked: Vec<(f64, &str)> = alike(name, candidates).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    ranked.dedup_by(|a, b| a.1 == b.1);
    ranked.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// The candidates that are alike enough to be meant, and how much.
fn alike<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = (f64, &'a str)> {
    // A name too long to be compared is not even counted.
    let name = if name.len() > MAX_LENGTH { None } else { Some(name.to_lowercase()) };
    let letters = name.as_deref().map(counted);
    candidates.into_iter().filter_map(move |candidate| {
        let (name, letters) = (name.as_deref()?, letters.as_ref()?);
        if candidate.len() > MAX_LENGTH {
            return None;
        }
        let lower = candidate.to_lowercase();
        if !may_be_alike(name, letters, &lower) {
            return None;
        }
        let likeness = strsim::normalized_damerau_levenshtein(name, &lower);
        (likeness >= ALIKE).then_some((likeness, candidate))
    })
}

/// How often each byte occurs.
fn counted(text: &str) -> [i16; 256] {
    let mut counts = [0; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    counts
}

/// A cheap test that every pair of names passes which is alike: each letter that one has more often is an edit.
fn may_be_alike(name: &str, letters: &[i16; 256], other: &str) -> bool {
    let differences = letters.iter().zip(counted(other)).map(|(a, b)| i32::from(a - b));
    let (more, fewer) = differences.fold((0, 0), |(more, fewer), by| (more + by.max(0), fewer - by.min(0)));
    // In bytes of a text that is not ASCII one edit can be four.
    let edits = f64::from(more.max(fewer)) / if name.is_ascii() && other.is_ascii() { 1.0 } else { 4.0 };
    let longest = i32::try_from(name.len().max(other.len())).map_or(f64::MAX, f64::from);
    edits <= (1.0 - ALIKE) * longest + f64::EPSILON * longest
}

/// A question that offers names, the likeliest first; none where there are none.
pub fn offer(names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last()? {
        (only, []) => Some(format!("did you mean {only}?")),
        (last, others) => Some(format!("did you mean {} or {last}?", others.join(", "))),
    }
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

    #[test]
    fn a_name_of_any_length_is_looked_up() {
        assert_eq!(nearest(&"(".repeat(40_000), ["regions"]), None);
    }

    #[test]
    fn several_are_offered_with_the_nearest_first() {
        let names = ["images:get", "images:list", "images:gets", "images:get"];
        assert_eq!(nearest_few("image:get", names, 2), ["images:get", "images:gets"]);
        assert_eq!(nearest_few("colour", names, 2), Vec::<&str>::new());
    }

    proptest::proptest! {
        /// The cheap test never keeps back a name that would be offered.
        #[test]
        fn the_cheap_test_lets_every_likely_name_pass(name in "[a-cé]{1,12}", other in "[a-cé]{1,12}") {
            if strsim::normalized_damerau_levenshtein(&name, &other) >= ALIKE {
                proptest::prop_assert!(may_be_alike(&name, &counted(&name), &other));
            }
        }
    }
}

//! What the text of a file is with edits.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Edit, Fix};
use crate::syntax::{hcl, json, yaml};

/// The edits of fixes of one file that go together.
#[derive(Debug, Default)]
pub struct Applied {
    edits: BTreeSet<Edit>,
}

impl Applied {
    /// Adds a fix, unless one of its edits changes what another fix changes in a different way; says whether it did.
    pub fn take(&mut self, fix: &Fix) -> bool {
        let fits = fix.edits.iter().all(|edit| self.fits(edit));
        if fits {
            self.edits.extend(fix.edits.iter().cloned());
        }
        fits
    }

    /// The edits do not overlap, so only the neighbours can be in the way.
    fn fits(&self, edit: &Edit) -> bool {
        let before = self.edits.range(..edit).next_back();
        let behind = self.edits.range(edit..).next();
        before.into_iter().chain(behind).all(|other| go_together(edit, other))
    }

    /// What `text` is with the edits; none where one lies outside of it.
    pub fn to(&self, text: &str) -> Option<String> {
        let mut changed = String::with_capacity(text.len());
        let mut from = 0;
        for edit in &self.edits {
            let range = edit.span.range();
            changed.push_str(text.get(from..range.start)?);
            changed.push_str(&edit.text);
            from = range.end;
        }
        changed.push_str(text.get(from..)?);
        Some(changed)
    }
}

/// Both can be done, in either order.
fn go_together(one: &Edit, other: &Edit) -> bool {
    let is_same_place = one.span == other.span;
    let are_apart = one.span.end <= other.span.start || other.span.end <= one.span.start;
    one == other || if is_same_place { one.is_item && other.is_item } else { are_apart }
}

/// A text is one that the syntax of its file can be read as.
pub fn parses(path: &str, text: &str) -> bool {
    match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("json") => json::parse_loose(text).is_ok(),
        Some("yaml" | "yml") => yaml::parse(text).is_ok(),
        _ => hcl::parse(text).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{SourceFile, Span};

    fn fix(edits: &[(usize, usize, &str, bool)]) -> Fix {
        let file = Arc::new(SourceFile::new("p.json", "0123456789"));
        let edit = |(start, end, text, is_item): &(usize, usize, &str, bool)| Edit {
            span: Span::new(*start, *end),
            text: (*text).to_owned(),
            is_item: *is_item,
        };
        Fix::new("write it", &file, edits.iter().map(edit).collect())
    }

    #[test]
    fn of_two_fixes_that_change_the_same_only_the_first_is_taken() {
        let first = fix(&[(2, 4, "x", false), (6, 6, "y", true)]);
        for (other, is_taken) in [
            (fix(&[(2, 4, "x", false)]), true),
            (fix(&[(2, 4, "z", false)]), false),
            (fix(&[(3, 5, "", false)]), false),
            (fix(&[(0, 9, "", false)]), false),
            (fix(&[(3, 3, "z", true)]), false),
            (fix(&[(4, 6, "", false)]), true),
            (fix(&[(6, 6, "z", true)]), true),
            (fix(&[(6, 6, "z", false)]), false),
            (fix(&[(8, 9, "", false), (3, 5, "", false)]), false),
        ] {
            let mut applied = Applied::default();
            assert!(applied.take(&first));
            assert_eq!(applied.take(&other), is_taken, "{other:?}");
        }
    }

    #[test]
    fn what_several_fixes_add_is_added_once() {
        let mut applied = Applied::default();
        for items in [[(5, 5, "a", true), (5, 5, "b", true)], [(5, 5, "b", true), (5, 5, "c", true)]] {
            assert!(applied.take(&fix(&items)));
        }
        assert_eq!(applied.to("0123456789").as_deref(), Some("01234abc56789"));
        assert_eq!(applied.to("0"), None);
    }
}

//! A compiled table as it lies in memory: rows and texts by their place, nothing parsed.
//!
//! Every place is checked when it is used: a damaged table gives fewer rows or empty texts, never a
//! panic.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

use super::layout::{Extent, Header, MAGIC, Row, Run, SECTIONS, Section, TextAt, TextRow};

/// One compiled table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    bytes: Cow<'static, [u8]>,
    /// Where each section lies.
    sections: [Range<usize>; SECTIONS],
}

impl Table {
    /// Takes the bytes as they are.
    pub(super) fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        let bytes = bytes.into();
        Self { sections: sections(&bytes), bytes }
    }

    fn section(&self, section: Section) -> Option<&[u8]> {
        self.bytes.get(self.sections.get(section as usize)?.clone())
    }

    /// All rows of a kind.
    pub(super) fn rows<R: Row>(&self) -> &[R] {
        let bytes = self.section(R::SECTION).unwrap_or_default();
        <[R]>::ref_from_bytes(bytes).unwrap_or_default()
    }

    /// Some rows of a kind.
    pub(super) fn run<R: Row>(&self, run: Run) -> &[R] {
        let Ok(start) = usize::try_from(run.start.get()) else {
            return &[];
        };
        let end = start.saturating_add(usize::from(run.len.get()));
        self.rows().get(start..end).unwrap_or_default()
    }

    /// One row of a kind, by its number.
    pub(super) fn row<R: Row>(&self, number: u32) -> Option<&R> {
        self.rows().get(usize::try_from(number).ok()?)
    }

    /// The text at a place; empty if there is none.
    pub(super) fn text(&self, at: TextAt) -> &str {
        self.try_text(at).unwrap_or_default()
    }

    /// Whether the text at a place is this one.
    pub(super) fn is(&self, at: TextAt, text: &str) -> bool {
        self.order(at, text).is_eq()
    }

    /// How the text at a place and another are ordered.
    pub(super) fn order(&self, at: TextAt, text: &str) -> Ordering {
        self.bytes(at).unwrap_or_default().cmp(text.as_bytes())
    }

    /// The text at a place, if it says something.
    pub(super) fn optional(&self, at: TextAt) -> Option<&str> {
        self.try_text(at).filter(|text| !text.is_empty())
    }

    fn try_text(&self, at: TextAt) -> Option<&str> {
        std::str::from_utf8(self.bytes(at)?).ok()
    }

    fn bytes(&self, at: TextAt) -> Option<&[u8]> {
        let pool = self.section(Section::Pool)?;
        let (length, rest) = pool.get(usize::try_from(at.get()).ok()?..)?.split_first_chunk()?;
        rest.get(..usize::from(u16::from_le_bytes(*length)))
    }

    /// A list of texts.
    pub(super) fn texts(&self, run: Run) -> impl Iterator<Item = &str> {
        self.run::<TextRow>(run).iter().map(|row| self.text(row.text))
    }

    /// The rows of a sorted section for which `compare` says that they are neither before nor behind.
    pub(super) fn equal_range<R: Row>(&self, compare: impl Fn(&R) -> Ordering) -> &[R] {
        let rows = self.rows::<R>();
        let start = rows.partition_point(|row| compare(row) == Ordering::Less);
        let rest = rows.get(start..).unwrap_or_default();
        // Most ranges are short: their end is looked for from the start on, in steps that double.
        let is_inside = |at: &usize| rest.get(*at).is_some_and(|row| compare(row) == Ordering::Equal);
        let beyond = std::iter::successors(Some(0), |at| Some(2 * at + 1)).find(|at| !is_inside(at));
        let near = rest.get(..beyond.unwrap_or_default()).unwrap_or(rest);
        let length = near.partition_point(|row| compare(row) == Ordering::Equal);
        near.get(..length).unwrap_or_default()
    }
}

/// Where the sections lie, as the header says; nowhere if it is none.
fn sections(bytes: &[u8]) -> [Range<usize>; SECTIONS] {
    match Header::ref_from_prefix(bytes) {
        Ok((header, _)) if header.magic == MAGIC => header.sections.map(range),
        _ => std::array::from_fn(|_| 0..0),
    }
}

fn range(extent: Extent) -> Range<usize> {
    let place = |number: U32| usize::try_from(number.get()).unwrap_or(usize::MAX);
    let start = place(extent.start);
    start..start.saturating_add(place(extent.len))
}

#[cfg(test)]
mod tests {
    use super::super::EMBEDDED;
    use super::super::layout::{ActionRow, ServiceRow};
    use super::*;

    #[test]
    fn a_range_of_any_length_is_found_whole() {
        let table = Table::new(EMBEDDED);
        let mut lengths = Vec::new();
        for service in table.rows::<ServiceRow>() {
            let code = table.text(service.code);
            let found = table.equal_range::<ActionRow>(|row| table.order(row.service, code));
            let expected = table.rows::<ActionRow>().iter().filter(|row| table.is(row.service, code));
            let actions = |row: &ActionRow| table.text(row.action);
            assert_eq!(
                found.iter().map(actions).collect::<Vec<_>>(),
                expected.map(actions).collect::<Vec<_>>(),
                "{code}"
            );
            lengths.push(found.len());
        }
        assert!(lengths.contains(&0) && lengths.iter().any(|length| *length > 100), "{lengths:?}");
    }
}

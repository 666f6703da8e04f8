//! The growing sections of a table, and the bytes that they end as.

use std::collections::HashMap;

use zerocopy::IntoBytes;
use zerocopy::little_endian::{U16, U32};

use super::super::layout::{Extent, Header, MAGIC, Row, Run, SECTIONS, Section, TextAt, TextRow};

/// Grows the sections and keeps every text once.
pub(super) struct Builder {
    sections: Vec<Vec<u8>>,
    texts: HashMap<String, TextAt>,
}

impl Builder {
    pub(super) fn new() -> Self {
        let mut sections = vec![Vec::new(); SECTIONS];
        if let Some(pool) = sections.first_mut() {
            pool.extend_from_slice(&[0, 0]);
        }
        Self { sections, texts: HashMap::from([(String::new(), TextAt::new(0))]) }
    }

    fn section(&mut self, section: Section) -> Result<&mut Vec<u8>, String> {
        self.sections.get_mut(section as usize).ok_or_else(|| format!("no section {section:?}"))
    }

    /// The place of a text in the pool.
    pub(super) fn text(&mut self, text: &str) -> Result<TextAt, String> {
        if let Some(at) = self.texts.get(text) {
            return Ok(*at);
        }
        let length = u16::try_from(text.len()).map_err(|_| format!("a text of {} bytes is too long", text.len()))?;
        let pool = self.section(Section::Pool)?;
        let at = TextAt::new(index(pool.len())?);
        pool.extend_from_slice(&length.to_le_bytes());
        pool.extend_from_slice(text.as_bytes());
        self.texts.insert(text.to_owned(), at);
        Ok(at)
    }

    /// The place of a text that may be missing.
    pub(super) fn optional(&mut self, text: Option<&str>) -> Result<TextAt, String> {
        self.text(text.unwrap_or_default())
    }

    /// Adds one row and gives its number.
    pub(super) fn push<R: Row>(&mut self, row: R) -> Result<u32, String> {
        let section = self.section(R::SECTION)?;
        let number = index(section.len() / size_of::<R>())?;
        section.extend_from_slice(row.as_bytes());
        Ok(number)
    }

    /// Adds rows that belong together.
    pub(super) fn run<R: Row>(&mut self, rows: &[R]) -> Result<Run, String> {
        if rows.is_empty() {
            return Ok(Run::default());
        }
        let len = u16::try_from(rows.len()).map_err(|_| format!("a list of {} entries is too long", rows.len()))?;
        let section = self.section(R::SECTION)?;
        let start = index(section.len() / size_of::<R>())?;
        section.extend_from_slice(rows.as_bytes());
        Ok(Run { start: U32::new(start), len: U16::new(len) })
    }

    /// Adds a list of texts.
    pub(super) fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Result<Run, String> {
        let rows = texts
            .into_iter()
            .map(|text| self.text(text).map(|text| TextRow { text }))
            .collect::<Result<Vec<_>, _>>()?;
        self.run(&rows)
    }

    /// The table's bytes.
    pub(super) fn finish(self) -> Result<Vec<u8>, String> {
        let mut header = Header { magic: MAGIC, sections: [Extent::default(); SECTIONS] };
        let mut start = size_of::<Header>();
        for (extent, section) in header.sections.iter_mut().zip(&self.sections) {
            extent.start = U32::new(index(start)?);
            extent.len = U32::new(index(section.len())?);
            start += section.len();
        }
        let mut bytes = header.as_bytes().to_vec();
        for section in &self.sections {
            bytes.extend_from_slice(section);
        }
        Ok(bytes)
    }
}

fn index(number: usize) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| "the table is larger than 4 GiB".to_owned())
}

//! Places: byte spans in a file, and the lines and columns that people read.

use std::sync::Arc;

use serde::Serialize;

use super::SourceFile;

/// A half-open range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// A span over `start..end`; an end before the start gives an empty span.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
        Self { start, end }
    }

    /// The span as a range of byte offsets.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The starts of a text's lines, for turning byte offsets into positions. A look-up takes the same time in a line of
/// many megabytes.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// How many characters begin before each [`STEP`]th byte; empty where each byte is a character.
    characters: Vec<usize>,
}

/// So many bytes are looked at for a position, and no more.
const STEP: usize = 4096;

impl LineIndex {
    /// Indexes `text`; a line ends with `\n`, so `\r\n` belongs to the line that it ends.
    pub fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|newline| newline + 1);
        let mut count = 0;
        let counted = text.as_bytes().chunks(STEP).map(|chunk| {
            let before = count;
            count += characters(chunk);
            before
        });
        let counted = if text.is_ascii() { Vec::new() } else { counted.collect() };
        Self { starts: std::iter::once(0).chain(ends).collect(), characters: counted }
    }

    /// The position of the byte at `offset`; offsets past the end give the position after the last character.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor_char_boundary(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        let column = self.characters_before(text, offset).saturating_sub(self.characters_before(text, start));
        Position { line, column: column + 1 }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        if self.characters.is_empty() {
            return offset;
        }
        let step = (offset / STEP).min(self.characters.len() - 1);
        let counted = self.characters.get(step).copied().unwrap_or(0);
        counted + text.as_bytes().get(step * STEP..offset).map_or(0, characters)
    }
}

/// How many characters begin in the bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

/// A span in a known file.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes in it.
    pub span: Span,
}

/// Two places are the same if they are of the same span of the file at the same path.
impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span && self.file.path() == other.file.path()
    }
}

impl Place {
    /// The place of `span` in `file`.
    pub fn new(file: &Arc<SourceFile>, span: Span) -> Self {
        Self { file: Arc::clone(file), span }
    }

    /// The place as path, lines and columns.
    pub fn location(&self) -> Location {
        let start = self.file.position(self.span.start as usize);
        let end = self.file.position(self.span.end as usize);
        Location {
            path: self.file.path().to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// A place as reports print it: lines and columns from 1, columns in characters, the end exclusive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// Path relative to the working directory, with `/`.
    pub path: String,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_bytes() {
        let text = "ab\nné: 镜像 x\n";
        let index = LineIndex::new(text);
        let offset = text.find('x').unwrap();
        assert_eq!(index.position(text, offset), Position { line: 2, column: 8 });
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        let text = "a\n";
        assert_eq!(LineIndex::new(text).position(text, 99), Position { line: 2, column: 1 });
    }

    proptest::proptest! {
        #[test]
        fn a_position_is_what_counting_gives(text in "(a|é|镜|\n){0,40}", at in 0_usize..100, repeat in 1_usize..200) {
            let text = text.repeat(repeat);
            let offset = floor_char_boundary(&text, at * text.len() / 90);
            let (before, _) = text.split_at(offset);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            proptest::prop_assert_eq!(LineIndex::new(&text).position(&text, offset), Position { line, column });
        }
    }

    #[test]
    fn carriage_returns_do_not_make_lines() {
        let text = "a\r\nb";
        assert_eq!(LineIndex::new(text).position(text, 3), Position { line: 2, column: 1 });
    }
}

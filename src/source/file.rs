//! One text file, read whole and safely.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{LineIndex, Position};

/// The largest file that is read, in bytes (16 MiB): hand-written manifests and policies stay far below it.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// A text file with the path that reports show.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    has_mark: bool,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file from a text in memory; `path` is what reports show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), has_mark: false, lines: OnceLock::new() }
    }

    /// A file from a text in memory; `has_mark`: it begins with a byte order mark, which the text leaves out.
    pub fn marked(path: impl Into<String>, text: impl Into<String>, has_mark: bool) -> Self {
        Self { has_mark, ..Self::new(path, text) }
    }

    /// The path as reports show it: relative to the working directory, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file begins with a byte order mark.
    pub fn has_byte_order_mark(&self) -> bool {
        self.has_mark
    }

    /// The line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        self.line_index().position(&self.text, offset)
    }

    /// The line index, made on first use.
    pub fn line_index(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// What a file holds, without its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// It begins with a byte order mark.
    pub(super) has_mark: bool,
}

impl Text {
    pub(super) fn of(file: &SourceFile) -> Self {
        Self { text: file.text.clone(), has_mark: file.has_mark }
    }
}

/// Why a file could not be read as text.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ReadError {
    /// The system refused, and said so.
    #[error("cannot be read: {0}")]
    Io(String),
    /// A folder, pipe, socket or device.
    #[error("is not a regular file")]
    NotAFile,
    /// Longer than [`MAX_FILE_BYTES`].
    #[error("is larger than {} MiB and was not read", MAX_FILE_BYTES / 1024 / 1024)]
    TooLarge,
    /// Starts with a UTF-16 byte order mark; the text, as far as it can be decoded.
    #[error("is UTF-16; save it as UTF-8")]
    Utf16(String),
    /// Has a byte sequence that is not UTF-8, at this offset.
    #[error("is not UTF-8 text (byte {0} cannot be decoded)")]
    NotUtf8(usize),
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

/// Reads a regular file as text.
///
/// # Errors
/// [`ReadError`] for everything that is not a regular file of UTF-8 text of at most [`MAX_FILE_BYTES`].
/// Pipes and devices are never opened, so that none can block the run.
pub fn read(path: &Path, shown: &str) -> Result<SourceFile, ReadError> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    let has_mark = bytes.starts_with(MARK);
    Ok(SourceFile::marked(shown, decode(bytes)?, has_mark))
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

fn decode(mut bytes: Vec<u8>) -> Result<String, ReadError> {
    let units = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks().0.iter().skip(1).copied().map(read).collect();
        String::from_utf16_lossy(&units)
    };
    if bytes.starts_with(&[0xFF, 0xFE]) {
        return Err(ReadError::Utf16(units(u16::from_le_bytes)));
    }
    if bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::Utf16(units(u16::from_be_bytes)));
    }
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_text() {
        assert_eq!(decode(b"\xEF\xBB\xBF{}".to_vec()).unwrap(), "{}");
    }

    #[test]
    fn utf_16_is_named_for_what_it_is() {
        assert!(matches!(decode(b"\xFF\xFE{\0".to_vec()), Err(ReadError::Utf16(text)) if text == "{"));
        assert!(matches!(decode(b"\xFE\xFF\0{".to_vec()), Err(ReadError::Utf16(text)) if text == "{"));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        assert!(matches!(decode(b"ab\xFFc".to_vec()), Err(ReadError::NotUtf8(2))));
    }

    #[test]
    fn a_folder_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path(), "x"), Err(ReadError::NotAFile)));
    }
}

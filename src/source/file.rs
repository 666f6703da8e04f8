//! One text file, read whole and safely.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use thiserror::Error;

use super::{LineIndex, Position};

/// The largest file that is read, in bytes (16 MiB): hand-written manifests and policies stay far below it.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// A text file with the path that reports show.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file from a text in memory; `path` is what reports show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// The path as reports show it: relative to the working directory, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
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

/// Why a file could not be read as text.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The system refused.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// A folder, pipe, socket or device.
    #[error("is not a regular file")]
    NotAFile,
    /// Longer than [`MAX_FILE_BYTES`].
    #[error("is larger than {} MiB and was not read", MAX_FILE_BYTES / 1024 / 1024)]
    TooLarge,
    /// Starts with a UTF-16 byte order mark.
    #[error("is UTF-16; save it as UTF-8")]
    Utf16,
    /// Has a byte sequence that is not UTF-8, at this offset.
    #[error("is not UTF-8 text (byte {0} cannot be decoded)")]
    NotUtf8(usize),
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
    Ok(SourceFile::new(shown, decode(bytes)?))
}

fn decode(mut bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::Utf16);
    }
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        bytes.drain(..3);
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
        assert!(matches!(decode(b"\xFF\xFE{\0".to_vec()), Err(ReadError::Utf16)));
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

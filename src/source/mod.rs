//! Finding files, reading them safely, and naming places in them.

mod answers;
mod buffers;
mod disk;
mod file;
mod place;
mod walk;

pub use answers::{Answers, Differing};
pub use buffers::Buffers;
pub use disk::{Disk, EntryKind, Record, Whereabouts};
pub use file::{MAX_FILE_BYTES, ReadError, SourceFile, read};
pub use place::{LineIndex, Location, Place, Position, Span};
pub use walk::{Walk, WalkError, WalkProblem, walk};
pub(crate) use walk::{is_covered, near, shown};

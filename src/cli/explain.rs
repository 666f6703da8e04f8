//! `grantlint explain`

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::ExitCode;

use clap::Args;

use super::output::{Common, tell};
use crate::explain::{MAX_TEXT, explain};
use crate::report;

/// Explain a rule, an action, an API, or the text of an error: what it means, what to grant, what else it can be
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// What to explain: `missing-grant`, `ims:images:copy`, `POST /v1/…`, `POST https://…`, or the text of an error,
    /// as long as it is; `-` reads it from standard input
    #[arg(value_name = "TOPIC", required = true)]
    topic: Vec<OsString>,

    #[command(flatten)]
    common: Common,
}

impl Explain {
    /// Explains the topic, and says with which code to exit.
    pub(super) fn run(&self) -> ExitCode {
        let text = match self.text() {
            Ok(text) => text,
            Err(error) => {
                tell(&format!("error: standard input cannot be read: {error}"));
                return ExitCode::from(2);
            }
        };
        let catalog = match self.common.catalog() {
            Ok(catalog) => catalog,
            Err(error) => return self.common.fail(&error),
        };
        match explain(&catalog, &text) {
            Ok(topic) => {
                let human = |human, out: &mut dyn io::Write| report::topic(&topic, human, out);
                self.common.print(&topic, human, ExitCode::SUCCESS)
            }
            Err(error) => {
                tell(&format!("error: {error}"));
                ExitCode::from(2)
            }
        }
    }

    /// The words of the command line, or standard input as far as it counts.
    fn text(&self) -> io::Result<String> {
        if self.topic.as_slice() != ["-"] {
            let words: Vec<_> = self.topic.iter().map(|word| word.to_string_lossy()).collect();
            return Ok(words.join(" "));
        }
        Ok(String::from_utf8_lossy(&last(&mut io::stdin().lock(), MAX_TEXT)?).into_owned())
    }
}

/// The last `most` bytes of a stream: of a long log the error stands at the end.
fn last(stream: &mut impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let read = stream.by_ref().take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
        bytes.drain(..bytes.len().saturating_sub(most));
        if read == 0 {
            return Ok(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::last;

    #[test]
    fn of_a_long_text_the_end_counts() {
        for (text, most, expected) in [("abcdefg", 3, "efg"), ("abc", 3, "abc"), ("ab", 3, "ab"), ("", 3, "")] {
            assert_eq!(last(&mut text.as_bytes(), most).unwrap(), expected.as_bytes(), "{text}");
        }
    }
}

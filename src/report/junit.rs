//! `--format junit`: a test report: a suite for each file, a case for each finding, which fails unless it is a note.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Report;
use super::entry::{Entry, NAME, entries};
use super::plain::{one_line, printable};
use crate::severity::Severity;

type Xml<'o> = Writer<&'o mut dyn Write>;

/// Writes a report as one XML document.
///
/// # Errors
/// Those of `out`.
pub fn junit(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let entries = entries(report);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = Counts::of(&entries);
    let document = xml.create_element("testsuites").with_attribute(("name", NAME));
    document.with_attributes(counts.attributes()).write_inner_content(|xml| {
        if entries.is_empty() {
            return nothing_found(xml);
        }
        entries.chunk_by(|a, b| a.location.path == b.location.path).try_for_each(|of_file| suite(of_file, xml))
    })?;
    xml.get_mut().write_all(b"\n")
}

/// How many cases there are, and how many fail.
struct Counts {
    tests: String,
    failures: String,
}

impl Counts {
    fn of(entries: &[Entry<'_>]) -> Self {
        let failures = entries.iter().filter(|entry| is_failure(entry)).count();
        // A report without a case is taken for one that was not written.
        Self { tests: entries.len().max(1).to_string(), failures: failures.to_string() }
    }

    fn attributes(&self) -> [(&str, &str); 3] {
        [("tests", &self.tests), ("failures", &self.failures), ("errors", "0")]
    }
}

fn is_failure(entry: &Entry<'_>) -> bool {
    entry.severity > Severity::Note
}

fn nothing_found(xml: &mut Xml<'_>) -> io::Result<()> {
    let suite = xml.create_element("testsuite").with_attribute(("name", NAME));
    suite.with_attributes(Counts::of(&[]).attributes()).write_inner_content(|xml| {
        let case = xml.create_element("testcase").with_attributes([("name", "no findings"), ("classname", NAME)]);
        case.write_empty().map(|_| ())
    })?;
    Ok(())
}

fn suite(entries: &[Entry<'_>], xml: &mut Xml<'_>) -> io::Result<()> {
    let path = entries.first().map(|entry| one_line(&entry.location.path)).unwrap_or_default();
    let suite = xml.create_element("testsuite").with_attribute(("name", path.as_str()));
    let suite = suite.with_attributes(Counts::of(entries).attributes());
    suite.write_inner_content(|xml| entries.iter().try_for_each(|entry| case(entry, &path, xml)))?;
    Ok(())
}

fn case(entry: &Entry<'_>, path: &str, xml: &mut Xml<'_>) -> io::Result<()> {
    let (name, line) = (name(entry), entry.location.line.to_string());
    let attributes = [("name", name.as_str()), ("classname", path), ("file", path), ("line", &line)];
    let text = text(entry, path);
    xml.create_element("testcase").with_attributes(attributes).write_inner_content(|xml| {
        let message = one_line(entry.message);
        let outcome = if is_failure(entry) {
            let attributes = [("type", entry.severity.as_str()), ("message", message.as_str())];
            xml.create_element("failure").with_attributes(attributes)
        } else {
            xml.create_element("system-out")
        };
        outcome.write_text_content(BytesText::new(&text)).map(|_| ())
    })?;
    Ok(())
}

/// What tells the case from the others of its file, over runs too: servers keep the history of a case by its name.
fn name(entry: &Entry<'_>) -> String {
    let about = [entry.resource, entry.principal].into_iter().flatten().map(one_line);
    let named = std::iter::once(entry.rule.to_owned()).chain(about).collect::<Vec<_>>().join(", ");
    format!("{named} ({})", entry.fingerprint)
}

fn text(entry: &Entry<'_>, path: &str) -> String {
    let (location, severity) = (&entry.location, entry.severity.as_str());
    let head = format!("{path}:{}:{}: {severity}[{}]", location.line, location.column, entry.rule);
    let related = entry.related.iter().map(|related| {
        let location = &related.location;
        format!("{}:{}:{}: {}", location.path, location.line, location.column, related.message)
    });
    let lines: Vec<String> = std::iter::once(format!("{head}: {}", entry.told())).chain(related).collect();
    printable(&lines.join("\n"))
}

//! `--format human`: each finding in its source, by `miette`.

use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity as Shade, SourceCode, SourceSpan,
};

use super::{Report, Summary, excerpt};
use crate::explore::Remark;
use crate::lint::{Finding, Related};
use crate::severity::Severity;
use crate::source::{Place, SourceFile};

/// How findings are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Human {
    /// With colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Findings only, without the closing lines.
    pub quiet: bool,
    /// Notes in their source too, instead of one line each.
    pub verbose: bool,
}

impl Human {
    /// Writes a report.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let drawn = |finding: &&Finding| self.verbose || finding.severity > Severity::Note;
        for finding in report.findings.iter().filter(drawn) {
            self.draw(&Shown::of(finding), out)?;
        }
        for finding in report.findings.iter().filter(|finding| !drawn(finding)) {
            note(finding, out)?;
        }
        if !self.quiet {
            closing(report, out)?;
        }
        Ok(())
    }

    /// Writes what is said of an extension of the table, in its source.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn remark(&self, remark: &Remark, out: &mut dyn Write) -> io::Result<()> {
        let severity = remark.kind.severity();
        let shown = Shown {
            code: Some(format!("{}[{}]", severity.as_str(), remark.kind.as_str())),
            shade: shade(severity),
            message: remark.message.clone(),
            help: remark.help.clone(),
            place: Some(remark.place.clone()),
            label: None,
            related: Vec::new(),
        };
        self.draw(&shown, out)
    }

    fn draw(&self, diagnostic: &dyn Diagnostic, out: &mut dyn Write) -> io::Result<()> {
        let theme = if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
            .with_context_lines(1)
            // Actions, paths and regions stay in one piece, so that they can be searched for and copied.
            .with_break_words(false)
            .with_word_separator(textwrap::WordSeparator::AsciiSpace)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation);
        let mut text = String::new();
        handler.render_report(&mut text, diagnostic).map_err(io::Error::other)?;
        let trimmed = text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        writeln!(out, "{trimmed}\n")
    }
}

/// Writes the mistakes of a configuration, each in its source.
///
/// # Errors
/// Those of `out`.
pub fn mistakes(
    human: Human,
    file: &std::sync::Arc<SourceFile>,
    mistakes: &[crate::config::Mistake],
    out: &mut dyn Write,
) -> io::Result<()> {
    for mistake in mistakes {
        let shown = Shown {
            code: None,
            shade: Shade::Error,
            message: mistake.message.clone(),
            help: mistake.help.clone(),
            place: Some(Place::new(file, mistake.span)),
            label: None,
            related: Vec::new(),
        };
        human.draw(&shown, out)?;
    }
    Ok(())
}

fn note(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let location = finding.place.location();
    let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    writeln!(
        out,
        "{}:{}:{}: {}[{}]: {}{help}",
        location.path,
        location.line,
        location.column,
        finding.severity.as_str(),
        finding.rule,
        finding.message
    )
}

fn closing(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let summary = report.summary;
    if !report.findings.is_empty() && report.findings.iter().any(|finding| finding.severity == Severity::Note) {
        writeln!(out)?;
    }
    writeln!(out, "{}", sentence(summary))?;
    if summary.manifests == 0 && summary.policies == 0 && report.findings.is_empty() {
        writeln!(
            out,
            "There is nothing here to check: no Terraform, plan or state, no IAM policy, and no operations listed by hand."
        )?;
    }
    let fixable = report.findings.iter().filter(|finding| finding.fix.is_some()).count();
    if fixable > 0 {
        writeln!(out, "`--fix` can mend {fixable} of these; `--diff` shows how.")?;
    }
    if report.elsewhere > 0 {
        let (left_out, verb) = (count(report.elsewhere, "finding"), if report.elsewhere == 1 { "is" } else { "are" });
        writeln!(out, "{left_out} elsewhere, which the changed files do not affect, {verb} not shown.")?;
    }
    Ok(())
}

/// One sentence on how much was checked, what was found, and what was not checked.
pub(super) fn sentence(summary: Summary) -> String {
    let looked = format!(
        "Checked {} of {} for {} ({} and {} in {}): {}, {}, {}",
        summary.checked,
        count(summary.operations, "operation"),
        count(summary.principals, "principal"),
        count(summary.manifests, "manifest"),
        policies(summary.policies),
        count(summary.files, "file"),
        count(summary.errors, "error"),
        count(summary.warnings, "warning"),
        count(summary.notes, "note"),
    );
    let suppressed =
        if summary.suppressed > 0 { format!(", {} suppressed", summary.suppressed) } else { String::new() };
    let unchecked = match summary.unchecked {
        0 => String::new(),
        1 => String::from("; 1 operation could not be checked"),
        more => format!("; {more} operations could not be checked"),
    };
    format!("{looked}{suppressed}{unchecked}.")
}

/// A number with its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn policies(number: usize) -> String {
    if number == 1 { String::from("1 policy") } else { format!("{number} policies") }
}

fn shade(severity: Severity) -> Shade {
    match severity {
        Severity::Error => Shade::Error,
        Severity::Warning => Shade::Warning,
        Severity::Note => Shade::Advice,
    }
}

/// A finding, or a place that explains one, as `miette` draws it.
#[derive(Debug)]
struct Shown {
    code: Option<String>,
    shade: Shade,
    message: String,
    help: Option<String>,
    place: Option<Place>,
    label: Option<String>,
    related: Vec<Shown>,
}

impl Shown {
    fn of(finding: &Finding) -> Self {
        Self {
            code: Some(format!("{}[{}]", finding.severity.as_str(), finding.rule)),
            shade: shade(finding.severity),
            message: finding.message.clone(),
            help: finding.help.clone(),
            place: Some(finding.place.clone()),
            label: None,
            related: finding.related.iter().map(Self::of_related).collect(),
        }
    }

    fn of_related(related: &Related) -> Self {
        Self {
            code: None,
            shade: Shade::Advice,
            message: related.message.clone(),
            help: None,
            place: Some(related.place.clone()),
            label: None,
            related: Vec::new(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Shade> {
        Some(self.shade)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &*place.file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let range = self.place.as_ref().map(excerpt::shown)?;
        let span = SourceSpan::from((range.start, range.len()));
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(self.label.clone(), span))))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.related.iter().map(|shown| shown as &dyn Diagnostic)))
    }
}

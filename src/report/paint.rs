//! Colours and columns of what is printed about the table.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

/// Whether to colour.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// With colours.
    pub color: bool,
}

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// What the eye looks for.
    pub(super) fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What is there for those who ask.
    pub(super) fn faint(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// What a thing is.
    pub(super) fn kind(self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    /// What deserves care.
    pub(super) fn care(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }
}

/// Columns of the labels of fields.
const LABEL: usize = 20;

/// Writes one field: its label in a column, its lines in another. Nothing is written where there are no lines.
pub(super) fn field(out: &mut dyn Write, paint: Paint, label: &str, lines: &[String]) -> io::Result<()> {
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let gap = " ".repeat(LABEL.saturating_sub(label.chars().count()));
        writeln!(out, "  {}{gap}{line}", paint.faint(label))?;
    }
    Ok(())
}

/// Writes rows with aligned columns; columns from `right` on are flush right.
pub(super) fn table(out: &mut dyn Write, rows: &[Vec<String>], right: usize) -> io::Result<()> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(index) {
                Some(most) => *most = (*most).max(width),
                None => widths.push(width),
            }
        }
    }
    for row in rows {
        let mut line = String::new();
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
            if index > 0 {
                line.push_str("  ");
            }
            if index >= right {
                line.push_str(&gap);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&gap);
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A share in percent with one digit behind the point; a dash of nothing. Never rounded up to all, nor down to none.
pub fn percent(part: usize, of: usize) -> String {
    if of == 0 {
        return String::from("–");
    }
    let tenths = (part * 1000 + of / 2) / of;
    let tenths = if part < of { tenths.min(999) } else { tenths };
    let tenths = if part > 0 { tenths.max(1) } else { tenths };
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_all_or_none_only_if_it_is() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(9_999, 10_000), "99.9 %");
        assert_eq!(percent(1, 10_000), "0.1 %");
        assert_eq!((percent(5, 5), percent(0, 5), percent(0, 0)), ("100.0 %".into(), "0.0 %".into(), "–".into()));
    }
}

//! A page in Markdown as a terminal shows it: headings, paragraphs as wide as the output, code as it stands.

use std::io;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::Sheet;

/// What is read of a page, and not written yet.
#[derive(Default)]
struct Block {
    text: String,
    /// Inside code that stands as it is.
    is_code: bool,
    /// How deep in lists.
    depth: usize,
    /// The text is the first of an item.
    begins_item: bool,
    /// The address of the link that the text is in.
    link: Option<String>,
    is_first: bool,
}

impl Sheet<'_> {
    /// Writes a page.
    pub(super) fn page(&mut self, markdown: &str) -> io::Result<()> {
        let mut block = Block { is_first: true, ..Block::default() };
        for event in Parser::new(markdown) {
            match event {
                Event::Text(text) => block.text.push_str(&text),
                Event::Code(code) => block.text.extend(["`", &code, "`"]),
                Event::SoftBreak | Event::HardBreak => block.text.push(' '),
                Event::Start(Tag::CodeBlock(_)) => block.is_code = true,
                Event::Start(Tag::List(_)) => {
                    self.flush(&mut block)?;
                    block.depth += 1;
                }
                Event::Start(Tag::Item) => block.begins_item = true,
                Event::Start(Tag::Link { dest_url, .. }) => block.link = Some(dest_url.into_string()),
                Event::End(TagEnd::Link) => {
                    let link = block.link.take().filter(|link| !block.text.ends_with(link.as_str()));
                    if let Some(link) = link {
                        block.text.extend([" (", &link, ")"]);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    let text = std::mem::take(&mut block.text);
                    if !std::mem::take(&mut block.is_first) {
                        writeln!(self.out)?;
                    }
                    writeln!(self.out, "{}", self.paint.strong(&text))?;
                }
                Event::End(TagEnd::List(_)) => block.depth = block.depth.saturating_sub(1),
                Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::Item) => self.flush(&mut block)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn flush(&mut self, block: &mut Block) -> io::Result<()> {
        let text = std::mem::take(&mut block.text);
        if std::mem::take(&mut block.is_code) {
            for line in text.lines() {
                writeln!(self.out, "    {line}")?;
            }
            return Ok(());
        }
        if text.is_empty() {
            return Ok(());
        }
        // The text of an item stands behind its dash.
        let hanging = "  ".repeat(block.depth);
        let outer = "  ".repeat(block.depth.saturating_sub(1));
        let first = if std::mem::take(&mut block.begins_item) { format!("{outer}- ") } else { hanging.clone() };
        self.paragraph(&text, &first, &hanging)
    }
}

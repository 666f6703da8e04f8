//! Comma-separated values.

/// The lines of a text, each as its fields, without those that are empty; what is wrong where it cannot be read.
pub(super) fn rows(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let text = text.replace("\r\n", "\n");
    let mut rows = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if let Some(next) = rest.strip_prefix('\n') {
            rest = next;
            continue;
        }
        let mut row = Vec::new();
        loop {
            let (field, behind) =
                if let Some(quoted) = rest.strip_prefix('"') { quoted_field(quoted)? } else { field(rest)? };
            row.push(field);
            rest = behind;
            match rest.strip_prefix(',') {
                Some(next) => rest = next,
                None => break,
            }
        }
        rest = rest.strip_prefix('\n').unwrap_or(rest);
        rows.push(row);
    }
    Ok(rows)
}

/// A field, and what stands behind it.
fn field(text: &str) -> Result<(String, &str), &'static str> {
    let (field, behind) = text.split_at(text.find([',', '\n']).unwrap_or(text.len()));
    if field.contains('"') {
        Err("a field has a quote that does not enclose it")
    } else {
        Ok((field.to_owned(), behind))
    }
}

/// A field of which the first quote is read, and what stands behind it; two quotes are one.
fn quoted_field(text: &str) -> Result<(String, &str), &'static str> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (part, behind) = rest.split_once('"').ok_or("a quote is not closed")?;
        field.push_str(part);
        match behind.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None if behind.is_empty() || behind.starts_with([',', '\n']) => return Ok((field, behind)),
            None => return Err("a field goes on behind its quotes"),
        }
    }
}

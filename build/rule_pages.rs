//! Takes the page of each rule from the doc comment of its struct in `src/lint/`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Rust source of `PAGES`: name and page of every rule, sorted by name.
pub fn source(lint: &Path) -> Result<String, Box<dyn Error>> {
    let mut source = String::from("static PAGES: &[(&str, &str)] = &[\n");
    for entry in WalkDir::new(lint).sort_by_file_name() {
        let entry = entry?;
        let Some(stem) = entry.path().file_stem().and_then(|stem| stem.to_str()) else { continue };
        let name = stem.replace('_', "-");
        if entry.path().extension().is_some_and(|extension| extension == "rs")
            && let Some(page) = page(&fs::read_to_string(entry.path())?, &name)?
        {
            writeln!(source, "    ({name:?}, {page:?}),")?;
        }
    }
    source.push_str("];\n");
    Ok(source)
}

/// The doc comment that starts with the rule's name as its heading.
fn page(text: &str, name: &str) -> Result<Option<String>, syn::Error> {
    let heading = format!("# {name}\n");
    let structs = syn::parse_file(text)?.items.into_iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(documentation(&item.attrs)),
        _ => None,
    });
    Ok(structs.into_iter().find(|page| page.starts_with(&heading)))
}

fn documentation(attributes: &[syn::Attribute]) -> String {
    let mut page = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let syn::Meta::NameValue(value) = &attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) = &value.value
        {
            let line = line.value();
            page.push_str(line.strip_prefix(' ').unwrap_or(&line));
            page.push('\n');
        }
    }
    page
}

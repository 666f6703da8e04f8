//! The variables of a root module: what a run is given for them.

use std::path::Path;
use std::sync::Arc;

use super::declarations::{Declarations, Written};
use super::files::FileTable;
use super::folder::read;
use crate::manifest::Variables;
use crate::manifest::terraform::language::{Item, Value};
use crate::source::{self, Disk, SourceFile};
use crate::syntax::hcl::{self, Body, Expr};

/// What a run is given for a variable, from files and options.
pub(super) enum Given<'f> {
    /// The value, as files or options write it.
    Expr(Written<'f>),
    /// A text from the environment or an option, which is an expression unless the variable is a text.
    Text(String),
    /// A file of values, which a run may be given, names it.
    Perhaps(&'f str),
}

/// Whether every run reads a file of values: `terraform.tfvars` and `*.auto.tfvars`, in either syntax.
pub(super) fn is_automatic(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

/// What a run gives for the variable `name`. Later sources win: the environment, `terraform.tfvars`, `*.auto.tfvars`,
/// options.
pub(super) fn given<'f>(
    name: &str,
    declared: &Declarations<'f>,
    options: &'f GivenFiles,
    variables: &Variables,
) -> Option<Given<'f>> {
    if let Some((_, text)) = variables.values.iter().rev().find(|(own, _)| own == name) {
        return Some(Given::Text(text.clone()));
    }
    let in_options = options
        .files
        .iter()
        .rev()
        .find_map(|(body, file)| Some(Written { expr: &body.attribute(name)?.value, file: *file }));
    if let Some(written) = in_options {
        return Some(Given::Expr(written));
    }
    let of = |wanted: fn(&str) -> bool| {
        let files = declared.values.iter().rev().filter(move |(path, ..)| wanted(path));
        files
            .filter_map(|(path, body, file)| Some((*path, Written { expr: &body.attribute(name)?.value, file: *file })))
    };
    // Files named on the command line settle which of those that may be given are.
    if options.files.is_empty()
        && let Some((path, _)) = of(|path| !is_automatic(path)).next()
    {
        return Some(Given::Perhaps(path));
    }
    let automatic = of(|path| is_automatic(path) && path.contains(".auto.tfvars")).next();
    let automatic = automatic.or_else(|| of(|path| is_automatic(path) && !path.contains(".auto.tfvars")).next());
    if let Some((_, written)) = automatic {
        return Some(Given::Expr(written));
    }
    let environment = variables.environment.iter().find(|(own, _)| own == name);
    environment.map(|(_, text)| Given::Text(text.clone()))
}

/// A value that stands in a text: an expression, unless the variable is a text.
pub(super) fn parsed(text: &str, is_text: bool) -> Item {
    if is_text {
        return Value::from(text).into();
    }
    match text.parse::<hcl_edit::expr::Expression>() {
        Ok(expression) => literal(&expression).unwrap_or_else(|| Value::from(text).into()),
        Err(_) => Value::from(text).into(),
    }
}

/// An expression that refers to nothing.
fn literal(expression: &hcl_edit::expr::Expression) -> Option<Item> {
    use hcl_edit::expr::{Expression, ObjectKey};
    let value = match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(truth) => Value::Bool(*truth.value()),
        Expression::Number(number) => Value::Number(number.value().as_f64()?),
        Expression::String(text) => Value::from(text.value().as_str()),
        Expression::Array(items) => items.iter().map(literal).collect::<Option<Vec<_>>>()?.into_iter().collect(),
        Expression::Object(object) => {
            let member = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                let name = match key {
                    ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => name.to_string(),
                    ObjectKey::Expression(expression) => expression.as_str()?.to_owned(),
                };
                let key = crate::manifest::terraform::language::Origin::default();
                let item = literal(value.expr())?;
                Some((std::rc::Rc::from(name), crate::manifest::terraform::language::Member { key, item }))
            };
            object.iter().map(member).collect::<Option<Vec<_>>>()?.into_iter().collect()
        }
        _ => return None,
    };
    Some(value.into())
}

/// The files of values that options name, parsed.
#[derive(Debug, Default)]
pub(crate) struct GivenFiles {
    files: Vec<(Body, u32)>,
}

impl GivenFiles {
    /// Reads the files that options name, in their order; one that cannot be read was refused before.
    pub(crate) fn read(variables: &Variables, disk: Disk<'_>, table: &FileTable<'_>) -> Self {
        let mut given = Self::default();
        for path in &variables.files {
            let shown = source::shown(&disk.working_directory.join(path), disk.working_directory);
            let Ok(file) = disk.read_at(&disk.working_directory.join(path), &shown).map(Arc::new) else { continue };
            if let Ok(body) = values(&file) {
                given.files.push((body, table.add(std::iter::once(&file))));
            }
        }
        given
    }
}

/// The values that a file holds, whatever its name.
pub(crate) fn values(file: &SourceFile) -> Result<hcl::Body, crate::syntax::SyntaxError> {
    if Path::new(file.path()).extension().is_some_and(|ending| ending == "json") {
        return hcl::values_from_json(&crate::syntax::json::parse(file.text())?.node);
    }
    read(file)
}

/// The type of a variable is a text, or not told.
pub(super) fn is_text(kind: Option<Written<'_>>) -> bool {
    match kind.map(|kind| kind.expr) {
        None => true,
        Some(Expr::Hcl(expression)) => matches!(expression.to_string().trim(), "string" | "\"string\""),
        Some(Expr::Json(node)) => node.as_str() == Some("string"),
    }
}

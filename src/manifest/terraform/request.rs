//! What a block says of its requests beside where they act: the resources that policies can name, and tags.

use super::block::Reader;
use crate::authz::{Context, Fact, NamedResource};
use crate::catalog::Phase;
use crate::syntax::hcl::Expr;
use crate::syntax::{Entry, Value};

/// The service whose resources policies name by what stands in a block; others go by ids that only a run could tell.
const OBJECT_STORAGE: &str = "obs";

impl Reader<'_> {
    /// The bucket, and the objects in it.
    pub(super) fn resources(&self) -> Vec<NamedResource> {
        let Some(Value::String(bucket)) = self.attribute("bucket").filter(|_| self.known.service == OBJECT_STORAGE)
        else {
            return Vec::new();
        };
        let key = match self.attribute("key") {
            Some(Value::String(key)) => key,
            _ => String::from("*"),
        };
        let named = |kind: &str, path: String| NamedResource { kind: kind.to_owned(), path };
        vec![named("object", format!("{bucket}/{key}")), named("bucket", bucket)]
    }

    /// The tags of the resource, once it has them. Which of the calls that make it brings them is not known, unless
    /// there are none.
    pub(super) fn facts(&self, phase: Phase) -> Context {
        const TAGS: &str = "g:ResourceTag/";
        let nothing = Context::default();
        if !self.known.has_tags || self.tags_may_differ() {
            return nothing;
        }
        let entries = match self.attribute("tags") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Map(entries)) => entries,
            _ => return nothing,
        };
        match phase {
            Phase::Create if entries.is_empty() => nothing.complete("g:RequestTag/").with("g:TagKeys", Fact::Absent),
            Phase::Read | Phase::Delete => {
                let is_known = entries.iter().all(|entry| text(entry).is_some());
                let with = |context: Context, entry: &Entry| match text(entry) {
                    Some(value) => context.with(&format!("{TAGS}{}", entry.key), Fact::Values(vec![value])),
                    None => context,
                };
                let tagged = entries.iter().fold(nothing, with);
                if is_known { tagged.complete(TAGS) } else { tagged }
            }
            _ => nothing,
        }
    }

    /// The provider adds tags of its own, or changes of them are ignored.
    fn tags_may_differ(&self) -> bool {
        let Some(provider) = self.provider().block() else { return true };
        let adds = provider.body.attribute("default_tags").is_some()
            || provider.body.blocks_of("default_tags").next().is_some();
        let lifecycles = self.block.body.blocks_of("lifecycle");
        let mut ignored = lifecycles.filter_map(|lifecycle| lifecycle.body.attribute("ignore_changes"));
        adds || ignored.any(|attribute| names_tags(&attribute.value))
    }
}

fn text(entry: &Entry) -> Option<String> {
    match &entry.value.value {
        Value::String(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn names_tags(value: &Expr) -> bool {
    let names = |text: &str| text.contains("tags") || text.trim() == "all";
    match value {
        Expr::Hcl(expression) => names(&expression.to_string()),
        Expr::Json(node) => {
            node.as_list().unwrap_or_default().iter().chain([node]).any(|item| item.as_str().is_some_and(names))
        }
    }
}

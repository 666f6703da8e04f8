//! What a block says of its requests beside where they act: the resources that policies can name, and tags.

use super::Resource;
use crate::authz::{Context, Fact, NamedResource};
use crate::catalog::Phase;
use crate::manifest::terraform::language::Value;

/// The service whose resources policies name by what stands in a block; others go by ids that only a run could tell.
const OBJECT_STORAGE: &str = "obs";

impl Resource<'_> {
    /// The bucket, and the objects in it.
    pub(super) fn resources(&self) -> Vec<NamedResource> {
        let text = |name| self.attribute(name).and_then(Value::as_str);
        let Some(bucket) = text("bucket").filter(|_| self.known.entry.service == OBJECT_STORAGE) else {
            return Vec::new();
        };
        let key = text("key").unwrap_or("*");
        let named = |kind: &str, path: String| NamedResource { kind: kind.to_owned(), path };
        vec![named("object", format!("{bucket}/{key}")), named("bucket", bucket.to_owned())]
    }

    /// The tags of the resource, once it has them. Which of the calls that make it brings them is not known, unless
    /// there are none.
    pub(super) fn facts(&self, phase: Phase) -> Context {
        const TAGS: &str = "g:ResourceTag/";
        let nothing = Context::default();
        if !self.known.entry.has_tags || self.tags_may_differ() {
            return nothing;
        }
        let tags: Vec<(&str, Option<String>)> = match self.attribute("tags") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Map(tags)) => {
                let text = |value: &Value| value.scalar().map(|text| text.to_string());
                tags.iter().map(|(name, tag)| (&**name, text(&tag.item.value))).collect()
            }
            _ => return nothing,
        };
        match phase {
            Phase::Create if tags.is_empty() => nothing.complete("g:RequestTag/").with("g:TagKeys", Fact::Absent),
            Phase::Read | Phase::Delete => {
                let is_known = tags.iter().all(|(_, value)| value.is_some());
                let with = |context: Context, (name, value): (&str, Option<String>)| match value {
                    Some(value) => context.with(&format!("{TAGS}{name}"), Fact::Values(vec![value])),
                    None => context,
                };
                let tagged = tags.into_iter().fold(nothing, with);
                if is_known { tagged.complete(TAGS) } else { tagged }
            }
            _ => nothing,
        }
    }

    /// The provider adds tags of its own, or changes of them are ignored.
    fn tags_may_differ(&self) -> bool {
        if !self.provider.is_configured || self.provider.adds_tags {
            return true;
        }
        let mut lifecycles = self.body.blocks_of("lifecycle");
        lifecycles.any(|lifecycle| lifecycle.body.ignores("tags"))
    }
}

//! The rows of the policy file, in its order, and the names that find them.

use std::collections::BTreeMap;

use zerocopy::little_endian::U32;

use super::super::format::{PolicyEntry, PolicyFile, PolicyKindName};
use super::super::layout::{PolicyNameRow, PolicyRow};
use super::builder::Builder;
use super::sources::Sources;

pub(super) fn compile(builder: &mut Builder, files: &[PolicyFile]) -> Result<(), String> {
    let mut names = BTreeMap::new();
    for file in files {
        let sources = Sources::push(builder, &file.sources)?;
        for policy in &file.policies {
            let source = sources.number(&policy.source)?;
            let number = push_policy(builder, policy, source)?;
            let all = [Some(&policy.name), policy.internal_name.as_ref(), policy.old_name.as_ref()];
            for (rank, name) in all.into_iter().enumerate() {
                let Some(name) = name else { continue };
                names.insert((name.0.to_lowercase(), rank, number), name.0.as_str());
            }
        }
    }
    for ((lower, _, number), name) in names {
        let row = PolicyNameRow { lower: builder.text(&lower)?, name: builder.text(name)?, policy: U32::new(number) };
        builder.push(row)?;
    }
    Ok(())
}

fn push_policy(builder: &mut Builder, policy: &PolicyEntry, source: U32) -> Result<u32, String> {
    let internal_name = policy.internal_name.as_ref().map(|name| name.0.as_str());
    let row = PolicyRow {
        kind: match policy.kind {
            PolicyKindName::Policy => 0,
            PolicyKindName::Role => 1,
            PolicyKindName::Identity => 2,
        },
        name: builder.text(&policy.name.0)?,
        internal_name: builder.optional(internal_name)?,
        service: builder.text(&policy.service.0)?,
        allow: builder.texts(policy.allow.iter().map(|action| action.0.as_str()))?,
        deny: builder.texts(policy.deny.iter().map(|action| action.0.as_str()))?,
        allow_perhaps: builder.texts(policy.allow_perhaps.iter().map(|action| action.0.as_str()))?,
        deny_perhaps: builder.texts(policy.deny_perhaps.iter().map(|action| action.0.as_str()))?,
        assumed: builder.texts(policy.assumed.iter().map(|action| action.0.as_str()))?,
        not_granted: builder.texts(policy.not_granted.iter().map(|action| action.0.as_str()))?,
        depends: builder.texts(policy.depends.iter().map(|name| name.0.as_str()))?,
        source,
    };
    builder.push(row)
}

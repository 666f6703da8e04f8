//! `override.tf` and `*_override.tf`: files whose blocks change those of the other files of a folder.

use std::sync::Arc;

use crate::source::SourceFile;
use crate::syntax::hcl::{Attribute, Block, Body, Expr};

/// The files of a folder with their bodies.
type Bodies = Vec<(Arc<SourceFile>, Body)>;

/// Merges override files into the others as Terraform does: an attribute replaces the one of its name, nested blocks
/// replace all of their kind. A block that changes none stands for itself.
pub(super) fn merged(bodies: Bodies) -> Bodies {
    let (overriding, mut others): (Bodies, Bodies) = bodies.into_iter().partition(|(file, _)| overrides(file.path()));
    for (file, body) in overriding {
        let mut left = Body::default();
        for block in body.blocks {
            match others.iter_mut().flat_map(|(_, body)| &mut body.blocks).find(|other| is_same(other, &block)) {
                Some(other) => change(&mut other.body, block.body),
                None => left.blocks.push(block),
            }
        }
        others.push((file, left));
    }
    others
}

fn overrides(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".json");
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu"));
    stem.is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// A local is named by its attribute, a provider by its alias, every other block by its labels.
fn is_same(one: &Block, other: &Block) -> bool {
    let same = one.kind == other.kind && one.labels == other.labels;
    match one.kind.as_str() {
        "locals" => same && other.body.attributes.iter().any(|local| one.body.attribute(&local.name).is_some()),
        "provider" => same && alias(one) == alias(other),
        "terraform" => false,
        _ => same,
    }
}

fn alias(block: &Block) -> Option<String> {
    block.body.attribute("alias").map(|attribute| match &attribute.value {
        Expr::Hcl(expression) => expression.to_string().trim().trim_matches('"').to_owned(),
        Expr::Json(node) => node.scalar().unwrap_or_default(),
    })
}

fn change(body: &mut Body, by: Body) {
    for attribute in by.attributes {
        let same = |other: &&mut Attribute| other.name == attribute.name;
        match body.attributes.iter_mut().find(same) {
            Some(other) => *other = attribute,
            None => body.attributes.push(attribute),
        }
    }
    body.blocks.retain(|block| !by.blocks.iter().any(|other| other.kind == block.kind));
    body.blocks.extend(by.blocks);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl;

    fn read(files: &[(&str, &str)]) -> Bodies {
        let body = |(path, text): &(&str, &str)| (Arc::new(SourceFile::new(*path, *text)), hcl::parse(text).unwrap());
        merged(files.iter().map(body).collect())
    }

    fn text(body: &Body, name: &str) -> String {
        match &body.attribute(name).unwrap().value {
            Expr::Hcl(expression) => expression.to_string().trim().to_owned(),
            Expr::Json(_) => panic!("native syntax"),
        }
    }

    #[test]
    fn attributes_and_nested_blocks_of_an_override_file_win() {
        let main = "provider \"x\" {\n region = \"a\"\n}\nprovider \"x\" {\n alias = \"dr\"\n region = \"b\"\n}\nresource \"t\" \"n\" {\n k = 1\n l = 2\n disk {}\n disk {}\n nic {}\n}\n";
        let over = "provider \"x\" {\n region = \"c\"\n}\nresource \"t\" \"n\" {\n k = 3\n m = 4\n disk {}\n}\nresource \"t\" \"new\" {}\n";
        let bodies = read(&[("main.tf", main), ("prod_override.tf", over)]);
        let blocks = &bodies[0].1.blocks;
        assert_eq!(text(&blocks[0].body, "region"), "\"c\"");
        assert_eq!(text(&blocks[1].body, "region"), "\"b\"");
        let resource = &blocks[2].body;
        assert_eq!(["k", "l", "m"].map(|name| text(resource, name)), ["3", "2", "4"]);
        assert_eq!(resource.blocks_of("disk").count(), 1);
        assert_eq!(resource.blocks_of("nic").count(), 1);
        assert_eq!(bodies[1].1.blocks[0].labels, ["t", "new"]);
    }

    #[test]
    fn other_files_change_nothing() {
        let bodies = read(&[("a.tf", "locals {\n x = 1\n}\n"), ("b.tf", "locals {\n x = 2\n}\n")]);
        assert_eq!(text(&bodies[0].1.blocks[0].body, "x"), "1");
    }
}

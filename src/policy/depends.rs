//! `Depends`: the roles without which a role takes no effect, as the published roles (1.0) write them.

use super::element::{Elements, Known, is_open, text};
use super::{Defect, Dependency, Located};
use crate::syntax::{Entry, Node};

const DEPENDENCY: &[Known] = &[Known::required("catalog"), Known::required("display_name")];

/// The dependencies that have a name.
pub(super) fn depends(entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Located<Dependency>> {
    let node = &entry.value;
    let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
    if node.as_list().is_none() && !is_open(node) {
        let message = format!("`Depends` has to be a list of objects, and this is {}", node.kind());
        defects.push(Defect::new(node.span, message).with_help("put the role that is needed into [ ]"));
    }
    nodes.iter().filter_map(|node| dependency(node, defects)).collect()
}

fn dependency(node: &Node, defects: &mut Vec<Defect>) -> Option<Located<Dependency>> {
    if let Some(name) = node.as_str() {
        let message = "a dependency has to be an object, and this is a text";
        let help = format!("write {{\"catalog\": \"BASE\", \"display_name\": \"{name}\"}} with the role's own catalog");
        defects.push(Defect::new(node.span, message).with_help(help));
        return None;
    }
    let elements = Elements::read(node, DEPENDENCY, "a dependency", defects);
    let mut named = |name| {
        let found = text(elements.get(name)?, defects)?;
        if found.value.trim().is_empty() {
            let message = format!("`{name}` is empty");
            defects
                .push(Defect::new(found.span, message).with_help("name the role as the console does, and its catalog"));
            return None;
        }
        Some(found)
    };
    let (catalog, display_name) = (named("catalog"), named("display_name"));
    Some(Located { value: Dependency { catalog, display_name: display_name? }, span: node.span })
}

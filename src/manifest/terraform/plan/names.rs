//! Names out of addresses.

/// The names of the modules of an address, without their keys: `module.a["x"].module.b` is of `a` and `b`.
pub(super) fn modules(address: &str) -> Vec<String> {
    let parts = parts(address);
    let mut names = Vec::new();
    let mut rest = parts.iter();
    while rest.next().is_some_and(|word| word == "module") {
        names.extend(rest.next().cloned());
    }
    names
}

/// The parts of an address between its dots, without keys.
fn parts(address: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut is_key, mut is_text, mut is_escaped) = (false, false, false);
    for character in address.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            _ if is_text => {}
            '[' => is_key = true,
            ']' => is_key = false,
            '.' if !is_key => parts.push(String::new()),
            _ if is_key => {}
            character => {
                if let Some(last) = parts.last_mut() {
                    last.push(character);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_without_their_keys() {
        for (address, expected) in [
            ("", &[][..]),
            ("module.a", &["a"]),
            (r#"module.a["x.y"].module.b[0]"#, &["a", "b"]),
            (r#"module.a["]\"["].huaweicloud_x.b"#, &["a"]),
            ("huaweicloud_x.module", &[]),
            ("module", &[]),
        ] {
            assert_eq!(modules(address), expected, "{address}");
        }
    }
}

use super::*;

/// The comments of a text as they stand in it.
fn found(text: &str, language: Language) -> Vec<&str> {
    comments(text, language).comments.iter().map(|span| &text[span.range()]).collect()
}

#[test]
fn hcl_has_three_kinds_of_comments() {
    let text = "# one\r\na = 1 // two\r\n/* three\n * more */ b = 2 /* four */ # five";
    assert_eq!(found(text, Language::Hcl), ["# one", "// two", "/* three\n * more */", "/* four */", "# five"]);
}

#[test]
fn texts_of_hcl_hold_no_comments() {
    for text in [
        "a = \"# // /* no */\"",
        r#"a = "\" # no""#,
        r##"a = "${"# no"} # no ${ { b = "}" }.b } # no""##,
        r#"a = "$${ # no""#,
        "a = <<EOF\n# no\n  EOF # no\n  EOF\n",
        "a = <<-EOF\r\n\t# no\r\n\tEOF\r\n",
        "a = <<EOF\n# no",
        "/* no",
        "\" # no",
    ] {
        assert_eq!(found(text, Language::Hcl), [""; 0], "{text}");
    }
    let text = "a = \"${ 1 # yes\n}\"\nb = <<E\n# no\nE\n# yes";
    assert_eq!(found(text, Language::Hcl), ["# yes", "# yes"]);
}

#[test]
fn a_heredoc_is_a_text_of_several_lines() {
    let text = "a = <<EOF\nx\nEOF\n";
    assert_eq!(comments(text, Language::Hcl).texts, [Span::new(4, 15)]);
}

#[test]
fn what_is_no_comment_in_hcl_can_be_read_without_the_comments() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = walkdir::WalkDir::new(fixtures).into_iter().filter_map(Result::ok);
    for file in files.filter(|file| file.path().extension().is_some_and(|ending| ending == "tf")) {
        let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
        let Ok(whole) = hcl_edit::parser::parse_body(&text) else { continue };
        let mut bare = text.clone();
        for comment in comments(&text, Language::Hcl).comments {
            bare.replace_range(comment.range(), &" ".repeat(comment.range().len()));
        }
        assert_eq!(hcl_edit::parser::parse_body(&bare).unwrap(), whole, "{}", file.path().display());
    }
}

#[test]
fn yaml_comments_stand_outside_of_scalars() {
    let text = "# a\nb: | # c\n  # no\n\n# d\ne: 'it''s # no' # f\ng: \"\\\" # no\" # h\ni: >-\n  j\n  # no\n # k\n\
                l: m#no\n  n # o\np: [q, # r\n  'x#', !t 'y # no'] # s\n";
    assert_eq!(found(text, Language::Yaml), ["# a", "# c", "# d", "# f", "# h", "# k", "# o", "# r", "# s"]);
}

#[test]
fn a_block_scalar_begins_on_the_line_of_its_mark() {
    let text = "a:\n  b: |\n\n    text\n  c: 1\n";
    let texts = comments(text, Language::Yaml).texts;
    assert_eq!(texts.len(), 1);
    assert_eq!(text[..texts[0].range().start].matches('\n').count(), 1);
}

#[test]
fn json_comments_stand_outside_of_strings() {
    let text = "{ // a\r\n \"b\": \"// no /* no */ \\\" // no\", /* c\n */ 'd': 1 } // e";
    assert_eq!(found(text, Language::Json), ["// a", "/* c\n */", "// e"]);
}

#[test]
fn of_a_broken_text_the_comments_before_the_mistake_are_found() {
    assert_eq!(found("a: 1 # yes\nb: [\n# no\nc: }", Language::Yaml), ["# yes"]);
    assert_eq!(found("{ // yes\n \"a # no\n// no", Language::Json), ["// yes"]);
}

#[test]
fn many_marks_and_open_ends_take_one_pass() {
    for text in ["/*", "/* */", "#", "//", "\"", "\"${", "<<", "<<A\n", "- |\n", "'", "# \n", "{", "/", "}"] {
        let text = text.repeat(1_000_000 / text.len());
        for language in [Language::Hcl, Language::Json, Language::Yaml] {
            let started = std::time::Instant::now();
            comments(&text, language);
            assert!(started.elapsed().as_secs() < 5, "{} {language:?}", &text[..4]);
        }
    }
}

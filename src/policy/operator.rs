//! The operators of `Condition`: `ForAnyValue:StringNotEqualsIfExists` and its kin.

use crate::nearest::nearest;

/// An operator, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// How the values of a key that has several are held against it; none for a key with one.
    pub quantifier: Option<Quantifier>,
    /// What one value is tested for.
    pub test: Test,
    /// No value of the policy may pass the test.
    pub is_negated: bool,
    /// The condition holds where the request does not have the key.
    pub if_exists: bool,
}

/// How the values of a request are held against a condition on a key that has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `ForAnyValue:` one of them has to pass; none passes where there is none.
    Any,
    /// `ForAllValues:` all of them have to pass; all do where there is none.
    All,
}

/// What a value of the request is tested for, against one value of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    /// The same text.
    Equals,
    /// The same text but for letter case.
    EqualsIgnoreCase,
    /// `StringMatch`: a glob with `*` and `?`.
    Match,
    /// `StringLike`: the text contains the policy's. No glob, whatever the name says.
    Contains,
    /// The text starts so.
    StartsWith,
    /// The text ends so.
    EndsWith,
    /// A number compares so.
    Number(Order),
    /// An instant compares so.
    Date(Order),
    /// `true` or `false`.
    Bool,
    /// An address lies in a range.
    Address,
    /// `Null`: `"true"` where the request must not have the key, `"false"` where it must.
    Absent,
}

/// How a number or an instant of the request compares with the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// It is the same.
    Equal,
    /// It is less, or earlier.
    Less,
    /// It is not more, or not later.
    AtMost,
    /// It is more, or later.
    Greater,
    /// It is not less, or not earlier.
    AtLeast,
}

/// The kinds of values that condition keys have and operators are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// An instant.
    Date,
    /// A truth value.
    Bool,
    /// An IP address.
    Address,
}

/// Every operator without quantifier and `IfExists`, with its test and whether it is negated.
///
/// The 1.1 names are those of the page on policy syntax and of the vendor's own examples; the `Numeric` names and the
/// addresses come from documents on identity policies (5.0).
const OPERATORS: &[(&str, Test, bool)] = &[
    ("StringEquals", Test::Equals, false),
    ("StringNotEquals", Test::Equals, true),
    ("StringEqualsIgnoreCase", Test::EqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Test::EqualsIgnoreCase, true),
    ("StringMatch", Test::Match, false),
    ("StringNotMatch", Test::Match, true),
    ("StringLike", Test::Contains, false),
    ("StringNotLike", Test::Contains, true),
    ("StringStartWith", Test::StartsWith, false),
    ("StringEndWith", Test::EndsWith, false),
    ("NumberEquals", Test::Number(Order::Equal), false),
    ("NumberNotEquals", Test::Number(Order::Equal), true),
    ("NumberLessThan", Test::Number(Order::Less), false),
    ("NumberLessThanEquals", Test::Number(Order::AtMost), false),
    ("NumberGreaterThan", Test::Number(Order::Greater), false),
    ("NumberGreaterThanEquals", Test::Number(Order::AtLeast), false),
    ("NumericEquals", Test::Number(Order::Equal), false),
    ("NumericNotEquals", Test::Number(Order::Equal), true),
    ("NumericLessThan", Test::Number(Order::Less), false),
    ("NumericLessThanEquals", Test::Number(Order::AtMost), false),
    ("NumericGreaterThan", Test::Number(Order::Greater), false),
    ("NumericGreaterThanEquals", Test::Number(Order::AtLeast), false),
    ("DateEquals", Test::Date(Order::Equal), false),
    ("DateNotEquals", Test::Date(Order::Equal), true),
    ("DateLessThan", Test::Date(Order::Less), false),
    ("DateLessThanEquals", Test::Date(Order::AtMost), false),
    ("DateGreaterThan", Test::Date(Order::Greater), false),
    ("DateGreaterThanEquals", Test::Date(Order::AtLeast), false),
    ("Bool", Test::Bool, false),
    ("IpAddress", Test::Address, false),
    ("NotIpAddress", Test::Address, true),
    ("Null", Test::Absent, false),
];

const IF_EXISTS: &str = "IfExists";

impl Operator {
    /// Reads an operator. Letter case does not count here: IAM is not known to refuse another.
    ///
    /// `None` where there is no such operator; `Null` takes neither `IfExists` nor a quantifier.
    pub fn read(text: &str) -> Option<Self> {
        let (quantifier, rest) = quantified(text);
        let (name, if_exists) = match strip_suffix(rest, IF_EXISTS) {
            Some(name) => (name, true),
            None => (rest, false),
        };
        let (_, tested, is_negated) = OPERATORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        if *tested == Test::Absent && (if_exists || quantifier.is_some()) {
            return None;
        }
        Some(Self { quantifier, test: *tested, is_negated: *is_negated, if_exists })
    }

    /// The kind of value that the operator is for; none for `Null`, which is for every kind.
    pub fn value_kind(self) -> Option<ValueKind> {
        match self.test {
            Test::Number(_) => Some(ValueKind::Number),
            Test::Date(_) => Some(ValueKind::Date),
            Test::Bool => Some(ValueKind::Bool),
            Test::Address => Some(ValueKind::Address),
            Test::Absent => None,
            _ => Some(ValueKind::Text),
        }
    }
}

/// The right spelling of an operator that is right but for letter case; else the text itself.
pub fn spelt(text: &str) -> String {
    let (quantifier, rest) = quantified(text);
    let (name, suffix) = strip_suffix(rest, IF_EXISTS).map_or((rest, ""), |name| (name, IF_EXISTS));
    let prefix = match quantifier {
        None => "",
        Some(Quantifier::Any) => ANY,
        Some(Quantifier::All) => ALL,
    };
    let known = OPERATORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map_or_else(|| text.to_owned(), |(known, ..)| format!("{prefix}{known}{suffix}"))
}

/// The operator that a misspelt one may stand for, and whether that is all that it can be: the published lists of
/// operators differ, so that a text that is only like one may name another.
pub(super) fn meant(text: &str) -> Option<(String, bool)> {
    let (written, rest) = text.rsplit_once(':').unwrap_or(("", text));
    let prefix = match written {
        "" => "",
        _ => nearest(&format!("{written}:"), [ANY, ALL])?,
    };
    let base = OPERATORS.iter().map(|(name, ..)| (*name).to_owned());
    let names: Vec<String> = base.flat_map(|name| [format!("{name}{IF_EXISTS}"), name]).collect();
    let near = nearest(rest, names.iter().map(String::as_str))?;
    // `StringNotStartWith` is no slip in `StringStartWith`.
    let is_slip = near.contains("Not") == rest.to_ascii_lowercase().contains("not");
    Some((format!("{prefix}{near}"), is_slip))
}

const ANY: &str = "ForAnyValue:";
const ALL: &str = "ForAllValues:";

fn quantified(text: &str) -> (Option<Quantifier>, &str) {
    for (prefix, quantifier) in [(ANY, Quantifier::Any), (ALL, Quantifier::All)] {
        if let Some((start, rest)) = text.split_at_checked(prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            return (Some(quantifier), rest);
        }
    }
    (None, text)
}

fn strip_suffix<'t>(text: &'t str, suffix: &str) -> Option<&'t str> {
    let (start, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_taken_apart() {
        let plain = |test, is_negated| Operator { quantifier: None, test, is_negated, if_exists: false };
        for (text, expected) in [
            ("StringEquals", plain(Test::Equals, false)),
            ("StringNotLike", plain(Test::Contains, true)),
            ("NumericLessThan", plain(Test::Number(Order::Less), false)),
            ("NumberLessThan", plain(Test::Number(Order::Less), false)),
            ("stringequals", plain(Test::Equals, false)),
            ("NotIpAddress", plain(Test::Address, true)),
            ("BoolIfExists", Operator { if_exists: true, ..plain(Test::Bool, false) }),
            (
                "ForAnyValue:StringNotEqualsIfExists",
                Operator { quantifier: Some(Quantifier::Any), if_exists: true, ..plain(Test::Equals, true) },
            ),
            ("ForAllValues:StringMatch", Operator { quantifier: Some(Quantifier::All), ..plain(Test::Match, false) }),
        ] {
            assert_eq!(Operator::read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_operator_is_none() {
        for text in
            ["", "IfExists", "StringEqual", "NullIfExists", "ForAnyValue:Null", "ForAnyValue:", "ForSome:Bool", "期"]
        {
            assert_eq!(Operator::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_misspelt_operator_finds_its_name() {
        for (text, expected) in [
            ("StringEndWithIfExsits", Some(("StringEndWithIfExists", true))),
            ("StringEqual", Some(("StringEquals", true))),
            ("StringStartsWith", Some(("StringStartWith", true))),
            ("ForAnyValues:StringEqual", Some(("ForAnyValue:StringEquals", true))),
            ("forallvalue:Bool", Some(("ForAllValues:Bool", true))),
            ("StringNotStartWith", Some(("StringStartWith", false))),
            ("ArnLike", None),
            ("IsNullOrEmpty", None),
            ("ForSome:StringEquals", None),
        ] {
            let expected = expected.map(|(name, is_slip)| (name.to_owned(), is_slip));
            assert_eq!(meant(text), expected, "{text}");
        }
    }

    #[test]
    fn the_right_spelling_of_an_operator_is_known() {
        assert_eq!(spelt("foranyvalue:stringequalsifexists"), "ForAnyValue:StringEqualsIfExists");
        assert_eq!(spelt("nonsense"), "nonsense");
    }
}

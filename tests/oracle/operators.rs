//! The oracle's own reader of condition operators and of the values that they compare.

use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::net::IpAddr;

use jiff::Timestamp;

use crate::glob::glob_matches;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Same,
    SameInAnyCase,
    Glob,
    Contains,
    Starts,
    Ends,
    Number(&'static [Ordering]),
    Date(&'static [Ordering]),
    Bool,
    Ip,
    Null,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Operator {
    pub(crate) quantifier: Option<Quantifier>,
    pub(crate) test: Test,
    pub(crate) is_negated: bool,
    pub(crate) if_exists: bool,
}

/// Every operator of both grammars but `Null`, without beginnings and endings; which test it is, and whether negated.
pub(crate) const OPERATORS: [(&str, Test, bool); 31] = [
    ("StringEquals", Test::Same, false),
    ("StringNotEquals", Test::Same, true),
    ("StringEqualsIgnoreCase", Test::SameInAnyCase, false),
    ("StringNotEqualsIgnoreCase", Test::SameInAnyCase, true),
    ("StringMatch", Test::Glob, false),
    ("StringNotMatch", Test::Glob, true),
    ("StringLike", Test::Contains, false),
    ("StringNotLike", Test::Contains, true),
    ("StringStartWith", Test::Starts, false),
    ("StringEndWith", Test::Ends, false),
    ("NumberEquals", Test::Number(&[Equal]), false),
    ("NumberNotEquals", Test::Number(&[Equal]), true),
    ("NumberLessThan", Test::Number(&[Less]), false),
    ("NumberLessThanEquals", Test::Number(&[Less, Equal]), false),
    ("NumberGreaterThan", Test::Number(&[Greater]), false),
    ("NumberGreaterThanEquals", Test::Number(&[Greater, Equal]), false),
    ("NumericEquals", Test::Number(&[Equal]), false),
    ("NumericNotEquals", Test::Number(&[Equal]), true),
    ("NumericLessThan", Test::Number(&[Less]), false),
    ("NumericLessThanEquals", Test::Number(&[Less, Equal]), false),
    ("NumericGreaterThan", Test::Number(&[Greater]), false),
    ("NumericGreaterThanEquals", Test::Number(&[Greater, Equal]), false),
    ("DateEquals", Test::Date(&[Equal]), false),
    ("DateNotEquals", Test::Date(&[Equal]), true),
    ("DateLessThan", Test::Date(&[Less]), false),
    ("DateLessThanEquals", Test::Date(&[Less, Equal]), false),
    ("DateGreaterThan", Test::Date(&[Greater]), false),
    ("DateGreaterThanEquals", Test::Date(&[Greater, Equal]), false),
    ("Bool", Test::Bool, false),
    ("IpAddress", Test::Ip, false),
    ("NotIpAddress", Test::Ip, true),
];

impl Operator {
    /// None where no grammar has it.
    pub(crate) fn read(written: &str) -> Option<Self> {
        if written.eq_ignore_ascii_case("null") {
            return Some(Self { quantifier: None, test: Test::Null, is_negated: false, if_exists: false });
        }
        let whole = written.to_lowercase();
        let (quantifier, name) = match (whole.strip_prefix("foranyvalue:"), whole.strip_prefix("forallvalues:")) {
            (Some(rest), _) => (Some(Quantifier::Any), rest),
            (_, Some(rest)) => (Some(Quantifier::All), rest),
            (None, None) => (None, whole.as_str()),
        };
        let (if_exists, name) = name.strip_suffix("ifexists").map_or((false, name), |rest| (true, rest));
        let &(_, test, is_negated) = OPERATORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        Some(Self { quantifier, test, is_negated, if_exists })
    }
}

/// Whether a request's value passes a test against a policy's; none where that cannot be said.
pub(crate) fn passes(test: Test, own: &str, value: &str) -> Option<bool> {
    Some(match test {
        Test::Same => own == value,
        Test::SameInAnyCase => own.to_lowercase() == value.to_lowercase(),
        Test::Glob => glob_matches(value, own),
        Test::Contains => own.contains(value),
        Test::Starts => own.starts_with(value),
        Test::Ends => own.ends_with(value),
        Test::Number(orders) => {
            let (own, value): (f64, f64) = (own.parse().ok()?, value.parse().ok()?);
            orders.contains(&own.partial_cmp(&value)?)
        }
        Test::Date(orders) => {
            let (own, value): (Timestamp, Timestamp) = (own.parse().ok()?, value.parse().ok()?);
            orders.contains(&own.cmp(&value))
        }
        Test::Bool => truth(own)? == truth(value)?,
        Test::Ip => {
            let ((own, first, last), (other, lowest, highest)) = (range(own)?, range(value)?);
            let is_inside = own == other && lowest <= first && last <= highest;
            let is_outside = own != other || highest < first || last < lowest;
            return (is_inside || is_outside).then_some(is_inside);
        }
        Test::Null => unreachable!("`Null` compares nothing"),
    })
}

pub(crate) fn truth(text: &str) -> Option<bool> {
    text.to_lowercase().parse().ok()
}

/// Whether addresses are of the longer kind, the first of them and the last.
fn range(text: &str) -> Option<(bool, u128, u128)> {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let (is_long, bits, all) = match address.parse().ok()? {
        IpAddr::V4(address) => (false, u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (true, address.to_bits(), 128),
    };
    let length: u32 = length.map_or(Some(all), |length| length.parse().ok())?;
    let rest = 1_u128.checked_shl(all.checked_sub(length)?).unwrap_or(0).wrapping_sub(1);
    Some((is_long, bits & !rest, bits | rest))
}

#[test]
fn operators_are_read_with_their_beginnings_and_endings() {
    let read = |text| Operator::read(text).map(|it| (it.quantifier, it.test, it.is_negated, it.if_exists));
    assert_eq!(read("StringNotEquals"), Some((None, Test::Same, true, false)));
    assert_eq!(read("forAnyValue:STRINGmatchIfExists"), Some((Some(Quantifier::Any), Test::Glob, false, true)));
    assert_eq!(read("null"), Some((None, Test::Null, false, false)));
    assert_eq!(read("NullIfExists"), None);
    assert_eq!(read("StringAbout"), None);
}

#[test]
fn addresses_are_inside_outside_or_across() {
    for (own, value, expected) in [
        ("10.1.2.3", "10.0.0.0/8", Some(true)),
        ("10.1.0.0/16", "10.0.0.0/8", Some(true)),
        ("10.0.0.0/8", "10.1.0.0/16", None),
        ("10.1.2.3", "10.1.2.3", Some(true)),
        ("11.1.2.3", "10.0.0.0/8", Some(false)),
        ("11.1.2.3", "0.0.0.0/0", Some(true)),
        ("fd00::1", "fd00::/8", Some(true)),
        ("fd00::1", "::/0", Some(true)),
        ("fd00::1", "10.0.0.0/8", Some(false)),
        ("10.1.2.3", "office", None),
    ] {
        assert_eq!(passes(Test::Ip, own, value), expected, "{own} in {value}");
    }
}

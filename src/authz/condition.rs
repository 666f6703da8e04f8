//! Whether a `Condition` holds, as far as the request is known.

use ipnet::IpNet;

use super::Truth;
use super::context::{Circumstances, Context, Fact};
use crate::glob::matches;
use crate::policy::values::{instant, network, number, truth};
use crate::policy::{Condition, Operator, Order, Quantifier, Test};

/// What all conditions of a statement come to.
pub(super) struct Judged {
    pub(super) truth: Truth,
    /// They fail, and only those that ask for another place do.
    pub(super) is_elsewhere: bool,
    keys: Vec<String>,
}

/// Keys that say where a request acts.
const PLACES: [&str; 2] = ["g:requestedregion", "g:enterpriseprojectid"];

/// Holds all conditions of a statement against a request: each has to hold.
pub(super) fn judge(conditions: &[Condition], context: &Context, request: Circumstances<'_>) -> Judged {
    let each: Vec<(&str, Truth)> =
        conditions.iter().map(|condition| (condition.key.value.as_str(), holds(condition, context, request))).collect();
    let truth = each.iter().map(|(_, truth)| *truth).fold(Truth::Yes, Truth::and);
    let mut deciding: Vec<String> =
        each.iter().filter(|(_, own)| *own == truth).map(|(key, _)| format!("`{key}`")).collect();
    deciding.sort();
    deciding.dedup();
    let is_place = |key: &str| PLACES.iter().any(|place| key.eq_ignore_ascii_case(place));
    let is_elsewhere =
        truth == Truth::No && each.iter().all(|(key, own)| *own == Truth::Yes || (*own == truth && is_place(key)));
    Judged { truth, is_elsewhere, keys: deciding }
}

impl Judged {
    /// Why they fail.
    pub(super) fn fails(&self) -> String {
        format!("the statement's `Condition` on {} does not hold", self.keys.join(", "))
    }

    /// Why they are open.
    pub(super) fn open(&self) -> String {
        format!("the statement's `Condition` on {} is not settled by the files", self.keys.join(", "))
    }
}

/// Holds one key of a `Condition` against a request. Three-valued: what is not known of the request, and what IAM is
/// not documented to do, stays open.
fn holds(condition: &Condition, context: &Context, request: Circumstances<'_>) -> Truth {
    let Some(operator) = Operator::read(&condition.operator.value) else { return Truth::Unknown };
    let wanted: Vec<&str> = condition.values.iter().map(|value| value.value.as_str()).collect();
    // A policy variable stands for what only the request could tell.
    if wanted.is_empty() || wanted.iter().any(|value| value.contains("${")) {
        return Truth::Unknown;
    }
    match &context.fact(&condition.key.value, request) {
        None => Truth::Unknown,
        Some(fact) if operator.test == Test::Absent => is_absent(*fact == Fact::Absent, &wanted),
        Some(Fact::Absent) => without_key(operator),
        Some(Fact::Values(values)) => with_values(operator, values, &wanted),
        Some(Fact::Since(earliest)) => since(operator, *earliest, &wanted),
    }
}

/// `Null`: "true" asks for no key, "false" for one.
fn is_absent(absent: bool, wanted: &[&str]) -> Truth {
    any(wanted, |value| truth(value).map_or(Truth::Unknown, |wanted| Truth::of(wanted == absent)))
}

fn without_key(operator: Operator) -> Truth {
    match operator.quantifier {
        _ if operator.if_exists => Truth::Yes,
        Some(Quantifier::All) => Truth::Yes,
        // Whether a negated operator holds for a key that is not there is not documented.
        None if operator.is_negated => Truth::Unknown,
        Some(Quantifier::Any) | None => Truth::No,
    }
}

fn with_values(operator: Operator, values: &[String], wanted: &[&str]) -> Truth {
    let passes = |value: &String| {
        let matched = any(wanted, |wanted| passes_one(operator.test, value, wanted));
        if operator.is_negated { !matched } else { matched }
    };
    match (operator.quantifier, values) {
        (Some(Quantifier::Any), _) => any(values, passes),
        (Some(Quantifier::All), _) => all(values, passes),
        (None, []) => without_key(operator),
        // Several values are meant for operators with a quantifier: where they differ, nothing says which one counts.
        (None, _) => {
            let (some, every) = (any(values, passes), all(values, passes));
            if some == every { some } else { Truth::Unknown }
        }
    }
}

/// An instant of which only the earliest is known: what is settled by it stays so.
fn since(operator: Operator, earliest: jiff::Timestamp, wanted: &[&str]) -> Truth {
    let Test::Date(order) = operator.test else { return Truth::Unknown };
    let matched = any(wanted, |wanted| match (instant(wanted), order) {
        (Some(limit), Order::Less | Order::AtMost | Order::Equal) if earliest > limit => Truth::No,
        (Some(limit), Order::Less) if earliest == limit => Truth::No,
        (Some(limit), Order::AtLeast) if earliest >= limit => Truth::Yes,
        (Some(limit), Order::Greater) if earliest > limit => Truth::Yes,
        _ => Truth::Unknown,
    });
    if operator.is_negated { !matched } else { matched }
}

/// Whether one value of a request passes a test against one value of a policy; open where one of them is none of its kind.
pub fn passes_one(test: Test, value: &str, wanted: &str) -> Truth {
    match test {
        Test::Equals => Truth::of(value == wanted),
        Test::EqualsIgnoreCase => Truth::of(value.to_lowercase() == wanted.to_lowercase()),
        Test::Match => Truth::of(matches(wanted, value)),
        Test::Contains => Truth::of(value.contains(wanted)),
        Test::StartsWith => Truth::of(value.starts_with(wanted)),
        Test::EndsWith => Truth::of(value.ends_with(wanted)),
        Test::Number(order) => both(number(value), number(wanted), |value, wanted| compares(order, &value, &wanted)),
        Test::Date(order) => both(instant(value), instant(wanted), |value, wanted| compares(order, &value, &wanted)),
        Test::Bool => both(truth(value), truth(wanted), |value, wanted| value == wanted),
        Test::Address => {
            network(value).zip(network(wanted)).map_or(Truth::Unknown, |(value, wanted)| lies_in(value, wanted))
        }
        Test::Absent => Truth::Unknown,
    }
}

/// A value that is none of its kind settles nothing.
fn both<T>(value: Option<T>, wanted: Option<T>, test: impl Fn(T, T) -> bool) -> Truth {
    value.zip(wanted).map_or(Truth::Unknown, |(value, wanted)| Truth::of(test(value, wanted)))
}

fn compares<T: PartialOrd>(order: Order, value: &T, wanted: &T) -> bool {
    match order {
        Order::Equal => value == wanted,
        Order::Less => value < wanted,
        Order::AtMost => value <= wanted,
        Order::Greater => value > wanted,
        Order::AtLeast => value >= wanted,
    }
}

/// An address, or all of a range of addresses, lies in a range. Of a range that takes the other in a part does.
fn lies_in(addresses: IpNet, range: IpNet) -> Truth {
    if range.contains(&addresses) {
        Truth::Yes
    } else if addresses.contains(&range) {
        Truth::Unknown
    } else {
        Truth::No
    }
}

fn any<T>(items: &[T], test: impl Fn(&T) -> Truth) -> Truth {
    items.iter().map(test).fold(Truth::No, Truth::or)
}

fn all<T>(items: &[T], test: impl Fn(&T) -> Truth) -> Truth {
    items.iter().map(test).fold(Truth::Yes, Truth::and)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{Known, Target};
    use crate::catalog::Reach;
    use crate::policy::Located;
    use crate::source::Span;

    const KEY: &str = "svc:Key";

    fn condition(operator: &str, key: &str, values: &[&str]) -> Condition {
        let located = |text: &str| Located { value: text.to_owned(), span: Span::default() };
        Condition {
            operator: located(operator),
            key: located(key),
            values: values.iter().map(|v| located(v)).collect(),
        }
    }

    fn target() -> Target {
        let known = |text: &str| Known::Is(text.to_owned());
        Target::at(known("cn-north-4"), known("cn-north-4"), known("0"))
    }

    fn decided(operator: &str, key: &str, wanted: &[&str], context: &Context) -> Truth {
        let keys = [String::from("g:EnterpriseProjectId")];
        let request = Circumstances { target: &target(), reach: Reach::Regional, keys: &keys };
        holds(&condition(operator, key, wanted), context, request)
    }

    fn with(values: &[&str]) -> Context {
        Context::default().with(KEY, Fact::Values(values.iter().map(|value| (*value).to_owned()).collect()))
    }

    #[test]
    fn each_test_as_iam_documents_it() {
        use Truth::{No, Unknown, Yes};
        for (operator, own, wanted, expected) in [
            ("StringEquals", "a", &["a"][..], Yes),
            ("StringEquals", "a", &["A"], No),
            ("StringEquals", "a", &["b", "a"], Yes),
            ("StringEquals", "ab", &["a*"], No),
            ("StringNotEquals", "a", &["b", "a"], No),
            ("StringNotEquals", "a", &["b", "c"], Yes),
            ("StringEqualsIgnoreCase", "a", &["A"], Yes),
            ("StringNotEqualsIgnoreCase", "a", &["A"], No),
            ("StringMatch", "private/x", &["private/*"], Yes),
            ("StringMatch", "private/x", &["private/?"], Yes),
            ("StringMatch", "private/xy", &["private/?"], No),
            ("StringNotMatch", "private/x", &["private/*"], No),
            ("StringLike", "a/private/x", &["private/"], Yes),
            ("StringLike", "private/x", &["private/*"], No),
            ("StringNotLike", "a/private/x", &["private/"], No),
            ("StringStartWith", "abc", &["ab"], Yes),
            ("StringEndWith", "abc", &["bc"], Yes),
            ("StringEndWith", "abc", &["ab"], No),
            ("NumberLessThan", "9", &["10"], Yes),
            ("NumericLessThanEquals", "10", &["10.0"], Yes),
            ("NumericGreaterThan", "10", &["10"], No),
            ("NumericGreaterThanEquals", "10", &["10"], Yes),
            ("NumericEquals", "1e1", &["10"], Yes),
            ("NumericNotEquals", "1", &["1", "2"], No),
            ("NumericLessThan", "nine", &["10"], Unknown),
            ("DateLessThan", "2022-08-01T00:00:00Z", &["2022-08-02T00:00:00Z"], Yes),
            ("DateEquals", "2022-08-01T08:00:00+08:00", &["2022-08-01T00:00:00Z"], Yes),
            ("DateLessThan", "2022-08-01T00:00:00Z", &["tomorrow"], Unknown),
            ("Bool", "true", &["True"], Yes),
            ("Bool", "false", &["true"], No),
            ("IpAddress", "10.1.2.3", &["10.0.0.0/8"], Yes),
            ("IpAddress", "10.1.0.0/16", &["10.0.0.0/8"], Yes),
            ("IpAddress", "10.1.0.0/16", &["10.1.2.3"], Unknown),
            ("NotIpAddress", "10.1.0.0/16", &["10.1.2.3"], Unknown),
            ("IpAddress", "10.1.0.0/16", &["10.2.0.0/16"], No),
            ("NotIpAddress", "10.1.2.3", &["192.168.0.0/16", "10.0.0.0/8"], No),
            ("IpAddress", "11.1.2.3", &["10.0.0.0/8"], No),
            ("Null", "a", &["false"], Yes),
            ("Null", "a", &["true"], No),
            ("StringEquals", "a", &["${g:UserName}"], Unknown),
            ("StringEquals", "a", &[], Unknown),
            ("StringSame", "a", &["a"], Unknown),
        ] {
            assert_eq!(decided(operator, KEY, wanted, &with(&[own])), expected, "{own} {operator} {wanted:?}");
        }
    }

    #[test]
    fn a_key_that_the_request_does_not_have() {
        use Truth::{No, Unknown, Yes};
        let absent = Context::default().with(KEY, Fact::Absent);
        for (operator, expected) in [
            ("StringEquals", No),
            ("StringEqualsIfExists", Yes),
            ("StringNotEqualsIfExists", Yes),
            ("StringNotEquals", Unknown),
            ("ForAnyValue:StringEquals", No),
            ("ForAnyValue:StringNotEquals", No),
            ("ForAllValues:StringEquals", Yes),
            ("ForAnyValue:StringEqualsIfExists", Yes),
        ] {
            assert_eq!(decided(operator, KEY, &["a"], &absent), expected, "{operator}");
        }
        assert_eq!(decided("Null", KEY, &["true"], &absent), Yes);
        assert_eq!(decided("Null", KEY, &["false"], &absent), No);
        assert_eq!(decided("Null", KEY, &["false"], &Context::default()), Unknown);
    }

    #[test]
    fn a_key_with_several_values() {
        use Truth::{No, Unknown, Yes};
        for (operator, own, expected) in [
            ("ForAnyValue:StringEquals", &["a", "x"][..], Yes),
            ("ForAnyValue:StringEquals", &["x", "y"], No),
            ("ForAllValues:StringEquals", &["a", "b"], Yes),
            ("ForAllValues:StringEquals", &["a", "x"], No),
            ("ForAnyValue:StringNotEquals", &["a", "x"], Yes),
            ("ForAllValues:StringNotEquals", &["a", "x"], No),
            ("StringEquals", &["a", "b"], Yes),
            ("StringEquals", &["a", "x"], Unknown),
            ("ForAllValues:StringEquals", &[], Yes),
            ("ForAnyValue:StringEquals", &[], No),
        ] {
            assert_eq!(decided(operator, KEY, &["a", "b"], &with(own)), expected, "{operator} {own:?}");
        }
    }

    #[test]
    fn what_the_operation_says_of_its_request() {
        use Truth::{No, Unknown, Yes};
        let nothing = Context::default();
        assert_eq!(decided("StringEquals", "g:RequestedRegion", &["cn-north-4"], &nothing), Yes);
        assert_eq!(decided("StringEquals", "G:requestedregion", &["cn-east-3"], &nothing), No);
        assert_eq!(decided("StringEquals", "g:EnterpriseProjectId", &["0"], &nothing), Yes);
        assert_eq!(decided("StringEquals", "g:UserName", &["a"], &nothing), Unknown);
        let said = nothing.with("g:RequestedRegion", Fact::Values(vec![String::from("cn-east-3")]));
        assert_eq!(decided("StringEquals", "g:RequestedRegion", &["cn-east-3"], &said), Yes);
    }

    #[test]
    fn time_only_goes_on() {
        use Truth::{No, Unknown, Yes};
        let context = Context::default().not_before(instant("2026-01-01T00:00:00Z").unwrap());
        for (operator, wanted, expected) in [
            ("DateLessThan", "2025-01-01T00:00:00Z", No),
            ("DateLessThan", "2027-01-01T00:00:00Z", Unknown),
            ("DateLessThan", "2026-01-01T00:00:00Z", No),
            ("DateLessThanEquals", "2026-01-01T00:00:00Z", Unknown),
            ("DateGreaterThan", "2025-01-01T00:00:00Z", Yes),
            ("DateGreaterThan", "2026-01-01T00:00:00Z", Unknown),
            ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", Yes),
            ("DateGreaterThan", "2027-01-01T00:00:00Z", Unknown),
            ("DateNotEquals", "2025-01-01T00:00:00Z", Yes),
            ("StringEquals", "2025-01-01T00:00:00Z", Unknown),
        ] {
            assert_eq!(decided(operator, "g:CurrentTime", &[wanted], &context), expected, "{operator} {wanted}");
        }
        assert_eq!(decided("Null", "g:CurrentTime", &["true"], &context), No);
    }

    #[test]
    fn the_reason_names_the_keys_that_decide_once_and_in_order() {
        let judged = |wanted: [(&str, &str); 4]| {
            let conditions = wanted.map(|(key, value)| condition("StringEquals", key, &[value]));
            let context = with(&["a"]).with("svc:Other", Fact::Values(vec![String::from("a")]));
            judge(&conditions, &context, Circumstances { target: &target(), reach: Reach::Regional, keys: &[] })
        };
        let fails = judged([("svc:Other", "b"), (KEY, "b"), (KEY, "c"), ("g:UserName", "a")]);
        assert_eq!(fails.truth, Truth::No);
        assert_eq!(fails.fails(), "the statement's `Condition` on `svc:Key`, `svc:Other` does not hold");
        let open = judged([("g:UserName", "a"), (KEY, "a"), ("g:UserName", "b"), ("g:DomainName", "a")]);
        assert_eq!(open.truth, Truth::Unknown);
        let expected = "the statement's `Condition` on `g:DomainName`, `g:UserName` is not settled by the files";
        assert_eq!(open.open(), expected);
    }

    #[test]
    fn letter_case_counts_in_the_tag_of_a_key_only() {
        let context = Context::default().with("g:ResourceTag/Owner", Fact::Values(vec![String::from("me")]));
        assert_eq!(decided("StringEquals", "G:resourcetag/Owner", &["me"], &context), Truth::Yes);
        assert_eq!(decided("StringEquals", "g:ResourceTag/owner", &["me"], &context), Truth::Unknown);
    }
}

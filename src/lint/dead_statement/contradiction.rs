//! Conditions that no request can meet together.

use ipnet::IpNet;

use crate::authz::{Truth, passes_one};
use crate::policy::values::{instant, network, number, truth};
use crate::policy::{Condition, Operator, Order, Test};

/// Two conditions on one key of which at most one holds.
pub(super) struct Contradiction<'c> {
    pub(super) first: &'c Condition,
    pub(super) second: &'c Condition,
    /// Only if a request has one value of the key, which no document says.
    pub(super) is_open: bool,
}

/// Global keys of which a request has several values. All others have one.
const SEVERAL: &[&str] = &["g:CalledVia", "g:TagKeys"];

/// The first two conditions that exclude each other.
pub(super) fn find(conditions: &[Condition]) -> Option<Contradiction<'_>> {
    let tests: Vec<Tested<'_>> = conditions.iter().filter_map(Tested::read).collect();
    tests.iter().enumerate().find_map(|(index, second)| {
        let before = tests.iter().take(index).filter(|first| same_key(first.key(), second.key()));
        let first = before.into_iter().find(|first| first.excludes(second))?;
        let is_open = !first.is_about_presence(second) && !starts_with_ignoring_case(second.key(), "g:");
        Some(Contradiction { first: first.condition, second: second.condition, is_open })
    })
}

/// Letter case counts in the key of a tag only.
fn same_key(a: &str, b: &str) -> bool {
    let split = |key: &str| key.split_once('/').map_or((key.to_ascii_lowercase(), None), named);
    split(a) == split(b)
}

fn named((name, tag): (&str, &str)) -> (String, Option<String>) {
    (name.to_ascii_lowercase(), Some(tag.to_owned()))
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// A condition on a key with one value, and its operator taken apart.
struct Tested<'c> {
    condition: &'c Condition,
    operator: Operator,
    values: Vec<&'c str>,
}

impl<'c> Tested<'c> {
    /// `None` where the condition settles nothing: it cannot be read, has policy variables, or is about several values.
    fn read(condition: &'c Condition) -> Option<Self> {
        let operator = Operator::read(&condition.operator.value).filter(|operator| operator.quantifier.is_none())?;
        let values: Vec<&str> = condition.values.iter().map(|value| value.value.as_str()).collect();
        // A wildcard that is none, as `like-is-no-glob` tells, says nothing of what was meant.
        let is_no_glob = |value: &&str| operator.test == Test::Contains && value.contains(['*', '?']);
        let is_open = values.is_empty() || values.iter().any(|value| value.contains("${") || is_no_glob(value));
        let has_several = SEVERAL.iter().any(|key| key.eq_ignore_ascii_case(&condition.key.value));
        (!is_open && !has_several).then_some(Self { condition, operator, values })
    }

    fn key(&self) -> &str {
        &self.condition.key.value
    }

    fn excludes(&self, other: &Self) -> bool {
        // A request without the key meets both only if neither asks for it.
        (self.needs_key() || other.needs_key())
            && (self.needs_absence() || other.needs_absence() || self.shares_no_value(other))
    }

    fn is_about_presence(&self, other: &Self) -> bool {
        self.operator.test == Test::Absent || other.operator.test == Test::Absent
    }

    /// No request without the key meets it. Whether one meets a negated operator is not documented.
    fn needs_key(&self) -> bool {
        match self.operator.test {
            Test::Absent => self.values.iter().all(|value| truth(value) == Some(false)),
            _ => !self.operator.if_exists && !self.operator.is_negated,
        }
    }

    fn needs_absence(&self) -> bool {
        self.operator.test == Test::Absent && self.values.iter().all(|value| truth(value) == Some(true))
    }

    /// No value passes both.
    fn shares_no_value(&self, other: &Self) -> bool {
        if self.operator.value_kind() != other.operator.value_kind() || self.is_about_presence(other) {
            return false;
        }
        self.is_refused_by(other)
            || other.is_refused_by(self)
            || self.lies_beyond(other)
            || other.lies_beyond(self)
            || self.lies_elsewhere(other)
            || other.lies_elsewhere(self)
    }

    /// It only takes the values that it lists, and the other one takes none of them.
    fn is_refused_by(&self, other: &Self) -> bool {
        let lists = matches!(
            self.operator.test,
            Test::Equals | Test::EqualsIgnoreCase | Test::Bool | Test::Number(Order::Equal) | Test::Date(Order::Equal)
        );
        lists && !self.operator.is_negated && self.values.iter().all(|value| other.refuses(value, self.operator.test))
    }

    /// A value that passed `by` certainly fails here.
    fn refuses(&self, value: &str, by: Test) -> bool {
        let is_any_case = by == Test::EqualsIgnoreCase;
        let against = |wanted: &&str| {
            if !is_any_case {
                return passes_one(self.operator.test, value, wanted);
            }
            // The value may be in any letter case: if it fails in one it fails in all, but it may pass in one alone.
            let truth = passes_one(self.operator.test, &value.to_lowercase(), &wanted.to_lowercase());
            let is_settled = truth == Truth::No || self.operator.test == Test::EqualsIgnoreCase;
            if is_settled { truth } else { Truth::Unknown }
        };
        let matched = self.values.iter().map(against).fold(Truth::No, Truth::or);
        matched == if self.operator.is_negated { Truth::Yes } else { Truth::No }
    }

    /// Both are ranges, and all values of this one are greater than those of the other.
    fn lies_beyond(&self, other: &Self) -> bool {
        match (self.operator.test, other.operator.test) {
            (Test::Number(lower), Test::Number(upper)) => {
                is_beyond(self.bounds(number), lower, other.bounds(number), upper)
            }
            (Test::Date(lower), Test::Date(upper)) => {
                is_beyond(self.bounds(instant), lower, other.bounds(instant), upper)
            }
            _ => false,
        }
    }

    /// The values, if all of them can be read.
    fn bounds<T>(&self, read: fn(&str) -> Option<T>) -> Option<Vec<T>> {
        self.values.iter().map(|value| read(value)).collect()
    }

    /// Both are about addresses, and each range of this one lies outside of all ranges that the other leaves.
    fn lies_elsewhere(&self, other: &Self) -> bool {
        if self.operator.test != Test::Address || self.operator.is_negated {
            return false;
        }
        let (Some(own), Some(others)) = (self.bounds(network), other.bounds(network)) else { return false };
        let is_within = |own: &IpNet| others.iter().any(|other| other.contains(own));
        let touches = |own: &IpNet| others.iter().any(|other| other.contains(own) || own.contains(other));
        own.iter().all(|own| if other.operator.is_negated { is_within(own) } else { !touches(own) })
    }
}

/// Every value above one of the `lower` bounds is beyond all `upper` ones.
fn is_beyond<T: PartialOrd>(lower: Option<Vec<T>>, from: Order, upper: Option<Vec<T>>, to: Order) -> bool {
    let (Some(lower), Some(upper)) = (lower, upper) else { return false };
    let touch = match (from, to) {
        (Order::AtLeast, Order::AtMost) => false,
        (Order::Greater | Order::AtLeast, Order::Less | Order::AtMost) => true,
        _ => return false,
    };
    lower.iter().all(|lower| upper.iter().all(|upper| lower > upper || (touch && lower == upper)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Located;
    use crate::source::Span;

    fn condition((operator, key, values): (&str, &str, &[&str])) -> Condition {
        let located = |text: &str| Located { value: text.to_owned(), span: Span::default() };
        let values = values.iter().map(|value| located(value)).collect();
        Condition { operator: located(operator), key: located(key), values }
    }

    /// Whether two conditions on one key exclude each other, in whichever order they stand.
    fn exclude(first: (&str, &[&str]), second: (&str, &[&str])) -> bool {
        let with_key = |(operator, values)| condition((operator, "g:Key", values));
        let there = find(&[with_key(first), with_key(second)]).is_some();
        let back = find(&[with_key(second), with_key(first)]).is_some();
        assert_eq!(there, back, "{first:?} and {second:?} in the other order");
        there
    }

    #[test]
    fn values_that_are_listed_are_tried_one_by_one() {
        for (first, second, expected) in [
            (("StringEquals", &["a"][..]), ("StringNotEquals", &["a"][..]), true),
            (("StringEquals", &["a", "b"]), ("StringNotEquals", &["b", "a", "c"]), true),
            (("StringEquals", &["a", "b"]), ("StringNotEquals", &["a"]), false),
            (("StringEquals", &["a"]), ("StringEqualsIgnoreCase", &["A"]), false),
            (("StringEquals", &["a"]), ("StringEqualsIgnoreCase", &["b"]), true),
            (("StringEquals", &["a"]), ("StringNotEqualsIgnoreCase", &["A"]), true),
            (("StringEqualsIgnoreCase", &["a"]), ("StringNotEquals", &["a"]), false),
            (("StringEqualsIgnoreCase", &["a"]), ("StringNotEqualsIgnoreCase", &["A"]), true),
            (("StringEqualsIgnoreCase", &["ab"]), ("StringMatch", &["B*"]), true),
            (("StringEqualsIgnoreCase", &["ab"]), ("StringMatch", &["A*"]), false),
            (("StringEquals", &["ab"]), ("StringMatch", &["a?"]), false),
            (("StringEquals", &["ab"]), ("StringMatch", &["a", "b*"]), true),
            (("StringEquals", &["ab"]), ("StringNotMatch", &["a*"]), true),
            (("StringEquals", &["ab"]), ("StringStartWith", &["b"]), true),
            (("StringEquals", &["ab"]), ("StringEndWith", &["b"]), false),
            (("StringEquals", &["ab"]), ("StringNotLike", &["b"]), true),
            (("Bool", &["true"]), ("Bool", &["false"]), true),
            (("Bool", &["true"]), ("Bool", &["True"]), false),
            (("Bool", &["true"]), ("Bool", &["yes"]), false),
            (("NumberEquals", &["5"]), ("NumberNotEquals", &["5.0"]), true),
            (("NumberEquals", &["5"]), ("NumberLessThan", &["5"]), true),
            (("NumberEquals", &["5", "4"]), ("NumberLessThan", &["5"]), false),
            (("StringMatch", &["a*"]), ("StringMatch", &["b*"]), false),
            (("StringNotEquals", &["a"]), ("StringNotEquals", &["b"]), false),
            (("StringEquals", &["5"]), ("NumberLessThan", &["3"]), false),
        ] {
            assert_eq!(exclude(first, second), expected, "{first:?} and {second:?}");
        }
    }

    #[test]
    fn ranges_without_a_common_value() {
        let (early, late) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        for (first, second, expected) in [
            (("NumberGreaterThan", &["5"][..]), ("NumberLessThan", &["5"][..]), true),
            (("NumberGreaterThanEquals", &["5"]), ("NumberLessThanEquals", &["5"]), false),
            (("NumberGreaterThanEquals", &["5"]), ("NumberLessThan", &["5"]), true),
            (("NumberGreaterThan", &["5"]), ("NumberLessThan", &["10"]), false),
            (("NumberGreaterThan", &["5"]), ("NumberGreaterThan", &["10"]), false),
            // One of several values is enough.
            (("NumberGreaterThan", &["5", "20"]), ("NumberLessThan", &["10"]), false),
            (("NumberGreaterThan", &["five"]), ("NumberLessThan", &["3"]), false),
            (("DateGreaterThan", &[late]), ("DateLessThan", &[early]), true),
            (("DateGreaterThan", &[early]), ("DateLessThan", &[late]), false),
            (("IpAddress", &["10.0.0.0/8"]), ("IpAddress", &["192.168.0.0/16", "11.0.0.0/8"]), true),
            (("IpAddress", &["10.0.0.0/8"]), ("IpAddress", &["10.1.0.0/16"]), false),
            (("IpAddress", &["10.1.0.0/16"]), ("NotIpAddress", &["10.0.0.0/8"]), true),
            (("IpAddress", &["10.0.0.0/8"]), ("NotIpAddress", &["10.1.0.0/16"]), false),
            (("NotIpAddress", &["10.0.0.0/8"]), ("NotIpAddress", &["11.0.0.0/8"]), false),
        ] {
            assert_eq!(exclude(first, second), expected, "{first:?} and {second:?}");
        }
    }

    #[test]
    fn a_key_that_has_to_be_missing_has_no_value() {
        for (first, second, expected) in [
            (("Null", &["true"][..]), ("StringEquals", &["a"][..]), true),
            (("Null", &["true"]), ("Null", &["false"]), true),
            (("Null", &["false"]), ("StringEquals", &["a"]), false),
            (("Null", &["true", "false"]), ("StringEquals", &["a"]), false),
            (("Null", &["true"]), ("StringEqualsIfExists", &["a"]), false),
            (("Null", &["true"]), ("StringNotEquals", &["a"]), false),
            // Where the key may be missing, both hold.
            (("StringEqualsIfExists", &["a"]), ("StringNotEquals", &["a"]), false),
            (("StringEqualsIfExists", &["a"]), ("StringEquals", &["b"]), true),
            (("StringEqualsIfExists", &["a"]), ("StringEqualsIfExists", &["b"]), false),
        ] {
            assert_eq!(exclude(first, second), expected, "{first:?} and {second:?}");
        }
    }

    #[test]
    fn what_may_have_several_values_or_is_another_key_settles_nothing() {
        let both = |key, other| {
            let conditions = [condition(("StringEquals", key, &["a"])), condition(("StringNotEquals", other, &["a"]))];
            find(&conditions).map(|contradiction| contradiction.is_open)
        };
        assert_eq!(both("g:UserName", "G:username"), Some(false));
        assert_eq!(both("obs:prefix", "obs:prefix"), Some(true));
        assert_eq!(both("g:UserName", "g:UserId"), None);
        assert_eq!(both("g:ResourceTag/a", "g:resourcetag/a"), Some(false));
        assert_eq!(both("g:ResourceTag/a", "g:ResourceTag/A"), None);
        assert_eq!(both("g:TagKeys", "g:TagKeys"), None);
        assert!(!exclude(("ForAnyValue:StringEquals", &["a"]), ("ForAnyValue:StringNotEquals", &["a"])));
        assert!(!exclude(("StringEquals", &["${g:UserName}"]), ("StringNotEquals", &["${g:UserName}"])));
        assert!(!exclude(("StringEquals", &["ab"]), ("StringLike", &["a*"])));
        assert!(!exclude(("StringSame", &["a"]), ("StringNotEquals", &["a"])));
        assert!(!exclude(("StringEquals", &[]), ("StringNotEquals", &["a"])));
    }
}

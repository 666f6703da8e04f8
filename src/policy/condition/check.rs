//! Whether the operator, the key and the values of a condition go together.

use crate::policy::condition_key::{self, GlobalKey, global_key};
use crate::policy::defect::shown;
use crate::policy::operator::{self, Operator, Quantifier, Test, ValueKind};
use crate::policy::values::{instant, network, number, truth};
use crate::policy::{Condition, Defect, Kind, Located, Version};

/// What is wrong with an operator, whatever its keys.
pub(super) fn operator(written: &Located<String>, kind: Kind) -> Option<Defect> {
    let text = written.value.as_str();
    let defect = |what: &str| Defect::new(written.span, format!("`{}` {what}", shown(text)));
    if Operator::read(text).is_none() {
        if is_null(text) {
            let what = "is no operator: `Null` takes neither a quantifier nor `IfExists`";
            return Some(defect(what).with_help("write `Null`"));
        }
        let defect = defect("is no operator that is known");
        return Some(match operator::meant(text) {
            Some((meant, true)) => defect.with_help(format!("write `{meant}`")),
            Some((meant, false)) => defect.with_help(format!("did you mean `{meant}`?")).possible(),
            None => defect
                .with_help("operators begin with `String`, `Number`, `Date`, `Bool`, `IpAddress` or `Null`")
                .possible(),
        });
    }
    let spelt = operator::spelt(text);
    if spelt != text {
        return Some(defect("is spelt otherwise in the documents").with_help(format!("write `{spelt}`")).possible());
    }
    // The pages on service control policies (5.0) have both names, the page on policy syntax (1.1) one.
    (kind.version() == Version::V1_1 && spelt.contains("Numeric")).then(|| {
        let help = format!("write `{}`", spelt.replace("Numeric", "Number"));
        defect("is documented for identity policies (5.0) only").with_help(help).possible()
    })
}

fn is_null(text: &str) -> bool {
    let rest = text.rsplit_once(':').map_or(text, |(_, rest)| rest);
    let Some((start, end)) = rest.split_at_checked(4) else { return false };
    start.eq_ignore_ascii_case("null") && (end.is_empty() || end.eq_ignore_ascii_case("IfExists"))
}

/// What is wrong with a key, and with its values under its operator.
pub(super) fn condition(condition: &Condition, defects: &mut Vec<Defect>) {
    defects.extend(condition_key::check(&condition.key));
    let Some(operator) = Operator::read(&condition.operator.value) else { return };
    let known = global_key(&condition.key.value);
    if let Some(defect) = known.and_then(|known| misfit(operator, known, condition)) {
        defects.push(defect);
        return;
    }
    let check = |value: &Located<String>| check_value(operator, known, value);
    defects.extend(condition.values.iter().filter_map(check));
}

/// The operator is for other values than the key has.
///
/// A text operator may be read as comparing what the value is written like, so that it is only perhaps wrong. So is
/// `ForAllValues:` with a key of one value, which adds that a request without the key passes; `ForAnyValue:` adds
/// nothing, and published policies have it with such keys.
fn misfit(operator: Operator, key: GlobalKey, condition: &Condition) -> Option<Defect> {
    let written = &condition.operator;
    if operator.quantifier == Some(Quantifier::All) && !key.is_multiple {
        let message =
            format!("`{}` has one value, so that `{}` only lets requests without it pass", key.name, written.value);
        let help = "leave `ForAllValues:` out; `IfExists` says that the key may be missing";
        return Some(Defect::new(written.span, message).with_help(help).possible());
    }
    let (wanted, given) = (operator.value_kind()?, key.kind?);
    let message = format!("`{}` is for {}, and `{}` is {}", written.value, many(wanted), key.name, one(given));
    let defect = Defect::new(written.span, message).with_help(format!("use {}", fitting(given)));
    match wanted {
        _ if wanted == given => None,
        ValueKind::Text => Some(defect.possible()),
        _ => Some(defect),
    }
}

fn many(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "texts",
        ValueKind::Number => "numbers",
        ValueKind::Date => "instants",
        ValueKind::Bool => "truth values",
        ValueKind::Address => "IP addresses",
    }
}

fn one(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "a text",
        ValueKind::Number => "a number",
        ValueKind::Date => "an instant",
        ValueKind::Bool => "a truth value",
        ValueKind::Address => "an IP address",
    }
}

fn fitting(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "one of the operators that begin with `String`",
        ValueKind::Number => "one of the operators that begin with `Number`",
        ValueKind::Date => "one of the operators that begin with `Date`",
        ValueKind::Bool => "`Bool`",
        ValueKind::Address => "`IpAddress` or `NotIpAddress`",
    }
}

/// A value that cannot be of the kind that its operator is for. What a policy variable stands for is not known.
fn check_value(operator: Operator, key: Option<GlobalKey>, value: &Located<String>) -> Option<Defect> {
    let text = value.value.as_str();
    if text.contains("${") {
        return None;
    }
    let defect = |what: &str| Defect::new(value.span, format!("`{}` is no {what}", shown(text)));
    match (operator.test, operator.value_kind()) {
        (Test::Absent, _) if truth(text).is_none() => {
            let help = "write \"true\" where the key must be missing, \"false\" where it must be there";
            Some(defect("truth value").with_help(help))
        }
        (_, Some(ValueKind::Number)) if number(text).is_none() => {
            Some(defect("number").with_help("write a number such as \"3600\""))
        }
        (_, Some(ValueKind::Bool)) if truth(text).is_none() => {
            Some(defect("truth value").with_help("write \"true\" or \"false\""))
        }
        (_, Some(ValueKind::Date)) if instant(text).is_none() => {
            let defect = defect("instant").with_help("write it as \"2022-08-01T00:00:00Z\"");
            // Other forms of ISO 8601 are not documented to be refused.
            Some(if text.starts_with(|c: char| c.is_ascii_digit()) { defect.possible() } else { defect })
        }
        (_, Some(ValueKind::Address)) if network(text).is_none() => {
            let defect = defect("IP address or range of addresses");
            let help = "write an address or a range such as \"10.0.0.0/8\"";
            Some(if text.contains('-') { defect.with_help(help).possible() } else { defect.with_help(help) })
        }
        (Test::Equals | Test::EqualsIgnoreCase, _) if text.contains('*') => is_no_pattern(key, value),
        _ => None,
    }
}

/// Names have no wildcards in them, so that one in a comparison was meant as a pattern.
fn is_no_pattern(key: Option<GlobalKey>, value: &Located<String>) -> Option<Defect> {
    let has_no_wildcards = key.is_some_and(|key| key.kind == Some(ValueKind::Text) && !key.name.ends_with("Tag"));
    let message = format!("`{}` is compared as it stands: `*` is no wildcard here", shown(&value.value));
    let help = "use `StringMatch` or `StringNotMatch` for patterns";
    has_no_wildcards.then(|| Defect::new(value.span, message).with_help(help).possible())
}

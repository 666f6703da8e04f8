//! The values of conditions: what counts as a number, an instant, a truth value or a range of addresses.

use ipnet::IpNet;
use jiff::Timestamp;

/// A number; none where the text is no finite one.
pub fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// An instant in the form of ISO 8601 with an offset, such as `2022-08-01T00:00:00Z`.
pub fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// `true` or `false`, whatever the letter case.
pub fn truth(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

/// A range of addresses such as `10.0.0.0/8`, or one address.
pub fn network(text: &str) -> Option<IpNet> {
    let one = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_their_kind() {
        assert_eq!(
            ["10", "-1.5", "1e1", "ten", "inf", "NaN", "1e999", ""].map(|text| number(text).is_some()),
            [true, true, true, false, false, false, false, false]
        );
        assert!(instant("2022-08-01T00:00:00Z").is_some());
        assert!(instant("2022-08-01T08:00:00+08:00") == instant("2022-08-01T00:00:00Z"));
        assert!(instant("2022-08-01").is_none() && instant("yesterday").is_none());
        assert_eq!([truth("true"), truth("FALSE"), truth("yes")], [Some(true), Some(false), None]);
        assert!(network("10.0.0.0/8").is_some() && network("10.0.0.1").is_some() && network("fe80::/10").is_some());
        assert!(network("10.0.0.0/33").is_none() && network("10.0.0").is_none());
    }
}

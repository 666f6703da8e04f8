//! Functions of times.

use jiff::civil::DateTime;
use jiff::{SignedDuration, tz::Offset};

use super::super::value::{Unknown, Value};
use super::call::{Call, Outcome, set};

/// A time with the offset from UTC that it was written with, in seconds.
struct Time {
    local: DateTime,
    offset: i32,
}

/// Reads a time as RFC 3339 has it.
fn time(call: &Call<'_>, index: usize) -> Result<Time, Unknown> {
    let text = call.text(index)?;
    parse(&text).ok_or_else(|| call.mistake(format!("{text:?} is no time such as \"2006-01-02T15:04:05Z\"")))
}

fn parse(text: &str) -> Option<Time> {
    let (date, rest) = text.split_once('T')?;
    let (year, date) = digits(date, 4)?;
    let (month, date) = digits(date.strip_prefix('-')?, 2)?;
    let (day, date) = digits(date.strip_prefix('-')?, 2)?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let zone = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        Some(_) => return None,
        None => rest,
    };
    let small = |number: i32| i8::try_from(number).ok();
    let local = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second).filter(|second| *second < 60)?,
        0,
    );
    Some(Time { local: local.ok().filter(|_| date.is_empty())?, offset: offset(zone)? })
}

/// A number of so many digits, and what stands behind it.
fn digits(text: &str, count: usize) -> Option<(i32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((digits.parse().ok().filter(|_| is_number)?, rest))
}

/// `Z`, or hours and minutes with a sign, in seconds.
fn offset(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, zone) = match zone.strip_prefix('-') {
        Some(zone) => (-1, zone),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, zone) = digits(zone, 2)?;
    let (minutes, zone) = digits(zone.strip_prefix(':')?, 2)?;
    (zone.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

/// -1, 0 or 1 where the first time is before, at or behind the second one.
pub(super) fn compare(call: &Call<'_>) -> Outcome {
    let instant = |time: Time| {
        let offset = Offset::from_seconds(time.offset).ok()?;
        offset.to_timestamp(time.local).ok()
    };
    let (a, b) = (time(call, 0)?, time(call, 1)?);
    match (instant(a), instant(b)) {
        (Some(a), Some(b)) => Ok(Value::from(f64::from(a.cmp(&b) as i8))),
        _ => Err(call.unknown("the times are out of range")),
    }
}

pub(super) fn add(call: &Call<'_>) -> Outcome {
    let (time, text) = (time(call, 0).map_err(set)?, call.text(1).map_err(set)?);
    let duration = duration(&text).ok_or_else(|| call.mistake(format!("{text:?} is no duration such as \"1h30m\"")))?;
    let local = time.local.checked_add(duration).map_err(|_| call.unknown("the time is out of range"))?;
    Ok(Value::from(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second(),
        if time.offset == 0 { String::from("Z") } else { zone(time.offset, ":") }
    )))
}

/// A duration as Go writes it: numbers with units, and a sign before them.
fn duration(text: &str) -> Option<SignedDuration> {
    let (is_negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    let mut nanoseconds = 0i128;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let unit = behind.split_at(behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len()));
        nanoseconds = nanoseconds.checked_add(part(number, unit.0)?)?;
        rest = unit.1;
    }
    let nanoseconds = i64::try_from(if is_negative { -nanoseconds } else { nanoseconds }).ok()?;
    Some(SignedDuration::from_nanos(nanoseconds))
}

/// A number of a unit in nanoseconds.
fn part(number: &str, unit: &str) -> Option<i128> {
    let size = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000i128,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Digits behind the fifteenth are less than a nanosecond.
    let fraction = fraction.get(..15).unwrap_or(fraction);
    let parts: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let scale = 10i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    whole.checked_mul(size)?.checked_add(parts.checked_mul(size)? / scale)
}

fn zone(offset: i32, between: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
}

/// A time as a format tells, of which each run of one letter stands for a part of it.
pub(super) fn format_date(call: &Call<'_>) -> Outcome {
    let (format, time) = (call.text(0)?, time(call, 1)?);
    let mut text = String::new();
    let mut rest = &*format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let quoted = rest.get(1..).unwrap_or_default();
            rest = literal(quoted, &mut text).ok_or_else(|| call.mistake("a quote is not closed"))?;
            continue;
        }
        let length = rest.find(|c| c != first).unwrap_or(rest.len());
        let (run, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = behind;
        if first.is_ascii_alphabetic() {
            text +=
                &part_of(&time, run).ok_or_else(|| call.mistake(format!("{run:?} stands for no part of a time")))?;
        } else {
            text.push_str(run);
        }
    }
    call.made(text)
}

/// Takes what stands in quotes, of which two are one, and tells what stands behind them.
fn literal<'t>(quoted: &'t str, text: &mut String) -> Option<&'t str> {
    let mut rest = quoted;
    loop {
        let (part, behind) = rest.split_once('\'')?;
        text.push_str(part);
        match behind.strip_prefix('\'') {
            Some(next) => {
                text.push('\'');
                rest = next;
            }
            None => return Some(behind),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn part_of(time: &Time, run: &str) -> Option<String> {
    let named = |names: &[&str], number: i8, length: usize| {
        let name = names.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        Some(name.get(..length).unwrap_or(name).to_owned())
    };
    let local = time.local;
    let hour = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let is_morning = local.hour() < 12;
    Some(match run {
        "YYYY" => format!("{:04}", local.year()),
        "YY" => format!("{:02}", local.year() % 100),
        "MMMM" => named(&MONTHS, local.month(), 9)?,
        "MMM" => named(&MONTHS, local.month(), 3)?,
        "MM" => format!("{:02}", local.month()),
        "M" => local.month().to_string(),
        "DD" => format!("{:02}", local.day()),
        "D" => local.day().to_string(),
        "EEEE" => named(&DAYS, local.weekday().to_monday_one_offset(), 9)?,
        "EEE" => named(&DAYS, local.weekday().to_monday_one_offset(), 3)?,
        "hh" => format!("{:02}", local.hour()),
        "h" => local.hour().to_string(),
        "HH" => format!("{hour:02}"),
        "H" => hour.to_string(),
        "AA" => String::from(if is_morning { "AM" } else { "PM" }),
        "aa" => String::from(if is_morning { "am" } else { "pm" }),
        "mm" => format!("{:02}", local.minute()),
        "m" => local.minute().to_string(),
        "ss" => format!("{:02}", local.second()),
        "s" => local.second().to_string(),
        "Z" if time.offset == 0 => String::from("Z"),
        "ZZZ" if time.offset == 0 => String::from("UTC"),
        "Z" | "ZZZZZ" => zone(time.offset, ":"),
        "ZZZ" | "ZZZZ" => zone(time.offset, ""),
        _ => return None,
    })
}

//! The scalars of the rules files: each checks its text while it is read, so that the YAML reader
//! attaches the place of a mistake.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::super::api::ApiKey;
use super::super::gate::Gate;
use super::super::phase::Phase;
use super::vocabulary;

/// A scalar with a rule that its text must keep.
pub(super) trait Checked: Sized {
    const EXPECTING: &'static str;

    fn check(text: &str) -> Result<Self, String>;
}

struct CheckedVisitor<T>(PhantomData<T>);

impl<T: Checked> Visitor<'_> for CheckedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTING)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::check(text).map_err(E::custom)
    }
}

pub(super) fn checked<'de, D: Deserializer<'de>, T: Checked>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(CheckedVisitor(PhantomData))
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $expecting:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(in super::super) struct $name(pub(in super::super) String);

        impl Checked for $name {
            const EXPECTING: &'static str = $expecting;

            fn check(text: &str) -> Result<Self, String> {
                let check: fn(&str) -> Result<(), String> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                checked(deserializer)
            }
        }
    };
}

checked_text!(
    /// An action of policy grammar 1.1, perhaps with wildcards.
    Action,
    "an action `service:type:operation`",
    |text| check_action(text, false)
);
checked_text!(
    /// An action of policy grammar 5.0 (or 1.1): the middle part may be empty.
    IdentityAction,
    "an action `service:type:operation`",
    |text| check_action(text, true)
);
checked_text!(
    /// An action that a row or a page of the table names.
    ListedAction,
    "an action `service:type:operation`",
    |text| check_action(text, true).and_then(|()| vocabulary::check_listed(text))
);
checked_text!(
    /// An action that the table does not name.
    UnlistedAction,
    "an action `service:type:operation`",
    |text| check_action(text, true).and_then(|()| vocabulary::check_unlisted(text))
);
checked_text!(
    /// The name of a condition; `rules/when.yaml` explains it.
    WhenCode,
    "a `when` code",
    vocabulary::check_when
);
checked_text!(
    /// The name of a remark; `rules/when.yaml` explains it.
    NoteCode,
    "a note code",
    vocabulary::check_note
);
checked_text!(
    /// The id of one of the file's sources.
    SourceId,
    "the id of a source",
    vocabulary::check_source
);
checked_text!(
    /// A service code in lower case that `rules/services.yaml` lists.
    ServiceCode,
    "a service code",
    vocabulary::check_service
);
checked_text!(
    /// A service of which the file says how it is named.
    KnownAgencyService,
    "a service of the file",
    vocabulary::check_agency_service
);
checked_text!(
    /// A day, `YYYY-MM-DD`.
    Date,
    "a date `YYYY-MM-DD`",
    check_date
);
checked_text!(
    /// A text that says something.
    Text,
    "a text",
    |text| match text.trim() {
        "" => Err("the text is empty: write something or leave the key out".to_owned()),
        _ => check_printable(text),
    }
);

/// What is printed must not steer the terminal.
fn check_printable(text: &str) -> Result<(), String> {
    match text.chars().find(|character| character.is_control() && *character != '\n') {
        Some(character) => {
            Err(format!("the control character U+{:04X} has no place in the table", u32::from(character)))
        }
        None => Ok(()),
    }
}

/// What is wrong with an action; grammar 5.0 leaves the type empty at times.
pub(in super::super) fn check_action(text: &str, empty_type: bool) -> Result<(), String> {
    let parts: Vec<&str> = text.split(':').collect();
    let way_out = "write `service:type:operation`, for example `ims:images:copy`";
    let [service, kind, operation] = parts.as_slice() else {
        return Err(format!("the action `{text}` is not made of three parts: {way_out}"));
    };
    if service.is_empty() || operation.is_empty() || (kind.is_empty() && !empty_type) {
        return Err(format!("the action `{text}` has an empty part: {way_out}"));
    }
    let stranger = text.chars().find(|character| !character.is_ascii_alphanumeric() && !":*_-./".contains(*character));
    match stranger {
        Some(character) => Err(format!("`{character}` in the action `{text}`: {way_out}")),
        None => Ok(()),
    }
}

fn check_date(text: &str) -> Result<(), String> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shape {
        return Ok(());
    }
    Err(format!("`{text}` is no date: write YYYY-MM-DD"))
}

impl Checked for ApiKey {
    const EXPECTING: &'static str = "an API `METHOD /path`";

    fn check(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("malformed API `{text}`: {error}"))
    }
}

/// An API and the text that named it.
#[derive(Debug, Clone)]
pub(in super::super) struct WrittenApi {
    pub(in super::super) key: ApiKey,
    pub(in super::super) text: String,
}

impl Checked for WrittenApi {
    const EXPECTING: &'static str = ApiKey::EXPECTING;

    fn check(text: &str) -> Result<Self, String> {
        check_printable(text)?;
        Ok(Self { key: ApiKey::check(text)?, text: text.to_owned() })
    }
}

impl<'de> Deserialize<'de> for WrittenApi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer)
    }
}

/// A well-formed gate, as text: the table keeps it so.
#[derive(Debug, Clone)]
pub(in super::super) struct GateText(pub(in super::super) String);

impl Checked for GateText {
    const EXPECTING: &'static str = "`always` or a condition on attributes";

    fn check(text: &str) -> Result<Self, String> {
        match text.parse::<Gate>() {
            Ok(gate) => Ok(Self(gate.to_string())),
            Err(error) => Err(format!("malformed condition `{text}`: {error}")),
        }
    }
}

impl<'de> Deserialize<'de> for GateText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer)
    }
}

/// The value of an attribute that a block leaves out, as text: a truth, a number or a text.
#[derive(Debug, Clone)]
pub(in super::super) struct DefaultValue(pub(in super::super) String);

struct DefaultValueVisitor;

impl Visitor<'_> for DefaultValueVisitor {
    type Value = DefaultValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, a number or a text")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<DefaultValue, E> {
        Ok(DefaultValue(truth.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<DefaultValue, E> {
        Ok(DefaultValue(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<DefaultValue, E> {
        Ok(DefaultValue(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<DefaultValue, E> {
        Ok(DefaultValue(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DefaultValue, E> {
        Text::check(text).map(|text| DefaultValue(text.0)).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for DefaultValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DefaultValueVisitor)
    }
}

impl Checked for Phase {
    const EXPECTING: &'static str = "a phase";

    fn check(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

impl<'de> Deserialize<'de> for Phase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer)
    }
}

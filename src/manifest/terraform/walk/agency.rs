//! The agencies that resources hand to cloud services.

use super::Walk;
use crate::manifest::terraform::iam::given_by;
use crate::manifest::terraform::language::{Origin, Value};
use crate::manifest::terraform::module::{Declared, Settled};
use crate::manifest::terraform::resource::Handed;
use crate::manifest::{AgencyUse, Cause, NamedAgency};
use crate::source::{Place, Span};
use crate::syntax::hcl::Body;

impl Walk<'_, '_, '_> {
    /// Takes in the agencies that an instance hands over; `address` is its own.
    pub(super) fn hand_over(&mut self, handed: Vec<Handed>, address: impl FnOnce() -> String, declared: Declared<'_>) {
        if handed.is_empty() {
            return;
        }
        let cause = Cause { resource: Some(address()), place: self.place(declared) };
        let named: Vec<_> = handed.into_iter().filter_map(|handed| self.named(handed, &cause, declared)).collect();
        self.agencies.extend(named);
    }

    fn named(&self, handed: Handed, cause: &Cause, declared: Declared<'_>) -> Option<AgencyUse> {
        let agency = match &handed.named.value {
            Value::String(text) if !text.text.is_empty() => NamedAgency::Name(text.text.to_string()),
            Value::Unknown(_) => match given_by(&handed.named.value) {
                Some(address) => NamedAgency::Address(address.to_owned()),
                None => NamedAgency::Written(self.place_of(&handed.named)?),
            },
            _ => return None,
        };
        let named = written_at(&declared.block.body, &handed.attribute).zip(self.analysis.file(declared.file));
        Some(AgencyUse {
            cause: cause.clone(),
            type_name: handed.type_name,
            attribute: handed.attribute,
            agency,
            place: named.map_or_else(|| cause.place.clone(), |(span, file)| Place::new(&file, span)),
            open: handed.open,
            needs: handed.needs,
            among: 0..0,
        })
    }

    /// Where the block of a resource itself writes a name that only a run tells: who refers to it has the same.
    pub(super) fn name_at(&self, body: &Settled, declared: Declared<'_>) -> Option<Place> {
        let written = declared.block.body.attribute("name")?.value_span();
        let item = body.item("name").filter(|item| matches!(item.value, Value::Unknown(_)))?;
        let Origin { file, span } = item.origin;
        let is_own = file == declared.file && written.start <= span.start && span.end <= written.end;
        if is_own { self.place_of(item) } else { None }
    }
}

/// Where a body says the value of an attribute, nested in blocks as its path says: the first of several.
fn written_at(body: &Body, path: &str) -> Option<Span> {
    let Some((block, rest)) = path.split_once('.') else { return body.attribute(path).map(|found| found.span) };
    let nested = body.blocks_of(block).find_map(|nested| written_at(&nested.body, rest));
    nested.or_else(|| body.attribute(block).map(|found| found.span))
}

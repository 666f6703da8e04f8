//! Agencies that resources hand to a cloud service.

use std::ops::Range;
use std::sync::Arc;

use super::Cause;
use crate::authz::Target;
use crate::source::Place;

/// An agency that a resource names.
#[derive(Debug, Clone)]
pub struct AgencyUse {
    /// The resource.
    pub cause: Cause,
    /// Its type, as the table knows it.
    pub type_name: String,
    /// The attribute that names the agency, as the table writes it.
    pub attribute: String,
    /// Which agency.
    pub agency: NamedAgency,
    /// Where it is named.
    pub place: Place,
    /// Why it may not be used; none where it certainly is.
    pub open: Option<Arc<str>>,
    /// What of that which the table says it needs is needed here.
    pub needs: Vec<NeededOfAgency>,
    /// Which principals its root module defines: by index among all that manifests define.
    pub among: Range<usize>,
}

/// How an agency is named.
#[derive(Debug, Clone, PartialEq)]
pub enum NamedAgency {
    /// By its name.
    Name(String),
    /// By the address of the resource that defines it.
    Address(String),
    /// By what is written here, which only a run tells.
    Written(Place),
}

/// Something that the table says an agency needs.
#[derive(Debug, Clone)]
pub struct NeededOfAgency {
    /// Index among the needs of the table's row.
    pub need: usize,
    /// Where.
    pub target: Target,
    /// Why it may not be needed; none where it certainly is.
    pub open: Option<Arc<str>>,
}

//! Which agencies resources hand to a cloud service, and what those need.

use super::Catalog;
use super::entries::Source;
use super::gate::Gate;
use super::layout::{AgencyNeedRow, AgencyRow};
use super::read;
use super::table::Table;

/// An attribute by which a Terraform type hands an agency to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyUse<'a> {
    /// The type.
    pub type_name: &'a str,
    /// The attribute that names the agency; nested ones are written with dots.
    pub attribute: &'a str,
    /// The service that has to be trusted; none where no document says it.
    pub service: Option<TrustedService<'a>>,
    /// When the agency is used.
    pub when: Gate,
    /// What it has to be granted.
    pub needs: Vec<AgencyNeed<'a>>,
    /// Where it was read.
    pub source: Source<'a>,
}

/// A cloud service as those name it who trust it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedService<'a> {
    /// Its code.
    pub code: &'a str,
    /// The account that agencies delegate to.
    pub account: Option<&'a str>,
    /// Its name in trust policies.
    pub principal: Option<&'a str>,
    /// A second source has the account too.
    pub is_confirmed: bool,
    /// Where that was read.
    pub source: Source<'a>,
}

/// What an agency has to be granted: one of the roles, or all of the actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyNeed<'a> {
    /// The roles and policies of the platform.
    pub any: Vec<&'a str>,
    /// The actions.
    pub actions: Vec<&'a str>,
    /// The attribute that names the region it is needed in; none: that of the resource.
    pub region: Option<&'a str>,
    /// When it is needed.
    pub when: Gate,
    /// Where it was read.
    pub source: Source<'a>,
}

impl Catalog {
    /// The agencies that a Terraform type hands over, in the order of the file.
    pub fn agency_uses(&self, type_name: &str) -> Vec<AgencyUse<'_>> {
        let mut uses = Vec::new();
        for table in self.tables() {
            let rows = table.equal_range::<AgencyRow>(|row| table.order(row.kind, type_name));
            uses.extend(rows.iter().filter_map(|row| agency_use(table, row)));
        }
        uses
    }

    /// The agencies that all Terraform types hand over, sorted by type.
    pub fn all_agency_uses(&self) -> Vec<AgencyUse<'_>> {
        self.agency_rows().filter_map(|(table, row)| agency_use(table, row)).collect()
    }

    /// Two sources have an account as that of a cloud service.
    pub fn is_confirmed_account(&self, account: &str) -> bool {
        let is_own = |own: &str| own.eq_ignore_ascii_case(account);
        self.agency_rows()
            .any(|(table, row)| row.confirmed.get() != 0 && table.optional(row.account).is_some_and(is_own))
    }

    fn agency_rows(&self) -> impl Iterator<Item = (&Table, &AgencyRow)> {
        self.tables().flat_map(|table| table.rows::<AgencyRow>().iter().map(move |row| (table, row)))
    }
}

fn agency_use<'a>(table: &'a Table, row: &AgencyRow) -> Option<AgencyUse<'a>> {
    let service = table.optional(row.service).map(|code| TrustedService {
        code,
        account: table.optional(row.account),
        principal: table.optional(row.principal),
        is_confirmed: row.confirmed.get() != 0,
        source: read::source(table, row.service_source),
    });
    let needs = table.run::<AgencyNeedRow>(row.needs).iter().map(|row| {
        Some(AgencyNeed {
            any: table.texts(row.any).collect(),
            actions: table.texts(row.actions).collect(),
            region: table.optional(row.region),
            when: gate(table.optional(row.when))?,
            source: read::source(table, row.source),
        })
    });
    Some(AgencyUse {
        type_name: table.text(row.kind),
        attribute: table.text(row.attribute),
        service,
        when: gate(table.optional(row.when))?,
        needs: needs.collect::<Option<_>>()?,
        source: read::source(table, row.source),
    })
}

fn gate(text: Option<&str>) -> Option<Gate> {
    text.map_or(Some(Gate::Always), |text| text.parse().ok())
}

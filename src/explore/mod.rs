//! What the permission table holds, put together for people who look into it: figures, everything about one name,
//! search, and what an extension changes. It collects into plain values that serialise; `report/` draws them.

mod actions;
mod apis;
mod cards;
mod extension;
mod inventory;
mod links;
mod search;
mod show;
mod tally;

pub use actions::action;
pub use apis::api;
pub use cards::{
    ActionCard, ActionUse, ApiCard, CallCard, Card, Cited, Code, ConflictCard, CoveredAction, NeedCard, NoteCard,
    OperationCard, OperationUse, PatternCard, PhaseGate, PolicyCard, PolicyUse, ResourceCard, RoleCard, RowCard,
    ScopeColumns, ServiceCard, TypeCard, TypeUse,
};
pub use extension::{Remark, RemarkKind, examine};
pub use inventory::{ExtensionFigures, Inventory, ServiceFigures, SourceDocument, inventory, near_service};
pub use search::{Found, Hit, ItemKind, search};
pub use show::{NotFound, show};
pub use tally::{ActionFigures, ApiFigures, Figures, OperationFigures, PolicyFigures, SourceFigures, TerraformFigures};

//! Terraform's language: expressions and what they come to, as far as the files settle it.

mod evaluate;
mod functions;
mod operator;
mod template;
mod traversal;
mod value;

pub(crate) use evaluate::{Budget, Evaluator, Frame, Names};
pub(crate) use functions::Files;
pub(crate) use traversal::Step;
pub(crate) use value::{Item, Made, Member, Origin, Part, Text, Unknown, Value};

#[cfg(test)]
mod tests;

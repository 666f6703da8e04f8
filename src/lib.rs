//! Static permission checker for Huawei Cloud.

pub mod authz;
pub mod catalog;
pub mod config;
pub mod manifest;
pub mod nearest;
pub mod policy;
pub mod severity;
pub mod source;
pub mod syntax;

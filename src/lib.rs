//! Static permission checker for Huawei Cloud.

pub mod catalog;

//! The table's own invariants: a damaged blob, gates, and matching.

//! The permission table: what each API, Terraform type and SDK operation needs, and its look-ups.

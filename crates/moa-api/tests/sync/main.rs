//! Connecting and syncing against the sandbox, from the use case to the stored figure: what stands in Moa is what the platform says.

mod bad_days;
mod claims;
mod figures;
mod office;
mod secrets;

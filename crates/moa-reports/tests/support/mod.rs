//! What the tests of reports share.

#![allow(dead_code, unused_imports, reason = "each test and the example use a part of it")]

pub(crate) mod cells;
pub(crate) mod pages;
mod recipe;
pub(crate) mod tools;

pub(crate) use recipe::*;

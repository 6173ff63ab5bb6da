//! Every connector against the sandbox: the same suite for all, and each platform's own traps.

mod conformance;
mod google;
mod kakao;
mod meta;
mod naver;

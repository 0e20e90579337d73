//! What the evidence proves: in go the plan and the evidence of a page, out come the proofs under its
//! snippets, the summary of the page, and the status of the whole book.

mod badge;
mod book_status;
mod comparison;
mod edition;
mod label;
mod provenance;
mod report;
mod summary;
mod view;

pub(super) use badge::{badge_json, badge_svg};
pub(super) use book_status::BookStatus;
pub(super) use edition::Edition;
pub(super) use label::{Label, engine_name};
pub(super) use report::ReportForm;
pub(super) use summary::ProofSummary;
pub(super) use view::{ProofView, RecordingLink};

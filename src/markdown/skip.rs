//! Why a fence is shown and not run.

use std::fmt;

use jiff::civil::Date;

use crate::messages::{Message, markdown as messages};

/// Why a fence is shown and not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// What its author says.
    pub reason: String,
    /// Where its author read that the commands are right: `unverified` instead of `skip`.
    pub source: Option<Citation>,
}

/// Where and when something was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The address, `http` or `https`.
    pub address: String,
    /// The day.
    pub date: Date,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            None => f.write_str(&self.reason),
            Some(Citation { address, date }) => write!(f, "{} ({address}, {date})", self.reason),
        }
    }
}

/// The three attributes of a fence that cannot be run, while they are read.
#[derive(Debug, Default)]
pub(super) struct Unverified {
    reason: Option<String>,
    address: Option<String>,
    date: Option<String>,
}

impl Unverified {
    /// Takes one of the attributes; says whether it is one.
    pub(super) fn take(&mut self, name: &str, value: Option<&String>) -> bool {
        let slot = match name {
            "unverified" => &mut self.reason,
            "source" => &mut self.address,
            "date" => &mut self.date,
            _ => return false,
        };
        *slot = Some(value.cloned().unwrap_or_default());
        true
    }

    /// What they say together.
    ///
    /// # Errors
    /// A sentence that names what is absent or malformed.
    pub(super) fn finish(self) -> Result<Option<Skip>, Message> {
        let Some(reason) = self.reason else { return Ok(None) };
        if reason.trim().is_empty() {
            return Err(messages::unverified_wants(messages::a_reason(), "unverified=\"needs macOS\""));
        }
        let address = self.address.unwrap_or_default();
        let parsed = url::Url::parse(&address).ok();
        if !parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            return Err(messages::unverified_wants(
                messages::a_source(),
                "source=\"https://docs.docker.com/engine/install/\"",
            ));
        }
        let date = self.date.and_then(|date| date.parse().ok());
        let date = date.ok_or_else(|| messages::unverified_wants(messages::a_date(), "date=2026-11-25"))?;
        Ok(Some(Skip { reason, source: Some(Citation { address, date }) }))
    }
}

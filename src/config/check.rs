//! `[check]`: what `haechi check` asks of the prose.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How the sentences of a book end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Register {
    /// 합쇼체: `-니다`, `-니까`, `-십시오`, `-ㅂ시다`.
    Formal,
}

/// `[check]`. Where it is, spaces and marks are looked at; its keys ask for more.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Check {
    /// How every sentence ends.
    pub register: Option<Register>,
    /// The page with the book's terms: a table of term and English. English words are explained there,
    /// or where they come first, or are among `english`.
    pub glossary: Option<String>,
    /// The page that explains errors: where a reader's own screen has one of them, it leads there.
    pub troubleshooting: Option<String>,
    /// English words that need no explanation.
    pub english: Vec<String>,
    /// Words that the book does not use, each with the one that it uses.
    pub avoid: BTreeMap<String, String>,
}

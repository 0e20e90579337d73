//! What all pages of a site share.

use super::git_dates::GitDates;
use super::glossary::Glossary;
use super::known_errors::KnownErrors;
use crate::book::Book;
use crate::site::live_reload::LiveReload;
use crate::site::theme::Theme;
use crate::site::whole::{Navigation, Redirects};
use crate::text::Problem;

/// What is read and made once for all pages of a book.
pub(crate) struct SiteContext {
    pub(in crate::site) theme: Theme,
    pub(in crate::site) navigation: Navigation,
    pub(in crate::site) redirects: Redirects,
    pub(in crate::site) git_dates: GitDates,
    pub(in crate::site) glossary: Glossary,
    pub(in crate::site) errors: KnownErrors,
    pub(in crate::site) live: LiveReload,
}

impl SiteContext {
    /// # Errors
    /// When a file of the theme cannot be read or is malformed.
    pub(crate) fn load(book: &Book, live: LiveReload) -> Result<Self, Problem> {
        let redirects = Redirects::read(book);
        let theme = Theme::load(book, live)?;
        let (navigation, git_dates) = (Navigation::new(book), GitDates::of(book));
        let (glossary, errors) = (Glossary::of(book), KnownErrors::of(book));
        Ok(Self { theme, navigation, redirects, git_dates, glossary, errors, live })
    }
}

//! The language that people at this machine read.

/// The language of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 한국어
    Korean,
    /// English
    English,
}

impl Language {
    /// The language that `LC_ALL`, `LC_MESSAGES` or `LANG` asks for, in the order of POSIX.
    pub fn of_environment() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        if named.is_some_and(|name| name.starts_with("ko")) { Self::Korean } else { Self::English }
    }
}

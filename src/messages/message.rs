//! A message in both languages, and the macro that makes the catalogue.

use std::fmt::Display;

use super::Language;

/// A sentence, or a part of one, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message(Box<Texts>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Texts {
    english: String,
    korean: String,
}

impl Message {
    pub(super) fn new(english: String, korean: String) -> Self {
        Self(Box::new(Texts { english, korean }))
    }

    /// Text that has no translation: what a file or another program says, what an author wrote.
    pub fn verbatim(text: impl Display) -> Self {
        let text = text.to_string();
        Self::new(text.clone(), text)
    }

    /// The text that people read.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.0.english,
            Language::Korean => &self.0.korean,
        }
    }

    /// The text that machines read.
    pub fn english(&self) -> &str {
        &self.0.english
    }

    /// Several messages as one, with a separator between them.
    #[must_use]
    pub fn joined(messages: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        let mut all = messages.into_iter();
        let mut joined = all.next().unwrap_or_default();
        for Self(next) in all {
            for (text, more) in [(&mut joined.0.english, &next.english), (&mut joined.0.korean, &next.korean)]
            {
                text.push_str(separator);
                text.push_str(more);
            }
        }
        joined
    }
}

/// What can stand in a message: a message, or whatever can be displayed.
pub trait Value {
    /// Its text in a language.
    fn text(&self, language: Language) -> String;
}

impl<T: Display + ?Sized> Value for T {
    fn text(&self, _: Language) -> String {
        self.to_string()
    }
}

impl Value for Message {
    fn text(&self, language: Language) -> String {
        Message::text(self, language).to_owned()
    }
}

impl Value for &Message {
    fn text(&self, language: Language) -> String {
        Message::text(self, language).to_owned()
    }
}

/// Defines messages: a name with its values, the English text, the Korean text. Each becomes a function.
/// A value that one of the texts does not use is an error of the compiler.
macro_rules! messages {
    ($($name:ident($($value:ident),*) $english:literal $korean:literal;)*) => {
        $(
            pub(crate) fn $name($($value: impl $crate::messages::Value),*) -> $crate::messages::Message {
                $crate::messages::Message::new(
                    format!($english $(, $value = $value.text($crate::messages::Language::English))*),
                    format!($korean $(, $value = $value.text($crate::messages::Language::Korean))*),
                )
            }
        )*

        #[cfg(test)]
        pub(super) const CATALOGUE: &[(&str, &str, &str)] =
            &[$((stringify!($name), $english, $korean)),*];
    };
}

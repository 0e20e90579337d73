//! What fences and comments say to haechi.

use super::{Attributes, Directive, Request};

/// An input is an info string, and a comment.
pub(crate) fn attributes(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    info(text);
    comment(text);
    comment(&format!("<!-- haechi: {text} -->"));
}

/// What is read of an info string says the same again, and marks no line before the first.
fn info(text: &str) {
    let read = Attributes::parse(text);
    assert_eq!(read, Attributes::parse(text));
    let Ok((language, attributes)) = read else { return };
    assert_eq!(language, language.to_lowercase());
    assert!(attributes.marked.iter().all(|lines| *lines.start() > 0 && !lines.is_empty()));
    assert!(attributes.skip.is_none_or(|skip| !skip.reason.trim().is_empty()), "left out without a reason");
}

/// What begins with `haechi:` is read or an error, and nothing in it is dropped in silence.
fn comment(text: &str) {
    let read = Directive::parse(text, 0..text.len());
    let body = text.strip_prefix("<!--").unwrap_or(text);
    let body = body.strip_suffix("-->").unwrap_or(body).trim();
    let Some(body) = body.strip_prefix("haechi:") else {
        assert!(!matches!(read, Ok(Some(_))), "it was not spoken to");
        return;
    };
    let Ok(directive) = read else { return };
    let request = directive.expect("it speaks to haechi").request;
    match &request {
        Request::Run(rest) | Request::Wait(rest) | Request::Secret(rest) => {
            assert!(!rest.is_empty() && body.trim_end().ends_with(rest.as_str()), "{request:?} of {body:?}");
        }
        Request::Http(claim) => {
            assert!((100..600).contains(&claim.status));
            assert!(body.contains(&claim.url));
            assert!(claim.contains.as_ref().is_none_or(|text| !text.trim().is_empty()), "it claims nothing");
        }
        _ => {}
    }
}

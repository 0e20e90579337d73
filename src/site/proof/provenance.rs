//! On which images something was verified.

use crate::sandbox::{Image, Origin};

/// On which images something was verified; what must not be overlooked comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Provenance {
    NoImages,
    DockerHub,
    /// Images of which it is not known that they are Docker Hub's.
    Others,
    StandIns,
}

impl Provenance {
    pub(crate) fn of<'a>(images: impl IntoIterator<Item = &'a Image>) -> Self {
        let each = images.into_iter().map(|image| match image.origin {
            Origin::DockerHub => Self::DockerHub,
            Origin::StandIn => Self::StandIns,
            Origin::Registry | Origin::Published | Origin::Unknown => Self::Others,
        });
        each.max().unwrap_or(Self::NoImages)
    }

    /// Its class in the style sheet, and its name among the theme's words, where a proof is marked by it.
    pub(crate) fn mark(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::NoImages | Self::DockerHub => None,
            Self::Others => Some(("others", "on_others")),
            Self::StandIns => Some(("stand-ins", "on_stand_ins")),
        }
    }

    /// The name of what explains the mark.
    pub(super) fn explanation(self) -> Option<&'static str> {
        match self {
            Self::NoImages | Self::DockerHub => None,
            Self::Others => Some("others_explained"),
            Self::StandIns => Some("stand_ins_explained"),
        }
    }
}

/// The name of an origin among the theme's words.
pub(super) fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::DockerHub => "origin_docker_hub",
        Origin::StandIn => "origin_stand_in",
        Origin::Registry => "origin_registry",
        Origin::Published => "origin_published",
        Origin::Unknown => "origin_unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(origin: Origin) -> Image {
        Image { name: "nginx:latest".into(), digest: "sha256:0".into(), origin, contents: None }
    }

    #[test]
    fn one_image_from_elsewhere_marks_all() {
        let of = |origins: &[Origin]| Provenance::of(&origins.iter().copied().map(image).collect::<Vec<_>>());
        assert_eq!(of(&[]), Provenance::NoImages);
        assert_eq!(of(&[Origin::DockerHub, Origin::DockerHub]), Provenance::DockerHub);
        for other in [Origin::Registry, Origin::Published, Origin::Unknown] {
            assert_eq!(of(&[Origin::DockerHub, other]), Provenance::Others);
        }
        assert_eq!(of(&[Origin::StandIn, Origin::Unknown, Origin::DockerHub]), Provenance::StandIns);
    }
}

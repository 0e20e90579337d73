//! Images that were made elsewhere, from these very recipes. Each is named by a digest, so that a registry
//! cannot give another one.

use bollard::Docker;
use bollard::query_parameters::{CreateImageOptionsBuilder, TagImageOptionsBuilder};
use futures_util::TryStreamExt;

use super::Error;

/// What was published: a line for each image, with the name that this program gives it and where it is.
const PUBLISHED: &str = include_str!("../../images/published");

/// Where an image of this name is published, if it is: for another recipe there is another name.
pub(super) fn published(image: &str) -> Option<&'static str> {
    find(PUBLISHED, image)
}

fn find<'t>(list: &'t str, image: &str) -> Option<&'t str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let mut pairs = lines.filter_map(|line| line.split_once(' '));
    pairs.find_map(|(name, place)| (name == image).then_some(place.trim()))
}

/// Downloads a published image and gives it the name that it would have if it were made here.
///
/// # Errors
/// When the registry does not give it.
pub(super) async fn download(docker: &Docker, place: &str, image: &str) -> Result<(), Error> {
    let options = CreateImageOptionsBuilder::new().from_image(place).build();
    docker.create_image(Some(options), None, None).try_collect::<Vec<_>>().await?;
    let (name, tag) = image.split_once(':').unwrap_or((image, "latest"));
    let options = TagImageOptionsBuilder::new().repo(name).tag(tag).build();
    docker.tag_image(place, Some(options)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_of_another_recipe_is_not_taken() {
        let list = "# comment\nhaechi/engine:0123456789ab registry.example/haechi/engine@sha256:00\n";
        let place = "registry.example/haechi/engine@sha256:00";
        assert_eq!(find(list, "haechi/engine:0123456789ab"), Some(place));
        assert_eq!(find(list, "haechi/engine:0123456789ac"), None);
        assert_eq!(find(list, "haechi/engine"), None);
    }

    #[test]
    fn what_is_published_is_named_by_a_digest() {
        for line in PUBLISHED.lines().filter(|line| !line.starts_with('#')) {
            let (name, place) = line.split_once(' ').expect("a name and a place");
            assert!(name.starts_with("haechi/") && place.contains("@sha256:"), "{line}");
        }
    }
}

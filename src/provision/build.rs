//! An image that the engine must have: downloaded where it is published, else built from its recipe.

use std::collections::HashMap;
use std::time::Instant;

use bollard::Docker;
use bollard::body_full;
use bollard::query_parameters::{BuildImageOptionsBuilder, TagImageOptionsBuilder};
use futures_util::StreamExt;

use super::base::base;
use super::published::{download, published};
use super::recipe::Recipe;
use super::{Error, Event, Hub, Progress};
use crate::messages::engine as messages;
use crate::sandbox::is_missing;

/// How many of the last lines of a build are shown when it fails.
const LAST_LINES: usize = 10;

/// Makes an image unless the engine has it.
///
/// # Errors
/// When there is nothing to build it from, or the build fails.
pub(super) async fn make(
    docker: &Docker,
    address: &str,
    recipe: &Recipe,
    hub: &Hub,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let image = recipe.image();
    match docker.inspect_image(&image).await {
        Ok(_) => {}
        Err(error) if is_missing(&error) => {
            let began = Instant::now();
            progress(Event::Step(messages::making((recipe.what)(), (recipe.duration)())));
            if !is_downloaded(docker, &image, hub, progress).await {
                let base = base(docker, address, recipe.suite, hub, progress).await?;
                build(docker, recipe, &image, &base, progress).await?;
            }
            progress(Event::Step(messages::made((recipe.what)(), began.elapsed().as_secs())));
        }
        Err(error) => return Err(error.into()),
    }
    let latest = TagImageOptionsBuilder::new().repo(&format!("haechi/{}", recipe.name)).tag("latest").build();
    docker.tag_image(&image, Some(latest)).await?;
    Ok(())
}

/// Whether the image is published and could be downloaded.
async fn is_downloaded(docker: &Docker, image: &str, hub: &Hub, progress: Progress<'_>) -> bool {
    let Some(place) = published(image).filter(|_| *hub != Hub::None) else { return false };
    progress(Event::Step(messages::downloading(place)));
    match download(docker, place, image).await {
        Ok(()) => true,
        Err(error) => {
            progress(Event::Step(messages::not_downloaded(error.message())));
            false
        }
    }
}

async fn build(
    docker: &Docker,
    recipe: &Recipe,
    image: &str,
    base: &str,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let options = BuildImageOptionsBuilder::new()
        .t(image)
        .buildargs(&HashMap::from([("BASE", base)]))
        .labels(&HashMap::from([(crate::sandbox::LABEL, recipe.name)]))
        .networkmode("host")
        .rm(true)
        .forcerm(true)
        .build();
    let context = body_full(recipe.context()?);
    let mut output = std::pin::pin!(docker.build_image(options, None, Some(context)));
    let mut said: Vec<String> = Vec::new();
    let failed = |said: &[String], reason: String| {
        let from = said.len().saturating_sub(LAST_LINES);
        let reason = said[from..].iter().map(String::as_str).chain([reason.as_str()]).collect::<Vec<_>>();
        Error::Build { image: image.to_owned(), reason: reason.join("\n") }
    };
    while let Some(info) = output.next().await {
        let info = match info {
            Ok(info) => info,
            Err(bollard::errors::Error::DockerStreamError { error }) => return Err(failed(&said, error)),
            Err(error) => return Err(failed(&said, error.to_string())),
        };
        if let Some(detail) = info.error_detail {
            return Err(failed(&said, detail.message.unwrap_or_default()));
        }
        // What programs of a build write to stderr comes in colours.
        let text = console::strip_ansi_codes(info.stream.as_deref().unwrap_or_default());
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            progress(Event::Output(line));
            said.push(line.to_owned());
        }
    }
    Ok(())
}

//! The renderers besides ours that `[output]` names.

use std::path::PathBuf;

use mdbook_driver::builtin_renderers::{CmdRenderer, MarkdownRenderer};
use mdbook_renderer::Renderer;

use super::driver::Driver;
use super::model::Book;
use super::programs::{MayRun, commands, untrusted};
use crate::checkout::Checkout;
use crate::files;
use crate::messages::book as messages;
use crate::text::Problem;

impl Book {
    /// Runs the renderers besides ours that `[output]` names, as mdBook would; says which.
    ///
    /// # Errors
    /// When one fails, or may not run.
    pub fn render_others(&self, may_run: MayRun<'_>) -> Result<Vec<String>, Problem> {
        render_others(self, may_run)
    }

    /// Refuses a `build-dir` of book.toml that is not in the repository: who builds a stranger's book does not
    /// expect files elsewhere. One that somebody has asked for may be anywhere, unless links of the repository
    /// lead there.
    ///
    /// # Errors
    /// When it leads elsewhere, by itself or by a link.
    pub fn check_build_dir(&self, is_asked_for: bool) -> Result<(), Problem> {
        let checkout = Checkout::around(&self.root);
        let all = self.root.join(&self.config.build.build_dir);
        let names = commands(self, "output").unwrap_or_default().into_iter().map(|(name, _)| name);
        let others: Vec<PathBuf> = names.chain(["markdown".to_owned()]).map(|name| all.join(name)).collect();
        let leads_out = |folder: &PathBuf| {
            let is_in = files::absolute(folder).starts_with(checkout.top());
            let is_free = is_asked_for && !is_in && (*folder == all || !folder.is_symlink());
            !is_free && !checkout.contains(folder)
        };
        let mut folders = others.into_iter().chain([self.destination(), all.clone()]);
        let Some(folder) = folders.find(leads_out) else { return Ok(()) };
        let problem = Problem::new(messages::build_dir_outside(folder.display(), checkout.top().display()));
        Err(problem.help(messages::build_dir_outside_help()))
    }

    /// The folder of the site: `build-dir`, or `html` in it where other renderers have theirs beside it.
    pub fn destination(&self) -> PathBuf {
        let folder = self.root.join(&self.config.build.build_dir);
        if has_other_renderers(self) { folder.join("html") } else { folder }
    }
}

/// Whether `[output]` names renderers besides ours.
fn has_other_renderers(book: &Book) -> bool {
    book.config.mdbook.contains_key("output.markdown")
        || commands(book, "output").is_ok_and(|renderers| !renderers.is_empty())
}

/// Runs the other renderers that `[output]` names, as mdBook would; says which.
fn render_others(book: &Book, may_run: MayRun<'_>) -> Result<Vec<String>, Problem> {
    let named = commands(book, "output")?;
    let programs: Vec<_> = named.iter().map(|(_, command)| command.clone()).collect();
    let mut renderers: Vec<Box<dyn Renderer>> = Vec::new();
    if book.config.mdbook.contains_key("output.markdown") {
        renderers.push(Box::new(MarkdownRenderer::new()));
    }
    renderers.extend(
        named
            .into_iter()
            .map(|(name, command)| Box::new(CmdRenderer::new(name, command)) as Box<dyn Renderer>),
    );
    if !programs.is_empty() && !may_run(&programs) {
        return Err(untrusted(&programs));
    }
    if renderers.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |name: &str, error: &mdbook_core::errors::Error| {
        Problem::new(messages::renderer_failed(name, format!("{error:#}")))
            .help(messages::renderer_failed_help())
    };
    let driver = Driver::of(book).map_err(|error| failed("mdbook", &error))?;
    for renderer in &renderers {
        driver.render(&**renderer).map_err(|error| failed(renderer.name(), &error))?;
    }
    Ok(renderers.iter().map(|renderer| renderer.name().to_owned()).collect())
}

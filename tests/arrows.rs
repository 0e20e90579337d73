//! One direction, no cycles: no file of `src` uses another that uses it in turn, by whatever way, and
//! neither does a room, or a part of a room. Tests within the files may use what they like.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// A module: the names that stand in it, and where each leads.
#[derive(Default)]
struct Module {
    file: PathBuf,
    children: BTreeMap<String, usize>,
    parent: Option<usize>,
    items: HashSet<String>,
    /// What `use` names, under the name that it has here.
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// All paths that stand in it.
    paths: Vec<Vec<String>>,
}

struct Crate {
    modules: Vec<Module>,
}

impl Crate {
    fn read(source: &Path) -> Self {
        let mut read = Self { modules: Vec::new() };
        read.file(&source.join("lib.rs"), None);
        read
    }

    fn file(&mut self, path: &Path, parent: Option<usize>) -> usize {
        let text = std::fs::read_to_string(path).unwrap();
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().unwrap();
        let folder = path.parent().unwrap();
        let below = match name == "mod" || name == "lib" {
            true => folder.to_owned(),
            false => folder.join(name),
        };
        self.module(path, &below, parent, &file.items)
    }

    fn module(&mut self, path: &Path, below: &Path, parent: Option<usize>, items: &[syn::Item]) -> usize {
        let number = self.modules.len();
        self.modules.push(Module { file: path.to_owned(), parent, ..Module::default() });
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                syn::Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let child = match &module.content {
                        Some((_, items)) => self.module(path, &below.join(&name), Some(number), items),
                        None => {
                            let file = below.join(format!("{name}.rs"));
                            let file = if file.exists() { file } else { below.join(&name).join("mod.rs") };
                            self.file(&file, Some(number))
                        }
                    };
                    self.modules[number].children.insert(name, child);
                }
                syn::Item::Use(used) => self.modules[number].import(Vec::new(), &used.tree),
                item => {
                    let module = &mut self.modules[number];
                    module.items.extend(name_of(item));
                    let mut paths = Paths::default();
                    paths.visit_item(item);
                    module.paths.extend(paths.0);
                }
            }
        }
        number
    }

    /// The modules and the file at the end of a path, if it leads into this crate.
    fn lead(&self, from: usize, path: &[String], depth: usize) -> Option<(usize, bool)> {
        if depth > 20 {
            return None;
        }
        let mut at = from;
        for (number, segment) in path.iter().enumerate() {
            let module = &self.modules[at];
            at = match segment.as_str() {
                "crate" => 0,
                "super" => module.parent?,
                "self" => at,
                name if module.children.contains_key(name) => module.children[name],
                name if module.items.contains(name) => return Some((at, true)),
                name => {
                    let named = module.imports.get(name).and_then(|path| self.lead(at, path, depth + 1));
                    let globbed = || {
                        module.globs.iter().find_map(|glob| {
                            let path = [&glob[..], &[name.to_owned()]].concat();
                            self.lead(at, &path, depth + 1)
                        })
                    };
                    match named.or_else(globbed)? {
                        (found, true) => return Some((found, true)),
                        (found, false) if number + 1 == path.len() => return Some((found, false)),
                        (found, false) => found,
                    }
                }
            };
        }
        Some((at, false))
    }

    /// Which file uses which.
    fn arrows(&self) -> BTreeSet<(PathBuf, PathBuf)> {
        let mut arrows = BTreeSet::new();
        for (number, module) in self.modules.iter().enumerate() {
            let imports = module.imports.values().chain(&module.globs);
            for path in imports.chain(&module.paths) {
                if let Some((to, _)) = self.lead(number, path, 0)
                    && self.modules[to].file != module.file
                {
                    arrows.insert((module.file.clone(), self.modules[to].file.clone()));
                }
            }
        }
        arrows
    }
}

impl Module {
    fn import(&mut self, mut path: Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.import(path, &part.tree);
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(path.clone(), tree)),
            syn::UseTree::Glob(_) => self.globs.push(path),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.imports.insert(path.last().unwrap().clone(), path);
            }
            syn::UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.imports.insert(name.ident.to_string(), path);
            }
            syn::UseTree::Rename(name) => {
                path.push(name.ident.to_string());
                self.imports.insert(name.rename.to_string(), path);
            }
        }
    }
}

/// The paths in an item that are more than a name.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl<'a> Visit<'a> for Paths {
    fn visit_path(&mut self, path: &'a syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    /// `pub(super)` names a module, and uses nothing of it.
    fn visit_visibility(&mut self, _: &'a syn::Visibility) {}
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item stands behind `#[cfg(test)]`, `#[cfg(any(test, fuzzing))]` and the like.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let words = list.tokens.to_string();
            words.starts_with("test") || words.starts_with("any (test") || words.starts_with("any(test")
        }
        _ => false,
    })
}

fn name_of(item: &syn::Item) -> Option<String> {
    Some(match item {
        syn::Item::Const(item) => item.ident.to_string(),
        syn::Item::Enum(item) => item.ident.to_string(),
        syn::Item::Fn(item) => item.sig.ident.to_string(),
        syn::Item::Static(item) => item.ident.to_string(),
        syn::Item::Struct(item) => item.ident.to_string(),
        syn::Item::Trait(item) => item.ident.to_string(),
        syn::Item::Type(item) => item.ident.to_string(),
        syn::Item::Macro(item) => item.ident.as_ref()?.to_string(),
        _ => return None,
    })
}

/// The shortest way from one to another.
fn way<'a>(arrows: &'a BTreeSet<(PathBuf, PathBuf)>, from: &'a Path, to: &Path) -> Option<Vec<&'a Path>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen = HashSet::from([from]);
    while let Some(way) = ways.pop_front() {
        let last = *way.last().unwrap();
        if last == to {
            return Some(way);
        }
        for (_, next) in arrows.iter().filter(|(start, _)| start == last) {
            if seen.insert(next) {
                ways.push_back([&way[..], &[next]].concat());
            }
        }
    }
    None
}

/// Each arrow that closes a circle, with the way back.
fn circles(arrows: &BTreeSet<(PathBuf, PathBuf)>) -> Vec<String> {
    let mut reported = BTreeSet::new();
    let mut circles = Vec::new();
    for (from, to) in arrows {
        if let Some(back) = way(arrows, to, from)
            && reported.insert(back.iter().copied().collect::<BTreeSet<_>>())
        {
            let mut text = from.display().to_string();
            for file in back {
                write!(text, " → {}", file.display()).unwrap();
            }
            circles.push(text);
        }
    }
    circles
}

/// The arrows between what stands in a folder: its files and its folders, each as a whole.
fn between(arrows: &BTreeSet<(PathBuf, PathBuf)>, folder: &Path) -> BTreeSet<(PathBuf, PathBuf)> {
    let part = |path: &Path| {
        let below = path.strip_prefix(folder).ok()?;
        Some(folder.join(below.components().next()?))
    };
    let parts = arrows.iter().filter_map(|(from, to)| Some((part(from)?, part(to)?)));
    parts.filter(|(from, to)| from != to).collect()
}

fn all_circles(root: &Path) -> Vec<String> {
    let arrows: BTreeSet<_> = Crate::read(root).arrows();
    let arrows: BTreeSet<_> = arrows
        .iter()
        .map(|(from, to)| {
            (from.strip_prefix(root).unwrap().to_owned(), to.strip_prefix(root).unwrap().to_owned())
        })
        .filter(|(from, to)| from != Path::new("lib.rs") && to != Path::new("lib.rs"))
        .collect();
    let folders: BTreeSet<&Path> =
        arrows.iter().flat_map(|(from, to)| [from, to]).flat_map(|path| path.ancestors().skip(1)).collect();
    let mut circles = circles(&arrows);
    for folder in folders {
        circles.extend(self::circles(&between(&arrows, folder)));
    }
    circles
}

#[test]
fn no_file_and_no_room_uses_what_uses_it() {
    let circles = all_circles(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("lib.rs", "mod a;\nmod b;");
    put("a/mod.rs", "mod deep;\nmod other;\npub use deep::Deep;\n");
    put("a/deep.rs", "pub struct Deep;");
    put("a/other.rs", "use super::Deep;\n#[cfg(test)]\nmod tests { use crate::b::b; }");
    put("b.rs", "use crate::a::Deep;\npub fn b(_: Deep) {}");
    assert!(all_circles(folder.path()).is_empty());
    put("a/deep.rs", "pub struct Deep;\nfn f(deep: Deep) { crate::b::b(deep) }");
    let circles = all_circles(folder.path()).join("\n");
    assert!(circles.contains("a/deep.rs → b.rs → a/deep.rs"), "{circles}");
    put("a/deep.rs", "pub struct Deep;");
    put("a/other.rs", "fn f() { crate::b::b(super::Deep) }");
    assert!(all_circles(folder.path()).join("\n").contains("a → b.rs → a"), "a room, though no file");
}

//! The hook that git runs before a commit.

/// Verifies the pages that a commit changes. What is committed is what is verified: a page with changes
/// that the commit leaves out is refused.
pub(super) const HOOK: &str = r#"#!/bin/sh
# haechi: the pages that this commit changes must be true. `git commit --no-verify` passes it by.
set -eu
changed=$(git diff --cached --name-only --diff-filter=ACMR -- '*.md')
[ -n "$changed" ] || exit 0
mixed=$(git diff --name-only -- '*.md' | grep -Fx -e "$changed" || true)
if [ -n "$mixed" ]; then
  echo "haechi: these pages have changes that are not part of the commit; add or stash them:" >&2
  printf '  %s\n' "$mixed" >&2
  exit 1
fi
IFS='
'
set -f
# shellcheck disable=SC2086 # a page a line
exec haechi verify -- $changed
"#;

/// The lines for a `.pre-commit-config.yaml`.
pub(super) fn pre_commit(action: &super::Action) -> String {
    format!(
        "  - repo: https://github.com/{}\n    rev: {}\n    hooks:\n      - id: haechi",
        action.repository, action.at
    )
}

#!/bin/bash
# ci/dist.sh TARGET: builds haechi for a target into dist/, static and stripped, with completions, manual pages,
# the licenses and checksums. Manual and completions come from a haechi that runs here.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
host=$(rustc -vV | sed -n 's/^host: //p')
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | sed -n 1p)
name=haechi-$version-$target
folder=dist/$name

# musl's targets are static by themselves; glibc's have to be asked. Procedural macros cannot be static, so
# the target is named even where it is this machine's: then flags are for it alone.
case $target in
  *-linux-gnu) export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" ;;
esac
# What is relocated when the program starts takes 24 bytes a place, or a bit.
case $target in
  *-linux-*) export RUSTFLAGS="${RUSTFLAGS:-} -C link-arg=-Wl,-z,pack-relative-relocs" ;;
esac
cargo build --profile dist --bin haechi --target "$target"

rm -rf "$folder" "$folder.tar.gz"
mkdir -p "$folder/completions" "$folder/man"
cp "target/$target/dist/haechi" LICENSE-APACHE LICENSE-MIT README.md CHANGELOG.md "$folder/"
ln -s haechi "$folder/mdbook-haechi"
runs=$folder/haechi
[ "$target" = "$host" ] || { cargo build --release --bin haechi; runs=target/release/haechi; }
for shell in bash elvish fish powershell zsh; do "$runs" completions $shell >"$folder/completions/haechi.$shell"; done
"$runs" man "$folder/man"

tar -C dist --owner=0 --group=0 --numeric-owner --sort=name -czf "dist/$name.tar.gz" "$name"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
bytes=$(stat -c %s "$folder/haechi")
echo "dist: $folder/haechi has $((bytes / 1000000)) MB; dist/$name.tar.gz" >&2
[ "$bytes" -lt 25000000 ] || { echo "dist: that is more than 25 MB" >&2; exit 1; }

#!/bin/bash
# ci/dist/run.sh TARGET...: builds haechi for each target into dist/, static and stripped, with completions,
# manual pages, the licenses and checksums. Targets with musl are built in a container, from Debian's Rust
# and the source of its standard library; others with this machine's Rust.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | sed -n 1p)
log=$(mktemp); trap 'rm -f "$log"' EXIT
say() { printf 'dist: %s\n' "$*" >&2; }

# What is relocated when the program starts takes 24 bytes a place, or a bit.
relocations='-C link-arg=-Wl,-z,pack-relative-relocs'

toolchain() { # makes the image haechi/dist
  local base=debian:sid-slim
  docker image inspect $base >/dev/null 2>&1 || docker pull --quiet $base >/dev/null 2>&1 ||
    { images/base.sh sid; base=haechi/debian:sid; }
  say "making the toolchain for musl"
  docker build --network host --build-arg BASE=$base --tag haechi/dist ci/dist >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; say "no toolchain: see above; its recipe is ci/dist/Dockerfile"; exit 3; }
}

compile_in_container() { # target
  local compiler=${1%%-*}-linux-musl-gcc
  # What cargo downloads stays in the tree's target folder, and so belongs to who builds.
  mkdir -p target/musl/cargo
  docker run --rm --network host --user "$(id -u):$(id -g)" --volume "$PWD:/haechi" --workdir /haechi \
    --volume /etc/ssl/certs/ca-certificates.crt:/etc/ssl/certs/ca-certificates.crt:ro \
    --env CARGO_HOME=/haechi/target/musl/cargo --env CARGO_TARGET_DIR=/haechi/target/musl \
    --env "CARGO_TARGET_$(tr a-z- A-Z_ <<<"$1")_LINKER=$compiler" --env "CC_${1//-/_}=$compiler" \
    --env "RUSTFLAGS=$relocations -C link-self-contained=no -L /usr/lib/haechi/$1" --env RUSTC_BOOTSTRAP=1 \
    haechi/dist cargo build --locked -Z build-std --profile dist --bin haechi --target "$1"
}

package() { # target, program
  local name=haechi-$version-$1 folder runs bytes
  folder=dist/$name
  rm -rf "$folder" "$folder.tar.gz"
  mkdir -p "$folder/completions" "$folder/man"
  cp "$2" LICENSE-APACHE LICENSE-MIT README.md CHANGELOG.md "$folder/"
  ln -s haechi "$folder/mdbook-haechi"
  # Manual and completions come from a haechi that runs here.
  runs=$folder/haechi
  "$runs" --version >/dev/null 2>&1 || runs=dist/haechi-$version-$(uname -m)-unknown-linux-musl/haechi
  for shell in bash elvish fish powershell zsh; do "$runs" completions $shell >"$folder/completions/haechi.$shell"; done
  "$runs" man "$folder/man"

  tar -C dist --owner=0 --group=0 --numeric-owner --sort=name -czf "dist/$name.tar.gz" "$name"
  (cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
  bytes=$(stat -c %s "$folder/haechi")
  say "$folder/haechi has $((bytes / 1000000)) MB; dist/$name.tar.gz"
  [ "$bytes" -lt 25000000 ] || { say "that is more than 25 MB"; exit 1; }
}

for target in "$@"; do
  case $target in
    *-linux-musl)
      DOCKER_HOST=$(images/engine.sh host); export DOCKER_HOST
      toolchain
      compile_in_container "$target"
      package "$target" "target/musl/$target/dist/haechi"
      ;;
    *)
      # The target is named even where it is this machine's: procedural macros cannot be static.
      case $target in *-linux-gnu) export RUSTFLAGS="${RUSTFLAGS:-} $relocations -C target-feature=+crt-static" ;; esac
      cargo build --profile dist --bin haechi --target "$target"
      package "$target" "target/$target/dist/haechi"
      ;;
  esac
done

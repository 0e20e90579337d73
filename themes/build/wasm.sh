#!/bin/bash
# wasm.sh: makes themes/haechi/static/reader.wasm.js, which is crates/reader for browsers.
# wasm.sh sources: prints the hash of what it is made from, which stands in its first line.
#
# rustup's target wasm32-unknown-unknown is used where this machine has it, else Debian's compiler in a
# folder of its own, for which root is needed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd); cd "$root"
target=wasm32-unknown-unknown
made=themes/haechi/static/reader.wasm.js

say() { printf 'wasm: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }

sources() {
  { find src/matching src/reader crates/reader/src -name '*.rs'; printf '%s\n' src/snippet/prompt.rs crates/reader/Cargo.toml crates/reader/Cargo.lock; } |
    LC_ALL=C sort | while read -r file; do printf '%s\n' "$file"; cat "$file"; done | sha256sum | cut -c1-64
}
[ "${1:-}" = sources ] && { sources; exit; }

scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
# What a panic would say is a tenth of the module, and nobody reads it there: the browser says that it failed.
# Both options are unstable, which the variable allows.
lean='-Zlocation-detail=none -Zfmt-debug=none'; export RUSTC_BOOTSTRAP=1
# Neither the compiler's name nor a path of this machine is part of what is made.
flags="--remap-path-prefix=/haechi=. --remap-path-prefix=/cargo=cargo $lean"

build() { cargo build --quiet --offline --locked --release --target $target --manifest-path "$1/crates/reader/Cargo.toml" --target-dir "$2"; }
shrink() { wasm-opt -Oz --converge --strip-debug --strip-producers --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int --enable-mutable-globals --enable-multivalue --enable-reference-types "$1" -o "$2"; }

cargo fetch --quiet --locked --manifest-path crates/reader/Cargo.toml
if [ -d "$(rustc --print target-libdir --target $target 2>/dev/null)" ]; then
  RUSTFLAGS="--remap-path-prefix=$root=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo $lean" build "$root" "$scratch/target"
  cp "$scratch/target/$target/release/haechi_reader.wasm" "$scratch/whole.wasm"
  if command -v wasm-opt >/dev/null; then shrink "$scratch/whole.wasm" "$scratch/reader.wasm"; else cp "$scratch/whole.wasm" "$scratch/reader.wasm"; fi
else
  [ "$(id -u)" = 0 ] || die "there is no compiler for WebAssembly" "rustup target add $target, or run this as root on Debian"
  debian=${XDG_CACHE_HOME:-$HOME/.cache}/haechi/wasm
  if [ ! -x "$debian/usr/bin/cargo" ]; then
    command -v mmdebstrap >/dev/null || images/install.sh mmdebstrap mmdebstrap
    address=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
      sed -n 's/^URIs: *\([^ ]*debian\)\/*$/\1/p; s/^deb \(\[[^]]*\] \)*\([^ ]*debian\)\/* .*/\2/p' | sed -n 1p || :)
    [ -n "$address" ] || die "no Debian archive in the apt sources of this machine" "add one, as in Debian's own debian.sources"
    say "installing Debian's compiler in $debian"
    rm -rf "$debian" "$debian.new"
    mmdebstrap --quiet --variant=minbase --include=cargo,rustc,libstd-rust-dev-wasm32,lld,binaryen \
      --aptopt='Acquire::Check-Valid-Until "false"' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      sid "$debian.new" "$address" >&2
    mv "$debian.new" "$debian"
  fi
  mkdir -p "$debian/haechi" "$debian/cargo" "$debian/made"
  export root debian target flags registry="${CARGO_HOME:-$HOME/.cargo}/registry"
  export -f build shrink
  unshare --mount bash -euo pipefail -c '
    mount --bind "$root" "$debian/haechi"
    mkdir -p "$debian/cargo/registry"; mount --bind "$registry" "$debian/cargo/registry"
    mount --bind /dev "$debian/dev"
    export CARGO_HOME=/cargo RUSTFLAGS="$flags" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
    chroot "$debian" bash -euo pipefail -c "
      build /haechi /made/target
      shrink /made/target/$target/release/haechi_reader.wasm /made/reader.wasm"
    cat "$debian/made/reader.wasm"' >"$scratch/reader.wasm"
fi
gzip -9 -n "$scratch/reader.wasm"
{
  printf '// crates/reader as WebAssembly, gzip and base64. Made by themes/build/wasm.sh from sources %s\n' "$(sources)"
  printf 'window.haechiReaderWasm = "%s";\n' "$(base64 -w0 "$scratch/reader.wasm.gz")"
} >"$scratch/made.js"
mv "$scratch/made.js" "$made"
say "made $made: $(wc -c <"$scratch/reader.wasm.gz") bytes compressed"

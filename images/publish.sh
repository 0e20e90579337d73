#!/bin/sh
# Runs in the mirror: puts the image that `docker save` writes, on standard input, into its registry.
#
#   publish.sh REPOSITORY:TAG ...
#
# `docker push` would compress each layer first, and each sandbox decompress it, which takes longer than to copy
# it: no network is on the way.
set -eu
registry=http://127.0.0.1:5000/v2
layer=application/vnd.docker.image.rootfs.diff.tar
folder=$(mktemp -d -p /var/lib/registry)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# A file as a manifest names it, after its type.
description() { # TYPE, FILE
  printf '{"mediaType":"%s","size":%d,"digest":"sha256:%s"}' "$1" "$(stat -Lc %s "$2")" "$(digest "$2")"
}

digest() { cat "digests/$1"; } # FILE

ask() { curl -sS --fail --retry 5 --retry-connrefused --retry-delay 1 "$@"; }

# Uploads a file to a repository, unless it is there.
upload() { # REPOSITORY, FILE
  ask --head "$registry/$1/blobs/sha256:$(digest "$2")" >/dev/null 2>&1 && return
  place=$(ask --request POST --dump-header - --output /dev/null "$registry/$1/blobs/uploads/" |
    tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  ask --upload-file "$2" --header 'Content-Type: application/octet-stream' "$place&digest=sha256:$(digest "$2")"
}

tar -xf -
# [{"Config":"FILE","RepoTags":[…],"Layers":["FILE",…]}]
config=$(sed 's/.*"Config":"\([^"]*\)".*/\1/' manifest.json)
layers=$(sed 's/.*"Layers":\[\([^]]*\)\].*/\1/' manifest.json | tr -d '"' | tr , ' ')
described=
for file in $config $layers; do
  mkdir -p "$(dirname "digests/$file")"
  openssl dgst -sha256 -r "$file" | cut -d' ' -f1 >"digests/$file"
done
for file in $layers; do
  # A store of containerd's keeps layers compressed.
  case $(head -c 2 "$file" | od -An -tx1) in ' 1f 8b') type=$layer.gzip ;; *) type=$layer ;; esac
  described=$described${described:+,}$(description "$type" "$file")
done
type=application/vnd.docker.distribution.manifest.v2+json
printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' "$type" \
  "$(description application/vnd.docker.container.image.v1+json "$config")" "$described" >manifest

for name in "$@"; do
  repository=${name%:*}
  for file in $config $layers; do upload "$repository" "$file"; done
  ask --upload-file manifest --header "Content-Type: $type" "$registry/$repository/manifests/${name##*:}"
done

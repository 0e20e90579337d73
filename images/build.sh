#!/bin/bash
# Builds the images that the guide names: images/build.sh build|publish
#
# They come from Docker Hub through the mirror where the Hub can be reached. Elsewhere
# "build" makes them from Debian's packages, and "publish" serves them under their usual
# names, once `haechi engine up` has started the mirror. Each build is kept in the engine
# under a key made from its recipe's content, so a second run builds nothing.
#
# HAECHI_HUB=URL  the registry that images come from (default: Docker Hub);
#                 HAECHI_HUB=none builds them here even where the Hub answers.
set -euo pipefail
cd "$(dirname "$0")"

DOCKER_HOST=$(./engine.sh host); export DOCKER_HOST
export DOCKER_BUILDKIT=0
hub=${HAECHI_HUB:-https://registry-1.docker.io}
port=${HAECHI_MIRROR_PORT:-5599}

# name, then the names under which the mirror serves it
catalog='hello-world library/hello-world:latest
busybox library/busybox:latest
nginx library/nginx:latest
tomcat library/tomcat:latest
mysql library/mysql:latest library/mysql:9 library/mysql:5.7
wordpress library/wordpress:latest
redis library/redis:latest
postgres library/postgres:latest
python library/python:latest'

say() { printf 'images: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }
has() { docker image inspect "$1" >/dev/null 2>&1; }
log=$(mktemp); trap 'rm -f "$log"' EXIT

# The content of files or folders as a short key.
key() { tar --sort=name --mode='a+r,go-w' --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$@" | sha256sum | cut -c1-12; }

build() { # recipe
  local image suite
  image=haechi/$1:$(key base.sh "$1")
  if ! has "$image"; then
    for suite in $(sed -n 's/^FROM haechi\/debian:\([a-z]*\).*/\1/p' "$1/Dockerfile"); do ./base.sh "$suite"; done
    say "building haechi/$1"
    local began=$SECONDS
    docker build --network host --tag "$image" "$1" >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "haechi/$1 could not be built" "see above; the recipe is images/$1/Dockerfile"; }
    say "built haechi/$1 in $((SECONDS - began)) s"
  fi
  docker tag "$image" "haechi/$1:latest"
}

hub_answers() { [ "$hub" != none ] && curl -s -o /dev/null --max-time 5 "$hub/v2/"; }

# Whether the mirror serves this very image under this name.
serves() { # image, name:tag
  local record="/var/lib/registry/haechi/$(echo "$2" | tr / _)"
  [ "$(docker exec haechi-mirror cat "$record" 2>/dev/null)" = "$(docker image inspect --format '{{.Id}}' "$1")" ]
}

publish() { # image, name:tag
  serves "$@" && return
  say "publishing $2"
  docker tag "$1" "127.0.0.1:$port/$2"
  docker push --quiet "127.0.0.1:$port/$2" >"$log" 2>&1 || { cat "$log" >&2; exit 3; }
  docker rmi "127.0.0.1:$port/$2" >/dev/null
  docker exec haechi-mirror sh -c 'mkdir -p /var/lib/registry/haechi && echo "$1" > "$2"' - \
    "$(docker image inspect --format '{{.Id}}' "$1")" "/var/lib/registry/haechi/$(echo "$2" | tr / _)"
}

# Whether the mirror serves what is published here: then it asks no Hub.
is_published_to() { [ "$(docker inspect --format '{{index .Config.Labels "haechi.hub"}}' haechi-mirror 2>/dev/null)" = none ]; }

command -v curl >/dev/null || ./install.sh images curl ca-certificates
began=$SECONDS
case ${1:-} in
  build)
    if hub_answers; then
      say "Docker Hub answers at $hub: no image of the guide is built here"
    else
      [ "$hub" = none ] || say "no way to Docker Hub: building its images from Debian's packages"
      while read -r recipe _; do build "$recipe"; done <<<"$catalog"
    fi
    say "built after $((SECONDS - began)) s"
    ;;
  publish)
    is_published_to || exit 0
    while read -r recipe names; do
      build "$recipe"
      for name in $names; do publish "haechi/$recipe:latest" "$name"; done
    done <<<"$catalog"
    say "published after $((SECONDS - began)) s"
    ;;
  *) echo "usage: images/build.sh build|publish" >&2; exit 2 ;;
esac

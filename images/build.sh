#!/bin/bash
# Builds the images that a run needs and serves them through one mirror.
#
# Always built: haechi/engine (the sandbox) and haechi/mirror.
# The images that the guide names come from Docker Hub through the mirror where
# the Hub can be reached; elsewhere they are built here from Debian's packages
# and served under their usual names. Each build is kept in the engine under a
# key made from its recipe's content, so a second run builds nothing.
#
# HAECHI_HUB=URL  the registry that the mirror pulls through (default: Docker Hub);
#                 HAECHI_HUB=none builds the images here even where the Hub answers.
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

mirror_up() { # what it serves: none (what is published here), or the address that it pulls through
  local kept=haechi-mirror left=100
  [ "$1" = none ] || { kept=haechi-mirror-hub; set -- "$1" --env "REGISTRY_PROXY_REMOTEURL=$1"; }
  docker rm -f haechi-mirror >/dev/null 2>&1 || :
  docker run --detach --name haechi-mirror --label haechi=mirror --label "haechi.hub=$1" --restart unless-stopped \
    --publish "127.0.0.1:$port:5000" --volume "$kept:/var/lib/registry" --volume haechi-mirror-socket:/run/haechi \
    "${@:2}" haechi/mirror:latest >/dev/null
  until docker exec haechi-mirror curl -sf --unix-socket /run/haechi/mirror.sock http://mirror/v2/ >/dev/null; do
    left=$((left - 1)); [ $left != 0 ] || die "the mirror does not answer" "read: docker logs haechi-mirror"
    sleep 0.1
  done
}

mirror_is() { # the mode that it must run in
  [ "$(docker inspect --format '{{.State.Running}} {{.Image}} {{index .Config.Labels "haechi.hub"}}' haechi-mirror 2>/dev/null)" \
    = "true $(docker image inspect --format '{{.Id}}' haechi/mirror:latest) $1" ]
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

command -v curl >/dev/null || { apt-get update -qq >&2; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends curl ca-certificates >/dev/null; }
began=$SECONDS
build engine
build mirror
if hub_answers; then
  say "Docker Hub answers at $hub: the mirror pulls through it"
  mirror_is "$hub" || mirror_up "$hub"
else
  [ "$hub" = none ] || say "no way to Docker Hub: building its images from Debian's packages"
  mirror_is none || mirror_up none
  while read -r recipe names; do
    build "$recipe"
    for name in $names; do publish "haechi/$recipe:latest" "$name"; done
  done <<<"$catalog"
fi
say "ready after $((SECONDS - began)) s"

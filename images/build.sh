#!/bin/bash
# Builds the images that the guide names: images/build.sh build|publish [RECIPE]...
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

# The recipe's folder, with the stage of its Dockerfile where there are several; then the names under which
# the mirror serves it. A number in a name is the version inside. What takes longest comes first.
catalog='python/slim library/python:3.13-slim library/python:3.13.5-slim
python/full library/python:latest library/python:3.13 library/python:3.13.5
wordpress library/wordpress:latest library/wordpress:6 library/wordpress:6.8
mysql library/mysql:latest library/mysql:9 library/mysql:9.7
tomcat library/tomcat:latest library/tomcat:11 library/tomcat:11.0
dind library/docker:28-dind
postgres/v17 library/postgres:17
postgres/v18 library/postgres:latest library/postgres:18
httpd library/httpd:latest library/httpd:2 library/httpd:2.4
nginx library/nginx:latest library/nginx:1.26
redis library/redis:latest library/redis:8 library/redis:8.0
registry library/registry:2 library/registry:2.8
debian library/debian:13-slim library/debian:trixie-slim
hello-world library/hello-world:latest library/hello-world:linux
busybox library/busybox:latest library/busybox:1 library/busybox:1.37'

say() { printf 'images: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }
has() { docker image inspect "$1" >/dev/null 2>&1; }
logs=$(mktemp -d); trap 'rm -rf "$logs"' EXIT

# The content of files or folders as a short key.
key() { tar --sort=name --mode='a+r,go-w' --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$@" | sha256sum | cut -c1-12; }

# The image of a recipe, without its tag.
image_of() { echo "haechi/${1/\//-}"; } # recipe

# A recipe's folder as an archive. A machine whose way to the registries is inspected has a certificate for
# that, which a build needs and an image must not have.
context() { # folder
  local copy; copy=$(mktemp -d)
  cp -R "$1/." "$copy"
  if grep -q machine.crt "$1/Dockerfile"; then cp /etc/ssl/certs/ca-certificates.crt "$copy/machine.crt"; fi
  tar -C "$copy" -cf - .
  rm -r "$copy"
}

build() { # recipe
  local folder=${1%/*} image suite target=() log=$logs/$BASHPID
  image=$(image_of "$1"):$(key base.sh "$folder")
  [ "$folder" = "$1" ] || target=(--target "${1#*/}")
  if ! has "$image"; then
    for suite in $(sed -n 's/^FROM haechi\/debian:\([a-z]*\).*/\1/p' "$folder/Dockerfile" | sort -u); do ./base.sh "$suite"; done
    say "building $image"
    local began=$SECONDS
    context "$folder" | docker build --network host "${target[@]}" --tag "$image" - >"$log" 2>&1 ||
      { tail -n 20 "$log" >&2; die "$image could not be built" "see above; the recipe is images/$folder/Dockerfile"; }
    say "built $image in $((SECONDS - began)) s"
  fi
  docker tag "$image" "$(image_of "$1"):latest"
}

# The lines of the catalog for some recipes, else all.
chosen() { # RECIPE...
  if [ $# = 0 ]; then echo "$catalog"; else grep -E "^($(IFS='|'; echo "$*"))[/ ]" <<<"$catalog"; fi
}

hub_answers() { [ "$hub" != none ] && curl -s -o /dev/null --max-time 5 "$hub/v2/"; }

# Serves an image through the mirror, which keeps a record of what it serves already.
publish() { # recipe, name:tag ...
  local image log=$logs/$BASHPID record served
  image=$(image_of "$1"):latest
  record=/var/lib/registry/haechi/${1/\//-}
  served="$(docker image inspect --format '{{.Id}}' "$image") ${*:2}"
  [ "$(docker exec haechi-mirror cat "$record" 2>/dev/null)" != "$served" ] || return 0
  say "publishing ${*:2}"
  docker save "$image" | docker exec -i haechi-mirror sh -c "$(cat publish.sh)" publish.sh "${@:2}" >"$log" 2>&1 || { cat "$log" >&2; exit 3; }
  docker exec haechi-mirror sh -c 'mkdir -p "${2%/*}" && echo "$1" > "$2"' - "$served" "$record"
}

# Whether the mirror runs and serves what is published here: then it asks no Hub.
is_published_to() { [ "$(docker inspect --format '{{.State.Running}} {{index .Config.Labels "haechi.hub"}}' haechi-mirror 2>/dev/null)" = 'true none' ]; }

# Builds recipes of one folder, whose stages have layers in common, and publishes them where the mirror runs.
make_folder() { # folder, RECIPE...
  local recipe names
  chosen "${@:2}" | grep -E "^$1[/ ]" | while read -r recipe names; do
    build "$recipe"
    # shellcheck disable=SC2086 # names are words
    ! is_published_to || publish "$recipe" $names
  done
}

# Folders are made two at a time: dpkg and compression use one processor each.
make_all() { # RECIPE...
  chosen "$@" | sed 's/[/ ].*//' | uniq | xargs -P 2 -I '{}' ./build.sh folder '{}' "$@" ||
    die "not every image could be made" "fix what is said above, and run the command again; what was made is kept"
}

for recipe in "${@:2}"; do
  [ "${1:-}" = folder ] || chosen "$recipe" >/dev/null || die "no such recipe: $recipe" "choose one of: $(sed 's/ .*//' <<<"$catalog" | xargs)"
done
command -v curl >/dev/null || ./install.sh images curl ca-certificates
began=$SECONDS
case ${1:-} in
  folder) make_folder "${@:2}" ;;
  build)
    if hub_answers; then
      say "Docker Hub answers at $hub: no image of the guide is built here"
    else
      [ "$hub" = none ] || say "no way to Docker Hub: building its images from Debian's packages"
      make_all "${@:2}"
    fi
    say "built after $((SECONDS - began)) s"
    ;;
  publish)
    is_published_to || exit 0
    make_all "${@:2}"
    say "published after $((SECONDS - began)) s"
    ;;
  *) echo "usage: images/build.sh build|publish [RECIPE]..." >&2; exit 2 ;;
esac

#!/bin/bash
# Finds a Docker Engine, or starts one of our own: images/engine.sh up|down|host
#
# "up" leaves a running Docker alone and uses it. Where there is none it installs
# Debian's engine and starts it with a data root and a socket of its own.
# "down" removes what haechi made in the engine and stops an engine that "up" started.
# "host" prints the address of the engine in use, or fails.
set -euo pipefail

state=${HAECHI_STATE:-${XDG_CACHE_HOME:-$HOME/.cache}/haechi}
run=${HAECHI_RUN:-/run/haechi}
own=unix://$run/docker.sock

say() { printf 'engine: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }

answers() { docker --host "$1" version --format '{{.Server.Version}}' 2>/dev/null; }

host() {
  local candidate
  for candidate in "${DOCKER_HOST:-}" unix:///var/run/docker.sock "$own"; do
    [ -n "$candidate" ] || continue
    if command -v docker >/dev/null && answers "$candidate" >/dev/null; then echo "$candidate"; return; fi
  done
  return 1
}

install_engine() {
  command -v dockerd >/dev/null && command -v iptables >/dev/null && return
  command -v apt-get >/dev/null || die "no Docker Engine here, and no apt-get to install one" \
    "install Docker (https://docs.docker.com/engine/install/), start it, and run the command again"
  [ "$(id -u)" = 0 ] || die "no Docker Engine here, and only root may install one" \
    "run the command as root, or install and start Docker yourself"
  say "no Docker Engine is running"
  "$(dirname "$0")/install.sh" engine docker.io iptables
}

# Whether a process is an engine that has not ended: a zombie has.
runs() {
  case $(sed -n 's/^Name:\t//p; s/^State:\t//p' "/proc/$1/status" 2>/dev/null | tr '\n' ' ') in
    "dockerd Z"* | "containerd Z"*) return 1 ;;
    dockerd* | containerd*) return 0 ;;
    *) return 1 ;;
  esac
}

start_engine() {
  mkdir -p "$state/docker" "$run"
  # What an engine that was killed left behind would keep a new one from starting.
  local name tries
  for name in "$run/dockerd.pid" "$run/exec/containerd/containerd.pid"; do
    [ -s "$name" ] || continue
    for ((tries = 0; tries < 50; tries++)); do runs "$(cat "$name")" || break; sleep 0.1; done
    runs "$(cat "$name")" || rm -f "$name"
  done
  say "starting an engine of our own (data in $state/docker, socket $run/docker.sock)"
  setsid dockerd --data-root "$state/docker" --exec-root "$run/exec" --pidfile "$run/dockerd.pid" \
    --host "$own" --bip 172.29.0.1/16 >"$state/dockerd.log" 2>&1 </dev/null &
  local left=300
  until answers "$own" >/dev/null; do
    left=$((left - 1))
    if [ $left = 0 ] || ! kill -0 $! 2>/dev/null; then
      tail -n 5 "$state/dockerd.log" >&2
      die "dockerd did not start; the end of $state/dockerd.log is above" "fix what it complains of, and run the command again"
    fi
    sleep 0.1
  done
}

up() {
  local found
  mkdir -p "$state"
  if ! found=$(host); then
    install_engine
    # Where there is systemd, the package has started one.
    found=$(host) || { start_engine; found=$own; }
  fi
  say "Docker Engine $(answers "$found") at $found"
}

down() {
  local found kept
  if found=$(host); then
    export DOCKER_HOST=$found
    kept=$(docker ps -aq --filter label=haechi); [ -z "$kept" ] || docker rm -fv $kept >/dev/null
    kept=$(docker network ls -q --filter label=haechi); [ -z "$kept" ] || docker network rm $kept >/dev/null
    say "removed the sandboxes, the mirror and their networks"
  fi
  if [ -s "$run/dockerd.pid" ]; then
    local pid; pid=$(cat "$run/dockerd.pid")
    kill "$pid" 2>/dev/null && say "stopping the engine that was started here (pid $pid)"
    while runs "$pid"; do sleep 0.1; done
  fi
  say "built images stay cached in $state; delete that folder to free the space"
}

case ${1:-} in
  up) up ;;
  down) down ;;
  host) host || die "no Docker Engine answers" "run: make engine" ;;
  *) echo "usage: images/engine.sh up|down|host" >&2; exit 2 ;;
esac

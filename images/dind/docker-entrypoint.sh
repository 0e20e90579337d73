#!/bin/sh
# `docker run docker version` is `docker version` in it.
set -e
if [ "${1#-}" != "$1" ] || docker help "$1" >/dev/null 2>&1; then set -- docker "$@"; fi
exec "$@"

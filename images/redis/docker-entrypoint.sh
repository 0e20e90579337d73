#!/bin/sh
# Becomes the server as its user. The server of the official image is built without protected mode, which
# would refuse other containers.
set -e
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  case " $* " in *' --protected-mode '*) ;; *) set -- "$@" --protected-mode no ;; esac
  if [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis {} +
    exec gosu redis "$0" "$@"
  fi
  [ "$(umask)" != 0022 ] || umask 0077
fi
exec "$@"

#!/bin/sh
# Becomes an engine that listens on its socket: dockerd with the arguments that are options.
set -e
case ${1:-} in '' | -*) set -- dockerd --host=unix:///var/run/docker.sock "$@" ;; esac
[ "$1" = dockerd ] || exec docker-entrypoint.sh "$@"
# A container that was killed leaves these behind.
find /run /var/run -iname 'docker*.pid' -delete 2>/dev/null || :
# Groups may be divided only where no process is in them.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs 2>/dev/null || :
  sed -e 's/ / +/g' -e 's/^/+/' < /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || :
fi
exec "$@"

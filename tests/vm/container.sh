# A clean Debian in a container, with an engine of its own; see run.sh.

# shellcheck disable=SC2034
steps="doctor first again guide hostile"

start() {
  images/base.sh bookworm
  say "starting the container, and installing Docker from Debian's packages"
  # What --privileged gives, but for a capability that not every machine has to give.
  machine=$(docker run -d --rm --cap-add ALL --cap-drop SYS_RESOURCE --security-opt seccomp=unconfined \
    --security-opt apparmor=unconfined --security-opt systempaths=unconfined --device-cgroup-rule 'a *:* rwm' \
    -v /dev:/dev -v /var/lib/docker -v /run -w /root haechi/debian:bookworm sleep infinity)
  # shellcheck disable=SC2016 # for the shell inside
  inside 'mount -o remount,rw /sys; for path in /sys/fs/cgroup /sys/fs/cgroup/*; do
    ! mountpoint -q "$path" || mount -o remount,bind,rw "$path"; done'
  # The mirror outside, which has the guide's images, is on the same network.
  # shellcheck disable=SC2034
  hub=http://$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' haechi-mirror):5000
  docker cp -q "$work/files/." "$machine:/root"
  inside 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables git >/root/apt.log 2>&1' ||
    die "Docker cannot be installed" "see above"
  docker exec -d "$machine" sh -c 'exec dockerd --bip 172.28.0.1/16 >/root/dockerd.log 2>&1'
  local left=60
  until inside 'docker version >/dev/null 2>&1'; do
    left=$((left - 1))
    [ $left != 0 ] || { inside 'tail -n 5 dockerd.log' >&2; die "the engine does not answer" "see above"; }
    sleep 1
  done
  # shellcheck disable=SC2086 # names are words
  [ -z "${HAECHI_VM_LOAD:-}" ] || docker save $HAECHI_VM_LOAD | docker exec -i "$machine" docker load -q
}

inside() { docker exec -i "$machine" bash -c "$1"; }

stop() { docker rm -fv "$machine" >/dev/null; }

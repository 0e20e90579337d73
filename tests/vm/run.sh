#!/bin/bash
# tests/vm/run.sh [STEP]...: haechi's static program on a machine like a reader's, a Debian 13 in qemu with
# control groups 2, systemd, AppArmor, Docker from packages, and a user who is not root. docs/en/vm.md has what
# a run showed.
#
# Steps: doctor, first (from the program to a green and a red check), again (without haechi's images),
# guide, hostile, remap and rootless; without any, all in this order.
#
# HAECHI_VM_PROGRAM=FILE   the program (default: the one that `make dist` made)
# HAECHI_VM_FOREIGN=DIR    other people's repositories, each NAME with a README.md, and NAME.sed that makes it false
# HAECHI_VM_LOAD=IMAGES    what `docker load` gives the machine's engine first (default: Debian as the base of
#                          haechi's images, for a machine with no way to Docker Hub)
set -euo pipefail
cd "$(dirname "$0")/../.."
say() { printf 'vm: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }

program=${HAECHI_VM_PROGRAM:-$(echo dist/haechi-*-linux-*/haechi)}
[ -x "$program" ] || die "no program: $program" "make dist"
ldd "$program" 2>&1 | grep -q -e 'not a dynamic' -e 'statically linked' || say "$program is not static"
command -v qemu-system-x86_64 >/dev/null || images/install.sh vm qemu-system-x86
cache=${XDG_CACHE_HOME:-$HOME/.cache}/haechi/vm/$(sha256sum tests/vm/image.sh | cut -c1-12)
[ -s "$cache/disk" ] || tests/vm/image.sh "$cache"

# The program, the guide, the hostile pages and other people's repositories are on a second disk, images on a third.
work=$(mktemp -d)
machine=
trap '[ -z "$machine" ] || kill "$machine" 2>/dev/null || :; rm -rf "$work"' EXIT
mkdir -p "$work/files/foreign"
cp "$program" "$work/files/haechi"
git archive --prefix=haechi/ HEAD book.toml content tests/pages/hostile tests/vm | tar -x -C "$work/files"
[ -z "${HAECHI_VM_FOREIGN:-}" ] || cp -R "$HAECHI_VM_FOREIGN"/. "$work/files/foreign"
tar -C "$work/files" -cf "$work/files.tar" .
DOCKER_HOST=$(images/engine.sh host) || die "no Docker Engine here, to take images from" "make images"
export DOCKER_HOST
# shellcheck disable=SC2086 # names are words
docker save -o "$work/images.tar" ${HAECHI_VM_LOAD:-haechi/debian:sid haechi/debian:bookworm}

accelerator=tcg,thread=multi,tb-size=1024
processor=max
if grep -qwE 'vmx|svm' /proc/cpuinfo && [ -w /dev/kvm ]; then accelerator=kvm processor=host; fi
say "starting the machine ($accelerator)"
port=$((20000 + RANDOM % 10000))
qemu-system-x86_64 -accel $accelerator -cpu $processor -m 6G -smp 2 -nodefaults -no-reboot -display none \
  -kernel "$cache/vmlinuz" -initrd "$cache/initrd" \
  -append "root=/dev/vda rw console=ttyS0 mitigations=off" -serial "file:$work/console" \
  -drive "file=$cache/disk,format=raw,if=virtio,snapshot=on,cache=unsafe" \
  -drive "file=$work/files.tar,format=raw,if=virtio,readonly=on" \
  -drive "file=$work/images.tar,format=raw,if=virtio,readonly=on" \
  -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=net -device virtio-rng-pci &
machine=$!
inside() {
  ssh -q -i "$cache/key" -p $port -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o ConnectTimeout=10 -o ServerAliveInterval=30 reader@127.0.0.1 "$@"
}
began=$SECONDS
until inside true; do
  kill -0 $machine 2>/dev/null || die "the machine ended" "see above"
  [ $((SECONDS - began)) -lt 1800 ] || { tail -n 20 "$work/console" >&2; die "the machine does not answer" "see above"; }
  sleep 1
done
say "it answers after $((SECONDS - began)) s"
inside 'sudo chmod a+r /dev/vdb /dev/vdc && tar -xf /dev/vdb && docker load -q </dev/vdc'
inside bash haechi/tests/vm/inside.sh "$@"

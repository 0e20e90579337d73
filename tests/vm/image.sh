#!/bin/bash
# tests/vm/image.sh FOLDER ARCHITECTURE: makes a Debian 13 that qemu boots: FOLDER/disk, FOLDER/vmlinuz,
# FOLDER/initrd and FOLDER/key, which logs in as `reader`. It has Docker from Debian's packages, and nothing of
# haechi's. ARCHITECTURE is Debian's word for it, amd64 or arm64.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1 architecture=$2
say() { printf 'vm: %s\n' "$*" >&2; }
[ "$(id -u)" = 0 ] || { say "only root makes the image of the virtual machine"; exit 3; }
for program in mmdebstrap mke2fs ssh-keygen; do
  command -v $program >/dev/null || images/install.sh vm mmdebstrap e2fsprogs openssh-client
done
address=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
  sed -n 's/^URIs: *\([^ ]*debian\)\/*$/\1/p; s/^deb \(\[[^]]*\] \)*\([^ ]*debian\)\/* .*/\2/p' | sed -n 1p || :)
[ -n "$address" ] || { say "no Debian archive in the apt sources of this machine"; exit 3; }

# Programs of another processor run with qemu's help while the image is made.
if [ "$architecture" != "$(dpkg --print-architecture)" ]; then
  processor=$([ "$architecture" = arm64 ] && echo aarch64 || echo x86_64)
  for program in arch-test "qemu-$processor-static"; do
    command -v "$program" >/dev/null || images/install.sh vm arch-test qemu-user-static
  done
  [ -e /proc/sys/fs/binfmt_misc/register ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  [ -e "/proc/sys/fs/binfmt_misc/qemu-$processor" ] ||
    cat "/usr/lib/binfmt.d/qemu-$processor.conf" >/proc/sys/fs/binfmt_misc/register
fi

packages=linux-image-$architecture,systemd-sysv,dbus,dbus-user-session,libpam-systemd,udev,apparmor
packages+=,ca-certificates,curl,git,iproute2,iptables,kmod,openssh-server,procps,sudo
packages+=,docker.io,docker-cli,rootlesskit,slirp4netns,uidmap,fuse-overlayfs
mkdir -p "$folder"
root=$folder/root
rm -rf "$root"
trap 'rm -rf "$root"' EXIT
say "making Debian 13 with Linux, systemd and Docker"
mmdebstrap --variant=minbase --architectures="$architecture" --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' \
  trixie "$root" "$address" >"$folder/log" 2>&1 || { tail -n 20 "$folder/log" >&2; exit 3; }

# A machine whose way to the registries is inspected has a certificate for that.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
# Of AppArmor's profiles those of containers: the others are of desktop programs, and an emulated machine
# compiles them for ten minutes.
find "$root/etc/apparmor.d" -maxdepth 1 -type f ! -name runc ! -name crun ! -name rootlesskit ! -name slirp4netns -delete
echo vm >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 vm\n' >"$root/etc/hosts"
printf '/dev/vda / ext4 noatime 0 1\n' >"$root/etc/fstab"
printf '[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n' >"$root/etc/systemd/network/all.network"
echo 'nameserver 10.0.2.3' >"$root/etc/resolv.conf"
# What an emulated machine has no time for.
mkdir -p "$root/etc/systemd/system.conf.d"
printf '[Manager]\nDefaultTimeoutStartSec=20min\nDefaultDeviceTimeoutSec=20min\n' >"$root/etc/systemd/system.conf.d/slow.conf"
for unit in systemd-journal-catalog-update.service e2scrub_reap.service getty@tty1.service apt-daily.timer \
  apt-daily-upgrade.timer fstrim.timer dpkg-db-backup.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
echo 'reader ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/reader"
chroot "$root" useradd --create-home --shell /bin/bash --groups docker reader
chroot "$root" systemctl enable --quiet systemd-networkd ssh docker
rm -f "$folder/key" "$folder/key.pub"
ssh-keygen -q -t ed25519 -N '' -C vm -f "$folder/key"
install -d -m 700 "$root/home/reader/.ssh"
install -m 600 "$folder/key.pub" "$root/home/reader/.ssh/authorized_keys"
chroot "$root" chown -R reader:reader /home/reader/.ssh

cp "$root"/boot/vmlinuz-* "$folder/vmlinuz"
cp "$root"/boot/initrd.img-* "$folder/initrd"
truncate -s 14G "$folder/disk.new"
mke2fs -q -t ext4 -E lazy_itable_init=1 -d "$root" "$folder/disk.new"
mv "$folder/disk.new" "$folder/disk"
say "made $folder/disk, $(du -m "$folder/disk" | cut -f1) MB"

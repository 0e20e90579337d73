# A machine that qemu emulates, or runs where the processor can; see run.sh.

# Debian's images and the guide's are of this machine's processor: another one gets its base from packages.
# shellcheck disable=SC2034
if [ "$architecture" = "$(dpkg --print-architecture)" ]; then
  steps="doctor first again guide hostile remap rootless"
else
  steps="doctor up first" HAECHI_VM_LOAD=${HAECHI_VM_LOAD:-none}
fi
# The mirror of the machine outside, which has the guide's images.
# shellcheck disable=SC2034
hub=http://10.0.2.2:${HAECHI_MIRROR_PORT:-5599}
port=$((20000 + RANDOM % 10000))

start() {
  local package=x86 board=pc console=ttyS0 accelerator=tcg,thread=multi,tb-size=1024 model=max
  # The model is one without authentication of pointers, which takes long to emulate.
  if [ "$architecture" = arm64 ]; then package=arm board=virt console=ttyAMA0 model=neoverse-n1; fi
  command -v "qemu-system-$processor" >/dev/null || images/install.sh vm qemu-system-$package
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/haechi/vm/$architecture-$(sha256sum tests/vm/image.sh | cut -c1-12)
  [ -s "$cache/disk" ] || tests/vm/image.sh "$cache" "$architecture"
  # What the machine is given is on a second disk, images on a third.
  tar -C "$work/files" -cf "$work/files.tar" .
  local load='docker load -q </dev/vdc'
  # shellcheck disable=SC2086 # names are words
  if [ "${HAECHI_VM_LOAD:-}" = none ]; then
    load=:; truncate -s 512 "$work/images.tar"
  else
    docker save -o "$work/images.tar" ${HAECHI_VM_LOAD:-haechi/debian:sid haechi/debian:trixie}
  fi

  if [ "$processor" = "$(uname -m)" ] && grep -qwE 'vmx|svm' /proc/cpuinfo && [ -w /dev/kvm ]; then accelerator=kvm model=host; fi
  say "starting the machine ($processor, $accelerator)"
  "qemu-system-$processor" -machine $board -accel $accelerator -cpu $model -m "${HAECHI_VM_MEMORY:-14G}" -smp 2 -nodefaults -no-reboot -display none \
    -kernel "$cache/vmlinuz" -initrd "$cache/initrd" \
    -append "root=/dev/vda rw console=$console mitigations=off" -serial "file:$work/console" \
    -drive "file=$cache/disk,format=raw,if=virtio,snapshot=on,cache=unsafe" \
    -drive "file=$work/files.tar,format=raw,if=virtio,readonly=on" \
    -drive "file=$work/images.tar,format=raw,if=virtio,readonly=on" \
    -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=net -device virtio-rng-pci &
  machine=$!
  local began=$SECONDS
  until inside true; do
    kill -0 $machine 2>/dev/null || die "the machine ended" "see above"
    [ $((SECONDS - began)) -lt 1800 ] || { tail -n 20 "$work/console" >&2; die "the machine does not answer" "see above"; }
    sleep 1
  done
  inside "sudo chmod a+r /dev/vdb /dev/vdc && tar -xf /dev/vdb && $load"
}

inside() {
  ssh -q -i "$cache/key" -p $port -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o ConnectTimeout=10 -o ServerAliveInterval=30 reader@127.0.0.1 "$1"
}

stop() { kill "$machine" 2>/dev/null || :; }

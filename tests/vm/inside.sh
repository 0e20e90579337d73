#!/bin/bash
# tests/vm/inside.sh STEP...: what tests/vm/run.sh does in the machine, as its user. Each command is printed,
# with its exit code and the seconds it took.
set -uo pipefail
export PATH=$HOME/bin:$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
wrong=0

try() { # EXIT COMMAND: what is typed, and the exit code that it must have
  local began=$SECONDS exit
  printf '\n$ %s\n' "$2"
  bash -c "$2" 2>&1
  exit=$?
  printf '(exit %s, %s s)\n' $exit $((SECONDS - began))
  [ $exit = "$1" ] || { echo "WRONG: exit $exit, not $1"; wrong=$((wrong + 1)); }
}

# The engine has no debian:sid-slim of Docker Hub's: what was loaded takes its place.
docker tag haechi/debian:sid debian:sid-slim 2>/dev/null
docker tag haechi/debian:trixie debian:trixie-slim 2>/dev/null

doctor() {
  try 0 'uname -r; id; docker version --format "Docker Engine {{.Server.Version}}"; docker info --format "cgroup {{.CgroupVersion}}, {{.SecurityOptions}}"'
  try 0 'cat /sys/module/apparmor/parameters/enabled; ls /proc/sys/kernel | grep -e apparmor -e userns; :'
  try 0 'haechi engine doctor'
}

up() { try 0 "sudo HAECHI_HUB=$HAECHI_HUB $(command -v haechi) engine up"; }

first() {
  local name
  for name in $(cd foreign && ls -d -- */); do
    name=${name%/}
    cd "foreign/$name"
    try 0 'git log -1 --oneline; haechi init --yes'
    try 0 'haechi verify README.md'
    # A change of what the page claims or types, in the words of sed.
    try 1 "sed -i -f ../$name.sed README.md; git diff -U0 README.md; haechi verify README.md"
    git checkout -q README.md
    cd ../..
  done
}

again() {
  try 0 'haechi engine down --all && docker images'
  first
}

# On an emulated processor a large image takes longer than the guide's three minutes for a step.
guide() { try 0 'cd haechi && haechi verify . --no-cache --timeout-multiplier 10'; }

hostile() {
  local page name line code
  for page in haechi/tests/pages/hostile/*.md; do
    name=$(basename "$page" .md)
    mkdir -p "attack/$name"
    sed "s/CANARY_ADDRESSES/$(hostname -I | cut -d' ' -f1)/; s/CANARY_PORT/22/" "$page" >"attack/$name/$name.md"
    (cd "attack/$name" && haechi verify --memory 1024 --disk 1024 --page-timeout 60s "$name.md") >"attack/$name/said" 2>&1
    code=$?
    if [ -e "${page%.md}.said" ]; then
      [ $code = 1 ] || { echo "WRONG: $name: exit $code, not 1"; wrong=$((wrong + 1)); }
      while IFS= read -r line; do
        grep -qF -- "$line" "attack/$name/said" || { echo "WRONG: $name does not say: $line"; wrong=$((wrong + 1)); }
      done <"${page%.md}.said"
    elif [ $code != 0 ]; then
      echo "WRONG: $name: exit $code, not 0"; tail -n 5 "attack/$name/said"; wrong=$((wrong + 1))
    fi
    echo "$name: $(tail -n 1 "attack/$name/said")"
  done
  try 0 '[ -z "$(docker ps -aq --filter label=haechi=sandbox)" ] && ! losetup -l | grep haechi'
}

remap() {
  echo '{"userns-remap":"default"}' | sudo tee /etc/docker/daemon.json >/dev/null
  sudo systemctl restart docker
  try 3 'haechi engine doctor'
  try 3 'cd haechi && haechi verify content/run.md --no-cache'
  sudo rm /etc/docker/daemon.json
  sudo systemctl restart docker
}

rootless() {
  local -x XDG_RUNTIME_DIR=/run/user/$(id -u) DOCKER_HOST=unix:///run/user/$(id -u)/docker.sock
  /usr/share/docker.io/contrib/dockerd-rootless.sh >rootless.log 2>&1 &
  local left=300
  until docker version >/dev/null 2>&1; do left=$((left - 1)); [ $left != 0 ] || { tail rootless.log; break; }; sleep 1; done
  try 3 'haechi engine doctor'
  try 3 'cd haechi && haechi verify content/run.md --no-cache'
  kill %1
}

for step in "$@"; do printf '\n## %s\n' "$step"; $step; done
[ $wrong = 0 ] || { echo; echo "$wrong wrong"; exit 1; }

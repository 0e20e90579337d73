#!/bin/sh
# As many workers as the container may use processors, where the reader asks for that.
set -e
[ -n "${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
file=/etc/nginx/nginx.conf
touch $file 2>/dev/null || { echo "${0##*/}: error: can not modify $file (read-only file system?)" >&2; exit 0; }
count=$(nproc)
if read -r quota period 2>/dev/null < /sys/fs/cgroup/cpu.max; then :
else
  quota=$(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || echo max)
  period=$(cat /sys/fs/cgroup/cpu/cpu.cfs_period_us 2>/dev/null || echo 1)
fi
case $quota in
  max | -1) ;;
  *) allowed=$(((quota + period - 1) / period)); [ "$allowed" -ge "$count" ] || count=$allowed ;;
esac
sed -i "s/^worker_processes .*/worker_processes $count;/" $file

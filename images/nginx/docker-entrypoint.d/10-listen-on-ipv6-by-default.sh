#!/bin/sh
# Listens on IPv6, too, where the reader has not changed the server's file.
set -e
file=/etc/nginx/conf.d/default.conf
say() { [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "${0##*/}: info: $*"; }
leave() { say "$@"; exit; }
[ -f /proc/net/if_inet6 ] || leave 'ipv6 not available'
[ -f $file ] || leave "$file is not a file or does not exist"
touch $file 2>/dev/null || leave "can not modify $file (read-only file system?)"
! grep -qF 'listen  [::]:80;' $file || leave 'IPv6 listen already enabled'
say "Getting the checksum of $file"
md5sum --status -c /usr/lib/nginx/default.conf.md5 || leave "$file differs from the packaged version"
sed -i 's/^    listen       80;$/&\n    listen  [::]:80;/' $file
say "Enabled listen on IPv6 in $file"

#!/bin/sh
# Fills variables into the templates and puts them beside the server's other files.
set -e
from=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
to=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
say() { [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "${0##*/}: $*"; }
[ -d "$from" ] || exit 0
if [ ! -w "$to" ]; then say "ERROR: $from exists, but $to is not writable"; exit 0; fi
# Variables that are not set are nginx's own, such as $host.
names=$(env | cut -d= -f1 | grep -E "${NGINX_ENVSUBST_FILTER:-.}" | sed 's/.*/${&}/' | tr '\n' ' ')
find -L "$from" -type f -name "*$suffix" | while read -r template; do
  path=${template#"$from"/}
  result=$to/${path%"$suffix"}
  mkdir -p "${result%/*}"
  say "Running envsubst on $template to $result"
  envsubst "$names" < "$template" > "$result"
done

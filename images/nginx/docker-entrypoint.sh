#!/bin/sh
# Runs what lies in /docker-entrypoint.d before the server starts, and says so as the image of this name on
# Docker Hub does.
set -e
folder=/docker-entrypoint.d/
say() { [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $*"; }
case $1 in
  nginx | nginx-debug)
    if [ -n "$(find $folder -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null)" ]; then
      say "$folder is not empty, will attempt to perform configuration"
      say "Looking for shell scripts in $folder"
      for file in "$folder"*; do
        case $file in
          *.envsh) if [ -x "$file" ]; then say "Sourcing $file"; . "$file"; else say "Ignoring $file, not executable"; fi ;;
          *.sh) if [ -x "$file" ]; then say "Launching $file"; "$file"; else say "Ignoring $file, not executable"; fi ;;
          *) say "Ignoring $file" ;;
        esac
      done
      say 'Configuration complete; ready for start up'
    else
      say "No files found in $folder, skipping configuration"
    fi ;;
esac
exec "$@"

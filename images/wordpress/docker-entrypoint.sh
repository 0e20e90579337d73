#!/bin/bash
# Copies WordPress to the working folder where there is none, and makes its settings from the variables.
# The variables and the lines of the log are those of the image of this name on Docker Hub.
set -euo pipefail

copy_wordpress() {
  local path
  local -a kept=()
  if [ "$(id -u)" = 0 ] && [ "$(stat -c %u:%g .)" = 0:0 ]; then chown www-data:www-data .; fi
  echo "WordPress not found in $PWD - copying now..." >&2
  if [ -n "$(find . -mindepth 1 -maxdepth 1 -not -name wp-content)" ]; then echo "WARNING: $PWD is not empty! (copying anyhow)" >&2; fi
  # What the reader has put there stays.
  for path in $(cd /usr/src/wordpress && find .htaccess wp-content/*/* -maxdepth 0); do
    [ -e "$path" ] || continue
    echo "WARNING: '$PWD/$path' exists! (not copying the WordPress version)" >&2
    kept+=(--exclude "./$path")
  done
  tar -C /usr/src/wordpress "${kept[@]}" -cf - . | tar -xf -
  echo "Complete! WordPress has been successfully copied to $PWD" >&2
}

make_settings() { # VARIABLE...
  local salt source=wp-config-docker.php
  [ -s "$source" ] || source=/usr/src/wordpress/$source
  echo "No 'wp-config.php' found in $PWD, but 'WORDPRESS_...' variables supplied; copying '$source' ($*)" >&2
  while IFS= read -r line; do
    if [[ $line == *'put your unique phrase here'* ]]; then
      salt=$(head -c 64 /dev/urandom | sha1sum | cut -d' ' -f1)
      line=${line//put your unique phrase here/$salt}
    fi
    printf '%s\n' "$line"
  done < "$source" > wp-config.php
  if [ "$(id -u)" = 0 ]; then chown www-data:www-data wp-config.php || :; fi
}

if [[ ${1-} == apache2* ]]; then
  if [ ! -e index.php ] && [ ! -e wp-includes/version.php ]; then copy_wordpress; fi
  variables=("${!WORDPRESS_@}")
  if [ ! -s wp-config.php ] && [ ${#variables[@]} -gt 0 ]; then make_settings "${variables[@]}"; fi
fi
exec "$@"

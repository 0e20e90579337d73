#!/bin/bash
# Prepares the data folder on the first start and becomes the server. The variables, the order of the steps
# and what they print are those of the image of this name on Docker Hub.
set -eo pipefail

stop() { printf '%s\n' "$@" >&2; exit 1; }

# Settles a variable: its own value, the content of the file that NAME_FILE names, or the default.
settle() { # NAME [DEFAULT]
  local file=${1}_FILE
  if [ -n "${!1}" ] && [ -n "${!file}" ]; then stop "error: both $1 and $file are set (but are exclusive)"; fi
  if [ -n "${!file}" ]; then export "$1=$(cat "${!file}")"
  else export "$1=${!1:-$2}"; fi
  unset "$file"
}

query() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

check_password() {
  [ -n "$POSTGRES_PASSWORD" ] || [ "$POSTGRES_HOST_AUTH_METHOD" = trust ] || stop \
    'Error: Database is uninitialized and superuser password is not specified.' \
    '       You must specify POSTGRES_PASSWORD to a non-empty value for the' \
    '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".' '' \
    '       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all' \
    '       connections without a password. This is *not* recommended.' '' \
    '       See PostgreSQL documentation about "trust":' \
    '       https://www.postgresql.org/docs/current/auth-trust.html'
}

own_folders() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA" || :
  chmod 3775 /var/run/postgresql || :
  if [ "$(id -u)" = 0 ]; then find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres {} +; fi
}

# What unpacks a script of the first start, by its ending; nothing for what is not packed.
unpacks() {
  case $1 in
    *.sql.gz) echo zcat ;;
    *.sql.xz) echo xzcat ;;
    *.sql.zst) echo zstdcat ;;
  esac
}

run_scripts() {
  local script unpack
  echo
  for script in /docker-entrypoint-initdb.d/*; do
    unpack=$(unpacks "$script")
    if [[ $script == *.sh && ! -x $script ]]; then
      echo "$0: sourcing $script"
      . "$script"
    elif [[ $unpack || $script == *.sh || $script == *.sql ]]; then
      echo "$0: running $script"
      if [ -n "$unpack" ]; then "$unpack" "$script" | query --dbname "$POSTGRES_DB"; echo
      elif [[ $script == *.sql ]]; then query --dbname "$POSTGRES_DB" -f "$script"; echo
      else "$script"; fi
    else
      echo "$0: ignoring $script"
    fi
    echo
  done
}

# A server without a network, while the scripts of the first start run.
initialize() {
  check_password
  eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}" >> "$PGDATA/pg_hba.conf"
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  PGUSER=${PGUSER:-$POSTGRES_USER} pg_ctl -D "$PGDATA" -o "$(printf '%q ' "${@:2}" -c listen_addresses='' -p "${PGPORT:-5432}")" -w start
  if [ -z "$(query --dbname postgres -At -v name="$POSTGRES_DB" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" ]; then
    query --dbname postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
    echo
  fi
  run_scripts
  PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

only_tells() {
  local argument
  for argument; do case $argument in -'?' | --help | --describe-config | -V | --version) return ;; esac; done
  return 1
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
if [ "$1" = postgres ] && ! only_tells "$@"; then
  settle POSTGRES_PASSWORD
  settle POSTGRES_USER postgres
  settle POSTGRES_DB "$POSTGRES_USER"
  settle POSTGRES_INITDB_ARGS
  own_folders
  if [ "$(id -u)" = 0 ]; then exec gosu postgres "$0" "$@"; fi
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    initialize "$@"
  fi
fi
exec "$@"

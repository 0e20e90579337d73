#!/bin/bash
# Prepares the data folder on the first start and becomes the server. The variables, the order of the steps
# and the lines of the log are those of the image of this name on Docker Hub.
set -eo pipefail
shopt -s nullglob

log() { printf '%s [%s] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$@"; }
note() { log Note "$1"; }
warn() { log Warn "$1" >&2; }
stop() { log ERROR "$1" >&2; exit 1; }

# Settles a variable: its own value, the content of the file that NAME_FILE names, or the default.
settle() { # NAME [DEFAULT]
  local file=${1}_FILE
  if [ -n "${!1}" ] && [ -n "${!file}" ]; then stop "Both $1 and $file are set (but are exclusive)"; fi
  if [ -n "${!file}" ]; then export "$1=$(cat "${!file}")"
  else export "$1=${!1:-$2}"; fi
  unset "$file"
}

# What the server makes of its files and arguments.
setting() { # NAME ARGUMENT...
  local name=$1; shift
  "$@" --verbose --help 2>/dev/null | awk -v name="$name" '$1 == name && /^[^ \t]/ { sub(/^[^ \t]+[ \t]+/, ""); print; exit }'
}

# The password of root goes by a file that no list of processes shows.
client_file() { [ -z "$known_password" ] || printf '[client]\npassword="%s"\n' "$known_password"; }
query() { mysql --defaults-extra-file=<(client_file) --protocol=socket --socket="$socket" -uroot -hlocalhost --comments "$@"; }

ways='
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD'

check_variables() {
  [ -n "$MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ] ||
    stop "Database is uninitialized and password option is not specified$ways"
  [ "$MYSQL_USER" != root ] ||
    stop "MYSQL_USER=\"root\", MYSQL_USER and MYSQL_PASSWORD are for configuring a regular user and cannot be used for the root user
    Remove MYSQL_USER=\"root\" and use one of the following to control the root user password:${ways#*variable:}"
  if [ -n "$MYSQL_USER" ] && [ -z "$MYSQL_PASSWORD" ]; then
    warn 'MYSQL_USER specified, but missing MYSQL_PASSWORD; MYSQL_USER will not be created'
  elif [ -z "$MYSQL_USER" ] && [ -n "$MYSQL_PASSWORD" ]; then
    warn 'MYSQL_PASSWORD specified, but missing MYSQL_USER; MYSQL_PASSWORD will be ignored'
  fi
}

set_root() {
  if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
    MYSQL_ROOT_PASSWORD=$(openssl rand -base64 24); export MYSQL_ROOT_PASSWORD
    note "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
  fi
  {
    echo "SET @@SESSION.SQL_LOG_BIN=0;"
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';"
    echo "GRANT ALL ON *.* TO 'root'@'localhost' WITH GRANT OPTION; FLUSH PRIVILEGES;"
    if [ "$MYSQL_ROOT_HOST" != localhost ]; then
      echo "CREATE USER 'root'@'$MYSQL_ROOT_HOST' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';"
      echo "GRANT ALL ON *.* TO 'root'@'$MYSQL_ROOT_HOST' WITH GRANT OPTION;"
    fi
    echo "DROP DATABASE IF EXISTS test;"
  } | query --database=mysql
  known_password=$MYSQL_ROOT_PASSWORD
}

make_database() {
  if [ -n "$MYSQL_DATABASE" ]; then
    note "Creating database $MYSQL_DATABASE"
    query --database=mysql <<<"CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
  fi
  if [ -n "$MYSQL_USER" ] && [ -n "$MYSQL_PASSWORD" ]; then
    note "Creating user $MYSQL_USER"
    query --database=mysql <<<"CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';"
    if [ -n "$MYSQL_DATABASE" ]; then
      note "Giving user $MYSQL_USER access to schema $MYSQL_DATABASE"
      query --database=mysql <<<"GRANT ALL ON \`${MYSQL_DATABASE//_/\\_}\`.* TO '$MYSQL_USER'@'%';"
    fi
  fi
}

# What unpacks a script of the first start, by its ending; nothing for what has no SQL.
unpacks() {
  case $1 in
    *.sql) echo cat ;;
    *.sql.gz) echo zcat ;;
    *.sql.bz2) echo bzcat ;;
    *.sql.xz) echo xzcat ;;
    *.sql.zst) echo zstdcat ;;
  esac
}

run_scripts() {
  local script unpack
  local -a database=()
  [ -z "$MYSQL_DATABASE" ] || database=(--database="$MYSQL_DATABASE")
  echo
  for script in /docker-entrypoint-initdb.d/*; do
    unpack=$(unpacks "$script")
    if [ -n "$unpack" ]; then
      note "$0: running $script"
      "$unpack" "$script" | query "${database[@]}"
      echo
    elif [[ $script != *.sh ]]; then
      warn "$0: ignoring $script"
    elif [ -x "$script" ]; then
      note "$0: running $script"
      "$script"
    else
      note "$0: sourcing $script"
      . "$script"
    fi
    echo
  done
}

# A server without a network, while the scripts of the first start run: a log has "ready for connections" twice.
initialize() {
  check_variables
  note 'Initializing database files'
  "$@" --initialize-insecure --default-time-zone=SYSTEM
  note 'Database files initialized'
  note 'Starting temporary server'
  "$@" --daemonize --skip-networking --default-time-zone=SYSTEM --socket="$socket" || stop 'Unable to start server.'
  note 'Temporary server started.'
  known_password=
  if [ -z "$MYSQL_INITDB_SKIP_TZINFO" ]; then
    mysql_tzinfo_to_sql /usr/share/zoneinfo | sed 's/Local time zone must be set--see zic manual page/FCTY/' | query --database=mysql
  fi
  set_root
  make_database
  run_scripts
  if [ -n "$MYSQL_ONETIME_PASSWORD" ]; then query --database=mysql <<<"ALTER USER 'root'@'%' PASSWORD EXPIRE;"; fi
  note 'Stopping temporary server'
  mysqladmin --defaults-extra-file=<(client_file) shutdown -uroot --socket="$socket" || stop 'Unable to shut down server.'
  note 'Temporary server stopped'
  echo
  note 'MySQL init process done. Ready for start up.'
  echo
}

only_tells() {
  local argument
  for argument; do case $argument in -'?' | --help | --print-defaults | -V | --version) return ;; esac; done
  return 1
}

[ "${1:0:1}" != - ] || set -- mysqld "$@"
if [ "$1" = mysqld ] && ! only_tells "$@"; then
  note "Entrypoint script for MySQL Server $(dpkg-query -W -f '${Version}' mysql-server) started."
  errors=$("$@" --verbose --help 2>&1 >/dev/null) ||
    stop $'mysqld failed while attempting to check config\n\tcommand was: '"$*"$' --verbose --help\n\t'"$errors"
  data=$(setting datadir "$@") socket=$(setting socket "$@")
  settle MYSQL_ROOT_HOST %
  for name in MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD MYSQL_ROOT_PASSWORD; do settle $name; done
  mkdir -p "$data" "${socket%/*}"
  if [ "$(id -u)" = 0 ]; then
    find "$data" "${socket%/*}" ! -user mysql -exec chown --no-dereference mysql {} +
    note "Switching to dedicated user 'mysql'"
    exec gosu mysql "$0" "$@"
  fi
  [ -d "$data/mysql" ] || initialize "$@"
fi
exec "$@"

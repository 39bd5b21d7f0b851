#!/bin/sh
# A throw-away PostgreSQL for the tests marked `postgres`.
#
#   scripts/test-postgres.sh start    make and start a cluster, unless one is running; print its URL
#   scripts/test-postgres.sh url      print the URL of the running cluster
#   scripts/test-postgres.sh stop     stop it and delete all of it
#
# Use:  GEVINST_TEST_POSTGRES="$(scripts/test-postgres.sh start)" pytest tests; scripts/test-postgres.sh stop
# Two test runs at once: give each its own folder in GEVINST_TEST_POSTGRES_HOME.
# The cluster lies in a folder of its own under ${TMPDIR:-/tmp}, listens on a free port of the loopback only, asks
# for a password, and keeps nothing. PostgreSQL refuses to run as root, so root runs it as the user postgres.
set -eu

home="${GEVINST_TEST_POSTGRES_HOME:-${TMPDIR:-/tmp}/gevinst-test-postgres-$(id -u)}"

fail() { echo "test-postgres: $1" >&2; exit 1; }

as_owner() {
    if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

find_programs() {
    programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$programs" ] || { command -v initdb >/dev/null 2>&1 && programs=$(dirname "$(command -v initdb)"); } || true
}

install_programs() {
    [ "$(id -u)" -eq 0 ] || fail "PostgreSQL is not installed; install it, or run this once as root"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >&2 \
        || fail "PostgreSQL could not be installed"
    find_programs
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

is_running() {
    [ -f "$home/url" ] && as_owner "$programs/pg_ctl" -D "$home/data" status >/dev/null 2>&1
}

start() {
    find_programs
    [ -n "$programs" ] || install_programs
    [ -n "$programs" ] || fail "PostgreSQL's programs were not found"
    if is_running; then cat "$home/url"; return; fi
    rm -rf "$home"
    mkdir -m 700 "$home"
    [ "$(id -u)" -ne 0 ] || chown postgres "$home"
    password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    port=$(free_port)
    (
        cd /
        printf '%s\n' "$password" | as_owner sh -c "umask 077; cat > '$home/password'"
        as_owner "$programs/initdb" -D "$home/data" -U gevinst --pwfile="$home/password" --auth=scram-sha-256 \
            --encoding=UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1 || fail "initdb failed: $home/initdb.log"
        as_owner "$programs/pg_ctl" -D "$home/data" -w -l "$home/data/server.log" -o \
            "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories='' -c fsync=off" start \
            >"$home/start.log" 2>&1 || fail "the server did not start: $home/data/server.log"
    )
    printf 'postgresql://gevinst:%s@127.0.0.1:%s/postgres\n' "$password" "$port" > "$home/url"
    chmod 600 "$home/url"
    cat "$home/url"
}

stop() {
    find_programs
    if [ -d "$home/data" ] && [ -n "$programs" ]; then
        (cd / && as_owner "$programs/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1) || true
    fi
    rm -rf "$home"
}

case "${1:-}" in
    start) start ;;
    stop) stop ;;
    url) [ -f "$home/url" ] || fail "no cluster is running; start it first"; cat "$home/url" ;;
    *) fail "say start, stop or url" ;;
esac

#!/bin/sh
# The journeys of learners, trainers and certificates on a private PostgreSQL cluster: made in a temporary folder,
# reached by its socket only, removed.
set -eu
cd "$(dirname "$0")/.."

binaries() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(pg_config --bindir 2>/dev/null || true)"; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then echo "$folder"; return; fi
    done
}

if [ -z "$(binaries)" ]; then
    if [ "$(id -u)" = 0 ]; then root=""; elif sudo -n true 2>/dev/null; then root="sudo"; else root="-"; fi
    if [ "$root" = "-" ] || ! command -v apt-get >/dev/null; then
        echo "PostgreSQL belum ada. Pasang dulu, lalu ulangi. Debian/Ubuntu: sudo apt-get install -y postgresql"
        exit 1
    fi
    echo "Memasang PostgreSQL …"
    $root apt-get update -qq && $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
bin=$(binaries)

folder=$(mktemp -d /tmp/sinau-pg-XXXXXX)
# PostgreSQL refuses to run as root.
as=""
if [ "$(id -u)" = 0 ]; then as="runuser -u nobody --"; chown nobody "$folder"; fi
finish() {
    $as "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

(
    cd "$folder"
    $as "$bin/initdb" -D "$folder/data" -U sinau --auth=trust --encoding=UTF8 --no-sync >/dev/null
    $as "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
        -o "-k $folder -c listen_addresses='' -c fsync=off" start >/dev/null || { cat "$folder/log"; exit 1; }
    $as "$bin/createdb" -h "$folder" -U sinau sinau
)
DATABASE_URL_TEST="postgresql+psycopg://sinau@/sinau?host=$folder" .venv/bin/pytest tests/served/test_postgres*.py -p no:randomly "$@"

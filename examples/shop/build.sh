#!/bin/sh
# Makes target/manifest.json and target/catalog.json anew with real dbt.
#
#   ./build.sh            a temporary PostgreSQL on a free loopback port, gone afterwards
#   SHOP_PG_HOST=... SHOP_PG_PORT=... SHOP_PG_USER=... SHOP_PG_PASSWORD=... SHOP_PG_DATABASE=... ./build.sh
#                         a PostgreSQL of yours; schemas shop, shop_raw, shop_staging and shop_snapshots are used
#   DBT=/path/to/dbt      an installed dbt 1.10; without it one is installed into a temporary environment
#   PYTHON=python3.11     the Python to use (3.11 or newer)
#   PG_BIN=...            where initdb and pg_ctl are (default: the newest under /usr/lib/postgresql, then PATH)
set -eu
here=$(CDPATH= cd "$(dirname "$0")" && pwd)
cd "$here"

python=${PYTHON:-python3}
work=$(mktemp -d)
chmod 755 "$work"

# PostgreSQL refuses to run as root: there the system's postgres user runs it.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

finish() {
    if [ -f "$work/pg/postmaster.pid" ]; then
        as_postgres "$pg_bin"pg_ctl --pgdata="$work/pg" --mode=fast --silent stop
    fi
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ -z "${DBT:-}" ]; then
    "$python" -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
    DBT=$work/venv/bin/dbt
fi

if [ -z "${SHOP_PG_HOST:-}" ]; then
    pg_bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
    pg_bin=${pg_bin:+$pg_bin/}
    command -v "${pg_bin}initdb" >/dev/null || {
        echo "No initdb in ${pg_bin:-PATH}: install PostgreSQL 15 or newer, set PG_BIN, or name a server of yours in SHOP_PG_HOST." >&2
        exit 1
    }
    mkdir "$work/pg"
    if [ "$(id -u)" = 0 ]; then chown postgres "$work/pg"; fi
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_postgres "$pg_bin"initdb --pgdata="$work/pg" --username=shop --auth=trust --encoding=UTF8 --no-locale >"$work/initdb.log"
    as_postgres "$pg_bin"pg_ctl --pgdata="$work/pg" --silent --wait --log="$work/pg/server.log" \
        --options="-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories='$work/pg' -c fsync=off -c timezone=UTC" start
    export SHOP_PG_HOST=127.0.0.1 SHOP_PG_PORT="$port" SHOP_PG_USER=shop SHOP_PG_DATABASE=shop SHOP_PG_PASSWORD=
    as_postgres "$pg_bin"createdb --host=127.0.0.1 --port="$port" --username=shop shop
fi

# In a copy, so that a failed run leaves the files here as they were. Relative folders keep this machine's
# paths out of the manifest.
mkdir "$work/shop"
cp -R dbt_project.yml profiles.yml models seeds snapshots "$work/shop/"
export DBT_PROJECT_DIR=. DBT_PROFILES_DIR=. DBT_TARGET_PATH=target DBT_LOG_PATH=logs
cd "$work/shop"

"$python" seeds/generate.py
"$DBT" seed
"$DBT" build --full-refresh --exclude resource_type:seed
"$DBT" docs generate
# Compiled once more as on an empty database: the manifest shall hold SQL that fits a first run, and after a
# build daily_revenue's would be that of a second one.
"$DBT" compile --full-refresh

cd "$here"
mkdir -p target
cp "$work/shop/target/manifest.json" "$work/shop/target/catalog.json" target/
cp "$work/shop/seeds/"*.csv seeds/

#!/bin/bash
# Looks up known advisories for both trees: Cargo.lock (RustSec, by cargo-deny) and the two package-lock.json files (npm).
# With a network the databases as they are today are asked. Without one the dated snapshots in this folder are: what was
# published since is not in them, and the last line says which was used. `audit.sh --offline` takes the snapshots in any case.
set -euo pipefail
cd "$(dirname "$0")/../.."

offline=${1:-}
snapshot=tests/audit/rustsec
dated=$(cat "$snapshot/DATE")
npm_dated=$(node -p 'JSON.parse(require("fs").readFileSync("tests/audit/npm.json", "utf8")).date')
used_rust=today used_npm=today
cargo=${CARGO:-cargo}

rust_from_snapshot() {
  # A crate that came since the snapshot was never looked up: that is no "nothing known".
  local unknown
  unknown=$(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.lock | sort -u | grep -vxF -f "$snapshot/LOOKED_UP" | grep -vxE 'mifeng(-[a-z]+)?' || true)
  if [ -n "$unknown" ]; then
    echo "not looked up for the snapshot: $(tr '\n' ' ' <<<"$unknown")" >&2
    return 1
  fi
  # cargo-deny reads a clone: the snapshot becomes one, under the name that it gives the database's address.
  local place=target/audit
  local clone=$place/advisory-db-3157b0e258782691
  rm -rf "$place"
  mkdir -p "$clone"
  cp -r "$snapshot/crates" "$clone/"
  git -C "$clone" init -q -b main
  git -C "$clone" add -A
  git -C "$clone" -c user.name=snapshot -c user.email=snapshot@localhost commit -q -m snapshot
  touch "$clone/.git/FETCH_HEAD"
  {
    cat deny.toml
    printf '\n[advisories]\ndb-path = "%s"\ndb-urls = ["https://github.com/RustSec/advisory-db"]\n' "$PWD/$place"
  } >"$place/deny.toml"
  "$cargo" deny --log-level error --offline --config "$place/deny.toml" check advisories
}

rust_from_network() {
  mkdir -p target/audit-today
  {
    cat deny.toml
    printf '\n[advisories]\ndb-path = "%s"\n' "$PWD/target/audit-today/db"
  } >target/audit-today/deny.toml
  "$cargo" deny --log-level error --config target/audit-today/deny.toml fetch db 2>/dev/null || return 2
  "$cargo" deny --log-level error --config target/audit-today/deny.toml check advisories
}

npm_from_network() { # npm_from_network FOLDER
  local answer
  answer=$(npm audit --prefix "$1" --json 2>/dev/null) || true
  case $answer in
    *'"auditReportVersion"'*) ;;
    *) return 2 ;;
  esac
  node tests/audit/npm.mjs report "$1" <<<"$answer"
}

if [ "$offline" = --offline ]; then
  used_rust=$dated used_npm=$npm_dated
  rust_from_snapshot
else
  state=0
  rust_from_network || state=$?
  if [ "$state" -eq 2 ]; then
    used_rust=$dated
    rust_from_snapshot
  elif [ "$state" -ne 0 ]; then
    exit "$state"
  fi
fi

for folder in src/intake/web/script tests/node; do
  state=2
  if [ "$used_npm" = today ]; then
    state=0
    npm_from_network "$folder" || state=$?
  fi
  if [ "$state" -eq 2 ]; then
    used_npm=$npm_dated
    node tests/audit/npm.mjs snapshot "$folder" tests/audit/npm.json
  elif [ "$state" -ne 0 ]; then
    exit "$state"
  fi
done

say() { if [ "$1" = today ]; then echo "the database of today"; else echo "the snapshot of $1 (no network)"; fi; }
note=""
[ "$used_npm" = today ] || note=", as far as its note says"
echo "no known advisory: Cargo.lock by $(say "$used_rust"), npm by $(say "$used_npm")$note"

#!/bin/bash
# Writes what Mifeng is made of into target/licences: a bill of materials (CycloneDX, JSON) of the three programs, of
# mifeng-intake alone and of the public pages' scripts, and LICENCES.txt with the name, version, licence and licence text of
# each third-party part that is shipped. What only tests, or runs before the build as a script of it, is
# left out of LICENCES.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo=${CARGO:-cargo}
out=target/licences
rm -rf "$out"
mkdir -p "$out"

# The tool writes beside each Cargo.toml; nothing of that stays in the tree.
bom=bill-of-materials
trap 'rm -f $bom.json src/*/$bom.json' EXIT
$cargo cyclonedx --quiet --format json --override-filename "$bom"
mv "$bom.json" "$out/programs.cdx.json"
mv "src/intake/$bom.json" "$out/mifeng-intake.cdx.json"

pages=src/intake/web/script
(cd "$pages" && npm sbom --package-lock-only --omit=dev --sbom-format cyclonedx) >"$out/pages.cdx.json"

metadata() { $cargo metadata --locked --format-version 1 --filter-platform "$(rustc -vV | sed -n 's/^host: //p')"; }
metadata | python3 deploy/licences/texts.py "$pages" >"$out/LICENCES.txt"
echo "$out: $(ls "$out" | tr '\n' ' ')"

#!/bin/bash
# Installs from Debian what the tests need and this machine lacks. Safe to run again; says nothing if nothing is missing.
set -euo pipefail

missing=()
need() { # need PACKAGE COMMAND
  command -v "$2" >/dev/null || missing+=("$1")
}
need age age
need chromium chromium
need chromium-driver chromedriver
need nodejs node
need npm npm
need tor tor
need tcpdump tcpdump
need nginx nginx
need binutils nm
need libimage-exiftool-perl exiftool
need libheif-examples heif-enc
need qpdf qpdf
if [ ! -f /usr/share/unicode/Unihan_Variants.txt.bz2 ]; then
  missing+=(unicode-data)
fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  missing+=(python3-venv)
fi
if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
  missing+=(postgresql)
fi
if ! compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null; then
  missing+=(fonts-noto-cjk)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "missing: ${missing[*]} (install them, or run this as root)" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get -qq update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null

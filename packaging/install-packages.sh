#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing of debian-packages.txt: `install-packages.sh run` (to build and run) or `all` (tests too).
set -euo pipefail

scope=${1:-all}
list="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/debian-packages.txt"

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is no Debian system: please see to it that the packages of packaging/debian-packages.txt are there." >&2
    exit 0
fi

# Names of the wanted sections, comments and blanks taken away.
mapfile -t wanted < <(awk -v scope="$scope" '
    /^# \[[a-z]+\]$/ { section = substr($2, 2, length($2) - 2); next }
    { sub(/#.*/, ""); gsub(/[ \t\r]/, "") }
    $0 != "" && (scope == "all" || section == scope)' "$list")

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

missing=()
for name in "${wanted[@]}"; do
    is_installed "$name" || missing+=("$name")
done

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >&2; }
require_rights() {
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "Neither root nor sudo: please have these packages installed: apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
}

if [ ${#missing[@]} -gt 0 ]; then
    require_rights
    apt update || echo "apt-get update failed; trying with the package lists that are there." >&2
fi

# Names that only some releases have stand in comments: "# where Debian has it (why): name".
while read -r name; do
    if ! is_installed "$name" && apt-cache show "$name" >/dev/null 2>&1; then
        missing+=("$name")
    fi
done < <(sed -n 's/^# where Debian has it.*: //p' "$list")
[ ${#missing[@]} -gt 0 ] || exit 0

require_rights
echo "Installing Debian packages: ${missing[*]}" >&2
if ! apt install --no-install-recommends "${missing[@]}"; then
    echo "Could not install: ${missing[*]}" >&2
    exit 1
fi

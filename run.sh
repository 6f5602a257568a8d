#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds what is not built yet and starts it.
#   ./run.sh                     the window; without a display the server (a360 serve)
#   ./run.sh import leads.csv    any command of a360, see ./run.sh --help
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

program=a360
case "${1-}" in
--help | -h | --version | -v) ;;
'' | -*) # options alone are those of the window, or of the server
    if [ -n "${DISPLAY-}" ] || [ -n "${WAYLAND_DISPLAY-}" ]; then
        program=a360-desktop
    else
        set -- serve "$@"
    fi
    ;;
esac

# Everything up to the program's own start goes to standard error: standard output is for its data.
"$root/packaging/install-packages.sh" run >&2

build() {
    cd "$root"
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
    fi
    [ -f build/release/build.ninja ] || cmake --preset release
    cmake --build build/release --target "$program" --parallel "$(nproc)"
}
[ -x "$root/build/release/bin/$program" ] || echo "Building $program; the first time takes some minutes …" >&2
log="$(mktemp)"
if ! (build) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "The build failed." >&2
    exit 1
fi
rm -f "$log"

exec "$root/build/release/bin/$program" "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything with warnings as errors and runs every test. The last line is
# `N passed, M failed`, summed over test functions; a program that crashes, hangs or tells nothing counts as failed.
#   ./test.sh [--preset dev|release|asan|tsan] [--label unit|integration|gui|architecture] [--no-install]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
preset=dev
select=()
install=yes
while [ $# -gt 0 ]; do
    case "$1" in
    --preset) preset="${2:?--preset needs a name}"; shift 2 ;;
    --label) select=(-L "${2:?--label needs a name}"); shift 2 ;;
    --no-install) install=no; shift ;;
    *) echo "Unknown option $1; see the head of test.sh." >&2; exit 2 ;;
    esac
done

give_up() {
    echo "$1"
    echo "0 passed, 1 failed"
    exit 1
}

[ "$install" = no ] || packaging/install-packages.sh all || give_up "Packages are missing."
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" || give_up "CMake failed."
cmake --build "build/$preset" --parallel "$(nproc)" || give_up "The build failed."

# Test programs make their own folders; nothing may come from, or end in, the person's own settings and data.
home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
export XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
export ASAN_OPTIONS="detect_stack_use_after_return=1:abort_on_error=0"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
# Tests start servers (vfork) while threads run, and threads afterwards; ThreadSanitizer would give up there.
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:halt_on_error=0:die_after_fork=0"

log="build/$preset/test-output.log"
ctest --preset "$preset" --parallel "$(nproc)" --verbose "${select[@]}" 2>&1 | tee "$log" |
    grep --line-buffered -E '^ *[0-9]+/[0-9]+ Test ' || true

# One awk for the sum: ctest puts the number of the test before each line of its output.
awk -v log_path="$log" '
    /^test [0-9]+$/ { known[$2] = 1 }
    /^[0-9]+: / && !/^[0-9]+: (PASS |Config|Test command|Working Directory|Environment var|Test timeout| QT_| TZ)/ {
        id = $1; sub(/:.*/, "", id)
        if (++said[id] <= 200) output[id] = output[id] $0 "\n"
    }
    match($0, /^[0-9]+: Totals: /) {
        id = substr($1, 1, length($1) - 1)
        totals[id] = 1
        for (i = 3; i < NF; i++) {
            if ($(i + 1) ~ /^passed/) passed += $i
            if ($(i + 1) ~ /^failed/) { failed += $i; told[id] += $i }
            if ($(i + 1) ~ /^skipped/) { failed += $i; told[id] += $i; if ($i > 0) print "Skipping a test counts as failing: " $0 }
        }
    }
    match($0, /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /) {
        id = $0; sub(/^[^#]*#/, "", id); sub(/:.*/, "", id)
        ran[id] = 1
        if ($0 ~ / Passed +[0-9.]+ sec/) ok[id] = 1
        line[id] = $0
    }
    END {
        for (id in ran) {
            if (!ok[id]) print output[id]
            if (!ok[id] && !told[id]) { failed++; print "Crashed, hung, leaked or could not run: " line[id] }
            if (ok[id] && !totals[id]) { failed++; print "Told no totals: " line[id] }
        }
        if (failed > 0) print "All output: " log_path
        if (length(ran) == 0) { failed++; print "No test ran." }
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }' "$log"

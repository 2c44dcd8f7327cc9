#!/bin/sh
# Builds and runs all tests. The last line is `N passed, M failed`; the output of each failed test stands above it.
set -e
sh tools/build/build.sh tests
log=build/test.log
jobs=$(nproc 2>/dev/null || echo 2)
status=0
# The tests see nothing of the caller's environment but what the build needs: not even the Makefile's variables.
env -i PATH="$PATH" HOME="${HOME:-/}" TERM=dumb LANG=C.UTF-8 TMPDIR="${TMPDIR:-/tmp}" WERROR="${WERROR:-0}" \
    ctest --test-dir build/host --parallel "$jobs" --output-on-failure --no-tests=error >"$log" 2>&1 || status=$?

# ctest sums up as `98% tests passed, 1 tests failed out of 50`.
failed=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests\{0,1\} failed out of [0-9]*$/\1/p' "$log")
total=$(sed -n 's/^[0-9]*% tests passed, [0-9]* tests\{0,1\} failed out of \([0-9]*\)$/\1/p' "$log")
if [ -z "$total" ]; then
    cat "$log"
    echo "test: ctest ran no test; its messages are above" >&2
    exit 1
fi
if [ "$status" != 0 ]; then
    grep -v '\.\. *Passed ' "$log" | grep -v '^ *Start *[0-9]*: '
fi
skipped=$(grep -c '(Skipped)$' "$log") || true
[ "$skipped" = 0 ] || echo "$skipped of them skipped: Bochs is not installed ('make bochs' installs it)"
echo "$((total - failed)) passed, $failed failed"
exit "$status"

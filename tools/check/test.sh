#!/bin/sh
# Builds and runs tests. The last line is `N passed, M failed`; above it stand the output of each failed test and the
# command that repeats it.
# Usage: test.sh          all but the long ones
#        test.sh all      all
#        test.sh check    those that boot no image and take no time: of kernel/ natively, of the includes, of the tools
# With TEST in the environment: of all, the test of this name, or those whose names this regular expression matches.
set -e
log=build/test.log
which=${1:-}
[ -z "${TEST:-}" ] || which=all

# The tests see nothing of the caller's environment but what the build needs: the Makefile's variables, too, are not
# theirs.
run_ctest() {
    env -i PATH="$PATH" HOME="${HOME:-/}" TERM="${TERM:-dumb}" LANG=C.UTF-8 TMPDIR="${TMPDIR:-/tmp}" \
        WERROR="${WERROR:-0}" ctest --test-dir build/host "$@" </dev/null
}

names() { run_ctest -N "$@" | sed -n 's/^ *Test *#[0-9]*: //p'; }

# A name as a regular expression that matches only this name.
exactly() { printf '^%s$' "$(printf '%s' "$1" | sed 's/[.*+?^$()|[]/[&]/g')"; }

# What tests/long-tests.txt says, as one regular expression.
long_tests() { grep '^[^#]' tests/long-tests.txt | paste -s -d '|' -; }

# Sets "$@" of run_ctest. Of the tests that TEST selects, the names tell which trees they need.
case $which in
check)
    sh tools/build/build.sh check
    set -- -R '^(check|tools)/|^includes$|^stack_depth$' -E "$(long_tests)"
    ;;
all)
    sh tools/build/build.sh host
    set -- -E '^check/' # these are of others together
    if [ -n "${TEST:-}" ]; then
        pattern=$(exactly "$TEST")
        [ -n "$(names -R "$pattern")" ] || pattern=$TEST
        selected=$(names -R "$pattern")
        if [ -z "$selected" ]; then
            echo "test: TEST=$TEST is no test's name, and as a regular expression matches none;" \
                "'ctest --test-dir build/host -N' lists them" >&2
            exit 64
        fi
        set -- -R "$pattern"
    fi
    ! names "$@" | grep -qv '^host' || sh tools/build/build.sh programs >/dev/null
    ! names "$@" | grep -q '^host/fuzz/' || sh tools/build/build.sh fuzzers
    ;;
*)
    sh tools/build/build.sh tests
    set -- -E "$(long_tests)|^check/"
    ;;
esac

# One more than there are CPUs: a tenth of the time is that of tests that wait for a time-out.
jobs=$(($(nproc 2>/dev/null || echo 2) + 1))
set -- "$@" --parallel "$jobs" --output-on-failure --no-tests=error
status=0
if [ -t 1 ]; then
    run_ctest "$@" --progress --output-log "$log" || status=$?
else
    run_ctest "$@" >"$log" 2>&1 || status=$?
fi

# ctest sums up as `98% tests passed, 1 tests failed out of 50`.
failed=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests\{0,1\} failed out of [0-9]*$/\1/p' "$log")
total=$(sed -n 's/^[0-9]*% tests passed, [0-9]* tests\{0,1\} failed out of \([0-9]*\)$/\1/p' "$log")
if [ -z "$total" ]; then
    cat "$log"
    echo "test: ctest ran no test; its messages are above" >&2
    exit 1
fi
if [ "$status" != 0 ]; then
    [ -t 1 ] || grep -v '\.\. *Passed ' "$log" | grep -v '^ *Start *[0-9]*: '
    echo "To repeat what failed:"
    sed -n '/^The following tests FAILED:/,$s/^\t *[0-9]* - \(.*\) ([^()]*)$/  make test TEST='"'\1'"'/p' "$log"
fi
skipped=$(grep -c '(Skipped)$' "$log") || true
[ "$skipped" = 0 ] || echo "$skipped of them skipped: Bochs is not installed ('make bochs' installs it)"
[ -n "$which" ] || echo "$(names -R "$(long_tests)" | wc -l) long tests were left out: \`make test-all\` runs them, too"
echo "$((total - failed)) passed, $failed failed"
exit "$status"

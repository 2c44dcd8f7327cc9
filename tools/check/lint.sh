#!/bin/sh
# Checks the format of our C++ sources, and runs clang-tidy on the kernel's. Usage: lint.sh [format]
# "format" rewrites the sources instead of checking them.
set -e
formatter=14 # the major version that .clang-format was written for; others lay out some lines differently

sources() {
    for folder in arch kernel system user apps include tests tools; do
        [ ! -d "$folder" ] || find "$folder" -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c'
    done | sort
}

right_formatter() {
    clang-format --version | grep -q "version $formatter\\."
}

if [ "${1:-}" = format ]; then
    right_formatter || echo "format: this is not clang-format $formatter; some lines may differ from the project's" >&2
    sources | xargs clang-format -i
    exit
fi

status=0
unformatted=
if right_formatter; then
    for source in $(sources); do
        clang-format --dry-run --Werror "$source" 2>/dev/null || unformatted="$unformatted $source"
    done
    [ -z "$unformatted" ] || { echo "lint: 'make format' would change:$unformatted" >&2; status=1; }
else
    echo "lint: the format is not checked, because this is not clang-format $formatter" >&2
fi

# clang does not know GCC's flags for the alignment of the stack, for the call graph and for the debug information, and
# without floating point it rejects the standard headers; of the warnings, clang-tidy's own
# configuration says which are errors.
sh tools/build/build.sh commands
mkdir -p build/lint
sed -e 's/ -mpreferred-stack-boundary=2//g' -e 's/ -mincoming-stack-boundary=3//g' -e 's/ -mno-accumulate-outgoing-args//g' \
    -e 's/ -fno-defer-pop//g' -e 's/ -fno-combine-stack-adjustments//g' -e 's/ -fcallgraph-info=su//g' \
    -e 's/ -gno-inline-points//g' -e 's/ -mgeneral-regs-only//g' -e 's/ -Werror//g' compile_commands.json >build/lint/compile_commands.json
find arch kernel system -name '*.cpp' 2>/dev/null | sort |
    xargs -n 4 -P "$(nproc)" clang-tidy -p build/lint --quiet 2>build/lint/messages >&2 || status=1
[ "$status" = 0 ] || grep -v 'warnings generated' build/lint/messages >&2 || true
[ "$status" != 0 ] || echo "lint: clean" >&2
exit "$status"

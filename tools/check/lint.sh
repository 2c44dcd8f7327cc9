#!/bin/sh
# Checks the format of our C++ sources, and runs clang-tidy on the kernel's. Usage: lint.sh [format]
# "format" rewrites the sources instead of checking them.
set -e
formatter=14 # the major version that .clang-format was written for; others lay out some lines differently

sources() {
    for folder in arch kernel system user apps include labs tests tools; do
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
if right_formatter; then
    unformatted=$(sources | xargs -n 32 -P "$(nproc)" clang-format --dry-run --Werror 2>&1 |
        sed -n 's/:[0-9]*:[0-9]*: .*//p' | sort -u)
    [ -z "$unformatted" ] || { echo "lint: 'make format' would change:" $unformatted >&2; status=1; }
else
    echo "lint: the format is not checked, because this is not clang-format $formatter" >&2
fi

# clang does not know GCC's flags for the alignment of the stack, for the call graph and for the debug information, and
# without floating point it rejects the standard headers; of the warnings, clang-tidy's own
# configuration says which are errors.
sh tools/build/build.sh commands
mkdir -p build/lint
# Each source is read once, and the one that DETOUR_MONITOR concerns once more: clang-tidy would read each as often as
# it is compiled.
python3 - >build/lint/compile_commands.json <<'end'
import json, re
unknown = (r" -(mpreferred-stack-boundary=2|mincoming-stack-boundary=[34]|mno-accumulate-outgoing-args|fno-defer-pop"
           r"|fno-combine-stack-adjustments|fcallgraph-info=su|gno-inline-points|mgeneral-regs-only|Werror)(?= )")
with open("compile_commands.json", encoding="utf-8") as file:
    commands = [command for command in json.load(file)
                if re.search(r" -o CMakeFiles/kernel(_library|_monitor)?\.dir/", command["command"])]
for command in commands:
    command["command"] = re.sub(unknown, "", command["command"])
print(json.dumps(commands, indent=1))
end
find arch kernel system -name '*.cpp' 2>/dev/null | sort |
    xargs -n 4 -P "$(nproc)" clang-tidy -p build/lint --quiet 2>build/lint/messages >&2 || status=1
[ "$status" = 0 ] || grep -v 'warnings generated' build/lint/messages >&2 || true
[ "$status" != 0 ] || echo "lint: clean" >&2
exit "$status"

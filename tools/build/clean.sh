#!/bin/sh
# Removes what was built. Recordings are not built: the run that one of them shows may not be repeatable.
rm -f compile_commands.json
[ -d build ] || exit 0
find build -mindepth 1 -maxdepth 1 ! -name recordings -exec rm -rf {} +
rmdir build 2>/dev/null || echo "clean: build/recordings is kept; \`rm -r build/recordings\` removes it" >&2

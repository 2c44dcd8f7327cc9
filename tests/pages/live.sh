#!/bin/sh
# Tests the live page: its machine in node, and the page in the browsers that there are. Where npm, clang or a browser
# is missing, a line says what is skipped.
# Usage: live.sh, in the root of the project
set -e
for tool in node npm clang++ wasm-ld zopfli; do
    command -v $tool >/dev/null 2>&1 && continue
    echo "test-pages: the live page is skipped: there is no $tool"
    exit 0
done
modules=$(sh tools/page/npm.sh) || { echo "test-pages: the live page is skipped: npm cannot get v86"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# page(NAME APP RING): makes the page of a program, and keeps its image.
page() {
    image=$(APP=$2 RING=$3 sh tools/build/build.sh image)
    APP=$2 RING=$3 python3 tools/live/make_live.py --output "$folder/$1.html" "$image" 2>/dev/null
    cp "$image" "$folder/$1.elf"
}

page tour apps/tour 0
page shell apps/shell.c 0
page philosophers apps/examples/philosophers.c 0
page null_pointer apps/broken/null_pointer.c 0
page double_fault apps/broken/stack_overflow.c 0
page reset apps/broken/triple_fault.c 0
page hang apps/broken/lost_interrupt.c 0
page ring3 user/programs/alarm.c 3

export LIVE_PAGES="$folder" NODE_MODULES="$PWD/$modules"
node --test tests/pages/live_machine_test.mjs
node --test tests/pages/live_page_test.mjs

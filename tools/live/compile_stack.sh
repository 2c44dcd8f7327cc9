#!/bin/sh
# Compiles the kernel's description of stacks to WebAssembly: build/live/stack.wasm, whose path it prints. Where the
# headers of the C++ library are is the cross compiler's to say.
# Usage: compile_stack.sh CROSS-COMPILER, in the root of the project
set -e
output=build/live/stack.wasm
if [ -e "$output" ] &&
    [ -z "$(find kernel include tools/live/*stack* -newer "$output" -type f)" ]; then
    echo "$output"
    exit
fi
mkdir -p build/live
# The folders that the cross compiler searches, as -isystem options.
set -- $("$1" -xc++ -E -v /dev/null 2>&1 >/dev/null |
    sed -n '/^#include </,/^End of search/{/^ /s/^ */-isystem /p;}')
clang++ --target=wasm32 -std=c++20 -Os -w -nostdlib -nostdinc++ -fno-exceptions -fno-rtti -fno-builtin \
    -fno-threadsafe-statics -fvisibility=hidden -include tools/build/cmake/freestanding.hpp "$@" -I . -I include \
    -Wl,--no-entry -Wl,--strip-all -Wl,--export-dynamic -Wl,-z,stack-size=65536 \
    tools/live/stack_module.cpp kernel/image/*.cpp kernel/text/*.cpp kernel/unwind/*.cpp -o "$output.part"
mv "$output.part" "$output"
echo "$output"

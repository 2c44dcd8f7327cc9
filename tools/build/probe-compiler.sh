#!/bin/sh
# Succeeds when PREFIXg++ is a cross compiler that can build the kernel: it brings the freestanding part of
# libstdc++ (a self-built one often does not), and int32_t is int (Xinu's `process main` must be `int main`).
# Usage: probe-compiler.sh PREFIX
command -v "$1g++" >/dev/null 2>&1 || exit 1
"$1g++" -std=c++20 -m32 -ffreestanding -fsyntax-only -x c++ - >/dev/null 2>&1 <<'SOURCE'
#include <cstdint>
#include <span>
#include <type_traits>
static_assert(sizeof(void *) == 4 && std::is_same_v<std::int32_t, int>);
SOURCE

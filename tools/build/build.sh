#!/bin/sh
# Configures what has changed and builds. Quiet when all is well; everything it has to say goes to standard error.
# Takes the Makefile's variables from the environment.
# Usage: build.sh image    builds the program APP with the kernel; prints the path of the image
#        build.sh iso      the same as a GRUB ISO image; prints its path
#        build.sh lab NAME builds the kernel with the checks of this lab; prints the path of the image
#        build.sh soak     builds only the program of `make soak`
#        build.sh tests    builds the test programs and the tests, natively and in 32 bits
#        build.sh programs only the test programs; prints the paths of their images
#        build.sh host     only the tests
#        build.sh fuzzers  only the fuzzers among them, which neither of those two builds
#        build.sh check    only what `make check` runs: the host tests, and the kernel's objects for the stack depth
#        build.sh commands only makes sure that the trees have their compile_commands.json
set -e
# What changes a compiler's output, ninja's messages, or what `cd` prints is set here and not by the caller's shell.
unset CFLAGS CXXFLAGS CPPFLAGS ASMFLAGS LDFLAGS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH NINJA_STATUS CDPATH
root=$(pwd)

say() { echo "build: $*" >&2; }

# configure(TREE ARGUMENT...): runs CMake if the tree is new or was configured with other arguments.
configure() {
    tree=$1
    shift
    mkdir -p "$tree"
    wanted="$root $*"
    if [ -e "$tree/build.ninja" ] && [ "$(cat "$tree/arguments" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    rm -f "$tree/arguments"
    if ! cmake -S . -B "$tree" -G Ninja "$@" >"$tree/configure.log" 2>&1; then
        cat "$tree/configure.log" >&2
        say "configuring $tree failed; the messages are above ('make clean' starts afresh)"
        return 1
    fi
    printf '%s' "$wanted" >"$tree/arguments"
}

# compile(TREE TARGET...): on a terminal with ninja's one status line, else silently unless there is a warning or an
# error; the commands that ninja repeats for each failure are left out.
compile() {
    tree=$1
    shift
    if [ -t 2 ]; then
        (cd "$tree" && ninja "$@") >&2
    elif ninja -C "$tree" --quiet "$@" >"$tree/build.log" 2>&1; then
        grep -v -e '^ninja: no work to do' -e '^-- ' "$tree/build.log" >&2 || true
    else
        sed -e '/^FAILED: /{N;d;}' -e '/^ninja: /d' "$tree/build.log" >&2
        say "the build failed; the messages are above, the commands in $tree/build.log"
        return 1
    fi
}

# Builds of one tree take turns: two `make run` at the same time do not mix their programs.
lock() {
    mkdir -p "$1"
    exec 9>"$1/lock"
    ! command -v flock >/dev/null 2>&1 || flock 9
}

on() { [ "${1:-0}" = 1 ] && echo ON || echo OFF; }

# Kernels with other options have trees of their own, so that changing back and forth costs nothing.
kernel_tree() {
    tree=build/kernel
    [ -z "${NPROC:-}" ] || tree=$tree-nproc$NPROC
    [ "${MAP_NULL:-0}" != 1 ] || tree=$tree-null
    [ "${MONITOR:-0}" != 1 ] || tree=$tree-monitor
    [ "${WERROR:-0}" != 1 ] || tree=$tree-werror
    echo "$tree"
}

configure_kernel() {
    configure "$(kernel_tree)" --toolchain tools/build/cmake/i686.cmake "-DDETOUR_NPROC=${NPROC:-}" \
        "-DDETOUR_MAP_NULL=$(on "${MAP_NULL:-}")" "-DDETOUR_MONITOR=$(on "${MONITOR:-}")" \
        "-DDETOUR_WERROR=$(on "${WERROR:-}")" "$@"
    ln -sf "$(kernel_tree)/compile_commands.json" compile_commands.json
}

# An image is named after its program and the program's path: files of the same name in two folders stay apart.
build_image() {
    app=${APP:-apps/tour}
    if [ -d "$app" ]; then
        app=$(cd "$app" && pwd)
    else
        app=$(cd "$(dirname "$app")" && pwd)/$(basename "$app")
    fi
    stem=$(basename "${app%.*}" | tr -c 'A-Za-z0-9\n' _)
    ring=${RING:-0}
    [ "$ring" = 0 ] && folder=run || folder=run/ring3
    image=$folder/$stem-$(printf '%s' "$app" | cksum | cut -d' ' -f1).elf
    kernel=$(kernel_tree)
    lock "$kernel"
    configure_kernel "-DDETOUR_APP=$app" "-DDETOUR_APP_IMAGE=$image" "-DDETOUR_APP_RING=$ring"
    compile "$kernel" app
    image=$kernel/$image
}

build_iso() {
    build_image
    iso=${image%.elf}.iso
    if [ ! -e "$iso" ] || [ -n "$(find "$image" grub.cfg tools/build/iso.sh -newer "$iso")" ]; then
        sh tools/build/iso.sh "$image" "$iso"
    fi
}

# The 32-bit tests have the kernel's true layouts.
runs_i386() { sh tools/build/probe-i386.sh; }

configure_host() {
    host32=
    ! runs_i386 || host32=$root/build/host32
    configure build/host "-DDETOUR_WERROR=$(on "${WERROR:-}")" -DDETOUR_TESTS=all \
        "-DDETOUR_PROGRAMS=$root/$(kernel_tree)/programs" "-DDETOUR_HOST32=$host32"
}

# build_programs(TARGET...): of the kernel's tree.
build_programs() {
    kernel=$(kernel_tree)
    lock "$kernel"
    configure_kernel
    compile "$kernel" "$@"
}

# build_tests(TARGET): of the native tree, and host_tests in 32 bits.
build_tests() {
    if runs_i386; then
        configure build/host32 "-DDETOUR_WERROR=$(on "${WERROR:-}")" -DCMAKE_CXX_COMPILER=i686-linux-gnu-g++ \
            -DCMAKE_EXE_LINKER_FLAGS=-static -DDETOUR_TESTS=host32
        compile build/host32
    else
        say "this machine does not execute 32-bit programs: the host tests run in 64 bits only"
    fi
    configure_host
    compile build/host "$1"
}

# For clangd, without a build: what it needs to know of the kernel, and of the host tests if there is GoogleTest.
configure_commands() {
    lock "$(kernel_tree)"
    configure_kernel
    [ ! -e /usr/include/gtest/gtest.h ] || configure_host
}

case ${1:-} in
image) build_image; echo "$image" ;;
iso) build_iso; echo "$iso" ;;
lab) build_programs "labs/$2.elf" "labs/$2-public.elf"; echo "$kernel/labs/$2.elf" ;;
tests) build_programs programs; build_tests all ;;
programs) build_programs programs; sed "s|^|$kernel/|" "$kernel/programs/list" ;;
host) build_tests all ;;
fuzzers) build_tests fuzzers ;;
check) build_programs kernel kernel_library; build_tests host_tests ;;
model) configure_host; compile build/host contract_states; echo build/host/tests/model/contract_states ;;
soak) build_programs programs/large/soak.elf ;;
commands) configure_commands ;;
*) say "unknown job '${1:-}'"; exit 64 ;;
esac

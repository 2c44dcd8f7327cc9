#!/bin/sh
# Checks the variables of the Makefile that the user may have set, before anything is installed or built.
# Each mistake is one line that says what was wrong and what to do. Usage: arguments.sh [app [bochs]], with "app" for
# the verbs that build the program APP.

complain() {
    echo "make: $*" >&2
    exit 64
}

# within(NAME VALUE LOW HIGH UNIT): an empty VALUE means the default.
within() {
    case $2 in
    '') return ;;
    *[!0-9]* | ???????*) complain "$1=$2 is not a number of $5; give one from $3 to $4" ;;
    esac
    [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || complain "$1=$2 is out of range; give a number of $5 from $3 to $4"
}

flag() {
    case $2 in
    '' | 0 | 1) ;;
    *) complain "$1=$2 is neither 0 nor 1; leave it out, or say $1=1" ;;
    esac
}

app_exists() {
    if [ -d "$APP" ]; then
        for source in "$APP"/*.c "$APP"/*.cpp "$APP"/*.cc; do
            [ -f "$source" ] && return
        done
        complain "APP=$APP holds no C or C++ file; name a .c or .cpp file, or a folder with some in it"
    fi
    [ -e "$APP" ] || complain "APP=$APP does not exist; name a .c or .cpp file, or a folder of them"
    case $APP in
    *.c | *.cpp | *.cc) [ -r "$APP" ] || complain "APP=$APP cannot be read; check its permissions" ;;
    *) complain "APP=$APP is not a C or C++ file; its name must end in .c, .cpp or .cc" ;;
    esac
}

if [ "${1:-}" = app ]; then
    APP=${APP:-apps/tour}
    app_exists
fi
if [ "${2:-}" = bochs ]; then
    for option in INPUT SEED GDBPORT DISK; do
        eval "value=\${$option:-}"
        [ -z "$value" ] || complain "$option does not go with make bochs; leave it out, or use make run"
    done
fi
case ${BOOT:-} in
'' | kernel | iso) ;;
*) complain "BOOT=$BOOT is unknown; say BOOT=iso to boot through GRUB, or leave it out" ;;
esac
case ${WINDOW:-} in
'' | window) ;;
*) complain "DISPLAY=$WINDOW is unknown; say DISPLAY=window to see the machine's screen, or leave it out" ;;
esac
case ${RING:-} in
'' | 0 | 3) ;;
*) complain "RING=$RING is neither 0 nor 3; say RING=3 to run APP isolated, or leave it out" ;;
esac
[ -z "${INPUT:-}" ] || [ -r "$INPUT" ] || complain "INPUT=$INPUT cannot be read; name a file to type at the console"
within NPROC "${NPROC:-}" 4 16384 processes
within MEM "${MEM:-}" 4 1024 MiB
within TIMEOUT "${TIMEOUT:-}" 1 86400 seconds
within LIMIT "${LIMIT:-}" 1 999999 msec
within SEED "${SEED:-}" 1 999999 seeds
within RECORDING "${RECORDING:-}" 1 999999 recordings
within GDBPORT "${GDBPORT:-}" 1024 65535 ports
[ -z "${SEED:-}" ] || [ "${BOOT:-}" != iso ] ||
    complain "SEED does not go with BOOT=iso, whose command line is in grub.cfg"
[ -z "${LIMIT:-}" ] || [ "${BOOT:-}" != iso ] ||
    complain "LIMIT does not go with BOOT=iso, whose command line is in grub.cfg"
flag MONITOR "${MONITOR:-}"
flag MAP_NULL "${MAP_NULL:-}"
flag DETERMINISTIC "${DETERMINISTIC:-}"
flag WERROR "${WERROR:-}"
flag RECORD "${RECORD:-}"
flag REAL "${REAL:-}"
[ "${REAL:-}${RECORD:-}" != 11 ] || complain "REAL=1 does not go with RECORD=1, which makes counts the committed ones"

#!/bin/sh
# Installs what the named jobs need and this machine lacks, with apt-get; on other systems it names the
# packages and stops. "doctor" installs nothing and prints a table of what is there.
# Usage: setup.sh run|window|iso|bochs|test|debug|profile|record|rewind|pages|live|prove|lint|format...
#        setup.sh doctor

# need(JOB PACKAGE VERSION-COMMAND PROBE): PACKAGE is here when the shell command PROBE succeeds.
needs() {
    need build python3 'python3 --version' 'command -v python3'
    need build cmake 'cmake --version' 'command -v cmake'
    need build ninja-build 'ninja --version' 'command -v ninja'
    # The tests run on 32-bit Linux, too; the kernel alone is content with a bare-metal compiler.
    cross=build
    ! sh "$(dirname "$0")/probe-compiler.sh" i686-elf- || cross="test"
    need $cross g++-i686-linux-gnu 'i686-linux-gnu-g++ --version' 'command -v i686-linux-gnu-g++'
    need run qemu-system-x86 'qemu-system-i386 --version' 'command -v qemu-system-i386'
    # Of a QEMU without modules, the window is inside.
    need window qemu-system-gui 'echo installed' \
        'qemu-system-i386 -display help 2>/dev/null | grep -qxE "gtk|sdl|cocoa"'
    need iso grub-common 'grub-mkrescue --version' 'command -v grub-mkrescue'
    need iso grub-pc-bin 'echo installed' 'test -e /usr/lib/grub/i386-pc/multiboot.mod'
    need iso xorriso 'xorriso --version' 'command -v xorriso'
    need iso mtools 'mtools --version' 'command -v mtools'
    need native g++ 'g++ --version' 'command -v g++' # for the tests, and for what gdb and QEMU load
    need bochs bochs 'bochs --help 2>&1 | grep Emulator' 'command -v bochs'
    need bochs bochs-term 'echo installed' 'ls /usr/lib/*/bochs/plugins/libbx_term_gui.so'
    need bochs bochsbios 'echo installed' 'test -e /usr/share/bochs/BIOS-bochs-latest'
    need bochs vgabios 'echo installed' 'test -e /usr/share/bochs/VGABIOS-lgpl-latest'
    need test libgtest-dev 'echo installed' 'test -e /usr/include/gtest/gtest.h'
    need test googletest 'echo installed' 'test -e /usr/src/googletest/CMakeLists.txt'
    need test python3-pexpect 'echo installed' '"$(ls /usr/bin/python3 || echo python3)" -c "import pexpect"'
    need record qemu-utils 'qemu-img --version' 'command -v qemu-img'
    need debug gdb 'gdb --version' 'command -v gdb'
    need browser chromium 'chromium --version' \
        'command -v chromium || command -v chromium-browser || command -v google-chrome'
    need prove python3-z3 'echo installed' '"$(ls /usr/bin/python3 || echo python3)" -c "import z3"'
    need prove python3-capstone 'echo installed' '"$(ls /usr/bin/python3 || echo python3)" -c "import capstone"'
    need node nodejs 'node --version' 'command -v node'
    need node npm 'npm --version' 'command -v npm'
    need live clang 'clang --version' 'command -v clang++'
    need live lld 'wasm-ld --version' 'command -v wasm-ld'
    need live zopfli 'echo installed' 'command -v zopfli'
    need lint clang-tidy 'clang-tidy --version | grep -i version' 'command -v clang-tidy'
    need format clang-format 'clang-format --version' 'command -v clang-format'
}

# The groups of packages that a verb of the Makefile needs.
groups_of() {
    case $1 in
    run) echo build run ;;
    window) echo build run window ;;
    iso) echo build run iso ;;
    bochs) echo build iso bochs ;;
    test) echo build run iso test native debug record ;;
    debug) echo build run native debug ;;
    profile) echo build run native ;;
    record) echo build run record ;;
    rewind) echo run native debug ;;
    pages) echo build run record native debug browser node ;;
    prove) echo build run test native prove ;;
    live) echo build node live ;;
    lint) echo build lint format ;;
    format) echo format ;;
    *) echo "setup: unknown job '$1'" >&2; exit 64 ;;
    esac
}

list_missing() {
    need() {
        case " $groups " in *" $1 "*) ;; *) return 0 ;; esac
        eval "$4" >/dev/null 2>&1 || missing="$missing $2"
    }
    missing=
    needs
}

doctor() {
    need() {
        if eval "$4" >/dev/null 2>&1; then
            have=$(eval "$3" 2>/dev/null | sed -n '1s/^ *//p' | cut -c1-60)
        else
            have=MISSING
            case $1 in build | run | iso | test | native | debug | record) result=1 ;; esac
        fi
        printf '%-7s %-20s %s\n' "$1" "$2" "$have"
    }
    result=0
    printf '%-7s %-20s %s\n' 'for' package version
    needs
    if [ $result = 0 ]; then
        echo "'make run' and 'make test' have all they need."
    else
        echo "'make run' and 'make test' will install what they miss (as root or with sudo, where there is apt-get)."
    fi
    return $result
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# --no-remove: the cross compiler conflicts with gcc-multilib, and what is installed already must stay.
apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends --no-remove \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}

package_lists_are_fresh() {
    find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' 2>/dev/null | grep -q . || return 1
    find /var/lib/apt/lists/partial -maxdepth 0 -mtime -7 2>/dev/null | grep -q .
}

apt_update() {
    as_root apt-get update -q -o DPkg::Lock::Timeout=120 </dev/null >&2
}

install_missing() {
    echo "setup: missing packages:$missing" >&2
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "setup: there is no apt-get here; install these (Debian's names) with your package manager" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        echo "setup: neither root nor sudo; have root run: apt-get install --no-install-recommends$missing" >&2
        return 1
    fi
    package_lists_are_fresh || apt_update || return 1
    # The list is one package name per word. A stale package index names files that are gone: update and try once more.
    # shellcheck disable=SC2086
    if ! apt_install $missing; then
        apt_update && apt_install $missing || {
            echo "setup: apt-get could not install:$missing (if gcc-multilib is here, remove it: it conflicts)" >&2
            return 1
        }
    fi
    list_missing
    [ -z "$missing" ] || { echo "setup: still missing after the installation:$missing" >&2; return 1; }
}

if [ "${1:-}" = doctor ]; then
    doctor
    exit
fi
groups=$(for job in "$@"; do groups_of "$job" || exit; done) || exit
groups=$(echo $groups)
list_missing
[ -z "$missing" ] || install_missing

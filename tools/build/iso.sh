#!/bin/sh
# Makes a bootable GRUB image: grub.cfg and the kernel without its debug information.
# Usage: iso.sh IMAGE.elf IMAGE.iso [WORD]... of the kernel's command line, as `bochs`
set -e
cd "$(dirname "$0")/../.."
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/boot/grub"
elf=$1 iso=$2
shift 2
sed "s|/boot/detour.elf;|/boot/detour.elf $*;|" grub.cfg >"$stage/boot/grub/grub.cfg"
objcopy --strip-debug "$elf" "$stage/boot/detour.elf"
if ! grub-mkrescue -o "$iso.new" -d /usr/lib/grub/i386-pc --fonts= --locales= --themes= \
    --install-modules="multiboot normal iso9660 serial terminal biosdisk part_msdos echo halt test" \
    "$stage" >"$stage.log" 2>&1; then
    cat "$stage.log" >&2
    rm -f "$stage.log" "$iso.new"
    echo "iso: grub-mkrescue failed; its messages are above" >&2
    exit 1
fi
rm -f "$stage.log"
mv "$iso.new" "$iso"

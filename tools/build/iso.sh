#!/bin/sh
# Makes a bootable GRUB image: grub.cfg and the kernel without its debug information.
# Usage: iso.sh IMAGE.elf IMAGE.iso [MACHINE], the kernel's word for how it ends the machine: debug-exit (QEMU), or
# bochs
set -e
cd "$(dirname "$0")/../.."
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/boot/grub"
sed "s/debug-exit/${3:-debug-exit}/" grub.cfg >"$stage/boot/grub/grub.cfg"
objcopy --strip-debug "$1" "$stage/boot/detour.elf"
if ! grub-mkrescue -o "$2.new" -d /usr/lib/grub/i386-pc --fonts= --locales= --themes= \
    --install-modules="multiboot normal iso9660 serial terminal biosdisk part_msdos echo halt test" \
    "$stage" >"$stage.log" 2>&1; then
    cat "$stage.log" >&2
    rm -f "$stage.log" "$2.new"
    echo "iso: grub-mkrescue failed; its messages are above" >&2
    exit 1
fi
rm -f "$stage.log"
mv "$2.new" "$2"

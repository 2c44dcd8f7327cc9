#!/bin/sh
# Succeeds when this machine executes 32-bit x86 programs of Linux itself. The architecture alone does not tell: a
# 64-bit kernel may be built, or started, without them. The probe is a whole program, which only calls exit(0), so no
# compiler is needed.
program=$(mktemp) || exit 1
trap 'rm -f "$program"' EXIT
{
    printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0'                        # 32 bit, little endian
    printf '\2\0\3\0\1\0\0\0\124\200\4\10\64\0\0\0\0\0\0\0\0\0\0\0' # executable, i386, entry at 0x08048054
    printf '\64\0\40\0\1\0\0\0\0\0\0\0'                             # one program header, at 0x34
    printf '\1\0\0\0\0\0\0\0\0\200\4\10\0\200\4\10'                 # load the file at 0x08048000
    printf '\133\0\0\0\133\0\0\0\5\0\0\0\0\20\0\0'                  # its 91 bytes, to read and execute
    printf '\61\333\211\330\100\315\200'                            # xor %ebx,%ebx; mov %ebx,%eax; inc %eax; int $0x80
} >"$program"
chmod +x "$program"
"$program" 2>/dev/null

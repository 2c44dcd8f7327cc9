#!/bin/sh
# Compiles a source of a program: runs the command that it is given, whose last argument is the source. What <xinu.h>
# declares depends on the source in four points.
for source; do :; done
has() { grep -Eq "$1" "$source" 2>/dev/null; }

# The types and constants of course terms' locks are common names: only a program that initializes or creates such a
# lock, and defines no lock_t itself, gets them (include/xinu/courses/locks.h).
if has '\<(lcreate|initlock|(sl|al|pi)_(init)?lock) *\(' && ! has '\} *((sl|al|pi)_)?lock_t *;'; then
    set -- "$@" -DDETOUR_LOCKS
fi

# For a program that reads CPU times from the process table, the kernel counts them (include/xinu/courses/names.h).
if has '(->|\.) *(prcpuused|prgrosscpu|prcpumsec|runtime)\>'; then
    set -- "$@" -DDETOUR_CPU_TIME
fi

# A program in C may have its own functions of <string.h>, with Xinu's char * or other types (include/xinu/string.h).
functions='str(len|cmp|ncmp|cpy|ncpy|cat|ncat|chr|rchr|str|tok)|mem(cpy|set|cmp)|bzero'
own=$(grep -E "^[a-z][a-z0-9_ ]*[ *]+($functions) *\\([^\"]*\$" "$source" 2>/dev/null |
    grep -v -e 'const char' -e size_t)
if [ "$source" != "${source%.c}" ] && [ -n "$own" ]; then
    set -- "$@" -DDETOUR_OWN_STRINGS
fi

# A process may begin with a call of a course term that sends: C needs a declaration for that, as for no call.
if has 'create *\( *(\( *void *\* *\) *)?&? *(sendb|sendblk|sendbt|bsend) *,'; then
    set -- "$@" -DDETOUR_SEND_PROCESSES
fi
exec "$@"

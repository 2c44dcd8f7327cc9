#!/bin/sh
# Compiles a source of a program: runs the command that it is given, whose last argument is the source.
# The types and constants of course terms' locks are common names: only a program that initializes or creates such a
# lock, and defines no lock_t itself, gets them (include/xinu/courses/locks.h).
for source; do :; done
if grep -Eq '\<(lcreate|initlock|(sl|al|pi)_initlock) *\(' "$source" 2>/dev/null &&
    ! grep -Eq '\} *((sl|al|pi)_)?lock_t *;' "$source"; then
    set -- "$@" -DDETOUR_LOCKS
fi
exec "$@"

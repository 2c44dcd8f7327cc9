#!/bin/sh
# Installs what package-lock.json names into build/npm, unless it is there already, and prints the folder node_modules.
# Usage: npm.sh, in the root of the project
set -e
target=build/npm
if ! cmp -s tools/page/package-lock.json $target/package-lock.json || [ ! -e $target/complete ]; then
    command -v npm >/dev/null 2>&1 || { echo "npm: there is no npm; Debian's packages are nodejs and npm" >&2; exit 1; }
    rm -rf $target
    mkdir -p $target
    cp tools/page/package.json tools/page/package-lock.json $target
    (cd $target && npm ci --no-audit --no-fund --no-update-notifier --ignore-scripts >npm.log 2>&1) || {
        cat $target/npm.log >&2
        echo "npm: could not install what tools/page/package-lock.json names" >&2
        exit 1
    }
    touch $target/complete
fi
echo "$target/node_modules"

#!/bin/sh
# The long soak: 20 seeds of 60,000 detours each, more than a million in all. The first check that fails ends it.
# Usage: soak.sh [SEEDS]
set -e
seeds=${1:-20}
sh tools/build/build.sh soak
echo 60000 >build/soak.input
total=0
seed=1
while [ "$seed" -le "$seeds" ]; do
    /usr/bin/env python3 tools/run/run.py --deterministic --seed "$seed" --timeout 300 --input build/soak.input \
        build/kernel/programs/large/soak.elf >build/soak.console
    if ! grep -q ' passed, 0 failed$' build/soak.console; then
        cat build/soak.console
        echo "soak: seed $seed has failed; its console is above" >&2
        exit 1
    fi
    detours=$(sed -n 's/^detours: \([0-9]*\) .*/\1/p' build/soak.console)
    total=$((total + detours))
    echo "seed $seed: $detours detours, nothing lost; $total in all"
    seed=$((seed + 1))
done

#!/bin/sh
# Gradescope runs this once, when the image of the autograder is made: installs what the grader needs, unpacks it, and
# builds the kernel once, so that a submission compiles only what a student has changed.
set -e
root=${AUTOGRADER:-/autograder}
apt-get update -q
apt-get install -q -y --no-install-recommends make git
mkdir -p "$root/detour"
tar -xzf "$root/source/detour.tar.gz" -C "$root/detour"
cd "$root/detour"
sh tools/build/setup.sh run
mkdir -p "$root/warm/starter"
tar -xzf "$root/source/starter.tar.gz" -C "$root/warm/starter"
make grade NAME="$(cat "$root/source/lab")" FROM="$root/warm" KEY="$root/source/key" OUT="$root/warm-results"

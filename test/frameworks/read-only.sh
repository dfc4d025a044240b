#!/bin/sh
# Runs a function with the folder of its code read-only, as it is on Lambda.
exec unshare --map-root-user --mount sh -c 'mount --bind "$PWD" "$PWD" && mount -o remount,ro,bind "$PWD" && cd "$PWD" && exec "$@"' sh "$@"

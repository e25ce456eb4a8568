#!/usr/bin/env bash
# Stops the server that `make demo` started, and no other process.
set -euo pipefail
cd "$(dirname "$0")/.."
file="${DATA:-data}/serve.pid"
[ -f "$file" ] || exit 0
pid=$(cat "$file")
if [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q 'meguri serve'; then
    kill "$pid"
    for _ in $(seq 60); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
fi
rm -f "$file"

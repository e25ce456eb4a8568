#!/usr/bin/env bash
# From an environment to the first ranked answers: data folder, corpus, server, three questions.
set -euo pipefail
cd "$(dirname "$0")/.."
BIN=${BIN:-.venv/bin} DATA=${DATA:-data} PORT=${PORT:-8000}
ADDRESS="http://127.0.0.1:$PORT"

DATA=$DATA bash scripts/stop.sh
"$BIN/meguri" init --data "$DATA"
"$BIN/meguri" ingest corpus --data "$DATA"

nohup "$BIN/meguri" serve --data "$DATA" --port "$PORT" >"$DATA/serve.log" 2>&1 </dev/null &
echo $! >"$DATA/serve.pid"
for _ in $(seq 100); do
    "$BIN/python" -c "import urllib.request as u; u.urlopen('$ADDRESS/health/ready', timeout=2)" 2>/dev/null && ready=1 && break
    kill -0 "$(cat "$DATA/serve.pid")" 2>/dev/null || break
    sleep 0.2
done
if [ -z "${ready:-}" ]; then
    echo "The server did not start; its last words (PORT=… chooses another port):" >&2
    tail -5 "$DATA/serve.log" >&2
    exit 1
fi

ask() {
    printf '\n──── %s\n' "$1"
    "$BIN/meguri" search "$1" --data "$DATA" --limit 3
}
ask "天ぷら油を捨てずに使いたい"
ask "木質チップ ボイラー 暖房"
ask "our town wants to reuse cooking oil"

printf '\nThe page / ウェブページ: %s/   (stop it with: make stop / 停止: make stop)\n' "$ADDRESS"

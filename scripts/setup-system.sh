#!/usr/bin/env bash
# Optional Debian packages: without them everything runs, but SVG and PNG maps are left out (graphviz), Chinese in
# pictures may show as boxes (fonts-noto-cjk) and the tests of the page are skipped (chromium).
set -euo pipefail

missing=()
command -v dot >/dev/null || missing+=(graphviz)
# fc-list comes with fontconfig, which graphviz and chromium bring along.
{ command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; } || missing+=(fonts-noto-cjk)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
if [ "${#missing[@]}" -eq 0 ]; then
  echo "graphviz, Chinese fonts and chromium are there"
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]}; this is no Debian system: install them with its package manager" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "missing: ${missing[*]}; run as root: apt-get install ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"

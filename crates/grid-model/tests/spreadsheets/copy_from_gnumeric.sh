#!/bin/sh
# Has Gnumeric copy a sheet, and keeps beside this file what it puts on the clipboard. It needs Debian's gnumeric,
# xvfb, xdotool and xclip, and the workbook that write_by_sheetjs.mjs leaves in the folder that is named:
#
#     sh copy_from_gnumeric.sh FOLDER
#
# README.md tells what came out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export DISPLAY=:77 LC_ALL=C.UTF-8
Xvfb "$DISPLAY" -screen 0 1000x700x24 &
screen=$!
sleep 2
gnumeric "$1/gnumeric.xlsx" &
program=$!
trap 'kill "$program" "$screen"' EXIT
window=$(xdotool search --sync --onlyvisible --name gnumeric.xlsx | head -n 1)
sleep 3
xdotool windowfocus "$window"
xdotool key --window "$window" ctrl+a
sleep 1
xdotool key --window "$window" ctrl+c
sleep 1
timeout 10 xclip -selection clipboard -o -t UTF8_STRING > "$here/gnumeric.txt"
timeout 10 xclip -selection clipboard -o -t text/html > "$here/gnumeric.html"

# SPDX-License-Identifier: Apache-2.0
mkdir -p lake/raw/old
printf 'id\n1\n' >lake/raw/a.csv
printf 'id\n22\n' >lake/raw/old/b.csv
printf 'id\n333\n' >'lake/x*y'
printf 'id\n4444\n' >$'lake/new\nline'
touch -d '2026-01-02T03:04:05Z' lake/raw/a.csv lake/raw/old/b.csv lake/x* lake/new*
"$HAWSER" ls lake
"$HAWSER" ls lake/raw/
"$HAWSER" ls 'lake/*.csv' --humanize
"$HAWSER" ls 'lake/x*y' --raw --json
"$HAWSER" ls lake --json
status "$HAWSER" ls 'lake/nothing*'
"$HAWSER" du lake
"$HAWSER" du lake/raw/ --json
"$HAWSER" du 'lake/raw/*' --humanize
"$HAWSER" stat lake/raw/a.csv
"$HAWSER" stat lake/raw/ --json
"$HAWSER" cat lake/raw/
"$HAWSER" cat lake/raw/a.csv 'lake/raw/*/b.csv'
status "$HAWSER" cat lake/raw/a.csv lake/none lake/raw/old/b.csv

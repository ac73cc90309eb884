# SPDX-License-Identifier: Apache-2.0
# Encodings by mark, by name, and as the message proposes them.
needs iconv gzip
printf 'id,name\n1,José\n' >utf8.csv
for encoding in utf-16 utf-32; do
    { printf '\uFEFF' && cat utf8.csv; } | iconv -f utf-8 -t "${encoding}le" >"$encoding.csv"
    status "$HAWSER" convert "$encoding.csv" - --to csv --quiet
done
gzip -c utf-16.csv >packed.csv
status "$HAWSER" convert packed.csv - --to csv --quiet
iconv -f utf-8 -t utf-16be utf8.csv >bare.csv
status "$HAWSER" convert bare.csv - --to csv --quiet
status "$HAWSER" convert bare.csv - --to csv --quiet --encoding UTF_16BE
status "$HAWSER" convert utf-16.csv - --to csv --quiet --encoding utf-16be
printf 'id,name\n1,\x93Jos\xe9\x94\n' >windows.csv
status "$HAWSER" convert windows.csv - --to csv --quiet
status "$HAWSER" convert windows.csv - --to csv --quiet --encoding latin1
printf '都市,国\n東京,日本\nコーヒー,お茶\n' | iconv -f utf-8 -t shift_jis >japan.csv
status "$HAWSER" convert japan.csv - --to csv --quiet
status "$HAWSER" convert japan.csv - --to csv --quiet --encoding shift-jis
printf 'name,id\nJos\xe9,1\n' >short.csv
status "$HAWSER" convert short.csv - --to csv --quiet --encoding shift-jis
status "$HAWSER" convert utf8.csv - --to csv --quiet --encoding klingon
status "$HAWSER" convert utf8.csv - --to csv --quiet --encoding ascii//IGNORE

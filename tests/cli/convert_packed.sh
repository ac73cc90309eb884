# SPDX-License-Identifier: Apache-2.0
# What other programs pack is read, in a folder too, packed twice, and with a few bytes behind it.
needs gzip bzip2 xz lz4 zstd
mkdir raw
printf 'id,name\n1,Ann\n' >plain.csv
gzip <plain.csv >raw/a.csv.gz
bzip2 <plain.csv >raw/b.csv.bz2
xz <plain.csv >raw/c.csv.xz
lz4 -q <plain.csv >raw/d.csv.lz4
zstd -q <plain.csv >raw/e.csv.zst
status "$HAWSER" convert raw/ out/ --to csv --quiet
for name in a b c d e; do
    cmp plain.csv "out/$name.csv"
done
for tool in gzip bzip2 xz 'lz4 -q' 'zstd -q'; do
    { $tool <plain.csv && printf '2,Bob\n' | $tool && echo; } >two
    status "$HAWSER" convert two - --to csv --quiet
    head -c 30 two >cut
    "$HAWSER" convert cut cut.parquet --quiet 2>&1 | sed 's/.*hawser: error: //; s/, byte.*//; s/ (byte.*//'
done
xz <plain.csv | gzip | zstd -q >thrice
status "$HAWSER" convert thrice - --to csv --quiet
gzip <thrice >more
status "$HAWSER" convert more more.parquet --quiet
test ! -e more.parquet && test ! -e cut.parquet

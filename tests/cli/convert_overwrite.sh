# SPDX-License-Identifier: Apache-2.0
table
for how in fail skip; do
    echo old >out.parquet
    "$HAWSER" convert in.csv out.parquet --overwrite "$how" --quiet 2>"$how"
    echo "$how: exit $?, $(cat out.parquet)"
done
grep -c '^hawser: error: ' fail
cat skip
status "$HAWSER" convert in.csv out.parquet --overwrite replace --quiet
magic out.parquet
status "$HAWSER" convert in.csv out.parquet --quiet
list

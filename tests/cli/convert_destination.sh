# SPDX-License-Identifier: Apache-2.0
# What the name of DST says, and what it must not be.
needs gzip
printf 'id,name\n1,"a,b"\n' >a.csv
printf 'id\n2\n' >b.csv
printf 'id\n3\n' >c.csv
status "$HAWSER" convert -q a.csv b.csv
status "$HAWSER" convert -q ./*.csv
cat b.csv c.csv
status "$HAWSER" convert -q a.csv b.csv --overwrite skip
cat b.csv
status "$HAWSER" convert -q a.csv b.csv --to csv
cat b.csv
status "$HAWSER" convert -q a.csv c.csv --overwrite replace
cat c.csv
for name in o.json o.orc o.xlsx o.csv.bz2 o.PARQUET.gz o.txt o.zip; do
    status "$HAWSER" convert -q a.csv "$name"
done
status "$HAWSER" convert -q a.csv o.json --to csv
cat o.json
status "$HAWSER" convert -q a.csv O.CSV --to parquet
magic O.CSV
status "$HAWSER" convert -q a.csv new.CSV
cat new.CSV
status "$HAWSER" convert -q a.csv new.tsv
cat new.tsv
status "$HAWSER" convert -q a.csv new.Tab.gz
gzip -dc <new.Tab.gz
status "$HAWSER" convert -q a.csv new.AVRO
head -c 3 new.AVRO && echo
for name in out.2026 out new.pq; do
    status "$HAWSER" convert -q a.csv "$name"
    magic "$name"
done
mkdir lake.json
status "$HAWSER" convert -q a.csv lake.json
ls lake.json

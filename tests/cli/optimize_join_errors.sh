# SPDX-License-Identifier: Apache-2.0
table
mkdir lake
status "$HAWSER" convert in.csv lake/a.parquet --quiet
status "$HAWSER" convert in.csv lake/b.parquet --quiet
printf 'id,name,price\n1,one,much\n' >other.csv
status "$HAWSER" convert other.csv other.parquet --quiet
echo "options:"
status "$HAWSER" optimize lake/ out/ --merge --target-bytes 1MiB
status "$HAWSER" optimize lake/ out/ --target-bytes
status "$HAWSER" optimize lake/ out/ --target-bytes 0
status "$HAWSER" optimize lake/ out/ --target-bytes much
status "$HAWSER" optimize lake/ out.parquet --merge=maybe
status "$HAWSER" optimize lake/ out.parquet --merg
status "$HAWSER" optimize lake/ out/ --target-byte 1MiB
status "$HAWSER" optimize lake/ out.parquet --merge --file-metadata last
echo "destinations:"
status "$HAWSER" optimize --merge lake/
status "$HAWSER" optimize --merge lake/ lake/
status "$HAWSER" optimize --merge lake/ out/
status "$HAWSER" optimize --merge lake/ -
status "$HAWSER" optimize --merge lake/ lake/a.parquet
status "$HAWSER" optimize --target-bytes 1MiB lake/ lake/
status "$HAWSER" optimize --target-bytes 1MiB lake/ out.parquet
status "$HAWSER" optimize --target-bytes 1MiB lake/a.parquet out.parquet
echo "sources:"
status "$HAWSER" optimize --merge - out.parquet
status "$HAWSER" optimize --merge lake/a.parquet lake/a.parquet out.parquet
status "$HAWSER" optimize --merge lake/ lake/b.parquet out.parquet
status "$HAWSER" optimize --merge --quiet none/ out.parquet
status "$HAWSER" optimize --merge --quiet lake/a.parquet none.parquet out.parquet
status "$HAWSER" optimize --merge --quiet --select id,nmae lake/ out.parquet
echo "columns that do not agree:"
status "$HAWSER" optimize --merge --quiet lake/ other.parquet out.parquet
echo "a file of another run:"
mkdir out
cp other.parquet out/
status "$HAWSER" optimize --target-bytes 1MiB --quiet lake/ out/
rm out/other.parquet
echo "one file of one folder of two is spoilt:"
mkdir -p lake/x
cp lake/a.parquet lake/x/a.parquet
printf 'PAR1 and no more' >lake/x/b.parquet
status "$HAWSER" optimize --target-bytes 1MiB --quiet lake/ out/
list

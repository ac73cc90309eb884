# SPDX-License-Identifier: Apache-2.0
table
mkdir in
cp in.csv in/a.csv
cp in.csv in/b.csv
status "$HAWSER" convert in.csv out/ --dry-run
status "$HAWSER" convert in.csv out/ --dry-run --quiet
status "$HAWSER" convert in.csv result.parquet --dry-run
status "$HAWSER" convert in.csv - --dry-run | cat
status "$HAWSER" convert in/ out/ --to parquet,csv --csv-codec gzip --dry-run --jobs 1 --threads 1
status "$HAWSER" convert in.csv out/ --max-file-bytes 1MiB --dry-run
status "$HAWSER" convert in.csv out/ --partition-by name,id --dry-run
"$HAWSER" convert in/ done/ --quiet
rm done/b.parquet
status "$HAWSER" convert in/ done/ --dry-run
"$HAWSER" convert in.csv out/ --dry-run --json | grep -o '"outcome":"planned"\|"outputs":.*}]'
list

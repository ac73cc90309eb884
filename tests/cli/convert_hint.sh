# SPDX-License-Identifier: Apache-2.0
# The hint fits the fault, stands there once, and only where it can help.
printf 'a,b\n1,2,3\n' >long.csv
status "$HAWSER" convert long.csv out.parquet
status "$HAWSER" convert long.csv out.parquet --bad-rows reject
printf 'Extracted 2025-01-06\nid;owner;city\n1;ACME;Rome\n' >preamble.csv
printf 'Extracted 2025-01-07\nid\towner\n1\tACME\n' | gzip >lines.tsv.gz
printf 'a,b,c,\n1,2,3\n' >header.csv
printf 'a;b\n1;2;\n' >records.csv
printf 'id,city\n1,north rocks\\,au\n' >backslash.csv
printf 'a,b\n1,"she said "no" x"\n' >stray.csv
printf '"a,b\n1,2\n' >open.csv
printf 'a,b\n1,\xe9\n' >latin.csv
status "$HAWSER" convert preamble.csv lines.tsv.gz out/ --jobs 1
for name in header records backslash stray open latin; do
    status "$HAWSER" convert $name.csv out.parquet
done
# What the hints say helps.
status "$HAWSER" convert preamble.csv lines.tsv.gz out/ --skip-lines 1 --quiet
status "$HAWSER" convert header.csv header.parquet --trailing-delimiter --quiet
status "$HAWSER" convert records.csv records.parquet --trailing-delimiter --quiet
status "$HAWSER" convert backslash.csv - --no-quotes --escape '\' --to csv --quiet
status "$HAWSER" convert stray.csv - --quotes lenient --to csv --quiet

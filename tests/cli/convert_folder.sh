# SPDX-License-Identifier: Apache-2.0
# What stands in a folder that a run writes to: told where it is not what an earlier run has made.
printf 'id,kind\n1,a\n2,b\n' >in.csv
status "$HAWSER" convert -q in.csv lake/ --partition-by kind --to csv
printf 'mine' >lake/kind=b/in-00000.csv
printf 'id,kind\n3,c\n' >in.csv
status "$HAWSER" convert -q in.csv lake/ --partition-by kind --to csv --report report.json
list
grep -c 'is another by now' report.json
printf '{' >lake/_manifest.json
status "$HAWSER" convert -q in.csv lake/ --partition-by kind --to csv
status "$HAWSER" convert -q in.csv lake/ --partition-by kind --to csv --overwrite replace
status "$HAWSER" convert -q in.csv lake/ --report in.csv
status "$HAWSER" convert -q in.csv out.parquet --report out.parquet
cat in.csv

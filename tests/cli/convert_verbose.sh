# SPDX-License-Identifier: Apache-2.0
table
printf 'a,b\n1,"unterminated\n' >bad.csv
status "$HAWSER" convert in.csv out/ --to parquet,avro --verbose
status "$HAWSER" convert in.csv out/ --to parquet,avro -v
status "$HAWSER" convert in.csv dry/ -v -n
status "$HAWSER" convert bad.csv out/ -v --json
status "$HAWSER" convert in.csv out2/ -v -q

# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert nothing.csv out.parquet --quiet
status "$HAWSER" convert nothing.csv in.csv out/ --quiet
test -s out/in.parquet && echo 'the good one is there'
test -e out.parquet || echo 'nothing at the destination'

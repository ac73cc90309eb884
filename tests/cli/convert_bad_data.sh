# SPDX-License-Identifier: Apache-2.0
printf 'a,b\n1,2\n3\n4,5\n' >bad.csv
status "$HAWSER" convert bad.csv out.parquet --quiet
list
mkdir good
status "$HAWSER" convert bad.csv good/out.parquet --bad-rows reject --max-rejects 50% --quiet
test -s good/out.parquet && echo 'the good rows are there'
status "$HAWSER" convert bad.csv few.parquet --bad-rows reject --max-rejects 10% --quiet
test -e few.parquet || echo 'nothing at the destination'
: >empty.csv
status "$HAWSER" convert empty.csv empty.parquet --quiet

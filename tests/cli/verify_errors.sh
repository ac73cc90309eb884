# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv orders.parquet --quiet
status "$HAWSER" verify
status "$HAWSER" verify orders.parquet --level deep
status "$HAWSER" verify orders.parquet --columns nmae
status "$HAWSER" verify orders.parquet --max-findings 0
status "$HAWSER" verify none.parquet
status "$HAWSER" verify none.parquet orders.parquet
status "$HAWSER" verify none.parquet --json | sed 's/"seconds":[^,]*/"seconds":S/'
status "$HAWSER" verify -
mkdir empty
status "$HAWSER" verify empty/
echo "files that are not what they are called:"
cp in.csv in.parquet
status "$HAWSER" verify in.parquet
cp in.csv in.avro
status "$HAWSER" verify in.avro
: >empty.parquet
status "$HAWSER" verify empty.parquet
printf 'PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE' >secret.parquet
status "$HAWSER" verify secret.parquet
status "$HAWSER" verify secret.parquet orders.parquet --json | sed 's/"seconds":[^,]*/"seconds":S/'
printf 'PAR1\x00\xff\xff\xff\x7fPAR1' >long.parquet
status "$HAWSER" verify long.parquet
echo "pages that are larger than is allowed:"
status "$HAWSER" verify orders.parquet --max-page-bytes 10

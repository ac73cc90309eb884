# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv orders.parquet --quiet
cp orders.parquet before.parquet
status "$HAWSER" optimize
status "$HAWSER" optimize orders.parquet
status "$HAWSER" optimize --quiet none.parquet out.parquet
status "$HAWSER" optimize - out.parquet
status "$HAWSER" optimize orders.parquet -
status "$HAWSER" optimize orders.parquet before.parquet out.parquet
mkdir empty
status "$HAWSER" optimize empty/ out/
echo "options:"
status "$HAWSER" optimize orders.parquet out.parquet --effort much
status "$HAWSER" optimize orders.parquet out.parquet --encodings old
status "$HAWSER" optimize orders.parquet out.parquet --row-group-rows 0
status "$HAWSER" optimize orders.parquet out.parquet -c zip
status "$HAWSER" optimize orders.parquet out.parquet --overwrite always
echo "columns:"
status "$HAWSER" optimize orders.parquet out.parquet --select id,nmae
status "$HAWSER" optimize orders.parquet out.parquet --select id,id
status "$HAWSER" optimize orders.parquet out.parquet --drop id,name,price
status "$HAWSER" optimize orders.parquet out.parquet --rename id=name
status "$HAWSER" optimize orders.parquet orders.parquet --rename id=name
status "$HAWSER" optimize orders.parquet out.parquet --select id --drop name
echo "files that are not what they are called:"
cp in.csv csv.parquet
status "$HAWSER" optimize --quiet csv.parquet out.parquet
: >empty.parquet
status "$HAWSER" optimize --quiet empty.parquet out.parquet
printf 'PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE' >secret.parquet
status "$HAWSER" optimize --quiet secret.parquet out.parquet
status "$HAWSER" optimize --quiet csv.parquet orders.parquet secret.parquet out/ --force
echo "pages that are larger than is allowed:"
status "$HAWSER" optimize --quiet orders.parquet out.parquet --max-page-bytes 30
echo "a report in the place of the source:"
status "$HAWSER" optimize orders.parquet out.parquet --report orders.parquet
cmp orders.parquet before.parquet && echo "the source is what it was"
list

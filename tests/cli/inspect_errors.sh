# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv orders.parquet --quiet
status "$HAWSER" inspect
status "$HAWSER" inspect orders.parquet --show sizes
status "$HAWSER" inspect orders.parquet --columns nmae
status "$HAWSER" inspect orders.parquet --columns id,id
status "$HAWSER" inspect none.parquet
status "$HAWSER" inspect none.parquet --json
mkdir empty
status "$HAWSER" inspect empty/
status "$HAWSER" inspect in.csv
status "$HAWSER" inspect -
status "$HAWSER" convert in.csv orders.avro --quiet
status "$HAWSER" inspect orders.avro --columns id
echo "files that were damaged:"
head -c 300 orders.avro >cut.avro
status "$HAWSER" inspect cut.avro
cp in.csv in.avro
status "$HAWSER" inspect in.avro
cp in.csv in.parquet
status "$HAWSER" inspect in.parquet
head -c 300 orders.parquet >cut.parquet
status "$HAWSER" inspect cut.parquet
tail -c +5 orders.parquet >headless.parquet
status "$HAWSER" inspect headless.parquet
printf 'PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE' >secret.parquet
status "$HAWSER" inspect secret.parquet
printf 'PAR1\x00\xff\xff\xff\x7fPAR1' >long.parquet
status "$HAWSER" inspect long.parquet --json

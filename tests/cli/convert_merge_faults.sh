# SPDX-License-Identifier: Apache-2.0
mkdir in
printf 'id,name\n1,one\n' >in/a.csv
printf 'id,name\n2,two\n3\n' >in/b.csv
printf '{"columns": [{"name": "nam", "type": "text"}]}' >schema.json
status "$HAWSER" convert in/ out.parquet --merge
status "$HAWSER" convert in/ out.parquet --merge --bad-rows reject --max-rejects 1%
status "$HAWSER" convert in/a.csv in/c.csv out.parquet --merge
status "$HAWSER" convert in/ in/b.csv --merge
status "$HAWSER" convert in/ out.parquet --merge --to parquet,avro
status "$HAWSER" convert in/ out.parquet --merge --schema schema.json
status "$HAWSER" convert in/ out.parquet
list

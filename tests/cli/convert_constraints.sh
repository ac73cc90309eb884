# SPDX-License-Identifier: Apache-2.0
cat >schema.json <<'SCHEMA'
{"columns": [
  {"name": "id", "type": "int64", "unique": true, "min": 1},
  {"name": "code", "type": "text", "pattern": "^[A-Z]{3}$"},
  {"name": "price", "type": "decimal(9,2)", "min": "0", "max": "999.99"},
  {"name": "size", "type": "text", "enum": ["S", "M", "L"]}
]}
SCHEMA
cat >in.csv <<'TABLE'
id,code,price,size
1,ABC,1.50,S
0,ABC,1.50,S
2,abc,1.50,S
3,ABC,-0.01,S
4,ABC,1000,S
5,ABC,1.50,XL
1,ABC,1.50,M
6,,,
TABLE
status "$HAWSER" convert in.csv out.parquet --schema schema.json --bad-rows reject --quiet
cut -d '"' -f 3,8,12 out.rejects.jsonl
for record in 3 4 5 6 7 8; do
    sed -n "1,2p;${record}p" in.csv >one.csv
    status "$HAWSER" convert one.csv one.parquet --schema schema.json --quiet
done
list

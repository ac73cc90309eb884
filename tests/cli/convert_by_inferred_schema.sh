# SPDX-License-Identifier: Apache-2.0
needs python3
table
"$HAWSER" infer in.csv >printed.json
echo "exit $?"
python3 -m json.tool printed.json >/dev/null && echo 'the schema is JSON'
status "$HAWSER" infer in.csv --output schema.json
cmp printed.json schema.json
status "$HAWSER" convert in.csv out.parquet --schema schema.json --quiet
status "$HAWSER" infer nothing.csv
status "$HAWSER" infer - --output new/schema.json <in.csv
cmp printed.json new/schema.json
status "$HAWSER" infer in.csv --output in.csv/schema.json
list

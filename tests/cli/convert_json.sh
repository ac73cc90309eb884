# SPDX-License-Identifier: Apache-2.0
needs python3
table
printf 'a,b\n1,"unterminated\n' >bad.csv
lines='
import json, sys
for line in sys.stdin:
    got = json.loads(line)
    print(got["type"], got.get("outcome"), got.get("status"), got["rows_in"], got["rows_out"])
'
"$HAWSER" convert in.csv out.parquet --json >lines
echo "exit $?"
while read -r line; do
    python3 -m json.tool <<<"$line" >/dev/null || echo "no JSON: $line"
done <lines
python3 -c "$lines" <lines
"$HAWSER" convert in.csv bad.csv out/ --json --quiet 2>errors | python3 -c "$lines" | sort
echo "exit ${PIPESTATUS[0]}"
grep -c '^hawser: error: .*bad.csv' errors
"$HAWSER" convert in.csv full.parquet --json --quiet >/dev/full
echo "exit $?"

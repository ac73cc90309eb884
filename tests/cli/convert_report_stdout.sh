# SPDX-License-Identifier: Apache-2.0
# The report may go to standard output, where nothing else may go then.
needs python3
table
"$HAWSER" convert in.csv out.parquet --report - | python3 -c 'import json, sys
got = json.load(sys.stdin)
print(got["status"], got["objects_total"], got["objects"][0]["reason"])'
status "$HAWSER" convert in.csv - --report -
status "$HAWSER" convert in.csv other.parquet --report - --json
status "$HAWSER" convert gone.csv other.parquet --report - | grep -o '"status": "HW_ENOTFOUND"\|exit .*'
{
    sleep 0.3
    "$HAWSER" convert in.csv again.parquet --report -
    echo "pipe: exit $?" >pipe
} | true
cat pipe
{
    sleep 0.3
    "$HAWSER" convert in.csv -
    echo "pipe: exit $?" >pipe
} | true
cat pipe
list

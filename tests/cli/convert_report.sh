# SPDX-License-Identifier: Apache-2.0
needs python3
table
status "$HAWSER" convert in.csv out.parquet --report report.json --quiet
python3 -m json.tool report.json >/dev/null && echo 'the report is JSON'
list

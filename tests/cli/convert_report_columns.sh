# SPDX-License-Identifier: Apache-2.0
needs python3
printf 'id,day,note\n1,2024-02-29,b\n2,,a\n3,1999-12-31,\n4\n' >in.csv
status "$HAWSER" convert in.csv out.parquet --bad-rows reject --report report.json --quiet
python3 - <<'PYTHON'
import json

(report,) = json.load(open("report.json"))["objects"]
print(report["rejected_by_reason"])
for column in report["columns"]:
    print(*column.values())
PYTHON

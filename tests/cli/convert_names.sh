# SPDX-License-Identifier: Apache-2.0
# A name that is no UTF-8 is told in the same way by --json, the report and the manifest.
needs python3
mkdir in
printf 'a\n1\n' >in/$'n\xffame.csv'
status "$HAWSER" convert in/ out/ --json --report report.json --quiet >lines
python3 - <<'PYTHON'
import json

line = json.loads(open("lines").readline())
(told,) = json.load(open("report.json"))["objects"]
(kept,) = json.load(open("out/_manifest.json"))["objects"]
assert line.pop("type") == "object"
print(line == told, line["source"], told["source"], kept["path"])
PYTHON
head -n 1 lines | cut -c 1-50

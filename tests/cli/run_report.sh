# SPDX-License-Identifier: Apache-2.0
echo one >a.txt
cat >commands.txt <<'LINES'
cp a.txt out/
cp missing.txt out/
cp -n a.txt out/
copy a.txt out/
ls nowhere/
rm out/a.txt
cp a.txt own/ --report own.json
LINES
shown='import json, sys
report = json.load(open(sys.argv[1]))
for it in report["objects"]:
    print(it["op"], it["source"], it["path"], it["size"], it["status"], it["error"] and it["error"]["text"])
for text in report.get("warnings", []):
    print("warning:", text)
print(*(f"{key}={report[key]}" for key in ("status", "objects_total", "done", "skipped", "failed", "not_tried", "bytes")))
print(report["ways"]["through"]["objects"])'
status "$HAWSER" run commands.txt --jobs 1 --quiet --report report.json
python3 -c "$shown" report.json
python3 -c "$shown" own.json
status "$HAWSER" run commands.txt --dry-run --jobs 1 --quiet --report plan.json >/dev/null 2>&1
python3 -c "$shown" plan.json
status "$HAWSER" run commands.txt --fail-fast --jobs 1 --quiet --report stopped.json
python3 -c "$shown" stopped.json
status "$HAWSER" run commands.txt --report -
status "$HAWSER" run commands.txt --report a.txt/report.json
status "$HAWSER" run nothing.txt --report none.json
ls

# SPDX-License-Identifier: Apache-2.0
# Commands choose the same members of a ZIP, and say so where there is none.
needs python3
python3 - <<'END'
import zipfile
with zipfile.ZipFile("in.zip", "w") as z:
    z.writestr("a.csv", "a\n1\n")
    z.writestr("b.csv", "b\nx\n")
END
"$HAWSER" infer in.zip --zip-member 'b*' | grep -o '"name.*"'
"$HAWSER" convert in.zip b.csv --to csv --zip-member 'b*' --quiet
head -n 1 b.csv
"$HAWSER" infer in.zip | grep -o '"name.*"'
status "$HAWSER" infer in.zip --zip-member 'c*'
status "$HAWSER" convert in.zip out/ --zip-member 'c*' --quiet
status "$HAWSER" convert in.zip out/ --zip-member 'c*' --merge --quiet
list

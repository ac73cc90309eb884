# SPDX-License-Identifier: Apache-2.0
# The schema of several sources, and what is said of them.
mkdir in
printf 'id,v\n1,2\n' >in/a.csv
printf 'w,id\nx,0.5\ny\n' >in/b.csv
printf 'in/a.csv\nin/b.csv\n' >list
columns() { grep -o '"name.*"\|"type.*"' | tr -d '\n' && echo; }
"$HAWSER" infer in/ | columns
"$HAWSER" infer in/b.csv in/a.csv | columns
"$HAWSER" infer 'in/*.csv' --exclude b.csv | columns
"$HAWSER" infer --files-from list --quiet | columns
"$HAWSER" infer - <in/a.csv | columns
printf '1,2\n3,4\n' | tee bare1.csv >bare2.csv
"$HAWSER" infer bare1.csv bare2.csv | columns
status "$HAWSER" infer in/a.csv gone.csv
status "$HAWSER" infer in/ --output in/b.csv
status "$HAWSER" infer in/ --from0
status "$HAWSER" infer

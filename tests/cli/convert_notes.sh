# SPDX-License-Identifier: Apache-2.0
printf '1,2\n3,4\n' >a.csv
cp a.csv b.csv
printf 'city,2023\nOslo,5\n' >c.csv
printf 'a;b,c\nd;e,f\n' >d.csv
"$HAWSER" convert a.csv b.csv c.csv d.csv out/ --threads 1 --jobs 1
"$HAWSER" convert a.csv b.csv again/ --threads 1 --jobs 1 --verbose 2>&1 | grep note
"$HAWSER" convert a.csv quiet.parquet --quiet
"$HAWSER" convert a.csv json.parquet --json 2>/dev/null | grep -o '"notes":.*"outputs"'
"$HAWSER" infer a.csv >/dev/null
"$HAWSER" convert a.csv named.csv --names x,y
cat named.csv
"$HAWSER" convert a.csv other.csv --names x,y,z

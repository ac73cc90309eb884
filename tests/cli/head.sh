# SPDX-License-Identifier: Apache-2.0
# Rows as a table, JSON and CSV, which rows and columns, and what cannot be shown.
printf 'id,name,price,"a,b"\n1,"Anna, B",0.50,x\n2,,1e3,y\n3,\033[31mred,,z\n' >in.csv
"$HAWSER" head in.csv
"$HAWSER" head in.csv --json -n 1
"$HAWSER" head in.csv --format csv
"$HAWSER" head in.csv --format table
"$HAWSER" head in.csv --skip 1 -n 1 --columns '"a,b",id'
"$HAWSER" head in.csv -n all --format csv --columns name
"$HAWSER" head in.csv -n 0 --format csv
"$HAWSER" head - -n 2 --columns id <in.csv
gzip -k in.csv
"$HAWSER" head in.csv.gz -n 1 --columns price
printf 'a;b\n1;2\n' >other.csv
"$HAWSER" head other.csv --delimiter ';' --types text
if command -v script >/dev/null; then
    script -qec "'$HAWSER' head other.csv" /dev/null </dev/null | tr -d '\r'
else
    printf 'a  b\n-  -\n1  2\n'
fi
status "$HAWSER" head in.csv --columns id,nmae
status "$HAWSER" head in.csv --columns id,id
status "$HAWSER" head in.csv -n ten
status "$HAWSER" head in.csv -n 18446744073709551616
status "$HAWSER" head in.csv --json --format csv
status "$HAWSER" head in.csv --nested flatten
status "$HAWSER" head none.csv
status "$HAWSER" head
printf 'PAR1' >file.csv
status "$HAWSER" head file.csv
"$HAWSER" convert in.csv out.parquet --quiet
mv out.parquet out.csv
"$HAWSER" head out.csv --columns 'price,name' -n 2
status "$HAWSER" head out.csv --max-page-bytes 1
"$HAWSER" head - --columns id -n 1 <out.csv
status eval 'cat out.csv | "$HAWSER" head -'
cp in.csv file.parquet
status "$HAWSER" head file.parquet

# SPDX-License-Identifier: Apache-2.0
# Avro files are sources: by their bytes, by their names in a folder, and with some of their columns.
printf 'id,name,price\n1,a,0.5\n2,,1e3\n' >in.csv
mkdir folder
"$HAWSER" convert in.csv folder/table.avro --quiet
cp folder/table.avro no-name
"$HAWSER" convert no-name - --to csv --quiet
"$HAWSER" convert folder/table.avro - --to csv --select price,id --quiet
"$HAWSER" convert folder out/ --to csv --quiet && cat out/table.csv
head -c 300 folder/table.avro >cut.avro
status "$HAWSER" convert cut.avro out/cut.csv --quiet
printf 'a,b\n1,2\n' >text.avro
status "$HAWSER" convert text.avro out/text.csv --quiet
status "$HAWSER" convert folder/table.avro out/types.csv --type id=text --quiet
ls out

# SPDX-License-Identifier: Apache-2.0
mkdir in
printf 'id,name\n1,one\n' >in/a.csv
printf 'price;id\n2.5;2\n' >in/b.csv
"$HAWSER" convert in/ out/ --merge --to parquet,csv --quiet
cat out/in.csv
"$HAWSER" convert in/b.csv in/a.csv all.csv --merge --json
cat all.csv
"$HAWSER" convert in/a.csv - - --merge --to csv --quiet <in/b.csv
"$HAWSER" convert in/ none/ --merge --dry-run
list

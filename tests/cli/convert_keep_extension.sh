# SPDX-License-Identifier: Apache-2.0
# Of sources with one output only these fail; --keep-extension gives each its own. What earlier runs have made is no source.
needs gzip
mkdir in
printf 'id\n1\n' >in/x.csv
printf 'id\n2\n' | gzip >in/x.csv.gz
printf 'id\n3\n' >in/y.csv
status "$HAWSER" convert -q in/ out/ --threads 1 --jobs 1
(cd out && ls)
rm -r out
status "$HAWSER" convert -q in/ out/ --keep-extension
(cd out && ls)
mkdir one two
cp in/y.csv one/
cp in/y.csv two/
status "$HAWSER" convert -q one/y.csv two/y.csv in/y.csv three/ --threads 1 --jobs 1
ls three 2>/dev/null
rm in/x.csv.gz
for night in 1 2; do
    echo "night $night"
    status "$HAWSER" convert in/ in/ --to csv --csv-codec gzip 2>told
    sed 's/ rows,.*(/ rows (/; s/ rows,.*/ rows/' told
    ls in
done
printf 'id\n4\n5\n' >in/x.csv
status "$HAWSER" convert -q in/ in/ --to csv --csv-codec gzip
gzip -dc in/x.csv.gz
printf 'id\n6\n' | gzip >in/y.csv.gz
status "$HAWSER" convert -q in/ in/ --to csv --csv-codec gzip
gzip -dc in/y.csv.gz

# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv out.csv --quiet
cat out.csv
status "$HAWSER" convert in.csv out.csv.gz --quiet
cmp out.csv <(gzip -dc out.csv.gz)
status "$HAWSER" convert in.csv all/ --to parquet,avro,csv --csv-codec zstd --quiet
printf 'note\n=1+1\n"a\nb"\n' | "$HAWSER" convert - - --to csv --formula-guard --quiet
echo "nothing takes the place of its source:"
status "$HAWSER" convert in.csv in.csv
mkdir raw
cp in.csv raw/
status "$HAWSER" convert raw/ raw --to csv
cp in.csv all/sub.csv
status "$HAWSER" convert all/sub.csv ../work/all/ --to csv
ln -s all link
status "$HAWSER" convert all/sub.csv link/ --to csv
echo "nor is it read again:"
status "$HAWSER" convert raw/ raw/clean/ --to csv --quiet
status "$HAWSER" convert raw/ raw/clean/ --to csv
rm raw/in.csv
status "$HAWSER" convert raw/ raw/clean/ --to csv
list

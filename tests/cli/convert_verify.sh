# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv all/ --to parquet,avro,csv --verify values --quiet
"$HAWSER" convert in.csv - --verify pages --quiet >out.parquet
status "$HAWSER" verify out.parquet
status "$HAWSER" convert in.csv days/ --partition-by name --verify footer --quiet
echo "a level that there is not, and a file that is not current:"
status "$HAWSER" convert in.csv other/ --verify all
status "$HAWSER" convert in.csv all/ --to parquet,avro,csv --verify values
list

# SPDX-License-Identifier: Apache-2.0
# What was not released has the revision that it was built of in its name.
inspect() {
    "$HAWSER" inspect "$@" | sed 's/ (build [^)]*)//'
    echo "exit ${PIPESTATUS[0]}"
}

table
status "$HAWSER" convert in.csv orders.parquet --quiet
echo "what people see:"
inspect orders.parquet
inspect orders.parquet --show groups,chunks,pages,index --columns name,id
echo "what machines see:"
inspect orders.parquet --json --columns price
inspect orders.parquet --json --show columns,pages,index --columns name
echo "Avro:"
status "$HAWSER" convert in.csv orders.avro --quiet
inspect orders.avro
inspect orders.avro --json --show schema,metadata,pages
echo "several files:"
mkdir -p lake/day=1 lake/_temporary
cp orders.parquet lake/day=1/a.parquet
cp orders.parquet lake/b.pq
cp orders.avro lake/c.AVRO
cp orders.parquet lake/_temporary/c.parquet
cp orders.parquet lake/d
cp in.csv lake/e.csv
inspect lake/ --json --show groups
inspect 'lake/*' --show groups
inspect orders.parquet none.parquet --show groups

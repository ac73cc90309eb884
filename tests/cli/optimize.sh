# SPDX-License-Identifier: Apache-2.0
# Times are others elsewhere, and so are sizes where compression comes in.
optimize() {
    "$HAWSER" optimize "$@" 2>&1 | sed -E 's/"seconds":[^,]*/"seconds":S/g; s/"bytes_(before|after)":[0-9]+/"bytes_\1":N/g
        s/[0-9.]+ [kMG]?B\b/SIZE/g; s/\([0-9.]+ %\)/(P %)/g'
    echo "exit ${PIPESTATUS[0]}"
}

# Rows as they are read from two files, compared.
same_rows() {
    "$HAWSER" head -n all --json "$1" >one.json
    "$HAWSER" head -n all --json "$2" | cmp - one.json && echo "the same rows"
}

mkdir -p lake/x
seq 1 5000 | awk 'BEGIN { print "id,word,n" } { print $1 ",word" $1 % 7 "," $1 % 100 * 1000 }' >in.csv
status "$HAWSER" convert in.csv orders.parquet --quiet -c none --row-group-rows 1000
cp orders.parquet lake/a.parquet
cp orders.parquet lake/x/b.pq
printf 'no Parquet file\n' >lake/notes.txt
echo "one file:"
optimize orders.parquet small.parquet
same_rows orders.parquet small.parquet
[ "$(stat -c %s small.parquet)" -lt "$(stat -c %s orders.parquet)" ] && echo smaller
status "$HAWSER" verify --level values --quiet small.parquet
echo "a dry run writes nothing:"
optimize --dry-run --verbose orders.parquet
optimize --dry-run orders.parquet dry.parquet
echo "a folder in place, and once more:"
optimize --verbose lake/ lake/
optimize --verbose lake/ lake/
same_rows orders.parquet lake/x/b.pq
echo "what is there:"
optimize --overwrite skip orders.parquet small.parquet
optimize --overwrite fail orders.parquet small.parquet
echo "columns:"
optimize --select n,id --rename id=number orders.parquet columns.parquet
status "$HAWSER" head -n 2 columns.parquet --json
optimize --drop word,n orders.parquet dropped.parquet
status "$HAWSER" head -n 1 dropped.parquet --json
echo "as JSON:"
optimize --json --drop word,n --threads 1 -c snappy orders.parquet json.parquet
optimize --quiet --report report.json orders.parquet lake/x/
sed -E 's/"seconds":.*//; s/"bytes_(before|after)":[0-9]+/"bytes_\1":N/g' report.json
list

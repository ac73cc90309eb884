# SPDX-License-Identifier: Apache-2.0
# Times are others elsewhere, and so are sizes.
optimize() {
    "$HAWSER" optimize "$@" 2>&1 | sed -E 's/"seconds":.*"sorted"/"sorted"/; s/"columns":.*"notes"/"notes"/; s/"bytes_(before|after)":[0-9]+/"bytes_\1":N/g
        s/[0-9.]+ [kMG]?B\b/SIZE/g; s/\([0-9.]+ %\)/(P %)/g'
    echo "exit ${PIPESTATUS[0]}"
}

{
    echo id,word,price,a:desc
    printf '%s\n' 1,b,2.5,1 2,a,,2 3,b,-1,3 4,,2.5,4 5,a,10,5
} >in.csv
status "$HAWSER" convert in.csv orders.parquet --quiet
cp orders.parquet before.parquet
echo "by one column, and from above:"
optimize --sort word orders.parquet one.parquet
status "$HAWSER" head one.parquet --json
optimize --sort price:desc --quiet orders.parquet two.parquet
status "$HAWSER" head two.parquet --json --columns id,price
echo "by two, given once or twice, and in place:"
optimize --sort word:desc,price --quiet orders.parquet three.parquet
status "$HAWSER" head three.parquet --json --columns id,word,price
cp orders.parquet four.parquet
optimize --sort word:desc --sort price:asc --quiet four.parquet four.parquet
cmp three.parquet four.parquet && echo "the same bytes"
echo "once more:"
optimize --sort word:desc,price three.parquet three.parquet
echo "a name with a colon:"
optimize --sort a:desc:desc --quiet orders.parquet five.parquet
status "$HAWSER" head five.parquet --json --columns id
echo "as JSON, and what stays of it:"
optimize --json --sort word:desc,id orders.parquet six.parquet
optimize --json --force --drop id six.parquet seven.parquet
optimize --json --force six.parquet eight.parquet
echo "with other options:"
optimize --sort word --mask price --rename word=w --select word,price --quiet orders.parquet nine.parquet
status "$HAWSER" head nine.parquet --json
mkdir days
cp orders.parquet days/a.parquet
cp three.parquet days/b.parquet
optimize --merge --sort id:desc days/ day.parquet --quiet
status "$HAWSER" head -n all day.parquet --json --columns id
echo "a dry run writes nothing:"
optimize --dry-run --sort word orders.parquet none/none.parquet
echo "what cannot be sorted:"
status "$HAWSER" optimize --sort wrod orders.parquet out.parquet
status "$HAWSER" optimize --sort word:down orders.parquet out.parquet
status "$HAWSER" optimize --sort id,word,id:desc orders.parquet out.parquet
status "$HAWSER" optimize --sort id --drop id orders.parquet out.parquet
status "$HAWSER" optimize --sort '' orders.parquet out.parquet
status "$HAWSER" optimize --sort ,id orders.parquet out.parquet
status "$HAWSER" optimize --sort wrod orders.parquet orders.parquet
cmp orders.parquet before.parquet && echo "the source is what it was"
list

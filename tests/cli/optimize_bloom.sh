# SPDX-License-Identifier: Apache-2.0
# Bloom filters that optimize writes, makes again, and cannot write.

# filters FILE: the bytes of the filter of each column chunk, a line for each row group.
filters() {
    "$HAWSER" inspect --json --show groups,chunks "$1" | grep -oE '"rows":|"column":"[^"]*"|"bloom_size":[0-9a-z]+' |
        sed -E 's/"rows":/row group/; s/"column":/  /; s/"bloom_size":/    /'
}

optimize() {
    status "$HAWSER" optimize --quiet "$@"
}

seq 1 6000 | awk 'BEGIN { print "id,a:b,flag,s.x" }
    { print $1 * 7919 % 6007 ",word" $1 % 50 "," ($1 % 2 ? "true" : "false") "," $1 % 9 / 2 }' >in.csv
status "$HAWSER" convert in.csv orders.parquet --quiet --row-group-rows 2000
echo "filters as large as the values that differ:"
optimize orders.parquet blooms.parquet --bloom id:0.001,a:b --bloom s.x:0.2 --row-group-rows 4000
filters blooms.parquet
status "$HAWSER" verify --level values blooms.parquet
status "$HAWSER" verify --level pages blooms.parquet
status "$HAWSER" verify --level footer blooms.parquet
echo "row groups that do not have a value are not read:"
optimize orders.parquet none.parquet --row-group-rows 4000
for file in none blooms; do
    status "$HAWSER" convert --quiet --where "id = 4242" --to csv $file.parquet -
    chunks=$("$HAWSER" inspect $file.parquet --json --show groups,chunks --columns a:b)
    [[ $chunks =~ \"data_offset\":([0-9]+) ]]
    printf 'XXXX' | dd of=$file.parquet bs=1 seek=$((BASH_REMATCH[1] + 100)) conv=notrunc status=none
    status "$HAWSER" convert --quiet --where "\"a:b\" = 'word7x'" --to csv $file.parquet -
done
optimize orders.parquet blooms.parquet --bloom id:0.001,a:b --bloom s.x:0.2 --row-group-rows 4000
echo "they come again:"
optimize blooms.parquet again.parquet --force --row-group-rows 6000
filters again.parquet
status "$HAWSER" verify --level values --quiet again.parquet
echo "a dry run counts them:"
"$HAWSER" optimize --json orders.parquet --dry-run --bloom id:0.001,a:b --bloom s.x:0.2 --row-group-rows 4000 2>/dev/null |
    grep -oE '"bytes_after":[0-9]+' | head -n 1 | grep -cxF "\"bytes_after\":$(stat -c %s blooms.parquet)"
echo "once more, and with another probability:"
for fpp in 0.001 0.002; do
    "$HAWSER" optimize --verbose blooms.parquet out.parquet --bloom id:$fpp,a:b --bloom s.x:0.2 --row-group-rows 4000 2>&1 |
        grep -oE "(already|rewritten) blooms.parquet"
done
echo "columns that have none:"
rm -f out.parquet
optimize orders.parquet out.parquet --bloom idd
optimize orders.parquet out.parquet --bloom flag:0.5
optimize orders.parquet out.parquet --bloom id,a:b,id:0.1
optimize orders.parquet out.parquet --bloom id --drop id
optimize orders.parquet out.parquet --bloom id --mask id
schema='{"type":"record","name":"t","fields":[{"name":"s","type":{"type":"record","name":"u","fields":[{"name":"x","type":"int"}]}},
{"name":"l","type":{"type":"array","items":"int"}},{"name":"d","type":{"type":"fixed","name":"f","size":12,"logicalType":"duration"}}]}'
{
    printf 'Obj\x01\x02\x16avro.schema'
    printf '%b' "\\x$(printf %02x $((2 * ${#schema} % 128 + 128)))\\x$(printf %02x $((2 * ${#schema} / 128)))"
    printf '%s\x00sixteen bytes...' "$schema"
    # A row: {1}, [4], 1 month, 2 days and 3 ms.
    printf '\x02\x20\x02\x02\x08\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00sixteen bytes...'
} >nested.avro
status "$HAWSER" convert nested.avro nested.parquet --quiet
optimize nested.parquet out.parquet --bloom s
optimize nested.parquet out.parquet --bloom s.x,l
optimize nested.parquet out.parquet --bloom l.element,d
optimize nested.parquet nested.out.parquet --bloom l.element,s.x
filters nested.out.parquet
printf 't\n1\n2\n' >one.csv
status "$HAWSER" convert one.csv one.parquet --quiet --encodings compat
# In the schema the type INT64 becomes INT96.
LC_ALL=C sed 's/\x15\x04\x25\x02\x18\x01t/\x15\x06\x25\x02\x18\x01t/' one.parquet >int96.parquet
optimize int96.parquet out.parquet --bloom t
echo "values of the option:"
optimize orders.parquet out.parquet --bloom id:0
optimize orders.parquet out.parquet --bloom id,a:b:1
optimize orders.parquet out.parquet --bloom id:-0.5
optimize orders.parquet out.parquet --bloom id,
optimize orders.parquet out.parquet --bloom id:few
optimize orders.parquet out.parquet --bloom ''
list | grep out.parquet

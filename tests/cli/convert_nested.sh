# SPDX-License-Identifier: Apache-2.0
# Forms of binary and nested values in CSV, and columns that are listed by names and paths.

# long <number>: a number as Avro has it, up to 8191
long() {
    local twice=$((2 * $1))
    if ((twice < 128)); then
        printf '%b' "\\x$(printf %02x "$twice")"
    else
        printf '%b' "\\x$(printf %02x $((twice % 128 + 128)))\\x$(printf %02x $((twice / 128)))"
    fi
}

# Rows: 1, bytes ab ff, {3, "p"}, [4, 5], "q"; 2, null, null, [], "r".
schema='{"type":"record","name":"t","fields":[{"name":"id","type":"int"},{"name":"b","type":["null","bytes"]},
{"name":"s","type":["null",{"type":"record","name":"u","fields":[{"name":"x","type":"int"},{"name":"y","type":"string"}]}]},
{"name":"l","type":{"type":"array","items":"int"}},{"name":"n","type":"string"}]}'
{
    printf 'Obj\x01\x02\x16avro.schema'
    long ${#schema}
    printf '%s\x00' "$schema"
    printf 'sixteen bytes...'
    printf '\x04\x2a'
    printf '\x02\x02\x04\xab\xff\x02\x06\x02p\x04\x08\x0a\x00\x02q'
    printf '\x04\x00\x00\x00\x02r'
    printf 'sixteen bytes...'
} >rows.avro
csv() {
    status "$HAWSER" convert rows.avro - --to csv --quiet "$@"
}
"$HAWSER" convert rows.avro rows.parquet --quiet
csv
csv --binary hex --nested flatten
csv --binary text
csv --nested fail
csv --nested fail --drop s,l
csv --columns s.y,id
csv --columns n,s.x --nested flatten
csv --columns l.element,id --where 's.x = 3'
csv --columns id --rename id=number
csv --columns id,s,s.x
csv --columns s.z
csv --columns id --select n
csv --columns id --drop n
csv --columns '"id'
status "$HAWSER" convert rows.avro out.parquet --binary hex
status "$HAWSER" convert rows.avro out/ --to parquet,csv --nested flatten
status "$HAWSER" convert rows.parquet - --to csv --columns s.y,id --quiet
printf 'id,"a,b",n\n1,2,3\n' >in.csv
status "$HAWSER" convert in.csv out.csv --columns id
"$HAWSER" convert in.csv in.parquet --quiet
status "$HAWSER" convert in.parquet - --to csv --columns '"a,b",id' --quiet
# Of a page that is damaged nothing is read where its column is not listed.
chunks=$("$HAWSER" inspect in.parquet --json --show groups,chunks --columns n)
[[ $chunks =~ .*\"compressed\":([0-9]+).*\"data_offset\":([0-9]+) ]]
bytes=${BASH_REMATCH[1]} at=${BASH_REMATCH[2]}
printf '\xff' | dd of=in.parquet bs=1 seek=$((at + bytes - 1)) conv=notrunc status=none
status "$HAWSER" convert in.parquet - --to csv --columns '"a,b",id' --quiet
status "$HAWSER" convert in.parquet - --to csv --columns n --quiet
for options in '--columns id' '--columns n' '--columns n' '--columns n --binary hex' '--columns n --binary hex'; do
    # shellcheck disable=SC2086  # words
    "$HAWSER" convert rows.parquet out/ --to csv $options
done

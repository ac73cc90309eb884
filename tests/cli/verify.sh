# SPDX-License-Identifier: Apache-2.0
# flip <file> <offset> <copy>: the copy has one bit of that byte the other way round.
flip() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    cp "$1" "$3"
    # shellcheck disable=SC2059  # the byte is the format
    printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}

# Sums and times are others elsewhere.
verify() {
    "$HAWSER" verify "$@" 2>&1 | sed -E 's/\b[0-9a-f]{16}\b/SUM/g; s/(is|says) [0-9a-f]{8}\b/\1 SUM/g; s/0x[0-9a-f]{8}/CRC/g; s/"seconds":[^,]*/"seconds":S/'
    echo "exit ${PIPESTATUS[0]}"
}

table
status "$HAWSER" convert in.csv orders.parquet --quiet
size=$(stat -c %s orders.parquet)
for level in footer pages values; do
    verify orders.parquet --level $level
done
echo "damaged bytes:"
flip orders.parquet 0 magic.parquet
flip orders.parquet 40 page.parquet
flip orders.parquet $((size - 60)) footer.parquet
flip orders.parquet $((size - 1)) end.parquet
verify magic.parquet page.parquet footer.parquet end.parquet
verify page.parquet --level footer
verify page.parquet --columns id
verify page.parquet --quiet --max-findings 1
verify orders.parquet page.parquet --json --max-findings 1
echo "a folder with files of all formats:"
mkdir -p lake/_temporary
cp orders.parquet lake/a.parquet
status "$HAWSER" convert in.csv lake/b.avro --quiet --avro-codec deflate
status "$HAWSER" convert in.csv lake/c.csv.gz --quiet
cp page.parquet lake/_temporary/d.parquet
printf 'a,b\n1,2\n3\n' >lake/e.csv
verify lake/
verify lake/ --level values --threads 1
head -c 60 lake/c.csv.gz >cut.csv.gz
verify cut.csv.gz

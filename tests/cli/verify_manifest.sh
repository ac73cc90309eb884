# SPDX-License-Identifier: Apache-2.0
verify() {
    "$HAWSER" verify "$@" 2>&1 | sed -E 's/\b[0-9a-f]{16}\b/SUM/g; s/(has|says) [0-9]+ bytes/\1 N bytes/; s/says [0-9]+$/says N/'
    echo "exit ${PIPESTATUS[0]}"
}

mkdir in
for name in a b c d; do
    printf 'id,name\n1,%s\n2,two\n' $name >in/$name.csv
done
status "$HAWSER" convert in/ out/ --quiet
verify out/ --manifest out/_manifest.json
echo "files that are not as they were written:"
rm out/b.parquet
printf x >>out/c.parquet
printf 'id,name\n1,x\n2,two\n' >d.csv
status "$HAWSER" convert d.csv d.parquet --quiet
mv d.parquet out/d.parquet
cp out/a.parquet out/e.parquet
verify out/ --manifest out/_manifest.json
verify out/ --manifest out/_manifest.json --level footer
verify out/a.parquet --manifest out/_manifest.json --report report.json
sed -E 's/"(seconds|size|bytes_read)":[^,}]*/"\1":N/g' report.json
verify out/a.parquet --manifest none.json
verify out/a.parquet --manifest in/a.csv
verify out/a.parquet --json --report -
verify out/a.parquet --quiet --report - | sed -E 's/"(seconds|size|bytes_read)":[^,}]*/"\1":N/g'

# SPDX-License-Identifier: Apache-2.0
# Times are others elsewhere, and so are sizes where compression comes in.
optimize() {
    "$HAWSER" optimize "$@" 2>&1 | sed -E 's/"seconds":[^,]*/"seconds":S/g; s/"bytes_(before|after)":[0-9]+/"bytes_\1":N/g
        s/[0-9.]+ [kMG]?B\b/SIZE/g; s/\([0-9.]+ %\)/(P %)/g'
    echo "exit ${PIPESTATUS[0]}"
}

# The rows of files one after the other, compared with those that were made.
rows() {
    for file in "$@"; do "$HAWSER" head -n all --json "$file"; done | cmp - all.json && echo "all rows in their order"
}

mkdir -p day/hour=1 day/hour=2
for part in 1 2 3 4; do
    seq $((part * 1000 - 999)) $((part * 1000)) | awk 'BEGIN { print "id,word" } { print $1 ",word" $1 % 7 }' >"$part.csv"
    "$HAWSER" convert --quiet -c none "$part.csv" "day/hour=$(((part + 1) / 2))/$part.parquet"
    "$HAWSER" head -n all --json "day/hour=$(((part + 1) / 2))/$part.parquet"
done >all.json
echo "all files of a folder, as one:"
optimize --merge day/ day.parquet
rows day.parquet
optimize --merge --verbose --overwrite skip day/ day.parquet
optimize --merge --overwrite fail day/ day.parquet
echo "files that are named, in the order in which they are:"
optimize --merge --json --drop word day/hour=2/3.parquet day/hour=1/*.parquet turned.parquet
echo "what it would come to:"
optimize --merge --dry-run --verbose day/ dry.parquet
optimize --target-bytes 1MiB --dry-run --verbose day/
echo "folder by folder:"
optimize --target-bytes 1MiB --report report.json day/ even/
sed -E 's/"seconds":.*//; s/"bytes_(before|after)":[0-9]+/"bytes_\1":N/g' report.json
rows even/hour=1/part-00000.parquet even/hour=2/part-00000.parquet
optimize --target-bytes 1MiB --verbose even/ again/
cmp even/hour=2/part-00000.parquet again/hour=2/part-00000.parquet && echo "they stay as they are"
echo "one file in parts:"
optimize --target-bytes 500 -c none day.parquet parts/ | tail -n 1
rows parts/part-*
[ "$(printf '%s\n' parts/part-* | wc -l)" -gt 2 ] && echo "there are some parts"
list | grep -v ./parts/part-

# SPDX-License-Identifier: Apache-2.0
# --include, --exclude and --files-from choose the sources of a folder.
mkdir -p raw/old raw/x/old
for file in a.csv b.txt c.data old/d.csv x/e.csv x/old/f.csv _g.csv; do
    printf 'id\n1\n' >"raw/$file"
done
outputs() {
    rm -rf out
    status "$HAWSER" convert "$@" out/ 2>told
    grep -E 'error|left out' told >&2
    find out -name '*.parquet' 2>/dev/null | sort
}
outputs raw/
outputs raw/ --all-files
outputs raw/ --include '*.{txt,data}'
outputs raw/ --include '*.txt' --include 'c.*'
outputs raw/ --include 'x/*.csv'
outputs raw/ --exclude 'old/'
outputs raw/ --exclude '/old/' --exclude a.csv
outputs 'raw/*' --exclude '*.txt'
outputs raw/ --include '*.none'
outputs raw/_g.csv --exclude '*'
printf 'a.csv\r\n\nx/e.csv\nb.txt' >list
outputs raw/ --files-from list
outputs raw/ --files-from - <list
printf 'raw/a.csv\0raw/[.csv\0' >list0
outputs --files-from list0 --from0
outputs --files-from list0
outputs raw/a.csv --files-from list
outputs raw/ raw/x/ --files-from list
outputs --files-from none
outputs - --files-from list
status "$HAWSER" convert --files-from list
status "$HAWSER" convert -q --files-from list0 --from0 merged.parquet --merge
printf 'id\n2\n' >-
printf 'raw/a.csv\nraw/x/e.csv\n-\n' >list
status "$HAWSER" convert -q --files-from list merged.parquet --merge
magic merged.parquet
outputs --files-from list
mkdir prose trash
cp raw/b.txt prose/
cp raw/a.csv trash/_a.csv
outputs prose/
outputs trash/

# SPDX-License-Identifier: Apache-2.0
# What globs name: the shell's, and ** through folders.
mkdir -p raw/x/y raw/.hidden 'raw/[z]'
for file in a.csv b.tsv x/c.csv x/y/d.csv .hidden/e.csv .f.csv '[z]/g.csv'; do
    printf 'id\n1\n' >"raw/$file"
done
outputs() {
    rm -rf out
    status "$HAWSER" convert -q "$@" out/
    find out -name '*.parquet' 2>/dev/null | sort
}
outputs 'raw/*.csv'
outputs 'raw/**/*.csv'
outputs 'raw/**.csv'
outputs 'raw/*.{csv,tsv}'
outputs 'raw/{x,x/y}/*'
outputs 'raw/[!b].*'
outputs 'raw/?/*.csv'
outputs 'raw/.*'
outputs 'raw/[z]/'
outputs 'raw/[z]/*'
outputs 'raw/\[z\]/*'
outputs 'raw/*/'
outputs 'raw/*.none'

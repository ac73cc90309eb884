# SPDX-License-Identifier: Apache-2.0
# Members of ZIPs are chosen as files of folders are; what was left out is told once.
needs python3
python3 - <<'END'
import zipfile
def pack(name, *members):
    with zipfile.ZipFile(name, "w") as z:
        for member in members:
            z.writestr(member, "id\n1\n")
pack("finder.zip", "bank.csv", "__MACOSX/._bank.csv")
pack("mixed.zip", "a.csv", "d/b.tsv", "x.pdf", "readme.txt", "_old.csv", "~$a.csv")
pack("data.zip", "data", "__MACOSX/._data")
pack("none.zip", "a.dat", "b.dat")
END
outputs() {
    rm -rf out
    status "$HAWSER" convert "$@" out/ 2>told
    grep -E 'error|left out' told >&2
    find out -name '*.parquet' 2>/dev/null | sort
}
outputs finder.zip
outputs mixed.zip
outputs mixed.zip --all-files
outputs mixed.zip --zip-member '*'
outputs mixed.zip --zip-member '*.csv'
outputs mixed.zip --zip-member '**/*.{csv,tsv}'
outputs mixed.zip --zip-member readme.txt
outputs data.zip
outputs none.zip
outputs mixed.zip finder.zip --merge --report report.json
grep '[a-z]*_left_out' report.json | grep -v bytes_left_out
"$HAWSER" convert mixed.zip out/ --json --quiet | tail -n 1 | grep -o '"[a-z_]*left_out":[0-9]*'
"$HAWSER" infer finder.zip | grep name

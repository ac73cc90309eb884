# SPDX-License-Identifier: Apache-2.0
# Texts that are written in other ways than RFC 4180, as programs write them.
to_csv() {
    echo "--- $*"
    status "$HAWSER" convert "$@" - --to csv --quiet
}
# SELECT INTO OUTFILE of MySQL, by the bytes of a report.
printf '1\t\\\t\t1\n2\t\\\n\t2\n3\tc\\\\c\t3\n4\t\\N\t4\n' >outfile.tsv
to_csv outfile.tsv --header no --no-quotes --escape '\' --null-values '\N'
to_csv outfile.tsv --header no --no-quotes --escape '\' --escape-style mysql
to_csv outfile.tsv --header no --no-quotes --escape '\'
status "$HAWSER" convert outfile.tsv good.csv --header no --no-quotes --escape '\' --bad-rows reject --quiet
cat good.rejects.jsonl
printf 'id\tv\\tw\n1\ta\\nb\\N\n\\N\t\\x41\\102\n' | gzip >copy.tsv.gz
to_csv copy.tsv.gz --no-quotes --escape '\' --escape-style postgres --delimiter tab
to_csv copy.tsv.gz --no-quotes --escape '\' --escape-style literal --delimiter tab
printf '1::122::5\n1::185::a:b\n' >ratings.dat
to_csv ratings.dat --delimiter :: --header no
printf 'a¦b¦c\n// none\n1¦"x¦y"¦/\n' >bars.csv
to_csv bars.csv --delimiter '¦' --comment //
printf 'sep=§\r\na§b\r\n1§"\r\n"\r\n2\r\n' >sep.csv
to_csv sep.csv
printf 'When;M1\n\n;[C]\n2020-08-14;256.5\n' >units.csv
to_csv units.csv --skip-after-header 1
to_csv units.csv --skip-after-header 9
printf '1,2\n3,4\n' >bare.csv
to_csv bare.csv --skip-after-header 1
printf '"id","n"\n"1","Unknown"\n"2","5"\n' >nulls.csv
to_csv nulls.csv --null-values Unknown --null-quoted
cat >schema.json <<'END'
{"columns": [{"name": "id", "type": "int64", "null_values": ["1"], "null_quoted": true}, {"name": "n", "type": "text"}]}
END
to_csv nulls.csv --schema schema.json --null-values Unknown --null-quoted
printf 'a,b,c\n' >wide.csv
to_csv wide.csv --max-columns 2
printf 'a,b\n1,NA\n2,5\n3,-\n' >words.csv
status "$HAWSER" convert words.csv out.parquet
printf 'id\n1\n' | gzip >one.csv.gz && printf '\n' >>one.csv.gz
status "$HAWSER" convert one.csv.gz out2.parquet --report report.json
grep -o '"bytes_left_out[^,]*' report.json

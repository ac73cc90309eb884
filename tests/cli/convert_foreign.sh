# SPDX-License-Identifier: Apache-2.0
# Files that are no CSV are told by name, and nothing is written; what only looks like them is CSV.
needs gzip tar python3
printf 'id\n1\n' >in.csv
"$HAWSER" convert in.csv table.parquet --quiet
gzip -c table.parquet >packed.csv.gz
tar -cf archive.csv in.csv
printf '<!DOCTYPE html>\n<html><body>Log in</body></html>\n' >page.csv
gzip -c page.csv >page.csv.gz
printf '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>' >reply.csv
printf '[\n  {"id": 1}\n]\n' >document.csv
printf '{"id": 1}\n{"id": 2}\n' >lines.csv
python3 -c 'import zipfile
book = zipfile.ZipFile("book.csv", "w")
book.writestr("[Content_Types].xml", "<Types/>")
book.writestr("xl/workbook.xml", "<workbook/>")
book.close()'
printf 'id\n1\n2222222\n' >broken.parquet
mkdir out
for file in broken.parquet packed.csv.gz archive.csv page.csv page.csv.gz reply.csv document.csv lines.csv book.csv; do
    status "$HAWSER" convert "$file" out/result.csv --quiet
done
find out -type f
printf 'PAR1,[id],{a}\n1,2,3\n' >names.csv
status "$HAWSER" convert names.csv - --to csv --quiet
printf '"<html>",<?xml\n1,2\n' >tags.csv
status "$HAWSER" convert tags.csv - --to csv --quiet
status "$HAWSER" convert lines.csv - --to csv --quiet --no-quotes --delimiter '\x01' --header no

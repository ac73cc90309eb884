# SPDX-License-Identifier: Apache-2.0
printf 'id,day,note\n1,2024-01-01,a\n2,2024-01-02,b\n3,,c\n' >in.csv
status "$HAWSER" convert -q in.csv lake/ --partition-by day
status "$HAWSER" convert -q in.csv out.parquet --max-file-bytes 1MiB
list
status "$HAWSER" convert -q in.csv lake/ --partition-by dya
status "$HAWSER" convert -q in.csv lake/ --partition-by day,day
status "$HAWSER" convert -q in.csv lake/ --partition-by id,day,note
status "$HAWSER" convert -q in.csv out.parquet --partition-by day
status "$HAWSER" convert -q in.csv - --to parquet --max-file-bytes 1MiB | cat
status "$HAWSER" convert -q in.csv lake/ --partition-by note --overwrite fail
status "$HAWSER" convert -q in.csv lake/ --partition-by note
status "$HAWSER" convert -q in.csv lake/ --partition-by note --overwrite fail
list
status "$HAWSER" convert -q ./ ./ --to csv --max-file-bytes 1MiB

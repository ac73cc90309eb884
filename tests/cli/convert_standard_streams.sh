# SPDX-License-Identifier: Apache-2.0
table
"$HAWSER" convert in.csv - >out.parquet
echo "exit $?"
magic out.parquet
status "$HAWSER" convert - piped.parquet --quiet <in.csv
magic piped.parquet
"$HAWSER" convert - - --to avro --quiet <in.csv >out.avro
echo "exit $?"
head -c 3 out.avro && echo
"$HAWSER" convert in.csv - --quiet >/dev/full
echo "full: exit $?"
"$HAWSER" convert in.csv closed.parquet --quiet >&- 2>&-
echo "closed: exit $?"
magic closed.parquet
list

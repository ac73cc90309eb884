# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv out.parquet
magic out.parquet
status "$HAWSER" convert in.csv out.avro --quiet
head -c 3 out.avro && echo
status "$HAWSER" convert in.csv both/ --to parquet,avro --quiet
list

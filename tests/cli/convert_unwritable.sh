# SPDX-License-Identifier: Apache-2.0
table
echo 'a file' >file
status "$HAWSER" convert in.csv file/out.parquet --quiet
status "$HAWSER" convert in.csv file/below/ --quiet
status "$HAWSER" convert in.csv /sys/out.parquet --quiet
cat file
list

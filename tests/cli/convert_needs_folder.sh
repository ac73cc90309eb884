# SPDX-License-Identifier: Apache-2.0
table
cp in.csv second.csv
status "$HAWSER" convert in.csv second.csv out.parquet
list

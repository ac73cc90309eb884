# SPDX-License-Identifier: Apache-2.0
table
status "$HAWSER" convert in.csv out.parquet --compression zstt
status "$HAWSER" convert in.csv out.parquet --compression zstd:99
list

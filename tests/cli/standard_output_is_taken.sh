# SPDX-License-Identifier: Apache-2.0
status "$HAWSER" convert a - --json
status "$HAWSER" convert a - --to parquet,avro

# SPDX-License-Identifier: Apache-2.0
status "$HAWSER" convert a b --to parqet
status "$HAWSER" convert a b --to parquet,xml
status "$HAWSER" convert a b --overwrite skp
status "$HAWSER" convert a b --bad-rows rejct
status "$HAWSER" convert a b --bad-rows fail,reject
status "$HAWSER" convert a b --memory lots
status "$HAWSER" convert a b --memory
status "$HAWSER" convert a b --threads 0
status "$HAWSER" convert a b --threads -1
status "$HAWSER" convert a b --timeout 3w
status "$HAWSER" convert a b --limit-rate fast
status "$HAWSER" convert a b --limit-rate 10
status "$HAWSER" convert a b --delimiter ab
status "$HAWSER" convert a b --delimiter '"'
status "$HAWSER" convert a b --delimiter '<-+---+->'
status "$HAWSER" convert a b --comment ab
status "$HAWSER" convert a b --escape-style mysql
status "$HAWSER" convert a b --escape '\' --escape-style mysq
status "$HAWSER" convert a b --quotes loose
status "$HAWSER" convert a b --no-quotes --quotes lenient
status "$HAWSER" convert a b --skip-after-header -1
status "$HAWSER" convert a b --max-columns 0
status "$HAWSER" convert a b --max-columns 131073
status "$HAWSER" convert a b --null-quoted
status "$HAWSER" convert a b --max-rejects 5
status "$HAWSER" convert a b --bad-rows reject --max-rejects 101%
status "$HAWSER" convert a b --header maybe
status "$HAWSER" convert a b --avro-codec deflate
status "$HAWSER" completion bsh
list

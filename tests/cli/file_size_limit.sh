# SPDX-License-Identifier: Apache-2.0
# A file that may not grow any more (ulimit -f, in KiB) is an error like a full disk, and leaves nothing.
awk 'BEGIN { print "a"; for (i = 0; i < 100000; i++) print i * 7919 % 1000003 }' >in.csv
(
    ulimit -f 64
    status "$HAWSER" convert in.csv out.parquet --compression none --quiet
    status "$HAWSER" convert in.csv out.csv --to csv --quiet
    TMPDIR=. status "$HAWSER" convert - out.parquet --quiet <in.csv
    TMPDIR=. status "$HAWSER" infer - <in.csv
    "$HAWSER" convert --help >help.txt
    echo "help: exit $?"
    rm help.txt
)
list

# SPDX-License-Identifier: Apache-2.0
"$HAWSER" help >/dev/full
echo "full: exit $?"
"$HAWSER" help >&-
echo "closed: exit $?"
{
    sleep 0.3
    "$HAWSER" help convert
    echo "pipe: exit $?" >pipe
} | true
cat pipe
echo 'a' >in.csv
"$HAWSER" convert in.csv - --to csv --quiet >/dev/full
echo "output: exit $?"
"$HAWSER" convert in.csv out.csv --report - --quiet >/dev/full
echo "report: exit $?"

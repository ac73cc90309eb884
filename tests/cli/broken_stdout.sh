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

# SPDX-License-Identifier: Apache-2.0
echo x >f
mkdir -p d
status "$HAWSER" cp
status "$HAWSER" cp f
status "$HAWSER" cp f out --recursive
status "$HAWSER" cp f out --part-size 1
status "$HAWSER" cp f out --part-size 6GiB
status "$HAWSER" cp f out --part-size lots
status "$HAWSER" cp f out --mode quick
status "$HAWSER" cp f out --if-size-differs
status "$HAWSER" cp f out --timeout soon
status "$HAWSER" cp f out --metadata team
status "$HAWSER" cp f s3:///k
status "$HAWSER" cp s3:///k out
status "$HAWSER" cp f ftp://host/f
status "$HAWSER" cp f https://host/f
status "$HAWSER" cp - f out
status "$HAWSER" cp - d
status "$HAWSER" cp f out --delta
status "$HAWSER" cp f - --delta
status "$HAWSER" cp - s3://bucket/k --delta
status "$HAWSER" cp f f
status "$HAWSER" cp f .
status "$HAWSER" cp --quiet d/../f d/
status "$HAWSER" cp --quiet f -- --out
status "$HAWSER" cp missing out
status "$HAWSER" cp missing/ out
status "$HAWSER" cp 'mis*' out
cat f
list

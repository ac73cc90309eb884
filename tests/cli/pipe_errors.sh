# SPDX-License-Identifier: Apache-2.0
printf 'bytes' | status "$HAWSER" pipe out.bin --quiet
cat out.bin
echo
status "$HAWSER" pipe empty.bin --quiet </dev/null
wc -c <empty.bin
printf 'x' | status "$HAWSER" pipe folder/
status "$HAWSER" pipe
printf 'x' | status "$HAWSER" pipe out.bin --no-clobber --quiet
cat out.bin
echo
status "$HAWSER" doctor folder/

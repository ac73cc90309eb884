# SPDX-License-Identifier: Apache-2.0
echo x >f
mkdir -p d
echo y >d/g
ln f hard
ln -s d link
status "$HAWSER" mv
status "$HAWSER" mv f
status "$HAWSER" mv f out --delete
status "$HAWSER" mv f f
status "$HAWSER" mv f hard
status "$HAWSER" mv d/g link/
status "$HAWSER" mv d d
status "$HAWSER" mv f -
status "$HAWSER" mv f https://host/f
status "$HAWSER" mv missing out
status "$HAWSER" mv f d/g/h
cat f d/g
list

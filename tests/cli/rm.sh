# SPDX-License-Identifier: Apache-2.0
# Removes files. What a link in a folder leads to stays.
mkdir -p d/sub out
echo secret >out/secret
echo one >d/one.csv
echo two >d/sub/two.csv
echo three >d/three.txt
status "$HAWSER" rm d/ --dry-run
status "$HAWSER" rm 'd/*.csv'
ln -s ../out d/link
status "$HAWSER" rm d
cat out/secret
status "$HAWSER" rm d/missing
status "$HAWSER" rm 'd/*.csv'
status "$HAWSER" rm
status "$HAWSER" rm out/secret --json
status "$HAWSER" rm out/

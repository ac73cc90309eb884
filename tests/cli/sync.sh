# SPDX-License-Identifier: Apache-2.0
# Makes a folder like another one; a second run has nothing to do.
mkdir -p s/sub
echo one >s/one
echo two >s/sub/two
touch -d 2020-01-01 s/one s/sub/two
status "$HAWSER" sync s/ d/ 2>summary
sed 's/, [^,]*B\/s, .*s$//' summary
status "$HAWSER" sync s/ d/
echo extra >d/extra
status "$HAWSER" sync s/ d/ --delete --dry-run
status "$HAWSER" sync s/ d/ --delete --exclude 'ext*'
echo more >d/more
status "$HAWSER" sync s/ d/ --delete --max-delete 1
status "$HAWSER" sync s/ d/ --delete
echo ONE >s/one
touch -d 2019-01-01 s/one
status "$HAWSER" sync s/ d/
"$HAWSER" sync s/ d/ --checksum --json 2>/dev/null | sed 's/,"seconds":[^,}]*//' | sort
status "$HAWSER" sync s/ d/ --checksum
status "$HAWSER" sync s/ s/
status "$HAWSER" sync s/sub/ s/ --delete
find s -type f | sort
status "$HAWSER" sync s/one d/
status "$HAWSER" sync s/

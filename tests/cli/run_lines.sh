# SPDX-License-Identifier: Apache-2.0
echo one >a.txt
echo two >'b c.txt'
cat >commands.txt <<'END'
# a comment, and an empty line

cp a.txt "out/it's a.txt"
cp -n --sp 'b c.txt' out/
cp missing.txt out/
cp a.txt - 
run commands.txt
copy a.txt out/
cp 'a.txt out/
END
status "$HAWSER" run commands.txt --jobs 1
find out | sort
status "$HAWSER" run - --json --quiet --jobs 1 <<'END' | sed 's/"seconds":[0-9.e-]*/"seconds":0/'
cp a.txt out/json.txt
END
status "$HAWSER" run - --dry-run <<'END'
mb s3://bucket-of-mine
rm out/
END
find out | wc -l
status "$HAWSER" run missing.txt
status "$HAWSER" run
status "$HAWSER" run - --fail-fast --jobs 1 --quiet <<'END'
cp missing.txt x
cp a.txt y
END
status "$HAWSER" run - </dev/null

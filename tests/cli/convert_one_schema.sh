# SPDX-License-Identifier: Apache-2.0
# Sources with the same columns get one set of types; without that, a warning says that they have several.
mkdir in
printf 'v\n1\n' >in/a.csv
printf 'v\n0.5\n' >in/b.csv
printf 'w\nx\n' >in/c.csv
"$HAWSER" convert in/ out/ --quiet --threads 1
"$HAWSER" convert in/ out/ --one-schema --json --threads 1 | grep -o '"source":"[^"]*","outcome":"[^"]*"\|"columns":\[[^]]*\]' | sort
"$HAWSER" convert in/ out/ --one-schema --dry-run
printf 'v\n1\n2,3\n' >in/b.csv
status "$HAWSER" convert in/ out/ --one-schema --quiet
status "$HAWSER" convert - out.parquet --one-schema <in/a.csv
status "$HAWSER" convert in/a.csv out.parquet --one-schema=maybe

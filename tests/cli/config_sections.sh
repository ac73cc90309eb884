# SPDX-License-Identifier: Apache-2.0
# One file for all commands: what a command does not have is for others, its section counts before the rest.
table
sed -i 's/,/;/g' in.csv
cat >hawser.json <<'JSON'
{
    "threads": 2,
    "delimiter": ",",
    "convert": {"to": "csv", "delimiter": ";", "quiet": true},
    "infer": {"delimiter": ";", "all": true}
}
JSON
status "$HAWSER" convert in.csv out/ --config hawser.json
head -n 2 out/in.csv
status "$HAWSER" infer in.csv --config hawser.json
HAWSER_CONFIG=hawser.json HAWSER_DELIMITER=tab status "$HAWSER" convert in.csv tab/
head -n 1 tab/in.csv
echo '{"infer": {"jobs": 2}}' >foreign.json
status "$HAWSER" convert in.csv out/ --config foreign.json
echo '{"convrt": {"threads": 2}}' >section.json
status "$HAWSER" convert in.csv out/ --config section.json

# SPDX-License-Identifier: Apache-2.0
echo '{"memroy": "1GiB"}' >unknown.json
echo '{"threads": "many"}' >value.json
echo '{"threads": 2' >cut.json
status "$HAWSER" convert a b --config unknown.json
status "$HAWSER" convert a b --config value.json
status "$HAWSER" convert a b --config cut.json
status "$HAWSER" convert a b --config missing.json
HAWSER_CONFIG=unknown.json status "$HAWSER" infer a
HAWSER_THREADS=none status "$HAWSER" convert a b
HAWSER_MEMROY=1GiB status "$HAWSER" convert a b
HAWSER_JSON=true "$HAWSER" version | python3 -c 'import json, sys; print(sorted(json.load(sys.stdin)))'

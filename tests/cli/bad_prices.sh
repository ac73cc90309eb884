# SPDX-License-Identifier: Apache-2.0
# Nothing is copied, and there is no report, where the table of prices is none.
price() {
    printf '{"currency": "EUR", "date": "2026-01-02", "source": "ours", "regions": {"a": {"put_per_1000": %s, "get_per_1000": 0, ' "$1"
    printf '"list_per_1000": 0, "delete_per_1000": 0, "in_per_gib": 0, "out_per_gib": %s, "between_regions_per_gib": 0}}%s}' "$2" "$3"
}
priced() {
    printf "%s" "$1" >prices.json
    status "$HAWSER" cp f out --prices prices.json --report report.json
}
echo x >f
mkdir -p d
status "$HAWSER" cp f out --prices
status "$HAWSER" cp f out --prices missing.json --report report.json
status "$HAWSER" cp f out --prices d/ --report report.json
status "$HAWSER" cp f out --prices ftp://host/prices.json
priced 'prices'
priced '[]'
priced '{"currency": "EUR"}'
priced "$(price 1 1 ', "machin": 1')"
priced "$(price -1 1 '')"
priced "$(price '"1"' 1 '')"
priced "$(price 1 '[]' '')"
priced "$(price 1 '[{"price": 1}, {"price": 2}]' '')"
priced "$(price 1 1 ', "machine": {"per_hour": 1}')"
HAWSER_PRICES=missing.json status "$HAWSER" cp f out
status "$HAWSER" convert f out --prices prices.json
rm f prices.json
list

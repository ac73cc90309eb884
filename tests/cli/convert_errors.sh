# SPDX-License-Identifier: Apache-2.0
# A run may end after its first errors: one line for each, then counts. A rejects file that may be another's stays.
mkdir in
for ((i = 0; i < 6; i++)); do
    echo $'a,b\n1,2' >in/$i.csv
done
echo $'a,b\n1' | tee in/1.csv >in/3.csv
one=(--threads 1 --jobs 1)
status "$HAWSER" convert in/ out/ --fail-fast "${one[@]}"
status "$HAWSER" convert in/ out/ --max-errors 2 "${one[@]}"
status "$HAWSER" convert in/ out/ --max-errors 2 --fail-fast
status "$HAWSER" convert in/1.csv in/3.csv none/ --max-errors 1 "${one[@]}"
status "$HAWSER" convert in/0.csv x.csv --verbose
echo mine >x.rejects.jsonl
status "$HAWSER" convert in/0.csv x.csv --overwrite replace
cat x.rejects.jsonl
status "$HAWSER" convert in/0.csv x.csv --overwrite replace --bad-rows reject
list

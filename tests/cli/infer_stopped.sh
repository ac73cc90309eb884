# SPDX-License-Identifier: Apache-2.0
# Standard input that says nothing: a signal ends the wait at once.
mkfifo idle
exec 9<>idle
for words in 'infer -' 'convert - out.parquet --quiet'; do
    # shellcheck disable=SC2086  # several words
    "$HAWSER" $words <idle &
    tool=$!
    sleep 0.5
    started=$(date +%s%N)
    kill -INT "$tool"
    wait "$tool"
    code=$?
    echo "$words: exit $code, within 300 ms: $((($(date +%s%N) - started) / 1000000 < 300))"
done
list

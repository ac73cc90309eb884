# SPDX-License-Identifier: Apache-2.0
# Where standard error is no terminal, progress comes only when asked for, as whole lines.
mkfifo in
feed() {
    echo a,b
    for ((i = 0; i < 8; i++)); do
        echo 1,2
        sleep 0.1
    done
}
feed >in &
"$HAWSER" convert - out.parquet --progress-every 200ms <in 2>errors
echo "exit $?"
grep -c '^hawser: .* B  .* B/s$' errors | grep -qv '^0$' && echo 'there is progress'
grep -vE '^hawser: .* B  .* B/s$' errors
feed >in &
"$HAWSER" convert - again.parquet <in 2>errors
cat errors
wait
feed >in &
"$HAWSER" convert - quiet.parquet --progress-every 200ms --quiet <in
wait
status "$HAWSER" convert in out --progress-every 0

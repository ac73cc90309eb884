# SPDX-License-Identifier: Apache-2.0
# stop <signal> <name> <words of the tool>...: the run is asked to end, and has five seconds for it.
stop() {
    local signal=$1 name=$2 tool
    shift 2
    "$HAWSER" convert "$@" --quiet <"$name.fifo" &
    tool=$!
    sleep 0.5
    kill "-$signal" "$tool"
    for _ in {1..50}; do
        kill -0 "$tool" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$tool" 2>/dev/null && echo "$name: still running"
    wait "$tool"
    echo "$name: exit $?"
}

mkfifo endless.fifo idle.fifo
: >file.fifo # this one reads a file, slowly
awk 'BEGIN { for (i = 0; i < 3000000; i++) printf "%d,%d,%d\n", rand() * 1e9, rand() * 1e9, rand() * 1e9 }' >big.csv
while echo 1,2,3; do sleep 0.01; done >endless.fifo 2>/dev/null &
disown
{
    echo a,b
    exec sleep 20
} >idle.fifo &
idle=$!
disown
stop TERM file big.csv file.parquet --threads 1 --compression zstd:19 --row-group-bytes 1MiB
stop TERM endless - endless.parquet
stop INT idle - idle.parquet
kill "$idle"
list

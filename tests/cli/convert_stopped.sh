# SPDX-License-Identifier: Apache-2.0
# stop <signal> <name>: one that reads standard input is asked to end; what is left of it is nothing.
stop() {
    "$HAWSER" convert - "$2.parquet" --quiet <"$2.fifo" &
    local tool=$!
    sleep 1
    kill "-$1" "$tool"
    SECONDS=0
    wait "$tool"
    echo "$2: exit $?"
    ((SECONDS <= 5)) || echo "$2: took $SECONDS seconds"
}
mkfifo endless.fifo idle.fifo
yes 1,2,3 >endless.fifo 2>/dev/null &
disown
{
    echo a,b
    exec sleep 20
} >idle.fifo &
idle=$!
disown
stop TERM endless
stop INT idle
kill "$idle" 2>/dev/null
list

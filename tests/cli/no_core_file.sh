# SPDX-License-Identifier: Apache-2.0
# A dump of the memory would hold keys: the tool asks for none, whatever the shell allows.
ulimit -S -c "$(ulimit -H -c)"
if [[ $(ulimit -S -c) == 0 ]]; then
    echo "core files are forbidden here" >&2
    exit 77
fi
mkfifo idle
exec 9<>idle
"$HAWSER" convert - out.parquet --quiet <idle &
tool=$!
sleep 0.5
awk '/Max core file size/ { print $5 }' "/proc/$tool/limits"
kill -TERM "$tool"
wait "$tool"
echo "exit $?"

# SPDX-License-Identifier: Apache-2.0
# On a terminal, progress is drawn by the clock, however many small objects end in between, and gone at the end.
needs python3
# Where memory can hold the files, no disk is waited for.
work=$(mktemp -d -p /dev/shm hawser-XXXXXX 2>/dev/null || mktemp -d -p .)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit
mkdir in
for ((i = 0; i < 10000; i++)); do
    echo $'id\n1' >in/$i.csv
done
python3 - <<'END'
import os, pty, re, time

began = time.monotonic()
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execv(os.environ["HAWSER"], ["hawser", "convert", "in/", "out/", "--to", "csv", "--threads", "2"])
shown = b""
while True:
    try:
        shown += os.read(terminal, 65536)
    except OSError:
        break
seconds = time.monotonic() - began
print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
drawn = re.findall(rb"\r\x1b\[K(\d+)/(\d+) objects", shown)
print("often enough" if len(drawn) >= seconds else f"{len(drawn)} times in {seconds:.1f} s")
print("not too often" if len(drawn) <= 5 * seconds + 1 else f"{len(drawn)} times in {seconds:.1f} s")
done = [int(n) for n, _ in drawn]
print("ever more objects" if done == sorted(done) and done[-1] <= 10000 else done)
print(re.sub(rb", .*", b"", shown.split(b"\x1b[K")[-1]).decode().strip())
END

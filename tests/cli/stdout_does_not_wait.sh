# SPDX-License-Identifier: Apache-2.0
# Pipes that were set not to block, by whoever shares them, are waited for: nothing is lost on them.
needs python3
cat >slow.py <<'END'
import hashlib, os, subprocess, sys, threading, time
def feed(fd, data):
    for at in range(0, len(data), 20000):
        os.write(fd, data[at:at + 20000])
        time.sleep(0.02)
    os.close(fd)
def run(stdin, words):
    reading, writing = os.pipe()
    in_reading, in_writing = os.pipe()
    os.set_blocking(writing, False)
    os.set_blocking(in_reading, False)
    tool = subprocess.Popen([os.environ["HAWSER"], *words], stdin=in_reading, stdout=writing)
    os.close(writing)
    os.close(in_reading)
    feeder = threading.Thread(target=feed, args=(in_writing, stdin))
    feeder.start()
    time.sleep(0.5)
    got = b""
    while part := os.read(reading, 65536):
        got += part
    feeder.join()
    return tool.wait(), got
data = open("in.csv", "rb").read()
code, got = run(data, ["convert", "-", "-", "--to", "csv", "--quiet"])
print(f"object: exit {code}, {'equal' if got == data else 'not equal'}")
code, got = run(b"", ["convert", "many/", "out/", "--json", "--quiet"])
print(f"lines: exit {code}, {len(got.splitlines())} lines")
code, got = run(b"a,b\n1,2\n", ["infer", "-"])
print(f"schema: exit {code}, {got.count(b'int64')} columns")
END
awk 'BEGIN { print "a,b"; for (i = 0; i < 20000; i++) print i * 7919 % 1000003 ",x" i }' >in.csv
mkdir many
for i in {1..300}; do echo "a,$i" >"many/$i.csv"; done
python3 slow.py

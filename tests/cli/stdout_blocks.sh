# SPDX-License-Identifier: Apache-2.0
# A reader that does not read: one signal ends the tool all the same, in whatever thread it was about to write.
needs python3
cat >stuck.py <<'END'
import os, signal, subprocess, sys, time
name, number, *words = sys.argv[1:]
reading, writing = os.pipe()
errors_reading, errors_writing = os.pipe()
os.set_blocking(errors_writing, False)
try:
    while os.write(errors_writing, b"x"):
        pass
except BlockingIOError:
    os.set_blocking(errors_writing, True)
tool = subprocess.Popen([os.environ["HAWSER"], *words], stdin=open("in.csv"), stdout=writing,
                        stderr=errors_writing if name == "errors" else sys.stderr)
time.sleep(1)
started = time.monotonic()
tool.send_signal(int(number))
try:
    code = tool.wait(timeout=10)
    late = time.monotonic() - started
    print(f"{name}: exit {128 - code if code < 0 else code}{'' if late < 1 else f', after {late:.1f} s'}")
except subprocess.TimeoutExpired:
    tool.kill()
    print(f"{name}: still running")
END
awk 'BEGIN { print "a,b"; for (i = 0; i < 200000; i++) print i * 7919 % 1000003 ",x" i }' >in.csv
mkdir many
for i in {1..900}; do echo "a,$i" >"many/$i.csv"; done
python3 stuck.py object 15 convert in.csv - --to csv --quiet
python3 stuck.py object 2 convert - - --to csv --quiet
python3 stuck.py lines 15 convert many/ out/ --json --quiet
python3 stuck.py errors 15 convert many/ out/ --dry-run

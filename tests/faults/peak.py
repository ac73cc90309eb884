# SPDX-License-Identifier: Apache-2.0
"""Runs a command and writes down what it took: python -I -S peak.py RESULT SECONDS COMMAND...

RESULT gets "EXIT KIB SECONDS": how it ended (negative: the signal), its peak resident size, how
long it ran. A small process of its own has to do this: Linux counts what the parent holds at the
fork as the child's peak.
"""

import os
import signal
import sys
import time


def main():
    result, seconds, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    start = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(seconds)
    _, status, usage = os.wait4(child, 0)
    signal.alarm(0)
    with open(result, "w") as file:
        file.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss} {time.monotonic() - start:.3f}")


main()

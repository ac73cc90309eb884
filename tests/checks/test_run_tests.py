# SPDX-License-Identifier: Apache-2.0
"""scripts/run-tests counts what programs print, misses no failure, and keeps apart what runs side by side."""

import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import threading
import xml.etree.ElementTree

PATH = str(pathlib.Path(__file__).resolve().parents[2] / "scripts/run-tests")

sys.dont_write_bytecode = True
LOADER = importlib.machinery.SourceFileLoader("run_tests", PATH)
MODULE = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", LOADER))
LOADER.exec_module(MODULE)

CMOCKA_GOOD = "[==========] Running 3 test(s).\n[       OK ] x\n[==========] 3 test(s) run.\n[  PASSED  ] 3 test(s).\n"
CMOCKA_SKIP = "SKIPPED csv/files: the corpus is not here\n[  PASSED  ] 1 test(s).\n[  SKIPPED ] 2 test(s), listed below:\n"
CMOCKA_BAD = "[  FAILED  ] x\n[  PASSED  ] 2 test(s).\n[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] x\n\n 1 FAILED TEST(S)\n"

# name, output, succeeded, (passed, failed, skipped)
ROWS = [
    ("cmocka, all good", CMOCKA_GOOD, True, (3, 0, 0)),
    ("cmocka, one fails", CMOCKA_BAD, False, (2, 1, 0)),
    ("cmocka, two skipped", CMOCKA_SKIP, True, (1, 0, 2)),
    ("a leak after good cases", CMOCKA_GOOD + "ERROR: LeakSanitizer: detected memory leaks\n", False, (3, 1, 0)),
    ("a runner of ours", "one ok\n52 passed, 0 failed\n", True, (52, 0, 0)),
    ("a runner of ours fails", "50 passed, 2 failed, 4 skipped\n", False, (50, 2, 4)),
    ("a runner dies after its summary", "50 passed, 0 failed\n", False, (50, 1, 0)),
    ("a program without cases", "layers: ok\n", True, (1, 0, 0)),
    ("a program without cases fails", "", False, (0, 1, 0)),
    ("numbers inside a line", "I saw 5 passed, 1 failed\n", True, (1, 0, 0)),
]

GOOD = '<testcase name="x" status="run"><system-out>3 passed, 0 failed</system-out></testcase>'
BAD = '<testcase name="x" status="fail"><failure message=""/><system-out></system-out></testcase>'
DISABLED = '<testcase name="x" status="disabled"><system-out>Disabled</system-out></testcase>'


def not_run(message, output):
    """A case of ctest's report that did not run to its end."""
    return f'<testcase name="x" status="notrun"><skipped message="{message}"/><system-out>{output}</system-out></testcase>'


# name, element of ctest's report, (passed, failed, skipped), the notes
CTEST_ROWS = [
    ("it ran", GOOD, (3, 0, 0), []),
    ("it failed", BAD, (0, 1, 0), []),
    ("it skips itself", not_run("SKIP_RETURN_CODE=77", "a\nSKIPPED 1 x: no zsh\n"), (0, 0, 1), ["SKIPPED 1 x: no zsh"]),
    ("it skips itself without a word", not_run("SKIP_RETURN_CODE=77", ""), (0, 0, 1), ["SKIPPED 1 x: it does not say why"]),
    ("it was not built", not_run("Unable to find executable", "Unable to find executable: y"), (0, 1, 0), []),
    ("what it needs failed", not_run("Fixture dependency failed", ""), (0, 1, 0), []),
    ("it is disabled", DISABLED, (0, 1, 0), []),
]


def raises(log):
    log("before\n")
    raise ValueError("a fault of the runner")


def prints(log, text, succeeds):
    code = f"import sys; print({text!r}, end=''); sys.exit({int(not succeeds)})"
    return MODULE.run_program(log, "program", sys.executable, "-c", code)


# name, what runs, its arguments, (passed, failed, skipped), a line of its log
STAGE_ROWS = [
    ("a stage that succeeds", prints, ("4 passed, 0 failed\n", True), [4, 0, 0], "4 passed, 0 failed\n"),
    ("a stage that dies after its summary", prints, ("4 passed, 0 failed\n", False), [4, 1, 0], "4 passed, 0 failed\n"),
    ("a stage whose runner throws", raises, (), [0, 1, 0], "before\n"),
]


def wrong_stages():
    """What is wrong with a stage that runs alone."""
    for name, run, arguments, want, line in STAGE_ROWS:
        lines = []
        stage = MODULE.Stage("stage", run, *arguments)
        stage.run(lines.append)
        if stage.sums() != want or line not in lines:
            yield f"{name}: {stage.sums()}, want {want}; {lines}"


def wrong_at_once():
    """What is wrong where two stages run at once: both must have begun before either ends, their lines do not mix, and what
    comes after one that throws runs too.
    """
    both = threading.Barrier(2, timeout=30)

    def meets(log, name):
        log(f"{name} 1\n")
        both.wait()
        log(f"{name} 2\n")
        return [(name, MODULE.Count(1, 0, 0, []))]

    stages = [MODULE.Stage("thrown", raises), *(MODULE.Stage(name, meets, name) for name in "abcd")]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        MODULE.run_stages(stages, 2)
    sums = [stage.sums() for stage in stages]
    if sums != [[0, 1, 0]] + [[1, 0, 0]] * 4:
        yield f"two at once: {sums}"
    for name in "abcd":
        if f"{name} 1\n{name} 2\n-- {name}: 1 passed, 0 failed, 0 skipped, 0 s\n" not in printed.getvalue():
            yield f"two at once: the lines of {name}: {printed.getvalue()}"


def main():
    failed = 0
    for name, output, succeeded, want in ROWS:
        got = tuple(MODULE.count(output, succeeded)[:3])
        if got != want:
            failed += 1
            print(f"FAILED run-tests: {name}: {got}, want {want}")
    for name, text, want, want_notes in CTEST_ROWS:
        got = MODULE.count_ctest(xml.etree.ElementTree.fromstring(text))
        if tuple(got[:3]) != want or got.notes != want_notes:
            failed += 1
            print(f"FAILED run-tests: {name}: {got}, want {want}, {want_notes}")
    for wrong in [*wrong_stages(), *wrong_at_once()]:
        failed += 1
        print(f"FAILED run-tests: {wrong}")
    print(f"{len(ROWS) + len(CTEST_ROWS) + len(STAGE_ROWS) + 5 - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

# SPDX-License-Identifier: Apache-2.0
"""scripts/run-tests counts what programs print, and misses no failure."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import xml.etree.ElementTree

PATH = str(pathlib.Path(__file__).resolve().parents[2] / "scripts/run-tests")

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


def main():
    loader = importlib.machinery.SourceFileLoader("run_tests", PATH)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    failed = 0
    for name, output, succeeded, want in ROWS:
        got = tuple(module.count(output, succeeded)[:3])
        if got != want:
            failed += 1
            print(f"FAILED run-tests: {name}: {got}, want {want}")
    for name, text, want, want_notes in CTEST_ROWS:
        got = module.count_ctest(xml.etree.ElementTree.fromstring(text))
        if tuple(got[:3]) != want or got.notes != want_notes:
            failed += 1
            print(f"FAILED run-tests: {name}: {got}, want {want}, {want_notes}")
    print(f"{len(ROWS) + len(CTEST_ROWS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

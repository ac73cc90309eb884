# SPDX-License-Identifier: Apache-2.0
"""Every link of the pages leads somewhere: links.py PAGE... A link is a file beside the page, a heading, or both."""

import collections
import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
HEADING = re.compile(r"^#+ (.*)$", re.M)
CODE = re.compile(r"`([^`]*)`")


def anchors(text):
    """What the headings of a page are called in links; of equal ones the second has -1 after it, and so on."""
    names, seen = [], collections.Counter()
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        names.append(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return names


def links(text):
    """The links of a page, without those to other sites."""
    prose = CODE.sub("", FENCE.sub("", text))
    return [link for link in LINK.findall(prose) if "://" not in link]


def broken(path):
    """The links of the page that lead nowhere."""
    found = []
    for link in links(path.read_text()):
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            found.append(link)
    return found


def main():
    passed = failed = 0
    for path in map(pathlib.Path, sys.argv[1:]):
        wrong = broken(path)
        for link in wrong:
            print(f"FAILED {path.name}: the link to {link} leads nowhere")
        failed += len(wrong)
        passed += len(links(path.read_text())) - len(wrong)
    if passed + failed == 0:
        print("FAILED there is no link in any page")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

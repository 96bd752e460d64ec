"""Tells which tests and which of their cases were skipped, and why.

    skipped_tests.py JUNIT    the results that ctest has written by --output-junit

Fails if a test was skipped that does not say why, in a line of its own.
"""

import re
import sys
import xml.etree.ElementTree as xml

# What our scripts say, and what Boost.Test says of cases; "disabled" are those that were not asked for.
REASON = re.compile(r"^skipped: (.+)", re.MULTILINE)
CASE = re.compile(r'(?:case|suite) "([^"]+)" is skipped because (?!disabled)(?:precondition failed: )?(.+)')


def without_colours(text):
    return re.sub("(?:\x1b|\\[NON-XML-CHAR-0x1B\\])\\[[0-9;]*m", "", text)


def main():
    status = 0
    for test in xml.parse(sys.argv[1]).iter("testcase"):
        name = test.get("name")
        said = without_colours(test.findtext("system-out") or "")
        cases = CASE.findall(said)
        reason = REASON.search(said)
        if test.get("status") in ("run", "fail"):
            for case, why in cases:
                print(f"skipped in {name}: {case}: {why}")
        elif reason or cases:
            print(f"skipped: {name}: {reason.group(1) if reason else cases[0][1]}")
        else:
            print(f"skipped: {name}, and it does not say why")
            status = 1
    return status


sys.exit(main())

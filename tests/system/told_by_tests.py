"""Tells in the end what a reader of a long log looks for: why tests have failed, and which tests or cases were skipped.

    told_by_tests.py JUNIT    the results that ctest has written by --output-junit

Fails if a test was skipped that does not say why, in a line of its own.
"""

import re
import sys
import xml.etree.ElementTree as xml

# What our scripts say, and what Boost.Test says of cases; "disabled" are those that were not asked for.
REASON = re.compile(r"^skipped: (.+)", re.MULTILINE)
CASE = re.compile(r'(?:case|suite) "([^"]+)" is skipped because (?!disabled)(?:precondition failed: )?(.+)')
# What Boost.Test, sanitizers, Python, Node.js and our scripts say of a failure.
FAULT = re.compile(r"error: in |fatal error|(?:ERROR|WARNING): \w+Sanitizer|runtime error:|Error: |Error \[|not ok |✖|×|^ *FAIL ")
MOST_LINES = 12


def without_colours(text):
    return re.sub("(?:\x1b|\\[NON-XML-CHAR-0x1B\\])\\[[0-9;]*m", "", text)


def tell_failure(name, said):
    lines = [line for line in said.splitlines() if line.strip()]
    faults = [line for line in lines if FAULT.search(line)]
    print(f"failed: {name}")
    for line in faults[:MOST_LINES] or lines[-MOST_LINES:]:
        print(f"    {line[:400]}")


def main():
    status = 0
    for test in xml.parse(sys.argv[1]).iter("testcase"):
        name = test.get("name")
        said = without_colours(test.findtext("system-out") or "")
        cases = CASE.findall(said)
        reason = REASON.search(said)
        if test.get("status") == "fail":
            tell_failure(name, said)
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

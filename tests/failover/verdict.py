"""What became of the orders of load.py.

    verdict.py again ACKNOWLEDGED SINCE NODES    when each of so many nodes has acknowledged an order after this time;
                                                 fails while one has not
    verdict.py pause ACKNOWLEDGED SINCE          the longest time without an order since then, in seconds
    verdict.py compare ACKNOWLEDGED PLACED BOUGHT
                                                 prints how many were acknowledged, are missing, are there twice, were
                                                 bought twice; fails unless the last three are zero. PLACED has a line
                                                 for each order in the database, "CUSTOMER ID"; BOUGHT is the sandbox's
                                                 list
    verdict.py table ROUNDS                      the table of docs/high-availability.md. ROUNDS has a line for each
                                                 round: case, nodes, seconds until the promotion, from there to orders,
                                                 longest pause, and the four numbers of its comparison; "-" for none
"""

import collections
import json
import statistics
import sys


def acknowledged(file):
    """Time, node, customer and order of each; only whole lines count, since it may be written just now."""
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            parts = line.split()
            if line.endswith("\n") and len(parts) == 4:
                yield float(parts[0]), int(parts[1]), parts[2], parts[3]


def again(file, since, nodes):
    first = {}
    for time, node, _, _ in acknowledged(file):
        if time > float(since):
            first.setdefault(node, time)
    if len(first) < int(nodes):
        return 1
    print(f"{max(first.values()) - float(since):.2f}")
    return 0


def pause(file, since):
    times = [float(since)] + [time for time, _, _, _ in acknowledged(file) if time > float(since)]
    print(f"{max(b - a for a, b in zip(times, times[1:])):.2f}")
    return 0


def compare(file, placed, bought):
    orders = collections.defaultdict(list)
    with open(placed, encoding="utf-8") as lines:
        for line in lines:
            customer, order = line.split()
            orders[customer].append(order)
    answers = list(acknowledged(file))
    lost = sum(order not in orders[customer] for _, _, customer, order in answers)
    doubled = sum(len(of_one) > 1 for of_one in orders.values())
    with open(bought, encoding="utf-8") as text:
        references = collections.Counter(entry["reference"] for entry in json.load(text)["orders"])
    known = {order for of_one in orders.values() for order in of_one}
    surplus = sum(references.values()) - len(known)
    print(len(answers), lost, doubled, surplus)
    return 0 if lost == doubled == surplus == 0 else 1


def shown(values, digits=1):
    numbers = [float(value) for value in values if value != "-"]
    if not numbers:
        return "–"
    median = f"{statistics.median(numbers):.{digits}f} s"
    return median if len(numbers) == 1 else f"{median} ({max(numbers):.{digits}f})"


def table(file):
    rounds = collections.defaultdict(list)
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            case, nodes, *values = line.split()
            rounds[case.replace("_", " "), nodes].append(values)
    print("| what happens | nodes | until a promotion | from there to orders | longest without an order | rounds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (case, nodes), of_case in rounds.items():
        promotion, flow, longest = zip(*of_case)
        print(f"| {case} | {nodes} | {shown(promotion)} | {shown(flow, 2)} | {shown(longest)} | {len(of_case)} |")
    return 0


sys.exit(globals()[sys.argv[1]](*sys.argv[2:]))

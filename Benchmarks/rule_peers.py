"""Times other rule engines on the shapes of `Benchmarks peers`.

Reads a file of lines: `case AMOUNT COUNTRY`, `shape NAME PEER` and after it `rule ABOVE COUNTRY`, `-` for
any country. Prints `NAME nanoseconds of-which-calling checksum version` for each shape whose peer this
Python has. Calling is the same with one rule that never holds. Values are handed over as dictionaries,
made once; rules are compiled once.
"""

import json
import os
import sys
from importlib.metadata import version

from peer_timing import nanoseconds


def ezrules_engine(rules):
    # Its modules ask where the database is before any is used; the rules alone need none.
    for name, value in (("DB_ENDPOINT", "sqlite://"), ("APP_SECRET", "none"), ("ORG_ID", "1")):
        os.environ.setdefault("EZRULES_" + name, value)
    from ezrules.core.rule_engine import RuleEngineFactory

    def logic(above, country):
        extra = "" if country == "-" else f' and $country == "{country}"'
        return f'if $amount > {above}{extra}:\n    return "REVIEW"\nreturn None'

    engine = RuleEngineFactory.from_json(
        [{"rid": f"r{i}", "r_id": i, "logic": logic(*rule)} for i, rule in enumerate(rules, 1)]
    )
    return engine, lambda result: len(result["rule_results"])


def zen_engine(rules):
    import zen

    def place(node):
        return node | {"position": {"x": 0, "y": 0}}

    rows = []
    for number, (above, country) in enumerate(rules, 1):
        rows.append(
            {
                "_id": str(number),
                "amount": f"> {above}",
                "country": "" if country == "-" else json.dumps(country),
                "rule": str(number),
            }
        )
    inputs = ["amount"] if all(country == "-" for _, country in rules) else ["amount", "country"]
    table = {
        "hitPolicy": "first",
        "inputs": [
            {"id": name, "field": name, "name": name, "type": "expression"} for name in inputs
        ],
        "outputs": [{"id": "rule", "field": "rule", "name": "rule", "type": "expression"}],
        "rules": rows,
    }
    graph = {
        "nodes": [
            place({"id": "in", "type": "inputNode", "name": "in"}),
            place({"id": "table", "type": "decisionTableNode", "name": "table", "content": table}),
            place({"id": "out", "type": "outputNode", "name": "out"}),
        ],
        "edges": [
            {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def first(result):
        found = result["result"]
        return int(found["rule"]) if found else 0

    return decision.evaluate, first


PEERS = {"ezrules": ("ezrules", ezrules_engine), "zen": ("zen-engine", zen_engine)}


def main():
    cases, shapes = [], []
    for line in open(sys.argv[1]):
        kind, first, second = line.split()
        if kind == "case":
            cases.append({"amount": int(first), "country": second})
        elif kind == "shape":
            shapes.append((first, second, []))
        else:
            shapes[-1][2].append((int(first), second))
    for name, peer, rules in shapes:
        package, make = PEERS[peer]
        try:
            decide, answer = make(rules)
        except ImportError:
            continue
        checksum = sum(number * answer(decide(case)) for number, case in enumerate(cases, 1))
        idle, _ = make([(10**9, "-")])
        times = [nanoseconds(call, cases, 7, 100_000_000) for call in (decide, idle)]
        print(name, *(f"{time:.0f}" for time in times), checksum, version(package), flush=True)


if __name__ == "__main__":
    main()

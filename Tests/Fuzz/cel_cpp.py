#!/usr/bin/env python3
"""Compares the standard dialect with cel-cpp on random typed expressions.

    python3 Tests/Fuzz/cel_cpp.py .build/release/sabueso [--cases 100000] [--seed 1]

Needs the package cel-expr-python. Each expression is evaluated by cel-cpp; its value, or that it failed, is
written as a case of `sabueso conformance`, which is then asked. Prints what differs, smallest first, and exits 1
when something differs that is not settled; docs/language/cel.md says what is.
"""

import argparse
import base64
import json
import math
import re
import random
import subprocess
import sys
import tempfile

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

# What differs and is settled, with why; each is asked again in every run. Random cases leave out the text of
# doubles and durations, and `long_difference` below names the third kind.
SETTLED = [
    ("string(1e18)", "the standard does not say how a double is written; ours has all digits below 10^21"),
    ("string(1.0 / 0.0)", "nor how infinity is"),
    ("string(duration('1.5s'))", "nor how many digits of a second: ours are those it needs, as in cel-go"),
    ("''.split('')", "cel-go, whose extension this is, splits nothing into nothing, and into letters where there are any"),
    ("'%s'.format([b'\\xff'])", "a string holds code points; cel-cpp makes one of bytes that are none"),
    ("'abc'.substring(0, 3)", "the end is exclusive, so that it may be the length; cel-cpp refuses it there"),
    (
        "([1, 2, 3] + [3, 1, 2, 1]).exists(x, x == 2)"
        " ? [5, optional.of(2).optMap(y, y + 7).orValue(7)] : [].filter(z, z > 2).map(w, w * 5)",
        "2 + 7 is 9: cel-cpp mixes up the variables of comprehensions and of optMap",
    ),
    (
        "bytes([1, 2, 3].all(x, x % 2 == 0) ? cel.bind(y, '12', y + 'a') : cel.bind(z, 'b', z + 'a')) == b'ba'",
        "so it does with cel.bind",
    ),
    (
        "(timestamp('2024-01-01T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')).getHours()",
        "the standard allows 2^63 nanoseconds; ours go on to 10,000 years, so that any two timestamps have a difference",
    ),
]


def long_difference(text, message, got):
    """Whether cel-cpp stopped at a difference of instants of more than 292 years, where ours go on.

    Where that error met another one, cel-cpp may tell the other; then one of the two far instants must be there.
    """
    if "value" not in got or message is None:
        return False
    return bool(re.search("overflow|range", message) or re.search("0001-01-01|9999-12-31", text))


def substring_end(message, got):
    """Whether cel-cpp refused the length of a text as the end of a part of it; it gives this message alone."""
    return "value" in got and message is not None and "<start> or <end> is greater than" in message


def mixed_variables(text, got):
    """Whether cel-cpp may have taken the variable of a comprehension for that of `optMap` or `cel.bind`."""
    return "value" in got and bool(re.search(r"\.opt(Flat)?Map\(|cel\.bind\(", text) and re.search(COMPREHENSION, text))


COMPREHENSION = r"\.(all|exists|exists_one|map|filter)\("
TYPES = ["bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "ints", "texts", "map"]
INTS = ["0", "1", "-1", "2", "7", "-8", "63", "9223372036854775807", "-9223372036854775808", "i", "j"]
LEAVES = {
    "bool": ["true", "false", "b"],
    "int": INTS,
    "uint": ["0u", "1u", "7u", "18446744073709551615u", "u"],
    "double": ["0.0", "-0.0", "1.5", "-2.5", "1e18", "1e300", "0.1", "d", "3.0"],
    "string": ["''", "'a'", "'ab'", "'ñandú'", "'🦊b'", "s", "t", "'A-b'", r"'\u00e9\n'", "'12'", "'true'"],
    "bytes": ["b''", "b'ab'", "b'\\xff\\x00'", "y", "b'ñ'"],
    "timestamp": [
        "timestamp('2024-02-29T23:59:59.999Z')",
        "timestamp('1969-12-31T00:00:00Z')",
        "timestamp('0001-01-01T00:00:00Z')",
        "timestamp('9999-12-31T23:59:59.999999999Z')",
        "timestamp('2026-03-29T01:30:00+01:00')",
        "timestamp(0)",
    ],
    "duration": ["duration('0s')", "duration('90s')", "duration('-1.5h')", "duration('1ms')", "duration('1h2m3.5s')"],
    "ints": ["[]", "[1]", "[1, 2, 3]", "[3, 1, 2, 1]", "l"],
    "texts": ["['a']", "['a', 'ab', '']", "['x', 'ñ']"],
    "map": ["{'a': 1}", "{'a': 1, 'b': 2}", "m"],
}
VARIABLES = {
    "b": ("BOOL", True), "i": ("INT", 5), "j": ("INT", -3), "u": ("UINT", 9), "d": ("DOUBLE", 2.25),
    "s": ("STRING", "hello"), "t": ("STRING", "abab"), "y": ("BYTES", b"xyz"),
}


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0

    def pick(self, choices):
        return choices[self.random.randrange(len(choices))]

    def expression(self, kind, fuel):
        if fuel <= 0 or self.random.random() < 0.15:
            return self.pick(LEAVES[kind])
        if self.random.random() < 0.08:
            return f"({self.expression('bool', fuel - 1)} ? {self.expression(kind, fuel - 1)} : {self.expression(kind, fuel - 1)})"
        return getattr(self, kind)(fuel - 1)

    def two(self, kind, fuel):
        return self.expression(kind, fuel), self.expression(kind, fuel)

    def bool(self, fuel):
        kind = self.pick(TYPES)
        a, b = self.two(kind, fuel)
        choice = self.random.randrange(11)
        if choice < 3:
            p, q = self.two("bool", fuel)
            return f"({p} {self.pick(['&&', '||'])} {q})"
        if choice == 3:
            return f"!({self.expression('bool', fuel)})"
        if choice == 4:
            return f"({a} {self.pick(['==', '!='])} {b})"
        if choice == 5:
            kind = self.pick(["int", "uint", "double", "string", "bytes", "timestamp", "duration", "bool"])
            a, b = self.two(kind, fuel)
            return f"({a} {self.pick(['<', '<=', '>', '>='])} {b})"
        if choice == 6:
            return f"({self.expression('int', fuel)} in {self.expression('ints', fuel)})"
        if choice == 7:
            method = self.pick(["contains", "startsWith", "endsWith"])
            a, b = self.two("string", fuel)
            return f"{a}.{method}({b})"
        if choice == 8:
            pattern = self.pick(["^a", "b$", "a+b", "[a-z]{2,}", "^$", "ñ", ".", "(ab)*", "\\\\d+", "(?i)A"])
            return f"{self.expression('string', fuel)}.matches('{pattern}')"
        if choice == 9:
            macro = self.pick(["all", "exists", "exists_one"])
            self.names += 1
            x = f"x{self.names}"
            test = self.pick([f"{x} > 1", f"{x} % 2 == 0", f"10 / {x} > 2", f"{x} == {self.expression('int', fuel - 1)}"])
            return f"{self.expression('ints', fuel)}.{macro}({x}, {test})"
        if choice == 10 and self.random.randrange(3) == 0:
            return self.pick(
                [
                    f"math.{self.pick(['isNaN', 'isInf', 'isFinite'])}({self.expression('double', fuel)})",
                    f"{self.expression('ints', fuel)}[?{self.pick(['0', '2', '-1'])}].hasValue()",
                    f"optional.ofNonZeroValue({self.expression('int', fuel)}).hasValue()",
                    f"{self.expression('map', fuel)}.?a.hasValue()",
                ]
            )
        left, right = self.pick(["int", "uint", "double"]), self.pick(["int", "uint", "double"])
        sign = self.pick(["==", "<", "<=", ">", ">=", "!="])
        return f"(dyn({self.expression(left, fuel)}) {sign} dyn({self.expression(right, fuel)}))"

    def bound(self, kind, fuel):
        """A value through the macro of bindings."""
        self.names += 1
        x = f"x{self.names}"
        sign = {"bool": "||", "string": "+", "texts": "+"}.get(kind, "+")
        return f"cel.bind({x}, {self.expression(kind, fuel)}, {x} {sign} {self.expression(kind, fuel - 1)})"

    def whole(self, kind, fuel):
        """A whole number by a function of mathematics or an optional."""
        a, b = self.two(kind, fuel)
        shift = self.pick(["0", "1", "3", "63", "64", "-1"])
        function = self.pick(["greatest", "least", "bitAnd", "bitOr", "bitXor"])
        self.names += 1
        x = f"x{self.names}"
        return self.pick(
            [
                f"math.{function}({a}, {b})",
                f"math.{self.pick(['greatest', 'least'])}({a}, {b}, {a})",
                f"math.{self.pick(['greatest', 'least'])}([{a}, {b}])",
                f"math.{self.pick(['abs', 'sign', 'bitNot'])}({a})",
                f"math.bitShift{self.pick(['Left', 'Right'])}({a}, {shift})",
                f"optional.of({a}).or(optional.of({b})).value()",
                f"optional.ofNonZeroValue({a}).orValue({b})",
                f"optional.of({a}).optMap({x}, {x} + {b}).orValue({b})",
                f"optional.ofNonZeroValue({a}).optFlatMap({x}, optional.ofNonZeroValue({b})).value()",
                self.bound(kind, fuel),
            ]
        )

    def int(self, fuel):
        if self.random.randrange(4) == 0:
            a, b = self.two("string", fuel)
            position = self.pick(["0", "1", "2", "-1", "9"])
            method = self.pick(["indexOf", "lastIndexOf"])
            return self.pick(
                [
                    self.whole("int", fuel),
                    f"{a}.{method}({b})",
                    f"{a}.{method}({b}, {position})",
                    f"{self.expression('map', fuel)}.?a.orValue({self.expression('int', fuel)})",
                    f"{self.expression('ints', fuel)}[?{position}].orValue({self.expression('int', fuel)})",
                ]
            )
        choice = self.random.randrange(10)
        if choice < 4:
            a, b = self.two("int", fuel)
            return f"({a} {self.pick(['+', '-', '*', '/', '%'])} {b})"
        if choice == 4:
            return f"-({self.expression('int', fuel)})"
        if choice == 5:
            return f"size({self.expression(self.pick(['string', 'bytes', 'ints', 'texts', 'map']), fuel)})"
        if choice == 6:
            return f"int({self.expression(self.pick(['uint', 'double', 'string', 'timestamp']), fuel)})"
        if choice == 7:
            return f"{self.expression('ints', fuel)}[{self.pick(['0', '1', '2', '-1'])}]"
        if choice == 8:
            part = self.pick(
                ["FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear", "Hours", "Minutes", "Seconds", "Milliseconds"]
            )
            zone = self.pick(["", "", "'UTC'", "'-03:30'", "'America/Mexico_City'", "'Europe/Madrid'"])
            return f"{self.expression('timestamp', fuel)}.get{part}({zone})"
        part = self.pick(["Hours", "Minutes", "Seconds", "Milliseconds"])
        return f"{self.expression('duration', fuel)}.get{part}()"

    def uint(self, fuel):
        if self.random.randrange(5) == 0:
            return self.whole("uint", fuel)
        if self.random.randrange(3):
            a, b = self.two("uint", fuel)
            return f"({a} {self.pick(['+', '-', '*', '/', '%'])} {b})"
        return f"uint({self.expression(self.pick(['int', 'double', 'string']), fuel)})"

    def double(self, fuel):
        choice = self.random.randrange(5)
        if choice == 4:
            a, b = self.two("double", fuel)
            function = self.pick(["ceil", "floor", "round", "trunc", "abs", "sign", "sqrt"])
            return self.pick([f"math.{function}({a})", f"math.{self.pick(['greatest', 'least'])}({a}, {b})"])
        if choice < 2:
            a, b = self.two("double", fuel)
            return f"({a} {self.pick(['+', '-', '*', '/'])} {b})"
        if choice == 2:
            return f"-({self.expression('double', fuel)})"
        return f"double({self.expression(self.pick(['int', 'uint', 'string']), fuel)})"

    def extended(self, fuel):
        """Text by a function of the extensions."""
        a, b = self.two("string", fuel)
        at, to = self.pick(["0", "1", "2", "-1", "9"]), self.pick(["0", "1", "3", "-1"])
        kind, verb = self.pick(
            [("int", "%d"), ("uint", "%d"), ("string", "%s"), ("bool", "%s"), ("int", "%x"), ("uint", "%X"),
             ("string", "%x"), ("int", "%o"), ("int", "%b"), ("int", "%s"), ("string", "%%|%s")]
        )
        return self.pick(
            [
                f"{a}.charAt({at})",
                f"{a}.{self.pick(['lowerAscii', 'upperAscii', 'trim', 'reverse'])}()",
                f"{a}.replace({b}, 'ñ')",
                f"{a}.replace({self.pick(LEAVES['string'])}, {b}, {to})",
                f"{a}.substring({at})",
                f"{a}.substring({at}, {to})",
                f"{self.expression('texts', fuel)}.join()",
                f"{self.expression('texts', fuel)}.join({b})",
                f"strings.quote({a})",
                f"base64.encode({self.expression('bytes', fuel)})",
                f"'<{verb}>'.format([{self.expression(kind, fuel)}])",
                self.bound("string", fuel),
            ]
        )

    def string(self, fuel):
        if self.random.randrange(3) == 0:
            return self.extended(fuel)
        choice = self.random.randrange(4)
        if choice < 2:
            a, b = self.two("string", fuel)
            return f"({a} + {b})"
        if choice == 2:
            kind = self.pick(["int", "uint", "bool", "string", "bytes", "timestamp"])
            return f"string({self.expression(kind, fuel)})"
        return f"{self.expression('texts', fuel)}[{self.pick(['0', '1', '5'])}]"

    def bytes(self, fuel):
        a, b = self.two("bytes", fuel)
        encoded = self.pick(["'aGk='", "'aGk'", "'_w=='", "''", f"base64.encode({a})"])
        return self.pick([f"({a} + {b})", f"bytes({self.expression('string', fuel)})", f"base64.decode({encoded})"])

    def timestamp(self, fuel):
        sign = self.pick(["+", "-"])
        return f"({self.expression('timestamp', fuel)} {sign} {self.expression('duration', fuel)})"

    def duration(self, fuel):
        kind = self.pick(["duration", "timestamp"])
        a, b = self.two(kind, fuel)
        return f"({a} - {b})" if kind == "timestamp" else f"({a} {self.pick(['+', '-'])} {b})"

    def ints(self, fuel):
        self.names += 1
        x = f"x{self.names}"
        return self.pick(
            [
                f"({self.expression('ints', fuel)} + {self.expression('ints', fuel)})",
                f"{self.expression('ints', fuel)}.map({x}, {x} * {self.expression('int', fuel - 1)})",
                f"{self.expression('ints', fuel)}.filter({x}, {x} > {self.expression('int', fuel - 1)})",
                f"[{self.expression('int', fuel)}, {self.expression('int', fuel)}]",
                f"{self.expression('ints', fuel)}.map({x}, {x} > 1, {x} - 1)",
            ]
        )

    def texts(self, fuel):
        self.names += 1
        x = f"x{self.names}"
        return self.pick(
            [
                f"({self.expression('texts', fuel)} + {self.expression('texts', fuel)})",
                f"{self.expression('texts', fuel)}.map({x}, {x} + {self.expression('string', fuel - 1)})",
                f"{self.expression('string', fuel)}.split('b' + {self.expression('string', fuel)})",
                f"{self.expression('string', fuel)}.split('b', {self.pick(['0', '1', '2', '-1'])})",
            ]
        )

    def map(self, fuel):
        return f"{{'k': {self.expression('int', fuel)}, {self.expression('string', fuel)}: 2}}"


def tagged(value, kind):
    """A value of cel-cpp as the suite writes it; of a list or a map only what has one type inside."""
    if kind in ("INT", "UINT"):
        return {kind.lower(): str(value)}
    if kind == "BOOL":
        return {"bool": value}
    if kind == "DOUBLE":
        return {"double": "NaN" if math.isnan(value) else repr(value)}
    if kind == "STRING":
        return {"string": value}
    if kind == "BYTES":
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if kind == "ints":
        return {"list": [tagged(item, "INT") for item in value]}
    if kind == "texts":
        return {"list": [tagged(item, "STRING") for item in value]}
    raise ValueError(kind)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sabueso")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="write the cases here")
    options = parser.parse_args()
    generator = Generator(options.seed)
    environment = cel.NewEnv(
        variables={name: getattr(cel.Type, kind) for name, (kind, _) in VARIABLES.items()}
        | {"l": cel.Type.List(cel.Type.INT), "m": cel.Type.Map(cel.Type.STRING, cel.Type.INT)},
        extensions=[
            ext_bindings.ExtBindings(), ext_encoders.ExtEncoders(), ext_math.ExtMath(), ext_optional.ExtOptional(),
            ext_strings.ExtStrings(),
        ],
    )
    data = {name: value for name, (_, value) in VARIABLES.items()} | {"l": [4, 5, 6], "m": {"a": 7, "z": -1}}
    activation = environment.Activation(data)
    bindings = {
        "b": {"bool": True}, "i": {"int": "5"}, "j": {"int": "-3"}, "u": {"uint": "9"}, "d": {"double": "2.25"},
        "s": {"string": "hello"}, "t": {"string": "abab"}, "y": {"bytes": base64.b64encode(b"xyz").decode()},
        "l": {"list": [{"int": "4"}, {"int": "5"}, {"int": "6"}]},
        "m": {"map": [[{"string": "a"}, {"int": "7"}], [{"string": "z"}, {"int": "-1"}]]},
    }
    kinds = ["bool", "int", "uint", "double", "string", "bytes", "ints", "texts"]
    messages = {}
    counts = {"value": 0, "error": 0, "refused": 0, "no text": 0}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=not options.keep) as file:
        number = 0
        while number < options.cases:
            kind = generator.pick(kinds)
            text = generator.expression(kind, 1 + generator.random.randrange(5))
            if len(text) > 600:
                continue
            number += 1
            expect = {"error": ["any"]}
            try:
                program = environment.compile(text)
            except Exception:
                counts["refused"] += 1
            else:
                value = program.eval(activation)
                if value.type().name() == "ERROR":
                    counts["error"] += 1
                    messages[str(number)] = str(value.value())
                else:
                    shown = kind if kind in ("ints", "texts") else value.type().name()
                    try:
                        plain = value.plain_value()
                    except (SystemError, TypeError):
                        # cel-cpp made a string of bytes that are no text, which the standard has none of.
                        counts["no text"] += 1
                    else:
                        counts["value"] += 1
                        expect = {"value": tagged(plain, shown)}
            case = {
                "file": "cel-cpp", "section": "random", "name": str(number), "expr": text,
                "bindings": bindings, "type_env": [], "container": "",
                "disable_check": True, "disable_macros": False, "check_only": False, "expect": expect, "tags": [],
            }
            file.write(json.dumps(case) + "\n")
        file.flush()
        run = subprocess.run(
            [options.sabueso, "conformance", file.name, "--format", "ndjson"], capture_output=True, text=True
        )
        texts = {}
        with open(file.name) as cases:
            for line in cases:
                case = json.loads(line)
                texts[case["name"]] = case["expr"]
    different = []
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        if answer["result"] != "passed":
            name = answer["name"]
            different.append((texts[name], messages.get(name), answer["expected"], answer["got"]))
    kinds = {"beyond 2^63 nanoseconds": 0, "substring up to the end": 0, "a binding beside a comprehension": 0}
    unexplained = []
    for item in different:
        text, message, _, got = item
        if long_difference(text, message, got):
            kinds["beyond 2^63 nanoseconds"] += 1
        elif substring_end(message, got):
            kinds["substring up to the end"] += 1
        elif mixed_variables(text, got):
            kinds["a binding beside a comprehension"] += 1
        else:
            unexplained.append(item)
    print(f"seed {options.seed}: {options.cases} cases, of cel-cpp {counts}")
    print(f"{len(different)} differ, of them {kinds}")
    for text, why in SETTLED:
        ours = subprocess.run([options.sabueso, "eval", text], capture_output=True, text=True).stdout.strip()
        theirs = environment.compile(text).eval(activation)
        try:
            theirs = theirs.value()
        except (SystemError, TypeError):
            theirs = "a string that is no text"
        print(f"settled: {text}\n  cel-cpp {theirs}\n  sabueso {ours}\n  {why}")
    for text, _, expected, got in sorted(unexplained, key=lambda item: len(item[0]))[:40]:
        print(f"open: {text}\n  cel-cpp {json.dumps(expected)}\n  sabueso {json.dumps(got)}")
    print(f"{len(unexplained)} unexplained")
    sys.exit(1 if unexplained or run.stdout == "" else 0)


if __name__ == "__main__":
    main()

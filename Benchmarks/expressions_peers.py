"""Times the predicates in the engines that this Python has, over the rows of `Benchmarks expressions`.

Prints a line per peer: its name, then nanoseconds of the constant `true` with the same variables given
(the way into the engine and out of it), of the predicate without and with the regular expression. Each
peer is used the fastest way its interface has: programs compiled once, variables converted once per row.
"""

import sys

from peer_timing import nanoseconds

NAMES = ["mariana", "josefina", "guadalupe", "alejandro", "fernanda", "ricardo"]


def rows(countries):
    return [
        {
            "device_accounts_30d": 4 + i % 13,
            "country": countries[i % len(countries)],
            "email": f"{NAMES[i % 6]}{100 + i}@correo.example.com",
            "velocity_1h": i % 7,
        }
        for i in range(64)
    ]


# Rows on which every term must be looked at, without and with the regular expression.
ROWS = [rows(["MX", "CO"]), rows(["AR", "PE", "CL", "BR", "US", "ES", "GT", "EC"])]
WANTED = [row["velocity_1h"] >= 5 for row in ROWS[0]]


def show(name, programs, prepare, value=lambda result: result):
    constant, without, regex = programs
    first, second = ([prepare(row) for row in part] for part in ROWS)
    for program, inputs in ((without, first), (regex, second)):
        found = [value(program(row)) for row in inputs]
        if found != WANTED:
            raise SystemExit(f"{name} does not give what it should: {found}")
    times = [nanoseconds(*pair) for pair in ((constant, first), (without, first), (regex, second))]
    print(name, *(f"{time:.1f}" for time in times))


def cel_cpp(predicates):
    from cel_expr_python import cel

    types = {
        "device_accounts_30d": cel.Type.INT,
        "country": cel.Type.STRING,
        "email": cel.Type.STRING,
        "velocity_1h": cel.Type.INT,
    }
    environment = cel.NewEnv(variables=types)
    programs = [environment.compile(text).eval for text in ["true"] + predicates]
    show("cel_cpp", programs, environment.Activation, lambda result: result.value())


def cel_rust(predicates):
    import cel

    programs = [cel.compile(text).execute for text in ["true"] + predicates]
    show("cel_rust", programs, cel.Context)


def zen_engine(predicates):
    import zen

    def words(text):
        text = text.replace("!(country in ", "(country not in ").replace("&&", "and")
        text = text.replace('email.matches("', 'matches(email, "')
        return text.replace("||", "or")

    programs = [zen.compile_expression(words(text)).evaluate for text in ["true"] + predicates]
    show("zen_engine", programs, dict)


if __name__ == "__main__":
    for peer in (cel_cpp, cel_rust, zen_engine):
        try:
            peer(sys.argv[1:])
        except ImportError:
            pass

"""How scripts beside the benchmarks time what peers do."""

import time


def nanoseconds(call, inputs, count=15, least=30_000_000):
    """The median over `count` blocks, of at least `least` nanoseconds each, of the time per call."""
    blocks = []
    rounds = 1
    while len(blocks) < count:
        start = time.perf_counter_ns()
        for _ in range(rounds):
            for given in inputs:
                call(given)
        elapsed = time.perf_counter_ns() - start
        if elapsed < least:
            rounds *= 2
            continue
        blocks.append(elapsed / (rounds * len(inputs)))
    return sorted(blocks)[count // 2]

/* The thirty rules of Benchmarks/hotpath.rules as a programmer would write them by hand, over stored
   values of their signals. */
#include "CMeasures.h"

/* A condition: whether it holds, and whether it is not known. */
typedef struct {
  uint32_t holds, unknown;
} condition;

typedef struct {
  const int64_t *values;
  size_t stride;
  uint32_t missing;
} event;

static inline int64_t at(event e, int signal) { return e.values[(size_t)signal * e.stride]; }

static inline condition when(uint32_t holds, uint32_t unknown) {
  return (condition){holds & (unknown ^ 1u), unknown};
}

static inline uint32_t gone(event e, int signal) { return e.missing >> signal & 1u; }

static inline condition more(event e, int signal, int64_t than) {
  return when(at(e, signal) > than, gone(e, signal));
}

static inline condition less(event e, int signal, int64_t than) {
  return when(at(e, signal) < than, gone(e, signal));
}

static inline condition both(condition a, condition b) {
  uint32_t holds = a.holds & b.holds;
  uint32_t fails = (~a.holds & ~a.unknown) | (~b.holds & ~b.unknown);
  return (condition){holds, ~holds & ~fails & 1u};
}

static inline condition either(condition a, condition b) {
  uint32_t holds = a.holds | b.holds;
  return (condition){holds, (a.unknown | b.unknown) & ~holds & 1u};
}

static const int32_t points[30] = {5,  12, 19, 26, 10, 17, 24, 8,  15, 22, 6,  13, 20, 27, 11,
                                   18, 25, 9,  16, 23, 7,  14, 21, 5,  12, 19, 26, 10, 17, 24};

static inline void decide(event e, uint32_t *fires, uint32_t *unknown, int32_t *score) {
  uint32_t f = 0, u = 0;
#define RULE(number, test)                                                                        \
  {                                                                                               \
    condition c = (test);                                                                         \
    f |= c.holds << (number);                                                                     \
    u |= c.unknown << (number);                                                                   \
  }
  RULE(0, more(e, 7, 3))
  RULE(1, both(more(e, 10, 2), more(e, 7, 1)))
  RULE(2, more(e, 10, 4))
  RULE(3, more(e, 0, 10))
  RULE(4, both(more(e, 1, 40), when(at(e, 6) * 2 < at(e, 3), gone(e, 6) | gone(e, 3))))
  RULE(5, both(more(e, 1, 20), when(at(e, 0) * 4 > at(e, 1), gone(e, 0) | gone(e, 1))))
  RULE(6, more(e, 2, 100))
  RULE(7, more(e, 4, 500000))
  RULE(8, both(more(e, 5, 3000000), less(e, 6, 20)))
  RULE(9, both(more(e, 11, 20), more(e, 14, 10)))
  RULE(10, more(e, 14, 50))
  RULE(11, both(more(e, 12, 30), either(more(e, 18, 1), more(e, 19, 1))))
  RULE(12, more(e, 17, 1))
  RULE(13, more(e, 17, 3))
  RULE(14, both(more(e, 15, 3), more(e, 16, 5)))
  RULE(15, both(more(e, 18, 4), more(e, 22, 7)))
  RULE(16, more(e, 19, 2))
  RULE(17, more(e, 20, 1))
  RULE(18, both(more(e, 21, 5), more(e, 22, 3)))
  RULE(19, more(e, 22, 19))
  RULE(20, both(more(e, 22, 49), more(e, 1, 5)))
  RULE(21, both(more(e, 23, 5), more(e, 1, 10)))
  RULE(22, when(at(e, 24) != 0, gone(e, 24)))
  RULE(23, both(when(at(e, 24) != 0, gone(e, 24)), more(e, 22, 3)))
  RULE(24, when(at(e, 25) != 0, gone(e, 25)))
  RULE(25, both(when(at(e, 25) != 0, gone(e, 25)), more(e, 27, 10000)))
  RULE(26, either(less(e, 26, 2), less(e, 30, 2)))
  RULE(27, both(either(less(e, 26, 3), less(e, 30, 3)), either(more(e, 0, 3), more(e, 10, 1))))
  RULE(28, more(e, 28, 1))
  RULE(29, both(both(more(e, 0, 5), more(e, 11, 5)), more(e, 27, 4999)))
#undef RULE
  int32_t total = 0;
  for (uint32_t rest = f; rest != 0; rest &= rest - 1) total += points[__builtin_ctz(rest)];
  *fires = f;
  *unknown = u;
  *score = total < 100 ? total : 100;
}

void measures_hand_rules(const int64_t *values, const uint32_t *missing, size_t first, size_t lanes,
                         size_t step, size_t stride, uint32_t *fires, uint32_t *unknown,
                         int32_t *scores) {
  for (size_t lane = first; lane < first + lanes; lane++)
    decide((event){values + lane * step, stride, missing[lane]}, fires + lane, unknown + lane,
           scores + lane);
}

#include "CColumns.h"

#include <string.h>

/* Where the parts of a row of tests begin. */
enum { last_words = 1, more_words = 5, rule_words = 9 };

/* Where a group says what beside its rows. */
enum { rows_word, further_word, ungated_word, unasked_word, sure_word };

/* What rows of tests say, by the bits of rules that wait for them. */
typedef struct {
  /* A number passes. */
  uint64_t passing;
  /* A number is not there. */
  uint64_t lacking;
} told;

/* What becomes of rules, by what is told of their first tests, of the further ones, and of those of
   which a number failed. */
static inline void judge(const uint64_t *group, told first, told further, uint64_t failing,
                         columns_verdicts *verdicts) {
  const uint64_t open = (first.passing | first.lacking | group[ungated_word]) &
                        (further.passing | further.lacking | group[unasked_word]);
  const uint64_t holding = open & first.passing & (further.passing | group[unasked_word]);
  const uint64_t sure = group[sure_word] & ~failing;
  verdicts->fires = holding & sure;
  verdicts->unknown = open & ~holding & sure;
  verdicts->rest = open & ~sure;
}

static told base_told(const uint64_t *row, const uint64_t *end, const uint64_t *payloads,
                      const uint8_t *states, uint64_t *failing) {
  told found = {0, 0};
  for (; row != end; row += columns_test_words) {
    for (size_t i = 0; i < columns_tested; i++) {
      const uint64_t place = row[0] + i, rules = row[rule_words + i];
      const uint64_t before = row[last_words + i] - payloads[place];
      if (states[place] != 0)
        found.lacking |= rules;
      else if ((int64_t)before <= (int64_t)row[more_words + i])
        found.passing |= rules;
      if (states[place] > 1) *failing |= rules;
    }
  }
  return found;
}

static void base_judge(const uint64_t *group, const uint64_t *payloads, const uint8_t *states,
                       columns_verdicts *verdicts) {
  const uint64_t *rows = group + columns_group_words;
  const uint64_t *further = rows + group[rows_word] * columns_test_words;
  const uint64_t *end = further + group[further_word] * columns_test_words;
  uint64_t failing = 0;
  const told first = base_told(rows, further, payloads, states, &failing);
  const told more = base_told(further, end, payloads, states, &failing);
  judge(group, first, more, failing, verdicts);
}

typedef void judge_one(const uint64_t *group, const uint64_t *payloads, const uint8_t *states,
                       columns_verdicts *verdicts);

/* Judges lane after lane. */
static void judge_each(judge_one *judge, const uint64_t *group,
                       const uint64_t *payloads, const uint8_t *states, size_t width, size_t lanes,
                       uint64_t *verdicts) {
  for (size_t lane = 0; lane < lanes; lane++) {
    columns_verdicts told;
    judge(group, payloads + lane * width, states + lane * width, &told);
    verdicts[lane] = told.fires;
    verdicts[columns_lanes + lane] = told.unknown;
    verdicts[2 * columns_lanes + lane] = told.rest;
  }
}

/* The bit of a result that says that what it needs is missing: 2 in the byte before the last. */
enum { unknown_bit = 49 };
static const uint64_t unknown_result = (uint64_t)1 << unknown_bit;

/* Not inlined: elsewhere it is given the last ones only. */
__attribute__((noinline)) static size_t base_results(const unsigned char *silent, size_t count,
                                                     uint64_t unknown, unsigned char *results) {
  for (size_t i = 0; i < count; i++) {
    uint64_t result;
    memcpy(&result, silent + i * sizeof result, sizeof result);
    result |= (unknown >> i & 1) * unknown_result;
    memcpy(results + i * sizeof result, &result, sizeof result);
  }
  return (size_t)__builtin_popcountll(unknown);
}

/* The head of a result, with what its state is in the byte after the number of its signal. */
static uint64_t head_with(uint64_t head, uint8_t state) {
  return head | (uint64_t)(state & 3) << 32;
}

/* Not inlined: elsewhere it is given a few only. */
__attribute__((noinline)) static void base_signals(const uint64_t *payloads,
                                                   const uint8_t *states, const uint64_t *heads,
                                                   size_t count, unsigned char *results) {
  for (size_t i = 0; i < count; i++) {
    uint64_t words[2] = {payloads[i], head_with(heads[i], states[i])};
    memcpy(results + i * sizeof words, words, sizeof words);
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

/* Whatever processor has the one has the other. */
#define HALF __attribute__((target("avx2,popcnt")))

HALF static inline __m256i four(const uint64_t *from) {
  return _mm256_loadu_si256((const __m256i *)from);
}

/* Four bytes, each in a lane. */
HALF static inline __m256i four_states(const uint8_t *from) {
  int32_t bytes;
  memcpy(&bytes, from, sizeof bytes);
  return _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(bytes));
}

HALF static inline uint64_t any_of(__m256i rules) {
  __m128i both = _mm_or_si128(_mm256_castsi256_si128(rules), _mm256_extracti128_si256(rules, 1));
  return (uint64_t)(_mm_cvtsi128_si64(both) | _mm_extract_epi64(both, 1));
}

/* The state of each of four registers. Nothing is known of it: else the compiler would compare
   bytes, and widen them twice. */
HALF static inline __m256i some_states(const uint8_t *from) {
  __m256i states = four_states(from);
  __asm__("" : "+x"(states));
  return states;
}

/* What rows tell; all states there are join those that were `met`. */
HALF static inline told half_told(const uint64_t *row, const uint64_t *end,
                                  const uint64_t *payloads, const uint8_t *states, __m256i *met) {
  const __m256i none = _mm256_setzero_si256();
  __m256i passing = none, lacking = none;
#pragma clang loop unroll_count(2)
  for (; row != end; row += columns_test_words) {
    const __m256i before = _mm256_sub_epi64(four(row + last_words), four(payloads + row[0]));
    const __m256i is_shut = _mm256_cmpgt_epi64(before, four(row + more_words));
    const __m256i state = some_states(states + row[0]), rules = four(row + rule_words);
    const __m256i is_lacking = _mm256_cmpgt_epi64(state, none);
    *met = _mm256_or_si256(*met, state);
    passing = _mm256_or_si256(
        passing, _mm256_andnot_si256(_mm256_or_si256(is_shut, is_lacking), rules));
    lacking = _mm256_or_si256(lacking, _mm256_and_si256(is_lacking, rules));
  }
  const told found = {any_of(passing), any_of(lacking)};
  return found;
}

/* The rules of which a number failed. */
HALF static inline uint64_t half_failing(const uint64_t *row, const uint64_t *end,
                                         const uint8_t *states) {
  __m256i failing = _mm256_setzero_si256();
  for (; row != end; row += columns_test_words) {
    const __m256i state = four_states(states + row[0]);
    const __m256i is_failed = _mm256_cmpgt_epi64(state, _mm256_set1_epi64x(1));
    failing = _mm256_or_si256(failing, _mm256_and_si256(is_failed, four(row + rule_words)));
  }
  return any_of(failing);
}

/* Whether all is told: not where a number failed, unless it is looked for which. */
HALF static inline bool half_judged(const uint64_t *group, const uint64_t *payloads,
                                    const uint8_t *states, bool may_fail,
                                    columns_verdicts *verdicts) {
  const uint64_t *rows = group + columns_group_words;
  const uint64_t *further = rows + group[rows_word] * columns_test_words;
  const uint64_t *end = further + group[further_word] * columns_test_words;
  __m256i met = _mm256_setzero_si256();
  const told first = half_told(rows, further, payloads, states, &met);
  const told more = half_told(further, end, payloads, states, &met);
  const bool is_told = may_fail || _mm256_testz_si256(met, _mm256_set1_epi64x(2));
  judge(group, first, more, may_fail ? half_failing(rows, end, states) : 0, verdicts);
  return is_told;
}

/* Not inlined: hardly any number fails. */
HALF __attribute__((noinline)) static void half_judge_failing(const uint64_t *group,
                                                              const uint64_t *payloads,
                                                              const uint8_t *states,
                                                              columns_verdicts *verdicts) {
  half_judged(group, payloads, states, true, verdicts);
}

HALF static void half_judge(const uint64_t *group, const uint64_t *payloads,
                            const uint8_t *states, columns_verdicts *verdicts) {
  if (!half_judged(group, payloads, states, false, verdicts))
    half_judge_failing(group, payloads, states, verdicts);
}

/* Processors that have the first have had the others since soon after. */
#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")))

static bool has_wide(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi");
}

/* Lanes that are judged together, and how few of them are judged sooner one by one. */
enum { wide_lanes = 8, few_lanes = 6 };

/* Where the registers of eight lanes begin, from those of the first on. */
typedef struct {
  size_t of[wide_lanes];
} starts;

/* The payloads of the tested registers of a row: of each a column, of eight lanes. */
WIDE static inline void wide_columns(const uint64_t *from, const starts *starts,
                                     __m512i columns[columns_tested]) {
#define LANES(a, b)                                                                               \
  _mm512_inserti64x4(_mm512_castsi256_si512(four(from + starts->of[a])),                          \
                     four(from + starts->of[b]), 1)
  const __m512i first = LANES(0, 2), second = LANES(1, 3), third = LANES(4, 6),
                fourth = LANES(5, 7);
#undef LANES
  const __m512i even = _mm512_unpacklo_epi64(first, second);
  const __m512i odd = _mm512_unpackhi_epi64(first, second);
  const __m512i more_even = _mm512_unpacklo_epi64(third, fourth);
  const __m512i more_odd = _mm512_unpackhi_epi64(third, fourth);
  columns[0] = _mm512_shuffle_i64x2(even, more_even, 0x88);
  columns[1] = _mm512_shuffle_i64x2(odd, more_odd, 0x88);
  columns[2] = _mm512_shuffle_i64x2(even, more_even, 0xDD);
  columns[3] = _mm512_shuffle_i64x2(odd, more_odd, 0xDD);
}

/* The states of the tested registers of a row, a byte each: eight lanes of one, then the next. */
WIDE static inline __m256i wide_states(const uint8_t *from, const starts *starts) {
  uint32_t lanes[wide_lanes];
  for (size_t i = 0; i < wide_lanes; i++) memcpy(lanes + i, from + starts->of[i], sizeof *lanes);
  const __m128i low = _mm_setr_epi32((int)lanes[0], (int)lanes[1], (int)lanes[2], (int)lanes[3]);
  const __m128i high = _mm_setr_epi32((int)lanes[4], (int)lanes[5], (int)lanes[6], (int)lanes[7]);
  const __m256i places = _mm256_setr_epi8(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29,
                                          2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27,
                                          31);
  return _mm256_permutexvar_epi8(places, _mm256_set_m128i(high, low));
}

/* What rows tell of lanes. */
typedef struct {
  __m512i passing;
  __m512i lacking;
} wide_rules;

/* What a row tells of eight lanes; all states there are join those that were `met`. */
WIDE static inline void wide_row(const uint64_t *row, const uint64_t *payloads,
                                 const uint8_t *states, const starts *starts, wide_rules *told,
                                 __m256i *met) {
  __m512i columns[columns_tested];
  wide_columns(payloads + row[0], starts, columns);
  const __m256i state = wide_states(states + row[0], starts);
  *met = _mm256_or_si256(*met, state);
  const __mmask32 lacks = _mm256_test_epi8_mask(state, state);
#pragma clang loop unroll(full)
  for (size_t i = 0; i < columns_tested; i++) {
    const __m512i last = _mm512_set1_epi64((long long)row[last_words + i]);
    const __m512i more = _mm512_set1_epi64((long long)row[more_words + i]);
    const __m512i rules = _mm512_set1_epi64((long long)row[rule_words + i]);
    const __mmask8 lack = (__mmask8)(lacks >> (wide_lanes * i));
    const __m512i before = _mm512_sub_epi64(last, columns[i]);
    const __mmask8 passes = _mm512_mask_cmple_epi64_mask((__mmask8)~lack, before, more);
    told->passing = _mm512_mask_or_epi64(told->passing, passes, told->passing, rules);
    told->lacking = _mm512_mask_or_epi64(told->lacking, lack, told->lacking, rules);
  }
}

/* Writes what becomes of rules in eight lanes, of which the first `count` are there. */
WIDE static inline void wide_verdicts(const uint64_t *group, wide_rules first, wide_rules further,
                                      size_t count, uint64_t *verdicts) {
  const __m512i ungated = _mm512_set1_epi64((long long)group[ungated_word]);
  const __m512i unasked = _mm512_set1_epi64((long long)group[unasked_word]);
  const __m512i sure = _mm512_set1_epi64((long long)group[sure_word]);
  const __m512i more = _mm512_or_si512(further.passing, unasked);
  const __m512i open = _mm512_and_si512(
      _mm512_or_si512(_mm512_or_si512(first.passing, first.lacking), ungated),
      _mm512_or_si512(more, further.lacking));
  const __m512i holding = _mm512_and_si512(open, _mm512_and_si512(first.passing, more));
  const __mmask8 there = (__mmask8)((1u << count) - 1);
  _mm512_mask_storeu_epi64(verdicts, there, _mm512_and_si512(holding, sure));
  _mm512_mask_storeu_epi64(verdicts + columns_lanes, there,
                           _mm512_and_si512(_mm512_andnot_si512(holding, open), sure));
  _mm512_mask_storeu_epi64(verdicts + 2 * columns_lanes, there, _mm512_andnot_si512(sure, open));
}

/* Judges one or two times eight lanes, of the last of which the first `count` are there. Whether
   that is all: not where a number failed. */
WIDE __attribute__((always_inline)) static inline bool
wide_judged(const uint64_t *group, const uint64_t *payloads, const uint8_t *states, size_t width,
            const starts *starts, bool are_two, size_t count, uint64_t *verdicts) {
  const uint64_t *row = group + columns_group_words;
  const uint64_t *further = row + group[rows_word] * columns_test_words;
  const uint64_t *end = further + group[further_word] * columns_test_words;
  const uint64_t *other_payloads = payloads + wide_lanes * width;
  const uint8_t *other_states = states + wide_lanes * width;
  const __m512i none = _mm512_setzero_si512();
  wide_rules first = {none, none}, more = {none, none}, other = {none, none},
             other_more = {none, none};
  __m256i met = _mm256_setzero_si256();
  for (; row != further; row += columns_test_words) {
    wide_row(row, payloads, states, starts, &first, &met);
    if (are_two) wide_row(row, other_payloads, other_states, starts, &other, &met);
  }
  for (; row != end; row += columns_test_words) {
    wide_row(row, payloads, states, starts, &more, &met);
    if (are_two) wide_row(row, other_payloads, other_states, starts, &other_more, &met);
  }
  if (!_mm256_testz_si256(met, _mm256_set1_epi8(2))) return false;
  wide_verdicts(group, first, more, are_two ? wide_lanes : count, verdicts);
  if (are_two) wide_verdicts(group, other, other_more, count, verdicts + wide_lanes);
  return true;
}

WIDE static void wide_judge_lanes(const uint64_t *group, const uint64_t *payloads,
                                  const uint8_t *states, size_t width, size_t lanes,
                                  uint64_t *verdicts) {
  starts starts;
  for (size_t i = 0; i < wide_lanes; i++) starts.of[i] = i * width;
  while (lanes > 0) {
    size_t count = lanes < 2 * wide_lanes ? lanes : 2 * wide_lanes;
    bool is_judged = false;
    if (count == 2 * wide_lanes) {
      is_judged = wide_judged(group, payloads, states, width, &starts, true, wide_lanes, verdicts);
    } else if (count >= few_lanes) {
      if (count > wide_lanes) count = wide_lanes;
      /* The last one stands for those that are missing. */
      for (size_t i = count; i < wide_lanes; i++) starts.of[i] = (count - 1) * width;
      is_judged = wide_judged(group, payloads, states, width, &starts, false, count, verdicts);
    }
    if (!is_judged) judge_each(half_judge, group, payloads, states, width, count, verdicts);
    payloads += count * width;
    states += count * width;
    verdicts += count;
    lanes -= count;
  }
}

/* Four results, by the four lowest bits of each number in `unknown`. */
HALF static inline void half_result(const unsigned char *silent, __m256i unknown,
                                    unsigned char *results) {
  const __m256i steps = _mm256_setr_epi64x(unknown_bit, unknown_bit - 1, unknown_bit - 2,
                                           unknown_bit - 3);
  const __m256i bit = _mm256_set1_epi64x((long long)unknown_result);
  const __m256i added = _mm256_and_si256(_mm256_sllv_epi64(unknown, steps), bit);
  const __m256i result = _mm256_loadu_si256((const __m256i *)silent);
  _mm256_storeu_si256((__m256i *)results, _mm256_or_si256(result, added));
}

HALF static size_t half_results(const unsigned char *silent, size_t count, uint64_t unknown,
                                unsigned char *results) {
  if (count < 4) return base_results(silent, count, unknown, results);
  const size_t last = count - 4;
  __m256i left = _mm256_set1_epi64x((long long)unknown);
  for (size_t i = 0; i < last; i += 4) {
    half_result(silent + 8 * i, left, results + 8 * i);
    left = _mm256_srli_epi64(left, 4);
  }
  /* Those of the last four that were written are written once more. */
  half_result(silent + 8 * last, _mm256_set1_epi64x((long long)(unknown >> last)),
              results + 8 * last);
  return (size_t)__builtin_popcountll(unknown);
}

/* Four results. */
HALF static inline void half_signal(const uint64_t *payloads, const uint8_t *states,
                                    const uint64_t *heads, unsigned char *results) {
  /* Of the four bytes each comes to the fifth place of a number, where it is in a head. */
  const __m256i places = _mm256_setr_epi8(-1, -1, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1, 1, -1, -1,
                                          -1, -1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1, -1, 3, -1,
                                          -1, -1);
  int32_t bytes;
  memcpy(&bytes, states, sizeof bytes);
  const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32(bytes), places);
  const __m256i state = _mm256_and_si256(spread, _mm256_set1_epi64x((long long)3 << 32));
  __m256i values = four(payloads), head = _mm256_or_si256(four(heads), state);
  __m256i even = _mm256_unpacklo_epi64(values, head), odd = _mm256_unpackhi_epi64(values, head);
  __m128i *to = (__m128i *)results;
  _mm_storeu_si128(to, _mm256_castsi256_si128(even));
  _mm_storeu_si128(to + 1, _mm256_castsi256_si128(odd));
  _mm_storeu_si128(to + 2, _mm256_extracti128_si256(even, 1));
  _mm_storeu_si128(to + 3, _mm256_extracti128_si256(odd, 1));
}

HALF static void half_signals(const uint64_t *payloads, const uint8_t *states,
                              const uint64_t *heads, size_t count, unsigned char *results) {
  if (count < 4) {
    base_signals(payloads, states, heads, count, results);
    return;
  }
  size_t last = count - 4;
#pragma clang loop unroll_count(2)
  for (size_t i = 0; i < last; i += 4)
    half_signal(payloads + i, states + i, heads + i, results + 16 * i);
  /* Those of the last four that were written are written once more. */
  half_signal(payloads + last, states + last, heads + last, results + 16 * last);
}

/* Eight results. */
WIDE static inline void wide_signal(const uint64_t *payloads, const uint8_t *states,
                                    const uint64_t *heads, unsigned char *results) {
  const __m512i first = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
  const __m512i second = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
  const __m512i bytes = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)states));
  const __m512i state = _mm512_slli_epi64(_mm512_and_si512(bytes, _mm512_set1_epi64(3)), 32);
  const __m512i head = _mm512_or_si512(_mm512_loadu_si512(heads), state);
  const __m512i values = _mm512_loadu_si512(payloads);
  _mm512_storeu_si512(results, _mm512_permutex2var_epi64(values, first, head));
  _mm512_storeu_si512(results + 64, _mm512_permutex2var_epi64(values, second, head));
}

WIDE static void wide_signals(const uint64_t *payloads, const uint8_t *states,
                              const uint64_t *heads, size_t count, unsigned char *results) {
  if (count < 8) {
    half_signals(payloads, states, heads, count, results);
    return;
  }
  size_t last = count - 8;
#pragma clang loop unroll_count(2)
  for (size_t i = 0; i < last; i += 8)
    wide_signal(payloads + i, states + i, heads + i, results + 16 * i);
  /* Those of the last eight that were written are written once more. */
  wide_signal(payloads + last, states + last, heads + last, results + 16 * last);
}
#endif

void columns_judge_by(columns_width width, const uint64_t *group, const uint64_t *payloads,
                      const uint8_t *states, columns_verdicts *verdicts) {
#if defined(__x86_64__)
  if (width == columns_256_bits) {
    half_judge(group, payloads, states, verdicts);
    return;
  }
#endif
  base_judge(group, payloads, states, verdicts);
}

void columns_judge(const uint64_t *group, const uint64_t *payloads, const uint8_t *states,
                   columns_verdicts *verdicts) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    half_judge(group, payloads, states, verdicts);
    return;
  }
#endif
  base_judge(group, payloads, states, verdicts);
}

void columns_judge_lanes_by(columns_width width, const uint64_t *group,
                            const uint64_t *payloads, const uint8_t *states, size_t registers,
                            size_t lanes, uint64_t *verdicts) {
#if defined(__x86_64__)
  if (width == columns_512_bits && has_wide()) {
    wide_judge_lanes(group, payloads, states, registers, lanes, verdicts);
    return;
  }
  if (width != columns_128_bits) {
    judge_each(half_judge, group, payloads, states, registers, lanes, verdicts);
    return;
  }
#endif
  judge_each(base_judge, group, payloads, states, registers, lanes, verdicts);
}

void columns_judge_lanes(const uint64_t *group, const uint64_t *payloads, const uint8_t *states,
                         size_t registers, size_t lanes, uint64_t *verdicts) {
  columns_width width = columns_128_bits;
#if defined(__x86_64__)
  if (has_wide())
    width = columns_512_bits;
  else if (__builtin_cpu_supports("avx2"))
    width = columns_256_bits;
#endif
  columns_judge_lanes_by(width, group, payloads, states, registers, lanes, verdicts);
}

size_t columns_results_by(columns_width width, const void *silent, size_t count,
                          uint64_t unknown, void *results) {
#if defined(__x86_64__)
  if (width == columns_256_bits) return half_results(silent, count, unknown, results);
#endif
  return base_results(silent, count, unknown, results);
}

size_t columns_results(const void *silent, size_t count, uint64_t unknown, void *results) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return half_results(silent, count, unknown, results);
#endif
  return base_results(silent, count, unknown, results);
}

void columns_signals_by(columns_width width, const uint64_t *payloads, const uint8_t *states,
                        const uint64_t *heads, size_t count, void *results) {
#if defined(__x86_64__)
  if (width == columns_512_bits && has_wide()) {
    wide_signals(payloads, states, heads, count, results);
    return;
  }
  if (width != columns_128_bits) {
    half_signals(payloads, states, heads, count, results);
    return;
  }
#endif
  base_signals(payloads, states, heads, count, results);
}

void columns_signals(const uint64_t *payloads, const uint8_t *states, const uint64_t *heads,
                     size_t count, void *results) {
#if defined(__x86_64__)
  if (has_wide()) {
    wide_signals(payloads, states, heads, count, results);
    return;
  }
  if (__builtin_cpu_supports("avx2")) {
    half_signals(payloads, states, heads, count, results);
    return;
  }
#endif
  base_signals(payloads, states, heads, count, results);
}

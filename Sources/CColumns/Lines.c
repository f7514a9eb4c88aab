#include "CColumns.h"

/* Where in an index of so many lines the search for a slot begins. */
static inline uint64_t home(uint64_t slot, uint64_t lines) { return (slot >> 32) * lines >> 32; }

/* Slot by slot. */
static uint64_t base_lines(const uint64_t *slots, size_t count, size_t line, uint64_t *index,
                           uint64_t lines) {
  uint64_t left = 0;
  for (size_t place = 0; place < count * columns_line_slots; place++) {
    const uint64_t at = home(slots[place], lines);
    const bool is_own = at >> 1 == line + place / columns_line_slots;
    uint64_t *const to = index + at * columns_line_slots;
    size_t next = 0;
    while (is_own && next < columns_line_slots && to[next] != 0) next++;
    const bool goes = is_own && next < columns_line_slots;
    if (goes) to[next] = slots[place];
    left |= (uint64_t)(slots[place] != 0 && !goes) << place;
  }
  return left;
}

/* Key by key. */
static void base_find(const uintptr_t *lines, const uint32_t *tags, size_t count, uint32_t *ids,
                      uint32_t *places) {
  for (size_t key = 0; key < count; key++) {
    const uint64_t *const line = (const uint64_t *)lines[key];
    const size_t place = columns_first_slot(line, tags[key], 0);
    ids[key] = place < columns_line_slots ? (uint32_t)line[place] : 0;
    places[key] = (uint32_t)place;
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,bmi2,popcnt")))
#define HALF __attribute__((target("avx2,bmi,bmi2,popcnt")))

static bool has_wide(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("popcnt");
}

static bool has_half(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

/* Puts those of some slots that are wanted behind the ones that a line has; gives which of them
   found room, the first ones. */
WIDE static inline uint32_t wide_put(uint64_t *line, __m512i slots, uint32_t wanted) {
  const __m512i there = _mm512_loadu_si512(line);
  const uint32_t empty = _mm512_testn_epi64_mask(there, there);
  const __m512i next = _mm512_maskz_compress_epi64((__mmask8)wanted, slots);
  _mm512_storeu_si512(line, _mm512_mask_expand_epi64(there, (__mmask8)empty, next));
  return _pdep_u32((1u << _mm_popcnt_u32(empty)) - 1, wanted);
}

WIDE static uint64_t wide_lines(const uint64_t *slots, size_t count, size_t line, uint64_t *index,
                                uint64_t lines) {
  uint64_t left = 0;
  for (size_t taken = 0; taken < count; taken++) {
    const __m512i all = _mm512_loadu_si512(slots + taken * columns_line_slots);
    const __m512i homes = _mm512_srli_epi64(
        _mm512_mul_epu32(_mm512_srli_epi64(all, 32), _mm512_set1_epi64((long long)lines)), 32);
    const long long first = 2 * (long long)(line + taken);
    uint64_t *const to = index + first * columns_line_slots;
    const __mmask8 used = _mm512_test_epi64_mask(all, all);
    const uint32_t low = _mm512_mask_cmpeq_epi64_mask(used, homes, _mm512_set1_epi64(first));
    const uint32_t high = _mm512_mask_cmpeq_epi64_mask(used, homes, _mm512_set1_epi64(first + 1));
    const uint32_t gone = wide_put(to, all, low) | wide_put(to + columns_line_slots, all, high);
    left |= (uint64_t)(used & ~gone) << (taken * columns_line_slots);
  }
  return left;
}

WIDE static void wide_find(const uintptr_t *lines, const uint32_t *tags, size_t count,
                           uint32_t *ids, uint32_t *places) {
  for (size_t key = 0; key < count; key++) {
    const __m512i all = _mm512_loadu_si512((const void *)lines[key]);
    const __m512i tag = _mm512_set1_epi64((long long)tags[key]);
    const uint32_t hits = (uint32_t)_mm512_cmpeq_epi64_mask(_mm512_srli_epi64(all, 32), tag) |
                          (uint32_t)_mm512_testn_epi64_mask(all, all);
    /* The id of the first is the lowest, and 0 of none. */
    const __m512i first = _mm512_maskz_compress_epi64((__mmask8)hits, all);
    ids[key] = (uint32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(first));
    places[key] = (uint32_t)__builtin_ctz(hits | 1u << columns_line_slots);
  }
}

/* Four slots, and a bit for each of four that is all ones. */
typedef __m256i four;
HALF static inline uint32_t half_bits(four ones) {
  return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(ones));
}

HALF static inline four half_load(const uint64_t *slots) {
  return _mm256_loadu_si256((const four *)slots);
}

/* By which of four slots are wanted, the halves of these, one after the other. */
static const uint64_t half_order[16] = {
    0x0000000000000000, 0x0000000000000100, 0x0000000000000302, 0x0000000003020100,
    0x0000000000000504, 0x0000000005040100, 0x0000000005040302, 0x0000050403020100,
    0x0000000000000706, 0x0000000007060100, 0x0000000007060302, 0x0000070603020100,
    0x0000000007060504, 0x0000070605040100, 0x0000070605040302, 0x0706050403020100,
};

/* Puts as many of four slots that are wanted in a row as are asked for. */
HALF static inline void half_put(uint64_t *to, four slots, uint32_t wanted, uint32_t count) {
  static const int64_t ones[8] = {-1, -1, -1, -1, 0, 0, 0, 0};
  const four order = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)half_order[wanted]));
  const four mask = half_load((const uint64_t *)ones + 4 - count);
  _mm256_maskstore_epi64((long long *)to, mask, _mm256_permutevar8x32_epi32(slots, order));
}

/* As `wide_put`. */
HALF static inline uint32_t half_put_all(uint64_t *line, four low, four high, uint32_t wanted) {
  const four none = _mm256_setzero_si256();
  const uint32_t empty = half_bits(_mm256_cmpeq_epi64(half_load(line), none)) |
                         half_bits(_mm256_cmpeq_epi64(half_load(line + 4), none)) << 4;
  uint64_t *const to = line + 8 - _mm_popcnt_u32(empty);
  uint32_t goes = wanted;
  if (_mm_popcnt_u32(wanted) > _mm_popcnt_u32(empty))
    goes = _pdep_u32((1u << _mm_popcnt_u32(empty)) - 1, wanted);
  const uint32_t first = (uint32_t)_mm_popcnt_u32(goes & 15);
  half_put(to, low, goes & 15, first);
  half_put(to + first, high, goes >> 4, (uint32_t)_mm_popcnt_u32(goes >> 4));
  return goes;
}

HALF static uint64_t half_lines(const uint64_t *slots, size_t count, size_t line, uint64_t *index,
                                uint64_t lines) {
  const four none = _mm256_setzero_si256();
  const four factor = _mm256_set1_epi64x((long long)lines);
  uint64_t left = 0;
  for (size_t taken = 0; taken < count; taken++) {
    const four low = half_load(slots + taken * columns_line_slots);
    const four high = half_load(slots + taken * columns_line_slots + 4);
    const four low_homes =
        _mm256_srli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(low, 32), factor), 32);
    const four high_homes =
        _mm256_srli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(high, 32), factor), 32);
    const uint32_t used = 255 ^ (half_bits(_mm256_cmpeq_epi64(low, none)) |
                                 half_bits(_mm256_cmpeq_epi64(high, none)) << 4);
    const long long first = 2 * (long long)(line + taken);
    uint64_t *const to = index + first * columns_line_slots;
    uint32_t gone = 0;
    for (long long side = 0; side < 2; side++) {
      const four there = _mm256_set1_epi64x(first + side);
      const uint32_t wanted = used & (half_bits(_mm256_cmpeq_epi64(low_homes, there)) |
                                      half_bits(_mm256_cmpeq_epi64(high_homes, there)) << 4);
      gone |= half_put_all(to + side * columns_line_slots, low, high, wanted);
    }
    left |= (uint64_t)(used & ~gone) << (taken * columns_line_slots);
  }
  return left;
}
#endif

uint64_t columns_carry_lines_by(columns_width width, const uint64_t *slots, size_t count,
                                size_t line, uint64_t *index, uint64_t lines) {
#if defined(__x86_64__)
  if (width == columns_512_bits && has_wide())
    return wide_lines(slots, count, line, index, lines);
  if (width != columns_128_bits && has_half())
    return half_lines(slots, count, line, index, lines);
#endif
  return base_lines(slots, count, line, index, lines);
}

uint64_t columns_carry_lines(const uint64_t *slots, size_t count, size_t line, uint64_t *index,
                             uint64_t lines) {
  return columns_carry_lines_by(columns_512_bits, slots, count, line, index, lines);
}

void columns_find_keys_by(columns_width width, const uintptr_t *lines, const uint32_t *tags,
                          size_t count, uint32_t *ids, uint32_t *places) {
#if defined(__x86_64__)
  if (width == columns_512_bits && has_wide()) {
    wide_find(lines, tags, count, ids, places);
    return;
  }
#endif
  base_find(lines, tags, count, ids, places);
}

void columns_find_keys(const uintptr_t *lines, const uint32_t *tags, size_t count, uint32_t *ids,
                       uint32_t *places) {
  columns_find_keys_by(columns_512_bits, lines, tags, count, ids, places);
}

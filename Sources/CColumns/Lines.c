#include "CColumns.h"

/* The first empty slot of a line, as many as it has when there is none. */
static inline size_t end_of(const uint64_t *line) {
  size_t place = 0;
  while (place < columns_line_slots && line[place] != 0) place++;
  return place;
}

/* Slot by slot. */
static size_t base_split(uint64_t *slots, size_t line, size_t count, size_t lines, uint64_t *left) {
  size_t left_count = 0;
  for (size_t own = line; own < line + count; own++) {
    uint64_t *const near = slots + own * columns_line_slots;
    uint64_t *const far = near + lines * columns_line_slots;
    size_t near_count = 0, far_count = end_of(far);
    for (size_t place = 0; place < columns_line_slots; place++) {
      const uint64_t slot = near[place], tag = slot >> 32;
      near[place] = 0;
      if (slot == 0) continue;
      const bool is_own = (tag & (lines - 1)) == own, is_far = (tag & lines) != 0;
      if (is_own && !is_far)
        near[near_count++] = slot;
      else if (is_own && far_count < columns_line_slots)
        far[far_count++] = slot;
      else
        left[left_count++] = slot;
    }
  }
  return left_count;
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

WIDE static size_t wide_split(uint64_t *slots, size_t line, size_t count, size_t lines,
                              uint64_t *left) {
  const __m512i bits = _mm512_set1_epi64((long long)(lines - 1) << 32);
  const __m512i bit = _mm512_set1_epi64((long long)lines << 32);
  size_t left_count = 0;
  for (size_t own = line; own < line + count; own++) {
    uint64_t *const near = slots + own * columns_line_slots;
    const __m512i all = _mm512_loadu_si512(near);
    const __mmask8 used = _mm512_test_epi64_mask(all, all);
    const __mmask8 is_own = _mm512_mask_cmpeq_epi64_mask(used, _mm512_and_si512(all, bits),
                                                         _mm512_set1_epi64((long long)own << 32));
    const __mmask8 is_far = _mm512_mask_test_epi64_mask(is_own, all, bit);
    const __mmask8 is_near = is_own & (__mmask8)~is_far;
    _mm512_storeu_si512(near, _mm512_maskz_compress_epi64(is_near, all));
    const uint32_t gone = wide_put(near + lines * columns_line_slots, all, is_far);
    const __mmask8 rest = used & (__mmask8)~is_near & (__mmask8)~gone;
    /* Whole lines are written: one that is compressed on its way to memory takes far longer. */
    _mm512_storeu_si512(left + left_count, _mm512_maskz_compress_epi64(rest, all));
    left_count += _mm_popcnt_u32(rest);
  }
  return left_count;
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

HALF static size_t half_split(uint64_t *slots, size_t line, size_t count, size_t lines,
                              uint64_t *left) {
  const four none = _mm256_setzero_si256();
  const four bits = _mm256_set1_epi64x((long long)(lines - 1) << 32);
  const four bit = _mm256_set1_epi64x((long long)lines << 32);
  size_t left_count = 0;
  for (size_t own = line; own < line + count; own++) {
    uint64_t *const near = slots + own * columns_line_slots;
    const four low = half_load(near), high = half_load(near + 4);
    const four home = _mm256_set1_epi64x((long long)own << 32);
    const uint32_t used = 255 ^ (half_bits(_mm256_cmpeq_epi64(low, none)) |
                                 half_bits(_mm256_cmpeq_epi64(high, none)) << 4);
    const uint32_t is_own =
        used & (half_bits(_mm256_cmpeq_epi64(_mm256_and_si256(low, bits), home)) |
                half_bits(_mm256_cmpeq_epi64(_mm256_and_si256(high, bits), home)) << 4);
    const uint32_t is_far =
        is_own & ~(half_bits(_mm256_cmpeq_epi64(_mm256_and_si256(low, bit), none)) |
                   half_bits(_mm256_cmpeq_epi64(_mm256_and_si256(high, bit), none)) << 4);
    _mm256_storeu_si256((four *)near, none);
    _mm256_storeu_si256((four *)(near + 4), none);
    half_put_all(near, low, high, is_own & ~is_far);
    const uint32_t gone = half_put_all(near + lines * columns_line_slots, low, high, is_far);
    const uint32_t rest = used & ~(is_own & ~is_far) & ~gone;
    const uint32_t first = (uint32_t)_mm_popcnt_u32(rest & 15);
    half_put(left + left_count, low, rest & 15, first);
    half_put(left + left_count + first, high, rest >> 4, (uint32_t)_mm_popcnt_u32(rest >> 4));
    left_count += _mm_popcnt_u32(rest);
  }
  return left_count;
}
#endif

size_t columns_split_lines_by(columns_width width, uint64_t *slots, size_t line, size_t count,
                              size_t lines, uint64_t *left) {
#if defined(__x86_64__)
  if (width == columns_512_bits && has_wide()) return wide_split(slots, line, count, lines, left);
  if (width != columns_128_bits && has_half()) return half_split(slots, line, count, lines, left);
#endif
  return base_split(slots, line, count, lines, left);
}

size_t columns_split_lines(uint64_t *slots, size_t line, size_t count, size_t lines,
                           uint64_t *left) {
  return columns_split_lines_by(columns_512_bits, slots, line, count, lines, left);
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

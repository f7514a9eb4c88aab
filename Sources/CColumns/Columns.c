#include "CColumns.h"

#include <string.h>

static double number(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint64_t lane(columns_comparison comparison, uint64_t left, uint64_t right) {
  switch (comparison) {
  case columns_equal_bits: return left == right;
  case columns_less_int: return (int64_t)left < (int64_t)right;
  case columns_less_double: return number(left) < number(right);
  case columns_less_or_equal_double: return number(left) <= number(right);
  }
  return 0;
}

/* The lanes from `first` on, one by one. */
static void rest(columns_comparison comparison, const uint64_t *left, size_t left_stride,
                 const uint64_t *right, size_t right_stride, size_t first, size_t lanes,
                 uint64_t *bits) {
  for (size_t i = first; i < lanes; i++)
    bits[i / 64] |= lane(comparison, left[i * left_stride], right[i * right_stride]) << (i % 64);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f")))
#define HALF __attribute__((target("avx2")))

WIDE static inline __m512i load_wide(const uint64_t *from, size_t stride) {
  return stride ? _mm512_loadu_si512(from) : _mm512_set1_epi64((long long)*from);
}

/* Eight lanes at a time: gives how many were compared. */
#define WIDE_LOOP(test)                                                                           \
  for (; i + 8 <= lanes; i += 8) {                                                                \
    __m512i x = load_wide(left + i * left_stride, left_stride);                                   \
    __m512i y = load_wide(right + i * right_stride, right_stride);                                \
    bits[i / 64] |= (uint64_t)(test) << (i % 64);                                                 \
  }

WIDE static size_t wide(columns_comparison comparison, const uint64_t *left, size_t left_stride,
                        const uint64_t *right, size_t right_stride, size_t lanes,
                        uint64_t *bits) {
  size_t i = 0;
  switch (comparison) {
  case columns_equal_bits: WIDE_LOOP(_mm512_cmpeq_epi64_mask(x, y)) break;
  case columns_less_int: WIDE_LOOP(_mm512_cmplt_epi64_mask(x, y)) break;
  case columns_less_double:
    WIDE_LOOP(_mm512_cmp_pd_mask(_mm512_castsi512_pd(x), _mm512_castsi512_pd(y), _CMP_LT_OQ))
    break;
  case columns_less_or_equal_double:
    WIDE_LOOP(_mm512_cmp_pd_mask(_mm512_castsi512_pd(x), _mm512_castsi512_pd(y), _CMP_LE_OQ))
    break;
  }
  return i;
}

HALF static inline __m256i load_half(const uint64_t *from, size_t stride) {
  return stride ? _mm256_loadu_si256((const __m256i *)from) : _mm256_set1_epi64x((long long)*from);
}

/* Four lanes at a time. */
#define HALF_LOOP(test)                                                                           \
  for (; i + 4 <= lanes; i += 4) {                                                                \
    __m256i x = load_half(left + i * left_stride, left_stride);                                   \
    __m256i y = load_half(right + i * right_stride, right_stride);                                \
    bits[i / 64] |= (uint64_t)(unsigned)_mm256_movemask_pd(test) << (i % 64);                     \
  }

HALF static size_t half(columns_comparison comparison, const uint64_t *left, size_t left_stride,
                        const uint64_t *right, size_t right_stride, size_t lanes,
                        uint64_t *bits) {
  size_t i = 0;
  switch (comparison) {
  case columns_equal_bits: HALF_LOOP(_mm256_castsi256_pd(_mm256_cmpeq_epi64(x, y))) break;
  case columns_less_int: HALF_LOOP(_mm256_castsi256_pd(_mm256_cmpgt_epi64(y, x))) break;
  case columns_less_double:
    HALF_LOOP(_mm256_cmp_pd(_mm256_castsi256_pd(x), _mm256_castsi256_pd(y), _CMP_LT_OQ)) break;
  case columns_less_or_equal_double:
    HALF_LOOP(_mm256_cmp_pd(_mm256_castsi256_pd(x), _mm256_castsi256_pd(y), _CMP_LE_OQ)) break;
  }
  return i;
}
#endif

void columns_compare(columns_comparison comparison, const uint64_t *left, size_t left_stride,
                     const uint64_t *right, size_t right_stride, size_t lanes, uint64_t *bits) {
  memset(bits, 0, (lanes + 63) / 64 * sizeof *bits);
  size_t first = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    first = wide(comparison, left, left_stride, right, right_stride, lanes, bits);
  else if (__builtin_cpu_supports("avx2"))
    first = half(comparison, left, left_stride, right, right_stride, lanes, bits);
#endif
  rest(comparison, left, left_stride, right, right_stride, first, lanes, bits);
}

/* A bit for each of `count` values that comes again behind, or is 0. */
static uint32_t again(const uint32_t *values, size_t count) {
  uint32_t bits = 0;
  for (size_t i = 0; i < count; i++) {
    bool comes = values[i] == 0;
    for (size_t j = i + 1; j < count; j++) comes |= values[i] == values[j];
    bits |= (uint32_t)comes << i;
  }
  return bits;
}

#if defined(__x86_64__)
HALF static inline __m256i eight_values(const uint32_t *from) {
  return _mm256_loadu_si256((const __m256i *)from);
}

/* The same, where behind the last there are zeros; bits beyond it mean nothing. */
HALF static uint32_t half_again(const uint32_t *values, size_t count) {
  const __m256i low = eight_values(values), high = eight_values(values + 8);
  __m256i low_again = _mm256_cmpeq_epi32(low, _mm256_setzero_si256());
  __m256i high_again = _mm256_cmpeq_epi32(high, _mm256_setzero_si256());
  for (size_t i = 1; i < count; i++) {
    const __m256i low_later = eight_values(values + i), high_later = eight_values(values + 8 + i);
    low_again = _mm256_or_si256(low_again, _mm256_cmpeq_epi32(low, low_later));
    high_again = _mm256_or_si256(high_again, _mm256_cmpeq_epi32(high, high_later));
  }
  return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(low_again)) |
         (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(high_again)) << 8;
}
#endif

static size_t scanned_distinct(bool is_wide, columns_scanned_values *scanned, size_t count) {
  uint32_t *values = scanned->of + columns_few_values;
  values[count] = 0;
  uint32_t uncounted;
#if defined(__x86_64__)
  if (is_wide)
    uncounted = half_again(values, count);
  else
#endif
    uncounted = again(values, count);
  return (size_t)__builtin_popcount(~uncounted & ~(~0u << count));
}

size_t columns_scanned_distinct(columns_scanned_values *scanned, size_t count) {
#if defined(__x86_64__)
  return scanned_distinct(__builtin_cpu_supports("avx2"), scanned, count);
#else
  return scanned_distinct(false, scanned, count);
#endif
}

size_t columns_scanned_distinct_by(columns_width width, columns_scanned_values *scanned,
                                   size_t count) {
  return scanned_distinct(width == columns_256_bits, scanned, count);
}

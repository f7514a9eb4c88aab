#pragma once
#include <stddef.h>
#include <stdint.h>

/* Comparisons of whole columns of numbers, which give a bit for each lane, lane 0 lowest. The widest
   instructions the processor has are used; all give the same bits. */

typedef enum {
  columns_equal_bits,
  columns_less_int,
  columns_less_double,
  columns_less_or_equal_double,
} columns_comparison;

/* Compares `lanes` numbers of two columns, or of one with a single number where a stride is 0; else
   the stride is 1. Writes (lanes + 63) / 64 words; bits beyond the last lane are 0. */
void columns_compare(columns_comparison comparison, const uint64_t *left, size_t left_stride,
                     const uint64_t *right, size_t right_stride, size_t lanes, uint64_t *bits);

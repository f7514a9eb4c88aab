#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Comparisons of whole columns of numbers, which give a bit for each lane, lane 0 lowest. The
   widest instructions the processor has are used; all give the same bits. */

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

/* Texts that are hashed side by side. */
enum { columns_hashed_texts = 8 };

/* SipHash-1-3 with 128 bits of output of up to `columns_hashed_texts` texts, of which at least one
   word after the first is hashed. The words of a text, with its tail and length in the last one,
   lie `columns_hashed_texts` apart; `counts` says how many there are, at most `most`. Reads `most`
   words and a count of all lanes, and writes hashes of all; those beyond `texts` mean nothing. */
void columns_hash_texts(uint64_t first_key, uint64_t second_key, const uint64_t *words,
                        const int64_t *counts, size_t most, size_t texts, uint64_t *low,
                        uint64_t *high);

/* Registers that texts are hashed in, narrowest first. */
typedef enum { columns_128_bits, columns_256_bits, columns_512_bits } columns_width;

/* Whether this processor has registers of a width; it always has the narrowest. */
bool columns_has(columns_width width);

/* The same in registers of a width, which the processor must have; all give the same hashes. */
void columns_hash_texts_by(columns_width width, uint64_t first_key, uint64_t second_key,
                           const uint64_t *words, const int64_t *counts, size_t most,
                           size_t texts, uint64_t *low, uint64_t *high);

/* Registers that lie side by side and are tested together, and the words of a row of their tests:
   the place of the first register; of each the greatest number that passes; how many smaller ones
   do; and the bits of the rules that wait for it. Numbers in the second and third have their
   highest bit turned round, so that a comparison of numbers with signs tells. */
enum { columns_tested = 4, columns_test_words = 13 };

/* The bits of the rules for which a number passes, or is not there, in `count` rows of tests. A
   state of 0 says that a number is there. */
uint64_t columns_open(const uint64_t *tests, size_t count, const uint64_t *payloads,
                      const uint8_t *states);

/* Writes `count` results of two words each: a payload, then its head with the two lower bits of the
   state in the byte from bit 32 on. */
void columns_signals(const uint64_t *payloads, const uint8_t *states, const uint64_t *heads,
                     size_t count, void *results);

/* The same in registers of a width, 128 or 256 bits, which the processor must have; both give the
   same. */
uint64_t columns_open_by(columns_width width, const uint64_t *tests, size_t count,
                         const uint64_t *payloads, const uint8_t *states);
void columns_signals_by(columns_width width, const uint64_t *payloads, const uint8_t *states,
                        const uint64_t *heads, size_t count, void *results);

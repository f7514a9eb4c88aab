#pragma once
#include <stddef.h>
#include <stdint.h>

/* What a benchmark reads of its own process. Only the benchmarks link this: it replaces malloc. */

/* Nanoseconds of the monotonic clock. */
uint64_t measures_nanoseconds(void);

/* Nanoseconds this thread has spent on a processor. */
uint64_t measures_busy_nanoseconds(void);

/* How often this thread had its processor taken away for another one since it started. */
uint64_t measures_times_displaced(void);

/* So many bytes of memory, in huge pages where the system has them, each written once; null when there
   are not as many. They stay until the process ends. */
void *measures_memory(size_t bytes);

/* Changes a byte of so many lines anywhere in such memory, drawn from a state that is not 0. */
void measures_touch(void *memory, size_t bytes, size_t lines, uint64_t *state);

/* Blocks this thread has asked the allocator for since it started. */
uint64_t measures_allocations(void);

/* The thirty rules of Benchmarks/hotpath.rules by hand, on the events from `first` on, `lanes` of them.
   The value of a signal of an event is values[event * step + signal * stride]; `missing` has a bit for
   each signal. Writes a bit for each rule that fires, for each that is unknown, and the score. */
void measures_hand_rules(const int64_t *values, const uint32_t *missing, size_t first, size_t lanes,
                         size_t step, size_t stride, uint32_t *fires, uint32_t *unknown,
                         int32_t *scores);

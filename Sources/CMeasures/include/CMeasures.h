#pragma once
#include <stdint.h>

/* What a benchmark reads of its own process. Only the benchmarks link this: it replaces malloc. */

/* Nanoseconds of the monotonic clock. */
uint64_t measures_nanoseconds(void);

/* Nanoseconds this thread has spent on a processor. */
uint64_t measures_busy_nanoseconds(void);

/* Blocks this thread has asked the allocator for since it started. */
uint64_t measures_allocations(void);

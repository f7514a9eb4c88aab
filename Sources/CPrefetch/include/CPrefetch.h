#pragma once

#include <stddef.h>
#include <stdint.h>

/* Asks the processor to bring the cache line of an address nearer. Nothing is read that a program could
   see, and no address faults. Swift has no word for it.

   Into the second level, for hundreds are asked for at a time: processors that can wait for a few lines
   of the first level alone, 24 of Zen 4, drop what is asked for beyond, and of 400 lines anywhere in
   200 MB half were not there afterwards. From the second level each takes less than 1 ns. */
static inline __attribute__((always_inline)) void prefetch_line(const void *address) {
  __builtin_prefetch(address, 0, 2);
}

/* The same into the first level, for one of a few lines, as a lone event asks for. */
static inline __attribute__((always_inline)) void prefetch_near(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

/* How many lines are a few. */
enum { prefetch_few = 16 };

/* Asks for all of some lines, one after the other; a few of them into the first level. */
static inline void prefetch_lines(const uintptr_t *lines, size_t count) {
  if (count <= prefetch_few) {
#pragma clang loop unroll(disable)
    for (size_t line = 0; line < count; line++) prefetch_near((const void *)lines[line]);
    return;
  }
#pragma clang loop unroll(disable)
  for (size_t line = 0; line < count; line++) prefetch_line((const void *)lines[line]);
}

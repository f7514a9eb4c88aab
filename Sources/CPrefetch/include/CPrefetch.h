#pragma once

/* Asks the processor to bring the cache line of an address nearer. Nothing is read that a program could
   see, and no address faults. Swift has no word for it. */
static inline __attribute__((always_inline)) void prefetch_line(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

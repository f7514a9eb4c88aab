#define _GNU_SOURCE
#include "CMeasures.h"

#include <string.h>
#include <sys/mman.h>

static const size_t line = 64;

void *measures_memory(size_t bytes) {
  void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  /* A refusal costs nothing but that pages are small. */
  madvise(start, bytes, MADV_HUGEPAGE);
  memset(start, 1, bytes);
  return start;
}

void measures_touch(void *memory, size_t bytes, size_t lines, uint64_t *state) {
  size_t there = bytes / line;
  if (there == 0) return;
  for (size_t next = 0; next < lines; next++) {
    /* xorshift64 of Marsaglia. */
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    volatile unsigned char *byte = (unsigned char *)memory + *state % there * line;
    *byte += 1;
  }
}

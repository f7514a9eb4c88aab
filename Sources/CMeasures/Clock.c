#define _POSIX_C_SOURCE 200809L
#include "CMeasures.h"

#include <time.h>

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t measures_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }

uint64_t measures_busy_nanoseconds(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

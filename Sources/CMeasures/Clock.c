#define _POSIX_C_SOURCE 200809L
#include "CMeasures.h"

#include <time.h>

uint64_t measures_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

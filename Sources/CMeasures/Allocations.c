#include "CMeasures.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static _Thread_local uint64_t allocations;

uint64_t measures_allocations(void) { return allocations; }

/* Sanitizers bring an allocator of their own, which must not be bypassed; nothing is counted then. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LEAVES_ALLOCATOR 1
#endif
#endif

#ifndef LEAVES_ALLOCATOR

/* The allocator of glibc under its own names. Counting in front of it needs no hook and no preloading,
   and costs nothing where nothing is allocated. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *block, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes) {
  allocations++;
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  allocations++;
  return __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes) {
  allocations++;
  return __libc_realloc(block, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  allocations++;
  return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  allocations++;
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  allocations++;
  *block = __libc_memalign(alignment, bytes);
  return *block == NULL ? ENOMEM : 0;
}

#endif

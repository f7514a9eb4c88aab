/* The two predicates of `Benchmarks expressions` as a programmer would write them by hand, over the
   same rows. Prints the median nanoseconds of each, without and with the regular expression. */

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  int64_t accounts, velocity;
  char country[3], email[64];
  size_t country_length, email_length;
} row;

static row rows[2][64];
static pcre2_code *code;
static pcre2_match_data *match;
static pcre2_match_context *context;

static uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int is(const row *r, const char *code) {
  return r->country_length == 2 && memcmp(r->country, code, 2) == 0;
}

__attribute__((noinline)) static int without_regex(const row *r) {
  return (r->accounts > 3 && !(is(r, "MX") || is(r, "CO"))) || r->velocity >= 5;
}

__attribute__((noinline)) static int with_regex(const row *r) {
  return (r->accounts > 3 && !(is(r, "MX") || is(r, "CO")) &&
          pcre2_jit_match(code, (PCRE2_SPTR)r->email, r->email_length, 0, 0, match, context) >= 0) ||
         r->velocity >= 5;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(int (*predicate)(const row *), const row *rows, long evaluations, int blocks) {
  double times[1000];
  volatile long fired = 0;
  for (int block = 0; block < blocks; block++) {
    long count = 0;
    uint64_t start = nanoseconds();
    for (long i = 0; i < evaluations; i++) count += predicate(&rows[i & 63]);
    times[block] = (double)(nanoseconds() - start) / (double)evaluations;
    fired += count;
  }
  qsort(times, (size_t)blocks, sizeof *times, ascending);
  return times[blocks / 2];
}

int main(int count, char **arguments) {
  static const char *countries[2][8] = {{"MX", "CO", "MX", "CO", "MX", "CO", "MX", "CO"},
                                        {"AR", "PE", "CL", "BR", "US", "ES", "GT", "EC"}};
  static const char *names[] = {"mariana",   "josefina", "guadalupe",
                                "alejandro", "fernanda", "ricardo"};
  if (count != 3) return 64;
  for (int set = 0; set < 2; set++) {
    for (int i = 0; i < 64; i++) {
      row *r = &rows[set][i];
      r->accounts = 4 + i % 13;
      r->velocity = i % 7;
      r->country_length = 2;
      memcpy(r->country, countries[set][i % 8], 3);
      r->email_length = (size_t)snprintf(r->email, sizeof r->email, "%s%d@correo.example.com",
                                         names[i % 6], 100 + i);
    }
  }
  int error;
  PCRE2_SIZE offset;
  code = pcre2_compile((PCRE2_SPTR) "^[a-z]+[0-9]{4,}@", PCRE2_ZERO_TERMINATED,
                       PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &offset, NULL);
  if (!code || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) return 1;
  match = pcre2_match_data_create_from_pattern(code, NULL);
  context = pcre2_match_context_create(NULL);
  pcre2_set_match_limit(context, 20000);
  long evaluations = atol(arguments[1]);
  int blocks = atoi(arguments[2]);
  if (blocks < 1 || blocks > 1000) return 64;
  printf("%.2f %.2f\n", median(without_regex, rows[0], evaluations, blocks),
         median(with_regex, rows[1], evaluations, blocks));
  return 0;
}

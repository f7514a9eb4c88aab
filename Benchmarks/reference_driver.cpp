// Drives the C++ reference block by block, so that its blocks alternate with ours in one run.
//
// Built by the benchmark itself against the reference's folder. Arguments: accounts, seed. Loads
// that many accounts, then answers each line of input with the times of the next block: `batch`
// with the nanoseconds of the whole block, those on the processor, and the referrals in it;
// `single` with the nanoseconds of each referral.

#define main reference_main
#include "hot.cpp"
#undef main
#include <string>

static const int BLOCK = 4096;
static const int GROUP = 16;

struct Driver {
  Eng engine;
  HGen stream;
  std::vector<HEv> events;
  std::vector<Ids> ids;
  std::vector<i32> signals;
  i32 weights[32];
  u64 checksum = 0;

  Driver(double accounts, u64 seed)
      : engine((size_t)(accounts * 1.3) + 3000000), events(BLOCK), ids(BLOCK), signals(BLOCK * NS) {
    hg_init(&stream, seed);
    for (int i = 0; i < 32; i++) weights[i] = (i * 7) % 23 + 5;
  }

  void generate() {
    for (auto &event : events) hg_next(&stream, &event);
  }

  void decide(int j) {
    const i32 *row = &signals[j * NS];
    u32 mask = rules(row);
    checksum = checksum * 31 + mask + (u64)(int64_t)score(mask, weights) + (u32)row[22];
  }

  // The two loops of the reference's own main.
  void batch() {
    u32 hops[GROUP];
    for (int i = 0; i < BLOCK; i += GROUP) {
      int end = i + GROUP;
      for (int j = i; j < end; j++) engine.pf0(&events[j]);
      for (int j = i; j < end; j++) {
        ids[j] = engine.internAll(&events[j]);
        engine.pf1(ids[j]);
      }
      for (int j = i; j < end; j++) engine.pf2(ids[j]);
      for (int j = i; j < end; j++) engine.pf3(ids[j]);
      for (int j = i; j < end; j++) engine.pf4(ids[j]);
      for (int j = i; j < end; j++) hops[j - i] = engine.hop(ids[j].a);
      for (int h = 0; h < 6; h++)
        for (int j = 0; j < GROUP; j++) hops[j] = engine.hop(hops[j]);
      for (int j = i; j < end; j++) engine.process(&events[j], ids[j], &signals[j * NS]);
      for (int j = i; j < end; j++) decide(j);
    }
  }

  void single(int j) {
    engine.pf0(&events[j]);
    Ids numbers = engine.internAll(&events[j]);
    engine.pf1(numbers);
    engine.pf2(numbers);
    engine.pf3(numbers);
    engine.pf4(numbers);
    engine.process(&events[j], numbers, &signals[j * NS]);
    decide(j);
  }

  // As the reference's own main does before it measures: no page is touched first while it is
  // timed.
  void populate() {
    auto pages = [](void *start, size_t bytes) {
      hp_populate((void *)((uintptr_t)start & ~4095ull), bytes);
    };
    pages(engine.acc + engine.nAcc, 2600000ull * 64);
    pages(engine.idn + engine.nIdn, 9000000ull * 32);
    pages(engine.uf + engine.nAcc, 2600000ull * 8);
    pages(engine.wi + engine.nWi, 2000000ull * 32);
    pages(engine.wr + engine.nWr, 1000000ull * 64);
    pages(engine.ch + (size_t)engine.nCh * 16, 3000000ull * 64);
    pages(engine.ac + (size_t)engine.nAc * 8, 2000000ull * 32);
  }
};

int main(int count, char **arguments) {
  if (count != 3) return 64;
  double accounts = atof(arguments[1]);
  Driver driver(accounts, strtoull(arguments[2], nullptr, 10));
  u64 loaded = 0, loading = 0;
  while (driver.stream.nAcc < (u64)accounts) {
    driver.generate();
    u64 start = hp_ns();
    driver.batch();
    loading += hp_ns() - start;
    loaded += BLOCK;
  }
  driver.populate();
  printf("%llu %llu\n", (unsigned long long)loaded, (unsigned long long)loading);
  fflush(stdout);
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    driver.generate();
    if (line[0] == 'b') {
      u64 start = hp_ns(), busyStart = hp_cpu();
      driver.batch();
      u64 busy = hp_cpu() - busyStart, spent = hp_ns() - start;
      int referrals = 0;
      for (auto &event : driver.events) referrals += event.kind == 0;
      printf("%llu %llu %d\n", (unsigned long long)spent, (unsigned long long)busy, referrals);
    } else {
      std::string times;
      for (int j = 0; j < BLOCK; j++) {
        u64 start = hp_ns();
        driver.single(j);
        u64 spent = hp_ns() - start;
        if (driver.events[j].kind == 0) times += std::to_string(spent) + " ";
      }
      printf("%s\n", times.c_str());
    }
    fflush(stdout);
  }
  // The decisions are used, or the compiler might leave them out.
  fprintf(stderr, "%llu\n", (unsigned long long)driver.checksum);
}

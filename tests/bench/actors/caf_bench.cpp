// The rival programs on the C++ Actor Framework 0.17: caf-bench NAME ARGS…
// The same shapes as the .c files beside this one, and the same line of output. CAF_POLICY (stealing,
// sharing) and CAF_THREADS choose the scheduler, CAF_SLICE how many messages a producer sends before
// it lets others run (0: all at once).
//
// SPDX-License-Identifier: GPL-3.0-or-later
#include <caf/all.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <time.h>
#include <unistd.h>
#include <vector>

using namespace caf;

using ping_a = atom_constant<atom("ping")>;
using pong_a = atom_constant<atom("pong")>;
using inc_a = atom_constant<atom("inc")>;
using get_a = atom_constant<atom("get")>;
using count_a = atom_constant<atom("count")>;
using done_a = atom_constant<atom("done")>;
using one_a = atom_constant<atom("one")>;
using stop_a = atom_constant<atom("stop")>;
using more_a = atom_constant<atom("more")>;
using work_a = atom_constant<atom("work")>;
using meet_a = atom_constant<atom("meet")>;
using met_a = atom_constant<atom("met")>;
using next_a = atom_constant<atom("next")>;
using sum_a = atom_constant<atom("sum")>;
using peers_a = atom_constant<atom("peers")>;

static std::string name, extra;
static std::vector<long> args;
static long slice;
static uint64_t wall_ns, cpu_ns;
static long messages;

static uint64_t clock_ns(clockid_t id) {
  timespec t;
  clock_gettime(id, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void start() {
  cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  wall_ns = clock_ns(CLOCK_MONOTONIC);
}

static void finish() {
  wall_ns = clock_ns(CLOCK_MONOTONIC) - wall_ns;
  cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
}

static long status(const char* key) {
  FILE* f = fopen("/proc/self/status", "r");
  char line[256];
  long value = 0;
  while (fgets(line, sizeof line, f))
    if (!strncmp(line, key, strlen(key)))
      value = atol(line + strlen(key));
  fclose(f);
  return value;
}

// N round trips.
static behavior pong_f(event_based_actor* self) {
  return {[=](ping_a, const actor& p) { self->send(p, pong_a::value); },
          [=](stop_a) { self->quit(); }};
}

struct ping_st { long n; };
static behavior ping_f(stateful_actor<ping_st>* self, long n, actor pong, actor me) {
  self->state.n = n;
  self->send(pong, ping_a::value, actor_cast<actor>(self));
  return {[=](pong_a) {
    if (--self->state.n > 0) {
      self->send(pong, ping_a::value, actor_cast<actor>(self));
      return;
    }
    self->send(me, done_a::value);
    self->send(pong, stop_a::value);
    self->quit();
  }};
}

// One producer, one counter. `get` is what asks for the sum at the end, where it is wanted.
struct count_st { long n = 0; };
static behavior counter_f(stateful_actor<count_st>* self) {
  return {[=](inc_a) { ++self->state.n; },
          [=](get_a, const actor& p) {
            self->send(p, count_a::value, self->state.n);
            self->quit();
          }};
}

static behavior producer_f(stateful_actor<count_st>* self, long n, actor to, bool get, actor me) {
  self->send(self, more_a::value);
  return {[=](more_a) {
            auto& sent = self->state.n;
            long until = slice ? std::min(n, sent + slice) : n;
            for (; sent < until; sent++)
              self->send(to, inc_a::value);
            if (sent < n)
              self->send(self, more_a::value);
            else if (get)
              self->send(to, get_a::value, actor_cast<actor>(self));
            else
              self->quit();
          },
          [=](count_a, long k) {
            if (k != n)
              abort();
            self->send(me, done_a::value);
            self->quit();
          }};
}

static behavior consumer_f(stateful_actor<count_st>* self, long total, actor me) {
  return {[=](inc_a) {
    if (++self->state.n == total) {
      self->send(me, done_a::value);
      self->quit();
    }
  }};
}

// Actors in a ring.
struct ring_st { actor next; };
static behavior ring_f(stateful_actor<ring_st>* self, actor next, actor me) {
  self->state.next = next;
  return {[=](next_a, const actor& a) { self->state.next = a; },
          [=](long k) {
            if (k == 0)
              self->send(me, done_a::value);
            else
              self->send(self->state.next, k - 1);
          },
          [=](stop_a) {
            self->state.next = nullptr;
            self->quit();
          }};
}

// Fork and join: throughput.
static behavior worker_f(stateful_actor<count_st>* self, long n, actor me) {
  return {[=](work_a) {
    if (++self->state.n == n) {
      self->send(me, one_a::value);
      self->quit();
    }
  }};
}

static behavior feeder_f(stateful_actor<count_st>* self, long n, std::vector<actor> workers) {
  self->send(self, more_a::value);
  return {[=](more_a) {
    auto& rounds = self->state.n;
    long some = std::max<long>(1, slice / (long)workers.size());
    for (long until = slice ? std::min(n, rounds + some) : n; rounds < until; rounds++)
      for (auto& worker : workers)
        self->send(worker, work_a::value);
    if (rounds < n)
      self->send(self, more_a::value);
    else
      self->quit();
  }};
}

static behavior collector_f(stateful_actor<count_st>* self, long n, actor me) {
  return {[=](one_a) {
    if (++self->state.n == n) {
      self->send(me, done_a::value);
      self->quit();
    }
  }};
}

// Fork and join: creation. Whoever creates all of them at once holds one thread of two while the
// other ends them; in slices where it is asked to.
static behavior short_f(event_based_actor* self, actor collector) {
  return {[=](work_a) {
    self->send(collector, one_a::value);
    self->quit();
  }};
}

static behavior creator_f(stateful_actor<count_st>* self, long n, actor collector) {
  self->send(self, more_a::value);
  return {[=](more_a) {
    auto& made = self->state.n;
    for (long until = slice ? std::min(n, made + slice) : n; made < until; made++) {
      auto a = self->spawn(short_f, collector);
      self->send(a, work_a::value);
    }
    if (made < n)
      self->send(self, more_a::value);
    else
      self->quit();
  }};
}

static behavior live_f(event_based_actor* self, actor collector) {
  self->send(collector, one_a::value);
  return {[=](stop_a) { self->quit(); }};
}

// Everybody pings anybody.
struct big_st {
  uint32_t seed = 0;
  long n = 0;
  std::vector<actor> peers;
};
static behavior big_f(stateful_actor<big_st>* self, long i, long n, actor me) {
  auto next = [=] {
    auto& st = self->state;
    if (st.n == n) {
      self->send(me, one_a::value);
      return;
    }
    st.n++;
    st.seed = (st.seed * 1103515245u + 12345u) & 0x7fffffff;
    self->send(st.peers[(st.seed >> 8) % st.peers.size()], ping_a::value, actor_cast<actor>(self));
  };
  return {[=](peers_a, const std::vector<actor>& peers) {
            self->state.peers = peers;
            self->state.seed = (uint32_t)((i * 2654435761u) & 0x7fffffff);
            next();
          },
          [=](ping_a, const actor& p) { self->send(p, pong_a::value); },
          [=](pong_a) { next(); },
          [=](stop_a) {
            self->state.peers.clear();
            self->quit();
          }};
}

// A tree that sums itself up.
struct tree_st {
  int got = 0;
  long sum = 0;
};
static behavior tree_f(stateful_actor<tree_st>* self, long depth, actor parent) {
  if (depth == 0) {
    self->send(parent, sum_a::value, 1L);
    self->quit();
    return {[](sum_a, long) {}};
  }
  self->spawn(tree_f, depth - 1, actor_cast<actor>(self));
  self->spawn(tree_f, depth - 1, actor_cast<actor>(self));
  return {[=](sum_a, long v) {
    self->state.sum += v;
    if (++self->state.got == 2) {
      self->send(parent, sum_a::value, self->state.sum + 1);
      self->quit();
    }
  }};
}

// Chameneos.
static int third(int a, int b) { return a == b ? a : 3 - a - b; }

struct mall_st {
  actor first;
  int colour = 0;
  long meetings = 0, creatures = 0, sum = 0;
};
static behavior mall_f(stateful_actor<mall_st>* self, long meetings, long creatures, actor me) {
  self->state.meetings = meetings;
  self->state.creatures = creatures;
  return {[=](meet_a, const actor& p, int colour) {
            auto& st = self->state;
            if (st.meetings == 0) {
              self->send(p, stop_a::value);
              return;
            }
            if (!st.first) {
              st.first = p;
              st.colour = colour;
              return;
            }
            self->send(st.first, met_a::value, colour);
            self->send(p, met_a::value, st.colour);
            st.first = nullptr;
            st.meetings--;
          },
          [=](count_a, long k) {
            auto& st = self->state;
            st.sum += k;
            if (--st.creatures == 0) {
              self->send(me, count_a::value, st.sum);
              self->quit();
            }
          }};
}

struct creature_st {
  int colour = 0;
  long met = 0;
};
static behavior creature_f(stateful_actor<creature_st>* self, actor mall, int colour) {
  self->state.colour = colour;
  self->send(mall, meet_a::value, actor_cast<actor>(self), colour);
  return {[=](met_a, int other) {
            auto& st = self->state;
            st.met++;
            st.colour = third(st.colour, other);
            self->send(mall, meet_a::value, actor_cast<actor>(self), st.colour);
          },
          [=](stop_a) {
            self->send(mall, count_a::value, self->state.met);
            self->quit();
          }};
}

static void live(actor_system& sys, scoped_actor& me) {
  std::vector<actor> all;
  long before = status("VmRSS:");
  messages = args[0];
  all.reserve(args[0]);
  auto collector = sys.spawn(collector_f, args[0], actor_cast<actor>(me));
  start();
  for (long i = 0; i < args[0]; i++)
    all.push_back(sys.spawn(live_f, collector));
  me->receive([](done_a) {});
  finish();
  long after = status("VmRSS:");
  uint64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  for (auto& a : all)
    anon_send(a, stop_a::value);
  me->wait_for(all);
  cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  char text[128];
  snprintf(text, sizeof text, "bytes/actor=%.1f stop_cpu_ns=%lu", (after - before) * 1024.0 / args[0], cpu);
  extra = text;
}

static void wake(actor_system& sys, scoped_actor& me) {
  auto pong = sys.spawn(pong_f);
  std::vector<uint64_t> l;
  uint64_t total = 0;
  messages = args[0];
  for (long i = 0; i < args[0]; i++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    uint64_t before = clock_ns(CLOCK_MONOTONIC);
    me->send(pong, ping_a::value, actor_cast<actor>(me));
    me->receive([](pong_a) {});
    l.push_back(clock_ns(CLOCK_MONOTONIC) - before);
    total += l.back();
  }
  std::sort(l.begin(), l.end());
  char text[128];
  snprintf(text, sizeof text, "p50_ns=%lu p99_ns=%lu", l[l.size() / 2], l[l.size() * 99 / 100]);
  extra = text;
  wall_ns = total;
  cpu_ns = 0;
}

static void run(actor_system& sys) {
  scoped_actor me{sys};
  actor mea = actor_cast<actor>(me);
  auto done = [&] {
    me->receive([](done_a) {});
    finish();
  };
  if (name == "pingpong") {
    messages = 2 * args[0];
    start();
    auto pong = sys.spawn(pong_f);
    sys.spawn(ping_f, args[0], pong, mea);
    done();
  } else if (name == "counting") {
    messages = args[0] + 2;
    start();
    auto counter = sys.spawn(counter_f);
    sys.spawn(producer_f, args[0], counter, true, mea);
    done();
  } else if (name == "threadring") {
    std::vector<actor> ring{sys.spawn(ring_f, actor{}, mea)};
    for (long i = 1; i < args[0]; i++)
      ring.push_back(sys.spawn(ring_f, ring.back(), mea));
    anon_send(ring[0], next_a::value, ring.back());
    messages = args[1];
    start();
    anon_send(ring[0], args[1]);
    done();
    for (auto& a : ring)
      anon_send(a, stop_a::value);
  } else if (name == "fjthrput") {
    messages = args[0] * args[1];
    auto collector = sys.spawn(collector_f, args[0], mea);
    std::vector<actor> workers;
    for (long i = 0; i < args[0]; i++)
      workers.push_back(sys.spawn(worker_f, args[1], collector));
    start();
    sys.spawn(feeder_f, args[1], workers);
    done();
  } else if (name == "fjcreate") {
    messages = args[0];
    start();
    auto collector = sys.spawn(collector_f, args[0], mea);
    sys.spawn(creator_f, args[0], collector);
    done();
  } else if (name == "big") {
    long w = args[0], n = args[1];
    messages = 2 * w * n;
    start();
    auto collector = sys.spawn(collector_f, w, mea);
    std::vector<actor> all;
    for (long i = 0; i < w; i++)
      all.push_back(sys.spawn(big_f, i + 1, n, collector));
    for (auto& a : all)
      anon_send(a, peers_a::value, all);
    done();
    for (auto& a : all)
      anon_send(a, stop_a::value);
  } else if (name == "nto1") {
    messages = args[0] * args[1];
    start();
    auto consumer = sys.spawn(consumer_f, messages, mea);
    for (long i = 0; i < args[0]; i++)
      sys.spawn(producer_f, args[1], consumer, false, mea);
    done();
  } else if (name == "tree") {
    long actors = (1L << (args[0] + 1)) - 1;
    messages = actors * args[1];
    start();
    for (long i = 0; i < args[1]; i++) {
      sys.spawn(tree_f, args[0], mea);
      me->receive([&](sum_a, long v) { if (v != actors) abort(); });
    }
    finish();
  } else if (name == "chameneos") {
    messages = 4 * args[1];
    start();
    auto mall = sys.spawn(mall_f, args[1], args[0], mea);
    for (long i = 1; i <= args[0]; i++)
      sys.spawn(creature_f, mall, (int)(i % 3));
    me->receive([&](count_a, long s) { if (s != 2 * args[1]) abort(); });
    finish();
  } else if (name == "live") {
    live(sys, me);
  } else if (name == "wake") {
    wake(sys, me);
  } else if (name == "idle") {
    auto collector = sys.spawn(collector_f, args[0], mea);
    std::vector<actor> all;
    for (long i = 0; i < args[0]; i++)
      all.push_back(sys.spawn(live_f, collector));
    me->receive([](done_a) {});
    puts("ready");
    fflush(stdout);
    pause();
  } else {
    fprintf(stderr, "there is no benchmark '%s'\n", name.c_str());
    exit(2);
  }
}

int main(int argc, char** argv) {
  if (argc < 2)
    return 2;
  name = argv[1];
  for (int i = 2; i < argc; i++)
    args.push_back(atol(argv[i]));
  actor_system_config config;
  if (const char* policy = getenv("CAF_POLICY"))
    config.set("scheduler.policy", atom_from_string(policy));
  if (const char* threads = getenv("CAF_THREADS"))
    config.set("scheduler.max-threads", (size_t)atol(threads));
  if (const char* some = getenv("CAF_SLICE"))
    slice = atol(some);
  actor_system sys{config};
  run(sys);
  printf("caf %s [", name.c_str());
  for (size_t i = 0; i < args.size(); i++)
    printf(i ? ",%ld" : "%ld", args[i]);
  printf("] msgs=%ld ns=%lu ns/msg=%.2f cpu=%.2f peak=%ld %s\n", messages, wall_ns,
         double(wall_ns) / messages, double(cpu_ns) / messages, status("VmHWM:"), extra.c_str());
  fflush(stdout);
  _exit(0);
}

// Preloaded into the native peer where it runs on two threads: a thread that ggml makes stays on
// the second of the first two CPUs that the process may use, and its maker on the first.
//
// llama.cpp makes a new thread for every token, and the kernel often starts it on its maker's CPU,
// where the two then spin against each other.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>

typedef int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static cpu_set_t first, second;

__attribute__((constructor)) static void choose(void) {
  cpu_set_t all;
  sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&first);
  CPU_ZERO(&second);
  int found = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++) {
    if (CPU_ISSET(cpu, &all)) CPU_SET(cpu, found++ == 0 ? &first : &second);
  }
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument) {
  static create real;
  if (real == NULL) real = (create)dlsym(RTLD_NEXT, "pthread_create");
  Dl_info of;
  if (attributes != NULL || CPU_COUNT(&second) == 0 || !dladdr((void *)run, &of) ||
      of.dli_fname == NULL || strstr(of.dli_fname, "ggml") == NULL) {
    return real(thread, attributes, run, argument);
  }
  pthread_setaffinity_np(pthread_self(), sizeof first, &first);
  pthread_attr_t pinned;
  pthread_attr_init(&pinned);
  pthread_attr_setaffinity_np(&pinned, sizeof second, &second);
  int result = real(thread, &pinned, run, argument);
  pthread_attr_destroy(&pinned);
  return result;
}

/* Lets glibc load the x86_64 library that was built for Android, so that it can be run here. Built
 * once as each of Android's libraries; preloaded, so that its names come first.
 *
 * Where bionic and glibc agree (the kernel's layouts and numbers, and on x86_64 those of threads)
 * glibc's function is used as it is. Where they differ, a call is translated, and only one that
 * comes from our library: the JVM's own calls pass through here too. */
#define _GNU_SOURCE
#if defined(SHIM_C)
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_ours(void *caller) {
  Dl_info info;
  return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "libpos_ffi.so");
}
#define FROM_US is_ours(__builtin_return_address(0))

/* glibc's own function behind one of ours. */
static void *behind(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

int *__errno(void) { return &errno; }

/* POSIX returns a number, GNU the text; the name is declared as GNU's. */
extern int __xpg_strerror_r(int, char *, size_t);
long told_strerror_r(int error, char *text, size_t size) __asm__("strerror_r");
long told_strerror_r(int error, char *text, size_t size) {
  if (FROM_US) return __xpg_strerror_r(error, text, size);
  return ((long (*)(int, char *, size_t))behind("strerror_r"))(error, text, size);
}

long sysconf(int name) {
  long (*real)(int) = (long (*)(int))behind("sysconf");
  if (!FROM_US) return real(name);
  switch (name) { /* bionic's numbers */
    case 0x27: case 0x28: return real(_SC_PAGESIZE);
    case 0x60: return real(_SC_NPROCESSORS_CONF);
    case 0x61: return real(_SC_NPROCESSORS_ONLN);
    default: errno = EINVAL; return -1;
  }
}

/* bionic has the two pointers of addrinfo the other way round, and counts EAI_… upwards. */
static void turn_round(struct addrinfo *list) {
  for (; list; list = list->ai_next) {
    void *address = list->ai_addr;
    list->ai_addr = (void *)list->ai_canonname;
    list->ai_canonname = address;
  }
}
static const int glibc_eai[] = {0, EAI_ADDRFAMILY, EAI_AGAIN, EAI_BADFLAGS, EAI_FAIL, EAI_FAMILY,
  EAI_MEMORY, EAI_NODATA, EAI_NONAME, EAI_SERVICE, EAI_SOCKTYPE, EAI_SYSTEM};
enum { CODES = sizeof glibc_eai / sizeof *glibc_eai, BIONIC_EAI_FAIL = 4 };

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **list) {
  int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
      (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))behind("getaddrinfo");
  int result = real(host, service, hints, list);
  if (!FROM_US) return result;
  if (!result) turn_round(*list);
  for (int code = 0; code < CODES; code++) if (glibc_eai[code] == result) return code;
  return BIONIC_EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *list) {
  if (FROM_US) turn_round(list);
  ((void (*)(struct addrinfo *))behind("freeaddrinfo"))(list);
}

const char *gai_strerror(int code) {
  if (FROM_US && code >= 0 && code < CODES) code = glibc_eai[code];
  return ((const char *(*)(int))behind("gai_strerror"))(code);
}
#elif defined(SHIM_LOG)
#include <stdio.h>

int __android_log_write(int priority, const char *tag, const char *text) {
  return fprintf(stderr, "logcat %d %s: %s\n", priority, tag, text);
}
int __android_log_buf_write(int buffer, int priority, const char *tag, const char *text) {
  (void)buffer;
  return __android_log_write(priority, tag, text);
}
#else
typedef int nothing;
#endif

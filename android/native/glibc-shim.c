/* Lets glibc load a library that was built for Android, so that it can be run here: the x86_64 one
 * in a JVM, the ARM ones under qemu-user. Built once as each of Android's libraries; preloaded, so
 * that its names come first.
 *
 * Where bionic and glibc agree (the kernel's layouts and numbers, and on x86_64 those of threads)
 * glibc's function is used as it is. Where they differ, a call is translated, and only one that
 * comes from our library: the calls of whoever loaded it (JVM, Python) pass through here too. */
#define _GNU_SOURCE
#if defined(SHIM_C)
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
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

#ifndef __x86_64__
/* On ARM bionic's types of threads are smaller than glibc's: those of glibc are kept elsewhere. */

/* Zero until it is first used, as its initialiser says. */
typedef struct { pthread_mutex_t *kept; } SmallMutex;

static pthread_mutex_t *kept(SmallMutex *mutex) {
  pthread_mutex_t *found = __atomic_load_n(&mutex->kept, __ATOMIC_ACQUIRE);
  if (found) return found;
  static const pthread_mutex_t initial = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_t *made = malloc(sizeof *made);
  if (!made) abort();
  *made = initial;
  if (__atomic_compare_exchange_n(&mutex->kept, &found, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return made;
  free(made); /* another thread was faster */
  return found;
}

#define MUTEX(name)                                                                  \
  int small_##name(SmallMutex *mutex) __asm__("pthread_mutex_" #name);               \
  int small_##name(SmallMutex *mutex) {                                              \
    int (*real)(void *) = (int (*)(void *))behind("pthread_mutex_" #name);           \
    return FROM_US ? real(kept(mutex)) : real(mutex);                                \
  }
MUTEX(lock)
MUTEX(trylock)
MUTEX(unlock)

int small_init(SmallMutex *mutex, const pthread_mutexattr_t *how) __asm__("pthread_mutex_init");
int small_init(SmallMutex *mutex, const pthread_mutexattr_t *how) {
  int (*real)(void *, const pthread_mutexattr_t *) =
      (int (*)(void *, const pthread_mutexattr_t *))behind("pthread_mutex_init");
  if (!FROM_US) return real(mutex, how);
  mutex->kept = 0;
  return real(kept(mutex), how);
}

int small_destroy(SmallMutex *mutex) __asm__("pthread_mutex_destroy");
int small_destroy(SmallMutex *mutex) {
  int (*real)(void *) = (int (*)(void *))behind("pthread_mutex_destroy");
  if (!FROM_US) return real(mutex);
  int result = real(kept(mutex));
  free(mutex->kept);
  mutex->kept = 0;
  return result;
}

/* Nothing but the size of the stack is ever asked for. */
typedef struct { size_t stack; } SmallAttributes;

int small_attr_init(SmallAttributes *how) __asm__("pthread_attr_init");
int small_attr_init(SmallAttributes *how) {
  if (!FROM_US) return ((int (*)(void *))behind("pthread_attr_init"))(how);
  how->stack = 0;
  return 0;
}

int small_attr_destroy(SmallAttributes *how) __asm__("pthread_attr_destroy");
int small_attr_destroy(SmallAttributes *how) {
  return FROM_US ? 0 : ((int (*)(void *))behind("pthread_attr_destroy"))(how);
}

int small_stack(SmallAttributes *how, size_t bytes) __asm__("pthread_attr_setstacksize");
int small_stack(SmallAttributes *how, size_t bytes) {
  int (*real)(void *, size_t) = (int (*)(void *, size_t))behind("pthread_attr_setstacksize");
  if (!FROM_US) return real(how, bytes);
  how->stack = bytes;
  return 0;
}

int small_create(pthread_t *thread, const SmallAttributes *how, void *(*work)(void *), void *given)
    __asm__("pthread_create");
int small_create(pthread_t *thread, const SmallAttributes *how, void *(*work)(void *), void *given) {
  int (*real)(pthread_t *, const void *, void *(*)(void *), void *) =
      (int (*)(pthread_t *, const void *, void *(*)(void *), void *))behind("pthread_create");
  if (!FROM_US || !how || !how->stack) return real(thread, FROM_US ? 0 : how, work, given);
  typedef int (*Change)(pthread_attr_t *);
  pthread_attr_t wide;
  ((Change)behind("pthread_attr_init"))(&wide);
  ((int (*)(pthread_attr_t *, size_t))behind("pthread_attr_setstacksize"))(&wide, how->stack);
  int result = real(thread, &wide, work, given);
  ((Change)behind("pthread_attr_destroy"))(&wide);
  return result;
}
#endif

#ifdef __arm__
/* On 32 bits bionic's stat and its entries of folders are the kernel's wide ones, and its sizes of
 * file systems are narrow. Python asks by the wide names and never comes through here. */
#define STAT(name, of)                                               \
  int wide_##name(of, struct stat64 *found) __asm__(#name);          \
  int wide_##name(of file, struct stat64 *found)
STAT(stat, const char *) { return stat64(file, found); }
STAT(lstat, const char *) { return lstat64(file, found); }
STAT(fstat, int) { return fstat64(file, found); }

struct dirent64 *wide_readdir(DIR *folder) __asm__("readdir");
struct dirent64 *wide_readdir(DIR *folder) { return readdir64(folder); }

typedef struct {
  unsigned long block, fragment, blocks, free, available, files, files_free, files_available, id, flags, longest;
} NarrowFileSystem;
int narrow_statvfs(const char *path, NarrowFileSystem *found) __asm__("statvfs64");
int narrow_statvfs(const char *path, NarrowFileSystem *found) {
  struct statvfs64 wide;
  int result = ((int (*)(const char *, struct statvfs64 *))behind("statvfs64"))(path, &wide);
  *found = (NarrowFileSystem){wide.f_bsize, wide.f_frsize, wide.f_blocks, wide.f_bfree, wide.f_bavail, wide.f_files,
    wide.f_ffree, wide.f_favail, wide.f_fsid, wide.f_flag, wide.f_namemax};
  return result;
}

extern const unsigned *__gnu_Unwind_Find_exidx(unsigned pc, int *entries);
const unsigned *dl_unwind_find_exidx(unsigned pc, int *entries) { return __gnu_Unwind_Find_exidx(pc, entries); }
#endif
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

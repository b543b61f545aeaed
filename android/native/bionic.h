/* As much of Android's C library as SQLite and ring ask for, for a build without the NDK: names,
 * constants and layouts of bionic at API level 24, for arm64, 32-bit ARM and x86_64. The build
 * makes one header of each usual name that includes this one. With the NDK it is not used.
 *
 * What is declared here and not in imports.txt cannot be linked. */
#ifndef VOIDPROOF_BIONIC_H
#define VOIDPROOF_BIONIC_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* 32-bit code with 64-bit file offsets calls other functions than its names say. */
#if !defined(__LP64__) && defined(_FILE_OFFSET_BITS) && _FILE_OFFSET_BITS == 64
#define WIDE_OFFSETS 1
#define CALLS(name) __asm__(name)
#else
#define CALLS(name)
#endif

/* ---- types ---- */

typedef int pid_t, clockid_t;
typedef unsigned uid_t, gid_t, useconds_t, nlink_t;
typedef long time_t, suseconds_t, clock_t;
typedef unsigned long ino_t;
typedef long long off64_t;
#ifdef __LP64__
typedef long ssize_t;
typedef unsigned mode_t;
typedef unsigned long dev_t;
#else
typedef int ssize_t;
typedef unsigned short mode_t;
typedef unsigned dev_t;
#endif
#ifdef WIDE_OFFSETS
typedef off64_t off_t;
#else
typedef long off_t;
#endif

/* ---- errno ---- */

int *__errno(void) __attribute__((const));
#define errno (*__errno())
enum {
  EPERM = 1, ENOENT = 2, EINTR = 4, EIO = 5, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EBUSY = 16,
  EEXIST = 17, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENOSPC = 28, ERANGE = 34, EDEADLK = 35,
  ENOLCK = 37, ENOSYS = 38, EOVERFLOW = 75, EOPNOTSUPP = 95, ENOTCONN = 107, ETIMEDOUT = 110
};
/* SQLite asks by #ifdef whether these exist. */
#define EPERM EPERM
#define ENOLCK ENOLCK
#define EDEADLK EDEADLK
#define EOVERFLOW EOVERFLOW
#define ETIMEDOUT ETIMEDOUT
#define ENOTCONN ENOTCONN

/* ---- memory and text ---- */

#define assert(truth) ((void)0)
void *malloc(size_t);
void *calloc(size_t, size_t);
void *realloc(void *, size_t);
void free(void *);
void abort(void) __attribute__((noreturn));
char *getenv(const char *);
int abs(int);
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
void *memchr(const void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
size_t strlen(const char *);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
size_t strcspn(const char *, const char *);
size_t strspn(const char *, const char *);
int strerror_r(int, char *, size_t);

typedef struct __sFILE FILE;
extern FILE *stderr, *stdout;
int fprintf(FILE *, const char *, ...);
int printf(const char *, ...);
int snprintf(char *, size_t, const char *, ...);
int fflush(FILE *);

#define INFINITY __builtin_inff()
#define isnan(number) __builtin_isnan(number)
#define isinf(number) __builtin_isinf(number)
#define fabs(number) __builtin_fabs(number)
double log(double);
double pow(double, double);

/* ---- time ---- */

struct timespec {
  time_t tv_sec;
  long tv_nsec;
};
struct timeval {
  time_t tv_sec;
  suseconds_t tv_usec;
};
struct timezone {
  int tz_minuteswest, tz_dsttime;
};
struct tm {
  int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
  long tm_gmtoff;
  const char *tm_zone;
};
time_t time(time_t *);
struct tm *localtime_r(const time_t *, struct tm *);
struct tm *localtime(const time_t *);
int gettimeofday(struct timeval *, struct timezone *);
int utimes(const char *, const struct timeval *);
int nanosleep(const struct timespec *, struct timespec *);

/* ---- files ---- */

enum { O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2 };
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_CLOEXEC 02000000
#if defined(__arm__) || defined(__aarch64__)
#define O_DIRECTORY 040000
#define O_NOFOLLOW 0100000
#define O_LARGEFILE 0400000
#else
#define O_DIRECTORY 0200000
#define O_NOFOLLOW 0400000
#define O_LARGEFILE 0100000
#endif
#define F_GETFD 1
#define F_SETFD 2
#define FD_CLOEXEC 1
enum { F_RDLCK = 0, F_WRLCK = 1, F_UNLCK = 2 };
#ifdef WIDE_OFFSETS
enum { F_GETLK = 12, F_SETLK = 13, F_SETLKW = 14 };
#else
enum { F_GETLK = 5, F_SETLK = 6, F_SETLKW = 7 };
#endif
struct flock {
  short l_type, l_whence;
  off_t l_start, l_len;
  pid_t l_pid;
};
enum { SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2 };
enum { F_OK = 0, X_OK = 1, W_OK = 2, R_OK = 4 };
#define FILENAME_MAX 4096

int open(const char *, int, ...);
int fcntl(int, int, ...);
int ioctl(int, int, ...);
int close(int);
int access(const char *, int);
char *getcwd(char *, size_t);
ssize_t read(int, void *, size_t);
ssize_t write(int, const void *, size_t);
ssize_t pread(int, void *, size_t, off_t) CALLS("pread64");
ssize_t pwrite(int, const void *, size_t, off_t) CALLS("pwrite64");
int ftruncate(int, off_t) CALLS("ftruncate64");
off_t lseek(int, off_t, int) CALLS("lseek64");
off64_t lseek64(int, off64_t, int);
int unlink(const char *);
int rmdir(const char *);
int mkdir(const char *, mode_t);
int fsync(int);
int fdatasync(int);
int fchmod(int, mode_t);
int fchown(int, uid_t, gid_t);
ssize_t readlink(const char *, char *, size_t);

/* On 64 bits the kernel's stat, on 32 bits its stat64. */
#if defined(__aarch64__)
struct stat {
  dev_t st_dev;
  ino_t st_ino;
  mode_t st_mode;
  nlink_t st_nlink;
  uid_t st_uid;
  gid_t st_gid;
  dev_t st_rdev;
  unsigned long gap_before_size;
  off_t st_size;
  int st_blksize, gap_before_blocks;
  long st_blocks;
  struct timespec st_atim, st_mtim, st_ctim;
  unsigned gap_at_end[2];
};
#elif defined(__x86_64__)
struct stat {
  dev_t st_dev;
  ino_t st_ino;
  unsigned long st_nlink;
  mode_t st_mode;
  uid_t st_uid;
  gid_t st_gid;
  unsigned gap_before_rdev;
  dev_t st_rdev;
  off_t st_size;
  long st_blksize, st_blocks;
  struct timespec st_atim, st_mtim, st_ctim;
  long gap_at_end[3];
};
#else
struct stat {
  unsigned long long st_dev;
  unsigned char gap_before_mode[4];
  unsigned long short_ino;
  unsigned st_mode;
  nlink_t st_nlink;
  uid_t st_uid;
  gid_t st_gid;
  unsigned long long st_rdev;
  unsigned char gap_before_size[4];
  long long st_size;
  unsigned long st_blksize;
  unsigned long long st_blocks;
  struct timespec st_atim, st_mtim, st_ctim;
  unsigned long long st_ino;
};
#endif
#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec
#define S_IFMT 0170000
#define S_ISLNK(mode) (((mode) & S_IFMT) == 0120000)
#define S_ISREG(mode) (((mode) & S_IFMT) == 0100000)
#define S_ISDIR(mode) (((mode) & S_IFMT) == 0040000)
int stat(const char *, struct stat *);
int fstat(int, struct stat *);
int lstat(const char *, struct stat *);

#define PROT_READ 1
#define PROT_WRITE 2
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_FAILED ((void *)-1)
#define MREMAP_MAYMOVE 1
void *mmap(void *, size_t, int, int, int, off_t) CALLS("mmap64");
int munmap(void *, size_t);
void *mremap(void *, size_t, size_t, int, ...);

/* ---- the process ---- */

#define _SC_PAGESIZE 0x27
long sysconf(int);
pid_t getpid(void);
uid_t geteuid(void);
unsigned sleep(unsigned);
int usleep(useconds_t);

#ifdef __LP64__
enum { RTLD_LAZY = 1, RTLD_NOW = 2, RTLD_GLOBAL = 0x100 };
#else
enum { RTLD_LAZY = 1, RTLD_NOW = 0, RTLD_GLOBAL = 2 };
#endif
void *dlopen(const char *, int);
void *dlsym(void *, const char *);
int dlclose(void *);
char *dlerror(void);

typedef long pthread_t, pthread_mutexattr_t;
typedef struct {
#ifdef __LP64__
  int private_words[10];
#else
  int private_words[1];
#endif
} pthread_mutex_t;
typedef struct pthread_attr pthread_attr_t;
enum { PTHREAD_MUTEX_NORMAL = 0, PTHREAD_MUTEX_RECURSIVE = 1 };
#define PTHREAD_MUTEX_INITIALIZER {{0}}
int pthread_mutexattr_init(pthread_mutexattr_t *);
int pthread_mutexattr_settype(pthread_mutexattr_t *, int);
int pthread_mutexattr_destroy(pthread_mutexattr_t *);
int pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);
int pthread_mutex_destroy(pthread_mutex_t *);
int pthread_mutex_lock(pthread_mutex_t *);
int pthread_mutex_trylock(pthread_mutex_t *);
int pthread_mutex_unlock(pthread_mutex_t *);
int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int pthread_join(pthread_t, void **);
pthread_t pthread_self(void);
int pthread_equal(pthread_t, pthread_t);

#endif

/* A disk on which each flush takes FARFIELD_SYNC_SECONDS longer, and which notes each in FARFIELD_SYNC_LOG. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_and_note(void) {
  const char *seconds = getenv("FARFIELD_SYNC_SECONDS");
  const char *log = getenv("FARFIELD_SYNC_LOG");
  struct timespec pause = {seconds ? atol(seconds) : 0, 0};
  nanosleep(&pause, NULL);
  int file = log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (file < 0) return;
  if (write(file, "flush\n", 6) < 0) abort();
  close(file);
}

int fsync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  wait_and_note();
  return real(fd);
}

int fdatasync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  wait_and_note();
  return real(fd);
}

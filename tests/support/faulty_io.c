/* SPDX-License-Identifier: Apache-2.0 */
#include "support/faulty_io.h"

#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>

static struct {
    enum io_call call;
    int at;
    int errnum;
    bool forever;
    size_t short_bytes;
    bool quick;
    const struct statfs *file_system;
    int calls[IO_CALL_COUNT];
    enum io_call failed;
} faults;

static const char *const names[IO_CALL_COUNT] = {"none",     "openat",          "close",    "fstat",     "pread",
                                                 "read",     "write",           "pwrite",   "fallocate", "fsync",
                                                 "syncfs",   "sync_file_range", "renameat", "renameat2", "linkat",
                                                 "unlinkat", "mkdirat",         "fchmod",   "futimens",  "poll"};

/* Counts the call; true where it is to fail. */
static bool fails(enum io_call call) {
    faults.calls[IO_ANY]++;
    faults.calls[call]++;
    if (faults.call != IO_ANY && faults.call != call) {
        return false;
    }
    int count = faults.calls[faults.call];
    if (faults.at == 0 || count < faults.at || (count > faults.at && !faults.forever)) {
        return false;
    }
    faults.failed = faults.failed == IO_ANY ? call : faults.failed;
    errno = faults.errnum;
    return true;
}

static size_t part_of(size_t bytes) {
    return faults.short_bytes ? hw_min_size(bytes, faults.short_bytes) : bytes;
}

static int faulty_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    return fails(IO_OPENAT) ? -1 : hw_io_system.openat(dir_fd, path, flags, mode);
}

static int faulty_close(int fd) {
    if (fails(IO_CLOSE)) {
        hw_io_system.close(fd);
        errno = faults.errnum;
        return -1;
    }
    return hw_io_system.close(fd);
}

static int faulty_fstat(int fd, struct stat *out) {
    return fails(IO_FSTAT) ? -1 : hw_io_system.fstat(fd, out);
}

static int faulty_fstatfs(int fd, struct statfs *out) {
    (void)fd;
    *out = faults.file_system ? *faults.file_system : (struct statfs){.f_type = EXT4_SUPER_MAGIC};
    return 0;
}

static ssize_t faulty_pread(int fd, void *data, size_t bytes, off_t offset) {
    return fails(IO_PREAD) ? -1 : hw_io_system.pread(fd, data, part_of(bytes), offset);
}

static ssize_t faulty_read(int fd, void *data, size_t bytes) {
    return fails(IO_READ) ? -1 : hw_io_system.read(fd, data, part_of(bytes));
}

static ssize_t faulty_write(int fd, const void *data, size_t bytes) {
    return fails(IO_WRITE) ? -1 : hw_io_system.write(fd, data, part_of(bytes));
}

static ssize_t faulty_pwrite(int fd, const void *data, size_t bytes, off_t offset) {
    return fails(IO_PWRITE) ? -1 : hw_io_system.pwrite(fd, data, part_of(bytes), offset);
}

static int faulty_fallocate(int fd, int mode, off_t offset, off_t bytes) {
    return fails(IO_FALLOCATE) ? -1 : hw_io_system.fallocate(fd, mode, offset, bytes);
}

static int faulty_fsync(int fd) {
    if (fails(IO_FSYNC)) {
        return -1;
    }
    return faults.quick ? 0 : hw_io_system.fsync(fd);
}

static int faulty_syncfs(int fd) {
    if (fails(IO_SYNCFS)) {
        return -1;
    }
    return faults.quick ? 0 : hw_io_system.syncfs(fd);
}

static int faulty_sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags) {
    return fails(IO_SYNC_FILE_RANGE) ? -1 : hw_io_system.sync_file_range(fd, offset, bytes, flags);
}

static int faulty_renameat(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path) {
    return fails(IO_RENAMEAT) ? -1 : hw_io_system.renameat(old_dir_fd, old_path, new_dir_fd, new_path);
}

static int faulty_renameat2(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path,
                            unsigned flags) {
    return fails(IO_RENAMEAT2) ? -1 : hw_io_system.renameat2(old_dir_fd, old_path, new_dir_fd, new_path, flags);
}

static int faulty_linkat(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path, int flags) {
    return fails(IO_LINKAT) ? -1 : hw_io_system.linkat(old_dir_fd, old_path, new_dir_fd, new_path, flags);
}

static int faulty_unlinkat(int dir_fd, const char *path, int flags) {
    return fails(IO_UNLINKAT) ? -1 : hw_io_system.unlinkat(dir_fd, path, flags);
}

static int faulty_mkdirat(int dir_fd, const char *path, mode_t mode) {
    return fails(IO_MKDIRAT) ? -1 : hw_io_system.mkdirat(dir_fd, path, mode);
}

static int faulty_fchmod(int fd, mode_t mode) {
    return fails(IO_FCHMOD) ? -1 : hw_io_system.fchmod(fd, mode);
}

static int faulty_futimens(int fd, const struct timespec times[2]) {
    return fails(IO_FUTIMENS) ? -1 : hw_io_system.futimens(fd, times);
}

static int faulty_poll(struct pollfd *fds, nfds_t count, int timeout_ms) {
    return fails(IO_POLL) ? -1 : hw_io_system.poll(fds, count, timeout_ms);
}

static const struct hw_io faulty_io = {
    .openat = faulty_openat,
    .close = faulty_close,
    .fstat = faulty_fstat,
    .fstatfs = faulty_fstatfs,
    .pread = faulty_pread,
    .read = faulty_read,
    .write = faulty_write,
    .pwrite = faulty_pwrite,
    .fallocate = faulty_fallocate,
    .fsync = faulty_fsync,
    .syncfs = faulty_syncfs,
    .sync_file_range = faulty_sync_file_range,
    .renameat = faulty_renameat,
    .renameat2 = faulty_renameat2,
    .linkat = faulty_linkat,
    .unlinkat = faulty_unlinkat,
    .mkdirat = faulty_mkdirat,
    .fchmod = faulty_fchmod,
    .futimens = faulty_futimens,
    .poll = faulty_poll,
};

static void faults_start(enum io_call call, int at, int errnum, bool forever) {
    memset(&faults, 0, sizeof(faults));
    faults.call = call;
    faults.at = at;
    faults.errnum = errnum;
    faults.forever = forever;
    hw_io_set(&faulty_io);
}

void faulty_io_start(enum io_call call, int at, int errnum) {
    faults_start(call, at, errnum, false);
}

void faulty_io_start_forever(enum io_call call, int at, int errnum) {
    faults_start(call, at, errnum, true);
}

void faulty_io_short(size_t bytes) {
    faults.short_bytes = bytes;
}

void faulty_io_file_system(const struct statfs *told) {
    faults.file_system = told;
}

void faulty_io_quick(void) {
    faults.quick = true;
}

enum io_call faulty_io_stop(void) {
    hw_io_set(NULL);
    return faults.failed;
}

int faulty_io_calls(enum io_call call) {
    return faults.calls[call];
}

const char *faulty_io_name(enum io_call call) {
    return names[call];
}

int open_files(void) {
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (folder && readdir(folder)) {
        count++;
    }
    if (folder) {
        closedir(folder);
    }
    return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_temp.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/io.h"
#include "core/random.h"
#include "core/siphash.h"
#include "core/view.h"
#include "store/file_system.h"

enum { PROC_BYTES = 1024, HEX = 16, DIGITS = 8, STARTED_FIELD = 22 /* of proc(5)'s stat, from 1 */ };

/* A short file of the system, as text; empty where there is none. */
static void proc_read(const char *path, char out[PROC_BYTES]) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t used = fd >= 0 ? read(fd, out, PROC_BYTES - 1) : 0;
    if (fd >= 0) {
        close(fd);
    }
    out[used > 0 ? used : 0] = '\0';
}

/*
 * When a process began, in ticks since the boot; 0 where there is none, or where that is not told.
 * One that has ended, but whose parent has not yet asked for its end, is none.
 */
static uint32_t process_started(uint32_t pid) {
    char path[64];
    char text[PROC_BYTES];
    snprintf(path, sizeof(path), "/proc/%u/stat", pid);
    proc_read(path, text);
    /* The name of the program stands in parentheses and may have any bytes in it. */
    const char *at = strrchr(text, ')');
    if (at && (strncmp(at, ") Z", 3) == 0 || strncmp(at, ") X", 3) == 0)) {
        return 0;
    }
    for (int field = 2; at && field < STARTED_FIELD; field++) {
        at = strchr(at + 1, ' ');
    }
    return at ? (uint32_t)strtoull(at + 1, NULL, 10) : 0;
}

struct hw_file_owner hw_file_owner_self(void) {
    char text[PROC_BYTES];
    struct stat namespace = {0};
    uint32_t place = UINT32_C(2166136261); /* FNV-1a */
    proc_read("/proc/sys/kernel/random/boot_id", text);
    if (stat("/proc/self/ns/pid", &namespace) == 0) {
        const size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, " %" PRIu64, (uint64_t) namespace.st_ino);
    }
    for (const char *at = text; *at; at++) {
        place = (place ^ (uint8_t)*at) * UINT32_C(16777619);
    }
    const uint32_t pid = (uint32_t)getpid();
    return (struct hw_file_owner){.place = place, .pid = pid, .started = process_started(pid)};
}

void hw_file_temp_name(const struct hw_file_owner *owner, char out[HW_FILE_TEMP_BYTES]) {
    snprintf(out, HW_FILE_TEMP_BYTES, HW_FILE_TEMP_PREFIX "%08" PRIx32 "%08" PRIx32 "%08" PRIx32 "%08" PRIx32 ".part",
             owner->place, owner->pid, owner->started, (uint32_t)hw_random_u64());
}

void hw_file_partial_names(const char *name, char out_partial[HW_FILE_TEMP_BYTES],
                           char out_journal[HW_FILE_TEMP_BYTES]) {
    const struct hw_siphash_key plain = {{0}};
    const struct hw_hash128 hash = hw_siphash128(&plain, name, strlen(name));
    snprintf(out_partial, HW_FILE_TEMP_BYTES, HW_FILE_TEMP_PREFIX "%016" PRIx64 "%016" PRIx64 ".partial", hash.words[0],
             hash.words[1]);
    snprintf(out_journal, HW_FILE_TEMP_BYTES, HW_FILE_TEMP_PREFIX "%016" PRIx64 "%016" PRIx64 ".journal", hash.words[0],
             hash.words[1]);
}

static bool temp_named(const char *name, const char *ending) {
    const hw_view whole = hw_view_of(name);
    return hw_view_starts(whole, HW_VIEW(HW_FILE_TEMP_PREFIX)) && hw_view_ends(whole, hw_view_of(ending)) &&
           whole.size > strlen(HW_FILE_TEMP_PREFIX) + strlen(ending);
}

/* False for a name of another form, as other versions have it. */
static bool owner_read(const char *name, struct hw_file_owner *out_owner) {
    const char *digits = name + strlen(HW_FILE_TEMP_PREFIX);
    uint32_t numbers[3];
    if (strspn(digits, "0123456789abcdef") != 4 * DIGITS) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        char text[DIGITS + 1];
        memcpy(text, digits + i * DIGITS, DIGITS);
        text[DIGITS] = '\0';
        numbers[i] = (uint32_t)strtoul(text, NULL, HEX);
    }
    *out_owner = (struct hw_file_owner){numbers[0], numbers[1], numbers[2]};
    return true;
}

static bool older_than(int folder_fd, const char *name, int64_t age_us) {
    struct stat info;
    return fstatat(folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
           hw_clock_now_us() - hw_file_mtime_us(&info) > age_us;
}

static bool temp_orphaned(const struct hw_file_owner *self, int folder_fd, const char *name) {
    struct hw_file_owner owner;
    const bool read = owner_read(name, &owner);
    if (read && owner.place == self->place && self->started != 0 && owner.started != 0) {
        return process_started(owner.pid) != owner.started;
    }
    return older_than(folder_fd, name, HW_FILE_TEMP_AGE_US_MAX);
}

static void folder_sweep(const struct hw_file_owner *self, int folder_fd) {
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder) {
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    for (const struct dirent *found; (found = readdir(folder));) {
        const char *name = found->d_name;
        const bool partial = temp_named(name, ".partial") || temp_named(name, ".journal");
        if ((temp_named(name, ".part") && temp_orphaned(self, folder_fd, name)) ||
            (partial && older_than(folder_fd, name, HW_FILE_PARTIAL_AGE_US_MAX))) {
            hw_io()->unlinkat(folder_fd, found->d_name, 0);
        }
    }
    closedir(folder);
}

void hw_file_temps_init(struct hw_file_temps *temps) {
    *temps = (struct hw_file_temps){.owner = hw_file_owner_self()};
    pthread_mutex_init(&temps->synced.lock, NULL);
}

void hw_file_temps_release(struct hw_file_temps *temps) {
    pthread_mutex_destroy(&temps->synced.lock);
    hw_hash_set_release(&temps->synced.swept);
}

void hw_file_temps_look(struct hw_file_temps *temps, const char *folder, size_t folder_bytes, int folder_fd) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < folder_bytes; i++) {
        hash = (hash ^ (uint8_t)folder[i]) * UINT64_C(1099511628211);
    }
    pthread_mutex_lock(&temps->synced.lock);
    const bool first = hw_hash_set_add(&temps->synced.swept, hash);
    pthread_mutex_unlock(&temps->synced.lock);
    if (first) {
        folder_sweep(&temps->owner, folder_fd);
    }
}

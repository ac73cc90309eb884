/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>

#include "codec/checksum_crc64nvme.h"
#include "core/io.h"
#include "store/file_system.h"

enum {
    /* A smaller part is not worth a hint of its own. */
    WRITE_BACK_BYTES_MIN = 1 << 20,
    /* What st_blocks counts, stat(3type). */
    STAT_BLOCK_BYTES = 512,
};

/* As fallocate, but only looks whether there is room. What the file has already counts too. */
static int room_look(int fd, const struct statfs *system, uint64_t size) {
    struct stat info;
    if (hw_io()->fstat(fd, &info) != 0) {
        return -1;
    }
    const uint64_t left = (uint64_t)system->f_bavail * (uint64_t)system->f_bsize;
    const uint64_t has = (uint64_t)info.st_blocks * STAT_BLOCK_BYTES;
    /* One without blocks has no limit. */
    if (system->f_blocks == 0 || size <= has || size - has <= left) {
        return 0;
    }
    errno = ENOSPC;
    return -1;
}

/*
 * A disk notes which blocks it gives. A file system in memory makes every page instead, while no
 * part comes: with 1 GiB that was a third of the time of a download. Its pages lie in no order
 * anyway, so they are made as parts are written.
 */
static int room_take(int fd, uint64_t size) {
    struct statfs system;
    int rc;
    if (hw_io()->fstatfs(fd, &system) == 0 && system.f_type == TMPFS_MAGIC) {
        return room_look(fd, &system, size);
    }
    do {
        rc = hw_io()->fallocate(fd, 0, 0, (off_t)size);
    } while (rc != 0 && errno == EINTR);
    const bool cannot = rc != 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL);
    return cannot ? 0 : rc;
}

enum hw_status hw_file_parts_begin(struct hw_file_parts *parts, int fd, uint64_t size, struct hw_error *err) {
    parts->fd = fd;
    parts->size = size;
    if (size > INT64_MAX) {
        return hw_fail(err, HW_ELIMIT, "no file can have %" PRIu64 " bytes", size);
    }
    const int rc = size > 0 ? room_take(fd, size) : 0;
    return rc == 0 ? HW_OK : hw_file_failed(err, errno, "take room for the file");
}

static enum hw_status part_check(const struct hw_file_parts *parts, const struct hw_sink_part *part,
                                 struct hw_error *err) {
    uint64_t end;
    if (hw_add(part->offset, (uint64_t)part->bytes, &end) && end <= parts->size) {
        return HW_OK;
    }
    return hw_fail(err, HW_EIO, "a part of %zu bytes at offset %" PRIu64 " is beyond the %" PRIu64 " bytes of the file",
                   part->bytes, part->offset, parts->size);
}

enum hw_status hw_file_parts_write(struct hw_file_parts *parts, const struct hw_sink_part *part, struct hw_error *err) {
    HW_TRY(part_check(parts, part, err));
    HW_TRY(hw_io_pwrite_all(parts->fd, part->data, part->bytes, part->offset, err));
    if (part->bytes >= WRITE_BACK_BYTES_MIN) {
        /* This is a hint: fsync says what goes wrong with these pages. */
        hw_io()->sync_file_range(parts->fd, (off_t)part->offset, (off_t)part->bytes, SYNC_FILE_RANGE_WRITE);
    }
    if (parts->journal.parts_count > 0) {
        HW_TRY(hw_file_journal_add(&parts->journal, part->number, part->crc64nvme, err));
    }
    atomic_fetch_add(&parts->written, part->bytes);
    return HW_OK;
}

enum hw_status hw_file_parts_read(struct hw_file_parts *parts, const struct hw_sink_part *part, void *data,
                                  bool *out_there, struct hw_error *err) {
    uint64_t crc64nvme;
    *out_there = false;
    HW_TRY(part_check(parts, part, err));
    if (parts->journal.parts_count == 0 || !hw_file_journal_has(&parts->journal, part->number, &crc64nvme)) {
        return HW_OK;
    }
    /* A part that cannot be read back is written once more. */
    if (hw_io_pread_all(parts->fd, data, part->bytes, part->offset, NULL) != HW_OK) {
        return HW_OK;
    }
    if (hw_crc64nvme(0, data, part->bytes) == crc64nvme) {
        *out_there = true;
        atomic_fetch_add(&parts->written, part->bytes);
    }
    return HW_OK;
}

enum hw_status hw_file_parts_check(const struct hw_file_parts *parts, struct hw_error *err) {
    const uint64_t written = atomic_load(&parts->written);
    return written == parts->size
               ? HW_OK
               : hw_fail(err, HW_EIO, "%" PRIu64 " bytes of %" PRIu64 " were written", written, parts->size);
}

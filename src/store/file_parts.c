/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_parts.h"

#include <errno.h>
#include <fcntl.h>

#include "codec/checksum_crc64nvme.h"
#include "core/io.h"
#include "store/file_system.h"

/* A smaller part is not worth a hint of its own. */
enum { WRITE_BACK_BYTES_MIN = 1 << 20 };

enum hw_status hw_file_parts_begin(struct hw_file_parts *parts, int fd, uint64_t size, struct hw_error *err) {
    int rc = 0;
    parts->fd = fd;
    parts->size = size;
    if (size > INT64_MAX) {
        return hw_fail(err, HW_ELIMIT, "no file can have %" PRIu64 " bytes", size);
    }
    do {
        rc = size > 0 ? hw_io()->fallocate(fd, 0, 0, (off_t)size) : 0;
    } while (rc != 0 && errno == EINTR);
    const bool cannot = rc != 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL);
    return rc == 0 || cannot ? HW_OK : hw_file_failed(err, errno, "take room for the file");
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

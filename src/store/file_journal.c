/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/io.h"
#include "core/siphash.h"
#include "store/file_system.h"

enum { OPEN_ATTEMPTS_MAX = 16 };

/* A record as it stands in the file. Its hash tells a record from bytes that a crash has left. */
struct record {
    uint64_t number;
    uint64_t crc64nvme;
    uint64_t hash;
};

static enum hw_status header_make(const struct hw_file_journal_params *params, struct hw_buf *out,
                                  struct hw_error *err);
static enum hw_status journal_read(struct hw_file_journal *journal, const struct hw_buf *header, bool *out_resumed,
                                   struct hw_error *err);
static enum hw_status journal_begin(struct hw_file_journal *journal, const struct hw_buf *header, struct hw_error *err);

static uint64_t record_hash(const struct record *record) {
    const struct hw_siphash_key plain = {{0}};
    return hw_siphash128(&plain, record, offsetof(struct record, hash)).words[0];
}

/*
 * Locks the journal that was opened. `*out_gone` is true where it has lost its name meanwhile: the
 * process that had the lock before has published the file.
 */
static enum hw_status journal_lock(const struct hw_file_journal *journal, const struct hw_file_journal_params *params,
                                   bool *out_gone, struct hw_error *err) {
    struct stat info;
    struct stat named;
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0) {
        return hw_fail(err, HW_EEXISTS, "another process writes the same file");
    }
    if (hw_io()->fstat(journal->fd, &info) != 0) {
        return hw_file_failed(err, errno, "look at the journal beside the file");
    }
    const bool there = fstatat(params->folder_fd, params->name, &named, AT_SYMLINK_NOFOLLOW) == 0;
    *out_gone = !there || named.st_dev != info.st_dev || named.st_ino != info.st_ino;
    return *out_gone || hw_file_is_ours(&info)
               ? HW_OK
               : hw_fail(err, HW_EEXISTS, "what has the name of the journal is not this user's alone");
}

/* A journal that has lost its name protects nothing, so the one that has it is opened. */
static enum hw_status journal_take(struct hw_file_journal *journal, const struct hw_file_journal_params *params,
                                   struct hw_error *err) {
    bool gone = true;
    for (int attempts_left = OPEN_ATTEMPTS_MAX; gone && attempts_left > 0; attempts_left--) {
        if (journal->fd >= 0) {
            hw_io()->close(journal->fd);
        }
        journal->fd = hw_file_openat(params->folder_fd, params->name, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
        if (journal->fd < 0 && (errno == ELOOP || errno == EISDIR)) {
            return hw_fail(err, HW_EEXISTS, "what has the name of the journal is no file");
        }
        if (journal->fd < 0) {
            return hw_file_failed(err, errno, "open the journal beside the file");
        }
        HW_TRY(journal_lock(journal, params, &gone, err));
    }
    return gone ? hw_fail(err, HW_EEXISTS, "other processes write the same file") : HW_OK;
}

enum hw_status hw_file_journal_open(struct hw_file_journal *journal, const struct hw_file_journal_params *params,
                                    bool *out_resumed, struct hw_error *err) {
    HW_AUTO(hw_buf) header = {0};
    HW_TRY(header_make(params, &header, err));
    *journal = (struct hw_file_journal){.fd = -1, .parts_count = params->size / params->part_bytes + 1};
    pthread_mutex_init(&journal->synced.lock, NULL);
    journal->crcs = hw_alloc_zero(journal->parts_count, sizeof(*journal->crcs));
    journal->told = hw_alloc_zero(journal->parts_count, sizeof(*journal->told));
    const bool made = journal->crcs && journal->told;
    enum hw_status status = made ? HW_OK : hw_fail_nomem(err, journal->parts_count * sizeof(*journal->crcs));
    status = status ? status : journal_take(journal, params, err);
    status = status ? status : journal_read(journal, &header, out_resumed, err);
    if (status) {
        hw_file_journal_release(journal);
    }
    return status;
}

void hw_file_journal_release(struct hw_file_journal *journal) {
    if (journal->parts_count == 0) {
        return;
    }
    if (journal->fd >= 0) {
        hw_io()->close(journal->fd);
    }
    hw_free(journal->crcs);
    hw_free(journal->told);
    pthread_mutex_destroy(&journal->synced.lock);
    *journal = (struct hw_file_journal){0};
}

/* The header is a few lines of text, so that a person who finds a journal knows what it is. */
static enum hw_status header_make(const struct hw_file_journal_params *params, struct hw_buf *out,
                                  struct hw_error *err) {
    return hw_buf_printf(out, err, "hawser journal 1\n%s\n%" PRIu64 " bytes in parts of %" PRIu64 "\n",
                         params->source_id, params->size, params->part_bytes);
}

static void records_take(struct hw_file_journal *journal) {
    struct record record;
    for (;;) {
        const ssize_t got = hw_io()->pread(journal->fd, &record, sizeof(record), (off_t)journal->synced.end);
        if (got != (ssize_t)sizeof(record) || record.hash != record_hash(&record) ||
            record.number >= journal->parts_count) {
            return;
        }
        journal->crcs[record.number] = record.crc64nvme;
        journal->told[record.number] = true;
        journal->synced.end += sizeof(record);
    }
}

/* Whatever is not a journal of just this is begun anew. */
static enum hw_status journal_read(struct hw_file_journal *journal, const struct hw_buf *header, bool *out_resumed,
                                   struct hw_error *err) {
    HW_AUTO(hw_buf) found = {0};
    HW_TRY(hw_buf_resize(&found, header->size, err));
    const ssize_t got = hw_io()->pread(journal->fd, found.data, header->size, 0);
    journal->synced.end = header->size;
    if (got != (ssize_t)header->size || memcmp(found.data, header->data, header->size) != 0) {
        *out_resumed = false;
        return journal_begin(journal, header, err);
    }
    records_take(journal);
    *out_resumed = true;
    return HW_OK;
}

static enum hw_status journal_begin(struct hw_file_journal *journal, const struct hw_buf *header,
                                    struct hw_error *err) {
    if (ftruncate(journal->fd, 0) != 0) {
        return hw_file_failed(err, errno, "empty the journal beside the file");
    }
    HW_TRY(hw_io_pwrite_all(journal->fd, header->data, header->size, 0, err));
    return hw_io()->fsync(journal->fd) == 0 ? HW_OK : hw_file_failed(err, errno, "bring the journal to the disk");
}

bool hw_file_journal_has(const struct hw_file_journal *journal, uint64_t number, uint64_t *out_crc64nvme) {
    if (number >= journal->parts_count || !journal->told[number]) {
        return false;
    }
    *out_crc64nvme = journal->crcs[number];
    return true;
}

enum hw_status hw_file_journal_add(struct hw_file_journal *journal, uint64_t number, uint64_t crc64nvme,
                                   struct hw_error *err) {
    struct record record = {.number = number, .crc64nvme = crc64nvme};
    record.hash = record_hash(&record);
    pthread_mutex_lock(&journal->synced.lock);
    const uint64_t at = journal->synced.end;
    journal->synced.end += sizeof(record);
    pthread_mutex_unlock(&journal->synced.lock);
    return hw_io_pwrite_all(journal->fd, &record, sizeof(record), at, err);
}

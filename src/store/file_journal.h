/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of a file that is written in parts: which of them are in the file already, with the
 * checksum of each. A run that is killed leaves it beside the unfinished file, and the next run
 * goes on from there, if it writes the same version of the same source. What the journal says of a
 * part is believed only once the part was read back and has that checksum.
 */
#ifndef HW_STORE_FILE_JOURNAL_H
#define HW_STORE_FILE_JOURNAL_H

#include <pthread.h>

#include "core/error.h"

struct hw_file_journal {
    int fd;
    uint64_t parts_count;
    /* The CRC-64/NVME of each part, and whether the journal has told it. */
    uint64_t *crcs;
    bool *told;
    struct {
        pthread_mutex_t lock;
        /* The place of the next record. */
        uint64_t end;
    } synced;
};

/* Names what is written. The texts are borrowed. */
struct hw_file_journal_params {
    /* The folder and the name of the journal in it. */
    int folder_fd;
    const char *name;
    /* The version of the source. A journal of another one is begun anew. */
    const char *source_id;
    uint64_t size;
    uint64_t part_bytes;
};
/*
 * Opens the journal, or begins one, which is on the disk when this returns. `*out_resumed` tells
 * which. HW_EEXISTS means that another process writes the same file, or that another user may write
 * to what has the name of the journal. Nothing is left open on failure.
 */
HW_NODISCARD enum hw_status hw_file_journal_open(struct hw_file_journal *journal,
                                                 const struct hw_file_journal_params *params, bool *out_resumed,
                                                 struct hw_error *err);
/* Closes the journal; the file stays. A zeroed one may be released too. */
void hw_file_journal_release(struct hw_file_journal *journal);

/* Tells the checksum of a part, if the journal has it. Any thread. */
bool hw_file_journal_has(const struct hw_file_journal *journal, uint64_t number, uint64_t *out_crc64nvme);
/* Adds a part that is in the file now. Any thread, each part once. */
HW_NODISCARD enum hw_status hw_file_journal_add(struct hw_file_journal *journal, uint64_t number, uint64_t crc64nvme,
                                                struct hw_error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one version of an object at any offset (net/ranges.h). Several threads may read at once. */
#ifndef HW_S3_READER_H
#define HW_S3_READER_H

#include "s3/client.h"
#include "s3/facts.h"

struct hw_s3_reader;

/* An object to be read. The texts are borrowed for the call. */
struct hw_s3_reader_options {
    const char *key;
    /* NULL means the newest version. */
    const char *version_id;
    /* The size of a window. */
    size_t part_bytes;
    /* The size and ETag that HEAD or a listing has told, as in struct hw_s3_first, or NULL. */
    const struct hw_s3_object *known;
    /*
     * The first window has only so many bytes, part_bytes at most, and is at the end of the object.
     * 0: it is a whole one, at the beginning.
     */
    size_t end_bytes;
};
/*
 * Opens an object with one request for its first window, which tells size and version and is kept.
 */
HW_NODISCARD enum hw_status hw_s3_reader_open(struct hw_s3_client *client, const struct hw_s3_reader_options *options,
                                              struct hw_s3_reader **out_reader, struct hw_error *err);
/* Returns the version that is read. It belongs to the reader. */
const struct hw_s3_object *hw_s3_reader_object(const struct hw_s3_reader *reader);
/*
 * Returns the kind of checksum that proved the object's bytes, which is done if the object came
 * whole with the first window, and with a checksum or an ETag that is its MD5. Else it is
 * HW_CHECKSUM_NONE.
 */
enum hw_checksum_kind hw_s3_reader_proved_by(const struct hw_s3_reader *reader);
/*
 * Tells the object's checksum; that of its parts is none. This takes one request, each time, unless
 * the object's bytes are proved already, or the object came whole without one from a service that
 * tells no more by HEAD.
 */
HW_NODISCARD enum hw_status hw_s3_reader_checksum(const struct hw_s3_reader *reader, struct hw_checksum *out_checksum,
                                                  struct hw_error *err);
/* Tells the reader that reads follow each other from here on, so that it fetches windows ahead. */
void hw_s3_reader_in_order(struct hw_s3_reader *reader);
/* Fetches bytes before they are read, or gives that up, as net/ranges.h has it. */
void hw_s3_reader_expect(struct hw_s3_reader *reader, uint64_t offset, size_t bytes);
void hw_s3_reader_forget(struct hw_s3_reader *reader, uint64_t offset, size_t bytes);
/*
 * Reads exactly `bytes` from `offset`. HW_EIO means that the range goes beyond the end, HW_ECHANGED
 * that the object was replaced by another version.
 */
HW_NODISCARD enum hw_status hw_s3_reader_read_at(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                                 struct hw_error *err);
/* Closes a reader in which no read is under way. Accepts NULL. */
void hw_s3_reader_close(struct hw_s3_reader *reader);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one version of an object at any offset. Where reads follow each other, small ones go
 * through windows of the object, which are fetched ahead. All others come as parallel ranges
 * straight to where they are wanted, and no byte more. Safe from several threads at once.
 */
#ifndef HW_S3_READER_H
#define HW_S3_READER_H

#include "s3/client.h"
#include "s3/response.h"

enum {
    HW_S3_READER_WINDOWS = 4, /* of part_bytes each: the memory that a reader may hold */
    HW_S3_READER_RANGES = 8,  /* under way at once for one large read */
};

struct hw_s3_reader;

/*
 * One request: the first window tells size and version, and is kept. `known` is what HEAD or a
 * listing has told of the object, as hw_s3_object_discover takes it; NULL: nothing.
 */
HW_NODISCARD enum hw_status hw_s3_reader_open(struct hw_s3_client *client, const char *key, size_t part_bytes,
                                              const struct hw_s3_object *known, struct hw_s3_reader **out_reader,
                                              struct hw_error *err);
/* Borrowed. */
const struct hw_s3_object *hw_s3_reader_object(const struct hw_s3_reader *reader);
/*
 * What the bytes were compared with: they came whole with the first window. HW_CHECKSUM_NONE: they
 * were not.
 */
enum hw_checksum_kind hw_s3_reader_proved_by(const struct hw_s3_reader *reader);
/*
 * The object's checksum. Where it did not come whole with the first window, this takes one request
 * each time.
 */
HW_NODISCARD enum hw_status hw_s3_reader_checksum(const struct hw_s3_reader *reader, struct hw_checksum *out_checksum,
                                                  struct hw_error *err);
/*
 * Says that reads follow each other from here on: what comes next is fetched before it is asked
 * for.
 */
void hw_s3_reader_in_order(struct hw_s3_reader *reader);
/*
 * Exactly `bytes` from `offset`; HW_EIO beyond the end, HW_ECHANGED where the object was replaced.
 */
HW_NODISCARD enum hw_status hw_s3_reader_read_at(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                                 struct hw_error *err);
/* No read may be under way. Accepts NULL. */
void hw_s3_reader_close(struct hw_s3_reader *reader);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one object: with one PUT if it fits in a part, else as a multipart upload, whose parts are
 * sent while the next one fills. At most `parts_held` parts are in memory, and the first one only
 * takes as much as was written to it. One thread at a time. An object whose size is known may be
 * written in parts instead (s3/part_upload.h).
 */
#ifndef HW_S3_WRITER_H
#define HW_S3_WRITER_H

#include <hawser/io.h>
#include <hawser/s3.h>

#include "s3/client.h"
#include "s3/facts.h"

/* The most parts in memory at once. */
enum { HW_S3_WRITER_PARTS = 5 };

struct hw_s3_writer;
struct hw_s3_older;
struct hw_s3_part_shares;

struct hw_s3_writer_options {
    const char *key;
    /* Counts where `write` names none; NULL means application/octet-stream. */
    const char *content_type;
    /* All else that is kept of the object. NULL means nothing. */
    const struct hw_write_options *write;
    /* The least size of a part. Less than 5 MiB, which S3 demands, counts as 5 MiB. */
    uint64_t part_bytes;
    /*
     * The most parts in memory; with 1 none is filled while one is sent. 0 means
     * HW_S3_WRITER_PARTS.
     */
    unsigned parts_held;
    /* The most bytes that the object will have; 0 if that is not known. */
    uint64_t size_hint;
    /* Both as in hw_s3_put_params. */
    bool create_only;
    const char *if_match;
    /* Both as in struct hw_s3_part_upload_params, for an object that is written in parts. */
    bool resume;
    bool keep;
    /* True if hw_s3_writer_settle shall keep nothing in memory until the object is published. */
    bool one_of_many;
};

/*
 * Opens a writer, without a request. The texts of `options` are copied. HW_EUSAGE says what is
 * wrong with `options->write`.
 */
HW_NODISCARD enum hw_status hw_s3_writer_open(struct hw_s3_client *client, const struct hw_s3_writer_options *options,
                                              struct hw_s3_writer **out_writer, struct hw_error *err);
/* Adds bytes to the object. After a failure only hw_s3_writer_free may be called. */
HW_NODISCARD enum hw_status hw_s3_writer_write(struct hw_s3_writer *writer, const void *data, size_t bytes,
                                               struct hw_error *err);
/*
 * Writes the whole object at once, as whole_write of hawser/io.h promises. Nothing has been written
 * before. An object that one PUT cannot write, or that is `one_of_many`, is copied all the same.
 */
HW_NODISCARD enum hw_status hw_s3_writer_whole_write(struct hw_s3_writer *writer, const void *data, size_t bytes,
                                                     struct hw_error *err);
/*
 * Begins to write the object in parts, as parts_begin of hawser/io.h promises. Nothing has been
 * written before, and from now on hw_s3_writer_part_write alone writes.
 */
HW_NODISCARD enum hw_status hw_s3_writer_parts_begin(struct hw_s3_writer *writer, uint64_t size, uint64_t *part_bytes,
                                                     struct hw_error *err);
/*
 * Says that a version is there, whose parts the service may copy (s3/older_parts.h); it counts for
 * an object that is then begun in parts. It is borrowed for as long as the writer.
 */
void hw_s3_writer_older(struct hw_s3_writer *writer, const struct hw_s3_older *older);
/*
 * Tells how the parts have come, none of which may be under way: nothing of an object without any.
 */
void hw_s3_writer_shares(const struct hw_s3_writer *writer, struct hw_s3_part_shares *out_shares);
/* Writes one part, as part_write of hawser/io.h promises. Any thread. */
HW_NODISCARD enum hw_status hw_s3_writer_part_write(struct hw_s3_writer *writer, const struct hw_sink_part *part,
                                                    struct hw_error *err);
/*
 * Sends the rest of a multipart upload and waits for all of its parts. An object that one PUT will
 * write stays in memory until it is published, unless it is `one_of_many`, which makes it an upload
 * of one part.
 */
HW_NODISCARD enum hw_status hw_s3_writer_settle(struct hw_s3_writer *writer, struct hw_error *err);
/*
 * Publishes the object, whether it was settled before or not. `out_etag` is the ETag as the service
 * gave it.
 */
HW_NODISCARD enum hw_status hw_s3_writer_finish(struct hw_s3_writer *writer, char out_etag[HW_S3_ETAG_BYTES],
                                                struct hw_error *err);
/*
 * Frees the writer. Unless hw_s3_writer_finish has published the object, the parts under way end
 * and the upload is aborted, so that nothing of it stays at the service. Accepts NULL.
 */
void hw_s3_writer_free(struct hw_s3_writer *writer);

#endif

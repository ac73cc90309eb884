/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline's view of a format that can be written; table/reader.h is its twin.
 *
 * A table writer belongs to one output. Workers each own an encoder of it: they add batches, then
 * take what was added as one encoded piece (a Parquet row group, a run of Avro blocks). Pieces are
 * appended in the order of their rows, by one thread at a time; `finish` writes what closes the
 * file. Publishing the sink is the caller's part.
 *
 *   writer = format->writer_new(schema, options, sink)
 *   encoder = writer->ops->encoder_new(writer)      any thread
 *   encoder->ops->add(encoder, batch) ...           one thread a time, encoders are independent
 *   encoder->ops->take(encoder) -> encoded
 *   writer->ops->append(writer, encoded)            in order; writes to the sink
 *   writer->ops->finish(writer)
 *
 * An output of many files has one writer without a sink, which makes the encoders but takes no
 * pieces, and a sibling of this writer for each file.
 */
#ifndef HW_TABLE_WRITER_H
#define HW_TABLE_WRITER_H

#include <hawser/io.h>

#include "table/batch.h"

struct hw_encoder;
struct hw_encoded;
struct hw_table_writer;

struct hw_encoder_ops {
    /*
     * Adds the rows of `batch`, which is borrowed for the call only. After a failure only reset or
     * free may follow.
     */
    enum hw_status (*add)(struct hw_encoder *encoder, const struct hw_batch *batch, struct hw_error *err);
    /*
     * Hands out the rows added so far as one piece, which the caller owns. The encoder is empty
     * then, and keeps its buffers.
     */
    enum hw_status (*take)(struct hw_encoder *encoder, struct hw_encoded **out_encoded, struct hw_error *err);
    /* Drops the rows added since the last take. */
    void (*reset)(struct hw_encoder *encoder);
    void (*free)(struct hw_encoder *encoder);
};

struct hw_encoder {
    const struct hw_encoder_ops *ops;
    size_t rows; /* rows added since the last take */
    /*
     * Memory in use for these rows, buffers and finished pages. Kept up to date by add, take and
     * reset.
     */
    size_t held_bytes;
    /*
     * Bytes that these rows come to, encoded or not yet. Kept up to date likewise. This depends on
     * the rows alone: whoever ends pieces by it ends them at the same rows, however much memory
     * there is and whatever the encoder was used for before.
     */
    size_t content_bytes;
};

struct hw_encoded_ops {
    void (*free)(struct hw_encoded *encoded);
};

struct hw_encoded {
    const struct hw_encoded_ops *ops;
    size_t rows;
    size_t held_bytes; /* memory in use */
    /* Bytes by which the piece makes a file longer, all in all: a little more rather than less. */
    size_t file_bytes;
};

struct hw_table_writer_ops {
    /* Makes an encoder, which must be freed before the writer. */
    enum hw_status (*encoder_new)(struct hw_table_writer *writer, struct hw_encoder **out_encoder,
                                  struct hw_error *err);
    /* Writes the piece to the sink. Takes and frees `encoded`, on failure too. */
    enum hw_status (*append)(struct hw_table_writer *writer, struct hw_encoded *encoded, struct hw_error *err);
    /*
     * Writes what closes the file, but does not finish the sink. A file to which no piece was
     * appended is a file without rows.
     */
    enum hw_status (*finish)(struct hw_table_writer *writer, struct hw_error *err);
    /*
     * Makes a writer of one more file, for pieces of the encoders of `writer`, which must outlive
     * it. It makes no encoders itself. Borrows the sink.
     */
    enum hw_status (*sibling)(const struct hw_table_writer *writer, struct hw_sink *sink,
                              struct hw_table_writer **out_writer, struct hw_error *err);
    /* Frees the writer. Its encoders and their pieces must be freed before. */
    void (*free)(struct hw_table_writer *writer);
};

struct hw_table_writer {
    const struct hw_table_writer_ops *ops;
    uint64_t rows; /* rows appended so far */
    /* Memory in use, about as much as finish will write. Kept up to date by append. */
    size_t held_bytes;
};

#endif

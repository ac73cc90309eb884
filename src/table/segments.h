/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of an encoded piece, for formats whose pieces are nothing but bytes that follow each
 * other.
 */
#ifndef HW_TABLE_SEGMENTS_H
#define HW_TABLE_SEGMENTS_H

#include "core/buf.h"
#include "table/writer.h"

struct hw_segment;

/*
 * Bytes in a list of large segments, so that nothing is moved when there come more. Start it
 * zeroed.
 */
struct hw_segments {
    struct hw_segment *first;
    struct hw_segment *last;
    size_t held_bytes;
    size_t bytes; /* appended */
};

/* On failure a part of the bytes may have been appended. */
HW_NODISCARD enum hw_status hw_segments_append(struct hw_segments *segments, const void *data, size_t bytes,
                                               struct hw_error *err);
void hw_segments_release(struct hw_segments *segments);

/*
 * Makes the bytes a piece of `rows` rows, owned by the caller; `segments` is empty then. On failure
 * it is as it was.
 */
HW_NODISCARD enum hw_status hw_segments_take(struct hw_segments *segments, size_t rows, struct hw_encoded **out_encoded,
                                             struct hw_error *err);

/* The first part of a writer of such a format: its file is the header, then the pieces. */
struct hw_segments_writer {
    struct hw_table_writer base;
    struct hw_sink *sink;
    struct hw_buf header; /* empty once it is written */
};

/*
 * The operations of such a writer but for `encoder_new`. What more a format's writer has behind
 * this struct is its encoders': a sibling, for which the header of the other must not be written
 * yet, does without.
 */
enum hw_status hw_segments_writer_sibling(const struct hw_table_writer *base, struct hw_sink *sink,
                                          struct hw_table_writer **out_writer, struct hw_error *err);
enum hw_status hw_segments_writer_append(struct hw_table_writer *base, struct hw_encoded *encoded,
                                         struct hw_error *err);
enum hw_status hw_segments_writer_finish(struct hw_table_writer *base, struct hw_error *err);
void hw_segments_writer_free(struct hw_table_writer *base);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoded pieces and the writer of formats whose files are a header and then the bytes of the
 * pieces, one after the other.
 */
#ifndef HW_TABLE_BYTE_LIST_H
#define HW_TABLE_BYTE_LIST_H

#include "core/buf.h"
#include "table/segment_pool.h"
#include "table/writer.h"

/* Bytes in a list of segments, so that none is moved when more come. */
struct hw_byte_list {
    struct hw_segment_pool *pool; /* borrowed */
    struct hw_segment *first;
    struct hw_segment *last;
    size_t held_bytes; /* memory in use */
    size_t bytes;      /* number of bytes that were appended */
    bool trimmed;      /* the last segment is a small one, which is not the pool's */
};

/* Makes an empty list, whose segments come from the pool and go back to it. */
void hw_byte_list_init(struct hw_byte_list *list, struct hw_segment_pool *pool);

/* Appends bytes. On failure a part of them may have been appended. */
HW_NODISCARD enum hw_status hw_byte_list_append(struct hw_byte_list *list, const void *data, size_t bytes,
                                                struct hw_error *err);
/* Empties the list. */
void hw_byte_list_release(struct hw_byte_list *list);

/*
 * Makes a piece of `rows` rows of the bytes, which the caller owns, and leaves `list` empty. On
 * failure `list` is as it was. The pool must outlive the piece.
 */
HW_NODISCARD enum hw_status hw_byte_list_take(struct hw_byte_list *list, size_t rows, struct hw_encoded **out_encoded,
                                              struct hw_error *err);

/* The struct with which a writer of such a format begins. */
struct hw_byte_list_writer {
    struct hw_table_writer base;
    struct hw_sink *sink; /* borrowed */
    struct hw_buf header; /* empty once it was written */
    /* The pool of the lists of its encoders. */
    struct hw_segment_pool *pool;
};

/* Starts a writer that is zeroed. The sink is borrowed. */
void hw_byte_list_writer_init(struct hw_byte_list_writer *writer, const struct hw_table_writer_ops *ops,
                              struct hw_sink *sink);

/*
 * The operations of such a writer, all but `encoder_new`. A sibling is a struct hw_byte_list_writer
 * and no more: what the format's own writer has behind that serves its encoders, which a sibling
 * has not. It copies the header of its writer, which must not have been written yet.
 */
enum hw_status hw_byte_list_writer_sibling(const struct hw_table_writer *base, struct hw_sink *sink,
                                           struct hw_table_writer **out_writer, struct hw_error *err);
enum hw_status hw_byte_list_writer_append(struct hw_table_writer *base, struct hw_encoded *encoded,
                                          struct hw_error *err);
enum hw_status hw_byte_list_writer_finish(struct hw_table_writer *base, struct hw_error *err);
void hw_byte_list_writer_free(struct hw_table_writer *base);

#endif

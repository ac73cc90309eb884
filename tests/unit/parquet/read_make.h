/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parquet files in memory of the rows that support/made_stream.h makes up, written by the project's
 * own writer. The rows that went in are kept as text, a line each: that is what a reader must give.
 */
#ifndef HW_TESTS_PARQUET_READ_MAKE_H
#define HW_TESTS_PARQUET_READ_MAKE_H

#include "parquet/read_file.h"
#include "parquet/writer.h"
#include "support/made_stream.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "support/slot_text.h"

enum { READ_MADE_ROWS_MAX = 20000 };

struct read_made {
    struct memory_sink sink;
    struct memory_source source;
    /* The rows as text, and where each of them ends in it. */
    struct hw_buf text;
    size_t ends[READ_MADE_ROWS_MAX];
    size_t rows;
    struct hw_read_file file;
};

/* Appends the rows of a batch, a line each, with a space behind each column. */
static inline void read_batch_text(const struct hw_batch *batch, struct hw_buf *out) {
    for (size_t row = 0; row < batch->rows; row++) {
        for (size_t i = 0; i < batch->schema->count; i++) {
            slots_text(&batch->schema->fields[i], &batch->columns[i], row, 1, out);
        }
        assert_int_equal(hw_buf_append_byte(out, '\n', NULL), HW_OK);
    }
}

/* Notes the rows of a batch, one by one. */
static inline void read_made_note(struct read_made *made, const struct hw_batch *batch) {
    const size_t before = made->text.size;
    read_batch_text(batch, &made->text);
    for (size_t at = before; at < made->text.size; at++) {
        if (made->text.data[at] == '\n') {
            assert_true(made->rows < READ_MADE_ROWS_MAX);
            made->ends[made->rows++] = at + 1;
        }
    }
}

/* Returns the text of `count` rows from `first` on. */
static inline hw_view read_made_text(const struct read_made *made, size_t first, size_t count) {
    assert_true(first + count <= made->rows);
    const size_t begin = first > 0 ? made->ends[first - 1] : 0;
    const size_t end = first + count > 0 ? made->ends[first + count - 1] : 0;
    return (hw_view){(const char *)made->text.data + begin, end - begin};
}

/*
 * Writes a file of one row group for each of `groups` sizes, with the first `columns` columns of a
 * made stream, 0: all of them.
 */
static inline void read_made_write(struct read_made *made, size_t columns, const size_t *sizes, size_t groups,
                                   const struct hw_parquet_options *options) {
    struct made_stream rows = {.columns = columns, .rows = READ_MADE_ROWS_MAX, .sizes = sizes};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
    struct hw_encoded *encoded;
    *made = (struct read_made){.sink = memory_sink(0)};
    made_stream_init(&rows);
    assert_ok(hw_parquet_writer_new(&rows.schema, options, &made->sink.base, &writer, &err), err);
    assert_ok(writer->ops->encoder_new(writer, &encoder, &err), err);
    for (size_t i = 0; i < groups; i++) {
        struct hw_batch batch;
        bool more = false;
        assert_ok(rows.base.next(&rows.base, &batch, &more, &err), err);
        assert_true(more && batch.rows == sizes[i]);
        read_made_note(made, &batch);
        assert_ok(encoder->ops->add(encoder, &batch, &err), err);
        hw_batch_release(&batch);
        assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
        assert_ok(writer->ops->append(writer, encoded, &err), err);
    }
    assert_ok(writer->ops->finish(writer, &err), err);
    encoder->ops->free(encoder);
    writer->ops->free(writer);
    made->source = memory_source(hw_buf_view(&made->sink.bytes), 0);
}

/* Writes the file, and opens it. */
static inline void read_made_open(struct read_made *made, size_t columns, const size_t *sizes, size_t groups,
                                  const struct hw_parquet_options *options) {
    struct hw_error err = HW_ERROR_INIT;
    read_made_write(made, columns, sizes, groups, options);
    assert_ok(hw_read_file_open(&made->file, &made->source.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
}

static inline void read_made_close(struct read_made *made) {
    hw_read_file_release(&made->file);
    hw_buf_release(&made->sink.bytes);
    hw_buf_release(&made->text);
}

/* Rows that were read, as text, in how many batches, and the most rows of one of these. */
struct read_drained {
    struct hw_buf text;
    size_t batches;
    size_t rows_max;
    size_t rows;
};

/* Adds the rows of a batch, and releases it. */
static inline void read_drained_add(struct read_drained *drained, struct hw_batch *batch) {
    drained->batches++;
    drained->rows += batch->rows;
    drained->rows_max = drained->rows_max < batch->rows ? batch->rows : drained->rows_max;
    read_batch_text(batch, &drained->text);
    hw_batch_release(batch);
}

/* Adds all rows that a stream still has. */
static inline enum hw_status read_drain(struct hw_batch_stream *stream, struct read_drained *drained,
                                        struct hw_error *err) {
    for (;;) {
        struct hw_batch batch;
        bool more = false;
        HW_TRY(stream->next(stream, &batch, &more, err));
        if (!more) {
            return HW_OK;
        }
        assert_ptr_equal(batch.schema, stream->schema);
        read_drained_add(drained, &batch);
    }
}

#endif

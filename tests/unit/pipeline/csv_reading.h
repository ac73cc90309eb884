/* SPDX-License-Identifier: Apache-2.0 */
/* CSV objects in files, and what is seen of one that is read as a stream to its end. */
#ifndef HW_TESTS_CSV_READING_H
#define HW_TESTS_CSV_READING_H

#include <hawser/csv.h>
#include <stdio.h>

#include "core/buf.h"
#include "csv/schema_file.h"
#include "support/rows.h"
#include "support/scratch.h"
#include "unit/csv/batch_text.h"
#include "unit/csv/packed.h"

/* How the text lies in its file. */
enum csv_packing { PLAIN, GZIP, ZSTD, PIPED };

static inline void csv_file_write(const struct scratch *scratch, const char *name, enum csv_packing packing,
                                  hw_view text) {
    HW_AUTO(hw_buf) packed = {.limit = HW_MIB(200)};
    if (packing == GZIP) {
        packed_gzip(text, &packed);
    } else if (packing == ZSTD) {
        packed_zstd(text, 17, &packed);
    } else {
        packed_put(&packed, text.data, text.size);
    }
    /* an empty text has no data */
    scratch_write(scratch, name, hw_buf_view(&packed).data, packed.size);
}

/* Writes in.csv: rows of a number and a text, "7,7%". */
static inline void csv_numbers_write(const struct scratch *scratch, size_t rows) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "n,t\n", NULL), HW_OK);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(hw_buf_printf(&text, NULL, "%zu,%zu%%\n", i, i % 100), HW_OK);
    }
    scratch_write(scratch, "in.csv", text.data, text.size);
}

struct csv_reading {
    enum hw_status status;
    struct hw_error err;
    bool opened;
    char schema[1024];   /* "a int64, b text" */
    struct hw_buf json;  /* the same as a schema file */
    struct hw_buf rows;  /* as batch_text has them */
    struct hw_buf told;  /* rejects: line, offset, reason, column, record */
    uint64_t rows_count; /* also where their text is not wanted */
    size_t batch_rows;   /* of the largest batch */
    size_t batches;
};

static inline void csv_reading_release(struct csv_reading *reading) {
    hw_buf_release(&reading->json);
    hw_buf_release(&reading->rows);
    hw_buf_release(&reading->told);
}

static inline void csv_reading_told(void *ctx, const struct hw_csv_reject *reject) {
    struct csv_reading *reading = ctx;
    assert_int_equal(hw_buf_printf(&reading->told, NULL, "%" PRIu64 " %" PRIu64 " %s %s [%.*s]\n", reject->line,
                                   reject->offset, reject->reason, reject->column ? reject->column : "-",
                                   (int)reject->record_bytes, reject->record),
                     HW_OK);
}

static inline void csv_reading_schema(const struct hw_schema *schema, char *out, size_t out_bytes) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < schema->count && used < out_bytes; i++) {
        char type[64];
        hw_type_format(schema->fields[i].type, type, sizeof(type));
        used +=
            (size_t)snprintf(out + used, out_bytes - used, "%s%s %s", i > 0 ? ", " : "", schema->fields[i].name, type);
    }
}

/* Reads all there is; without `text`, rows are only counted. `options->ctx` is set here. */
static inline struct csv_reading csv_read_all(const char *source, const struct hw_csv_read_options *options,
                                              bool text) {
    struct csv_reading reading = {.err = HW_ERROR_INIT};
    struct hw_csv_read_options own = *options;
    struct hw_batch_stream *stream = NULL;
    bool more = true;
    own.ctx = &reading;
    reading.status = hw_csv_read(source, &own, &stream, &reading.err);
    if (reading.status != HW_OK) {
        assert_null(stream);
        return reading;
    }
    reading.opened = true;
    csv_reading_schema(stream->schema, reading.schema, sizeof(reading.schema));
    assert_ok(hw_schema_file_write(stream->schema, &reading.json, &reading.err), reading.err);
    assert_int_equal(hw_buf_end_text(&reading.json, NULL), HW_OK);
    while (more && reading.status == HW_OK) {
        struct hw_batch batch = {0};
        reading.status = stream->next(stream, &batch, &more, &reading.err);
        if (reading.status == HW_OK && more) {
            assert_non_null(batch.owner);
            assert_true(batch.rows > 0);
            assert_ptr_equal(batch.schema, stream->schema);
            reading.rows_count += batch.rows;
            reading.batch_rows = hw_max_size(reading.batch_rows, batch.rows);
            reading.batches++;
            if (text) {
                batch_text(&batch, &reading.rows);
            }
        }
        hw_batch_release(&batch);
    }
    stream->free(stream);
    assert_int_equal(hw_buf_end_text(&reading.rows, NULL), HW_OK);
    assert_int_equal(hw_buf_end_text(&reading.told, NULL), HW_OK);
    return reading;
}

#endif

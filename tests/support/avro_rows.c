/* SPDX-License-Identifier: Apache-2.0 */
#include "support/avro_rows.h"

#include <stdlib.h>

#include "avro/block_read.h"
#include "avro/decode.h"
#include "avro/schema_read.h"
#include "avro/table_schema.h"
#include "support/rows.h"
#include "support/slot_text.h"
#include "table/batch_check.h"

static void put(struct hw_buf *out, const char *text) {
    assert_int_equal(hw_buf_append_text(out, text, NULL), HW_OK);
}

static enum hw_status batch_text(struct hw_avro_decoder *decoder, struct hw_buf *out, struct hw_error *err) {
    struct hw_batch batch;
    HW_TRY(hw_avro_decoder_batch(decoder, &batch, err));
    /* Whatever was decoded, the batch is one that every reader of batches takes. */
    assert_ok(hw_batch_check(batch.schema, &batch, err), *err);
    for (size_t row = 0; row < batch.rows; row++) {
        put(out, row > 0 ? "|" : "");
        for (size_t i = 0; i < batch.schema->count; i++) {
            put(out, i > 0 ? " " : "");
            slot_text(&batch.schema->fields[i], &batch.columns[i], row, out);
        }
    }
    hw_avro_decoder_clear(decoder, 0);
    return HW_OK;
}

static enum hw_status rows_decode(const struct avro_rows *rows, const struct hw_avro_program *program, hw_view bytes,
                                  struct hw_buf *out, struct hw_error *err) {
    struct hw_avro_decoder *decoder;
    const struct hw_avro_batch_size size = {rows->batch_rows > 0 ? rows->batch_rows : SIZE_MAX, HW_MIB(64)};
    bool full = true;
    HW_TRY(hw_avro_decoder_new(program, size, &decoder, err));
    enum hw_status status = hw_avro_decoder_begin(decoder, bytes, rows->count, err);
    while (status == HW_OK && full) {
        status = hw_avro_decoder_run(decoder, &full, err);
        if (status == HW_OK && hw_avro_decoder_rows(decoder) > 0) {
            put(out, out->size > 0 ? "//" : "");
            status = batch_text(decoder, out, err);
        }
    }
    hw_avro_decoder_free(decoder);
    return status;
}

enum hw_status avro_rows_text(const struct avro_rows *rows, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_avro_schema_tree) writer = {0};
    HW_AUTO(hw_avro_schema_tree) reader = {0};
    HW_AUTO(hw_avro_program) program = {0};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_schema table;
    HW_TRY(hw_avro_schema_read(&writer, hw_view_of(rows->writer), err));
    HW_TRY(rows->reader ? hw_avro_schema_read(&reader, hw_view_of(rows->reader), err) : HW_OK);
    const struct hw_avro_type *asked = rows->reader ? reader.root : writer.root;
    HW_TRY(hw_avro_table_schema(asked, &arena, &table, err));
    HW_TRY(hw_avro_program_make(&program, writer.root, asked, &table, err));
    char *bytes = calloc(1, rows->bytes.size + HW_AVRO_BLOCK_ROOM);
    assert_non_null(bytes);
    memcpy(bytes, rows->bytes.data, rows->bytes.size);
    enum hw_status status = rows_decode(rows, &program, (hw_view){bytes, rows->bytes.size}, out, err);
    free(bytes);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/decode.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"

struct hw_avro_decoder {
    const struct hw_avro_program *program;
    struct hw_avro_batch_size size;
    struct hw_avro_run run;
    const uint8_t *at;
    uint64_t items;
    uint64_t items_left;
    size_t rows;
    /* The most rows of a batch, by their number and by the bytes that each takes. */
    size_t rows_max;
    /* The bytes of the block, and of those before it, that these rows were. */
    size_t bytes;
    /* What was there at the mark. */
    size_t marked_rows;
    size_t marked_bytes;
};

enum hw_status hw_avro_decoder_new(const struct hw_avro_program *program, struct hw_avro_batch_size size,
                                   struct hw_avro_decoder **out_decoder, struct hw_error *err) {
    struct hw_avro_decoder *decoder = hw_alloc_zero(1, sizeof(*decoder));
    if (!decoder) {
        return hw_fail_nomem(err, sizeof(*decoder));
    }
    decoder->program = program;
    enum hw_status status = hw_avro_columns_init(&decoder->run.columns, program->schema, err);
    decoder->size = size;
    decoder->rows_max = hw_clamp(size.bytes / hw_max_size(decoder->run.columns.row_bytes, 1), 1, size.rows);
    if (status != HW_OK) {
        hw_avro_decoder_free(decoder);
        return status;
    }
    *out_decoder = decoder;
    return HW_OK;
}

void hw_avro_decoder_free(struct hw_avro_decoder *decoder) {
    if (decoder) {
        hw_avro_columns_release(&decoder->run.columns);
        hw_free(decoder);
    }
}

enum hw_status hw_avro_decoder_begin(struct hw_avro_decoder *decoder, hw_view block, uint64_t count,
                                     struct hw_error *err) {
    const size_t least = decoder->program->item_bytes_min;
    if (least > 0 && count > block.size / least) {
        return hw_fail_at(err, HW_EDATA, 0, "%" PRIu64 " items of at least %zu bytes cannot be in %zu bytes", count,
                          least, block.size);
    }
    if (least == 0 && count > HW_AVRO_EMPTY_ITEMS_MAX) {
        return hw_fail_at(err, HW_ELIMIT, 0, "%" PRIu64 " items without bytes, more than the %" PRIu64 " allowed",
                          count, HW_AVRO_EMPTY_ITEMS_MAX);
    }
    struct hw_avro_run *run = &decoder->run;
    run->begin = (const uint8_t *)block.data;
    run->end = run->begin + block.size;
    run->empty_left = HW_AVRO_EMPTY_ITEMS_MAX;
    decoder->at = run->begin;
    decoder->items = decoder->items_left = count;
    return HW_OK;
}

static enum hw_status items_decode(struct hw_avro_decoder *decoder, struct hw_error *err);
static bool batch_full(const struct hw_avro_decoder *decoder, size_t rows);

enum hw_status hw_avro_decoder_run(struct hw_avro_decoder *decoder, bool *out_full, struct hw_error *err) {
    bool full = false;
    while (decoder->items_left > 0 && !full) {
        HW_TRY(items_decode(decoder, err));
        full = batch_full(decoder, decoder->rows);
    }
    if (decoder->items_left == 0 && decoder->at != decoder->run.end) {
        return hw_fail_at(err, HW_EDATA, decoder->at - decoder->run.begin,
                          "%td bytes are left behind the last of its %" PRIu64 " items", decoder->run.end - decoder->at,
                          decoder->items);
    }
    *out_full = full;
    return HW_OK;
}

static enum hw_status fault_tell(const struct hw_avro_decoder *decoder, struct hw_error *err);

/* Decodes rows until the block has ended or the batch is full. */
static enum hw_status items_decode(struct hw_avro_decoder *decoder, struct hw_error *err) {
    struct hw_avro_run *run = &decoder->run;
    const struct hw_avro_step *steps = decoder->program->steps;
    const struct hw_avro_step *end = steps + decoder->program->count;
    const uint8_t *begin = decoder->at;
    const size_t rows = (size_t)hw_clamp(decoder->items_left, 0, decoder->rows_max - decoder->rows);
    /* Rows without a step are all the same. */
    size_t row = steps < end ? 0 : rows;
    run->columns.err = &run->fault;
    while (row < rows && !batch_full(decoder, decoder->rows + row)) {
        const uint8_t *at = hw_avro_steps_run(run, steps, end, decoder->at);
        if (HW_UNLIKELY(!at)) {
            decoder->items_left -= row;
            return fault_tell(decoder, err);
        }
        decoder->at = at;
        row++;
    }
    decoder->items_left -= row;
    decoder->rows += row;
    decoder->bytes += (size_t)(decoder->at - begin);
    return HW_OK;
}

static bool batch_full(const struct hw_avro_decoder *decoder, size_t rows) {
    const struct hw_avro_columns *columns = &decoder->run.columns;
    return rows >= decoder->rows_max || rows * columns->row_bytes + columns->more_bytes >= decoder->size.bytes;
}

/* Appends the path of a column: "a.element.b". */
static enum hw_status path_put(const struct hw_avro_columns *columns, uint32_t number, struct hw_buf *out) {
    const struct hw_avro_column *column = &columns->items[number];
    if (column->parent != 0) {
        HW_TRY(path_put(columns, column->parent, out));
        HW_TRY(hw_buf_append_byte(out, '.', NULL));
    }
    return hw_buf_append_text(out, column->field->name, NULL);
}

static enum hw_status fault_tell(const struct hw_avro_decoder *decoder, struct hw_error *err) {
    const struct hw_avro_run *run = &decoder->run;
    const struct hw_avro_step *step = run->fault_step;
    HW_AUTO(hw_buf) path = {0};
    const bool inside = run->fault_at >= run->begin && run->fault_at <= run->end;
    hw_error_set_at(err, run->fault.status, inside ? run->fault_at - run->begin : HW_NO_POSITION, "%s",
                    run->fault.message);
    if (step && step->column != HW_AVRO_NO_COLUMN && step->column != 0 &&
        path_put(&run->columns, step->column, &path) == HW_OK) {
        hw_error_column(err, (const char *)path.data, path.size);
    }
    if (err) {
        err->row = (int64_t)(decoder->items - decoder->items_left);
    }
    return run->fault.status;
}

size_t hw_avro_decoder_rows(const struct hw_avro_decoder *decoder) {
    return decoder->rows;
}

size_t hw_avro_decoder_used(const struct hw_avro_decoder *decoder) {
    const struct hw_avro_columns *columns = &decoder->run.columns;
    return decoder->rows * columns->row_bytes + columns->more_bytes;
}

void hw_avro_decoder_limit(struct hw_avro_decoder *decoder, size_t bytes) {
    decoder->run.columns.held_bytes_max = bytes;
}

size_t hw_avro_decoder_held(const struct hw_avro_decoder *decoder) {
    return decoder->run.columns.held_bytes;
}

enum hw_status hw_avro_decoder_batch(struct hw_avro_decoder *decoder, struct hw_batch *out_batch,
                                     struct hw_error *err) {
    return hw_avro_columns_batch(&decoder->run.columns, decoder->rows, out_batch, err);
}

bool hw_avro_decoder_mark(struct hw_avro_decoder *decoder) {
    if (decoder->marked_rows > 0 && decoder->bytes - decoder->marked_bytes < decoder->run.columns.count) {
        return false;
    }
    if (decoder->rows > 0) {
        hw_avro_columns_mark(&decoder->run.columns);
    }
    decoder->marked_rows = decoder->rows;
    decoder->marked_bytes = decoder->bytes;
    return true;
}

static void fault_forget(struct hw_avro_run *run) {
    run->fault = (struct hw_error)HW_ERROR_INIT;
    run->fault_step = NULL;
}

void hw_avro_decoder_return(struct hw_avro_decoder *decoder) {
    if (decoder->marked_rows == 0) {
        hw_avro_decoder_clear(decoder, SIZE_MAX);
        return;
    }
    hw_avro_columns_return(&decoder->run.columns);
    decoder->rows = decoder->marked_rows;
    decoder->bytes = decoder->marked_bytes;
    fault_forget(&decoder->run);
}

void hw_avro_decoder_clear(struct hw_avro_decoder *decoder, size_t keep_bytes) {
    struct hw_avro_run *run = &decoder->run;
    if (run->columns.held_bytes > keep_bytes) {
        hw_avro_columns_trim(&run->columns);
    } else {
        hw_avro_columns_clear(&run->columns);
    }
    fault_forget(run);
    decoder->rows = decoder->bytes = 0;
    decoder->marked_rows = decoder->marked_bytes = 0;
}

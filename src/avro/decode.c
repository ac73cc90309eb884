/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/decode.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"

/*
 * Rows and part of the bytes of a batch after which it is asked first whether the batch is full. It
 * is asked again for twice the rows, or so many bytes more.
 */
enum { CHECK_ROWS = 64, CHECK_PART = 16 };

struct hw_avro_decoder {
    const struct hw_avro_program *program;
    struct hw_avro_batch_size size;
    struct hw_avro_run run;
    const uint8_t *at;
    uint64_t items;
    uint64_t items_left;
    size_t rows;
    /* Packed bytes of these rows, and what either comes to when it is asked next. */
    size_t bytes;
    size_t check_rows;
    size_t check_bytes;
};

static void check_first(struct hw_avro_decoder *decoder) {
    decoder->rows = decoder->bytes = 0;
    decoder->check_rows = CHECK_ROWS;
    decoder->check_bytes = decoder->size.bytes / CHECK_PART;
}

enum hw_status hw_avro_decoder_new(const struct hw_avro_program *program, struct hw_avro_batch_size size,
                                   struct hw_avro_decoder **out_decoder, struct hw_error *err) {
    struct hw_avro_decoder *decoder = hw_alloc_zero(1, sizeof(*decoder));
    if (!decoder) {
        return hw_fail_nomem(err, sizeof(*decoder));
    }
    decoder->program = program;
    decoder->size = size;
    check_first(decoder);
    enum hw_status status = hw_avro_columns_init(&decoder->run.columns, program->schema, err);
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
static bool batch_full(struct hw_avro_decoder *decoder);

enum hw_status hw_avro_decoder_run(struct hw_avro_decoder *decoder, bool *out_full, struct hw_error *err) {
    bool full = false;
    while (decoder->items_left > 0 && !full) {
        HW_TRY(items_decode(decoder, err));
        full = batch_full(decoder);
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

/* Decodes rows until it is to be asked whether the batch is full. */
static enum hw_status items_decode(struct hw_avro_decoder *decoder, struct hw_error *err) {
    struct hw_avro_run *run = &decoder->run;
    const struct hw_avro_step *steps = decoder->program->steps;
    const struct hw_avro_step *end = steps + decoder->program->count;
    const uint8_t *begin = decoder->at;
    size_t rows = hw_min_size(decoder->size.rows, decoder->check_rows);
    rows = (size_t)hw_clamp(decoder->items_left, 0, rows > decoder->rows ? rows - decoder->rows : 0);
    const size_t bytes = decoder->check_bytes > decoder->bytes ? decoder->check_bytes - decoder->bytes : 0;
    size_t row = 0;
    run->columns.err = &run->fault;
    while (row < rows) {
        const uint8_t *at = hw_avro_steps_run(run, steps, end, decoder->at);
        if (HW_UNLIKELY(!at)) {
            decoder->items_left -= row;
            return fault_tell(decoder, err);
        }
        decoder->at = at;
        row++;
        if (HW_UNLIKELY((size_t)(at - begin) > bytes)) {
            break;
        }
    }
    decoder->items_left -= row;
    decoder->rows += row;
    decoder->bytes += (size_t)(decoder->at - begin);
    return HW_OK;
}

static bool batch_full(struct hw_avro_decoder *decoder) {
    if (decoder->rows >= decoder->size.rows) {
        return true;
    }
    if (decoder->rows < decoder->check_rows && decoder->bytes < decoder->check_bytes) {
        return false;
    }
    decoder->check_rows = 2 * hw_max_size(decoder->rows, decoder->check_rows / 2);
    decoder->check_bytes = decoder->bytes + decoder->size.bytes / CHECK_PART;
    return hw_avro_columns_used(&decoder->run.columns, decoder->rows) >= decoder->size.bytes;
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

size_t hw_avro_decoder_held(const struct hw_avro_decoder *decoder) {
    return decoder->run.columns.held_bytes;
}

enum hw_status hw_avro_decoder_batch(struct hw_avro_decoder *decoder, struct hw_batch *out_batch,
                                     struct hw_error *err) {
    return hw_avro_columns_batch(&decoder->run.columns, decoder->rows, out_batch, err);
}

void hw_avro_decoder_clear(struct hw_avro_decoder *decoder, size_t keep_bytes) {
    struct hw_avro_run *run = &decoder->run;
    if (run->columns.held_bytes > keep_bytes) {
        hw_avro_columns_trim(&run->columns);
    } else {
        hw_avro_columns_clear(&run->columns);
    }
    run->fault = (struct hw_error)HW_ERROR_INIT;
    run->fault_step = NULL;
    check_first(decoder);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format that shows where its pieces end, for tests of what stands behind the seam of
 * table/writer.h: the values of the first column, a piece in brackets, and a full stop at the end
 * of the file: "[0 1 2][3 4].". Of a double "0d".
 */
#ifndef HW_TESTS_FAKE_FORMAT_H
#define HW_TESTS_FAKE_FORMAT_H

#include <stdatomic.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "pipeline/output.h"
#include "support/rows.h"

enum fake_format_call { FAKE_FORMAT_NONE, FAKE_ENCODER_NEW, FAKE_ADD, FAKE_TAKE, FAKE_APPEND, FAKE_FINISH };

/* What all fake writers do; a test sets it, and what it leaves 0 does nothing. */
struct fake_format_script {
    enum fake_format_call fails; /* with HW_EIO "the format fails" */
    size_t row_held_bytes;       /* that an encoder holds for each row in work */
    size_t idle_held_bytes;      /* and in any case */
    atomic_size_t encoders;      /* that live, as the next */
    atomic_size_t pieces;
    atomic_size_t encoders_made;
    atomic_size_t rows_added; /* to encoders, so far */
};

static inline struct fake_format_script *fake_format_script(void) {
    static struct fake_format_script script;
    return &script;
}

static inline enum hw_status fake_format_fails(enum fake_format_call call, struct hw_error *err) {
    return fake_format_script()->fails == call ? hw_fail(err, HW_EIO, "the format fails") : HW_OK;
}

struct fake_encoder {
    struct hw_encoder base;
    struct hw_buf text;
};

struct fake_encoded {
    struct hw_encoded base;
    struct hw_buf text;
};

struct fake_writer {
    struct hw_table_writer base;
    struct hw_sink *sink;
};

static inline void fake_encoder_refresh(struct hw_encoder *base, size_t rows) {
    base->rows = rows;
    base->content_bytes = 8 * rows;
    base->held_bytes = fake_format_script()->idle_held_bytes + rows * fake_format_script()->row_held_bytes;
}

static inline enum hw_status fake_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err) {
    struct fake_encoder *encoder = (struct fake_encoder *)base;
    const bool doubles = batch->schema->fields[0].type.kind == HW_KIND_DOUBLE;
    HW_TRY(fake_format_fails(FAKE_ADD, err));
    for (size_t i = 0; i < batch->rows; i++) {
        const char *before = encoder->text.size > 0 ? " " : "";
        const int64_t number = doubles ? (int64_t)((const double *)batch->columns->values)[i]
                                       : ((const int64_t *)batch->columns->values)[i];
        HW_TRY(hw_buf_printf(&encoder->text, err, "%s%" PRIi64 "%s", before, number, doubles ? "d" : ""));
    }
    fake_encoder_refresh(base, base->rows + batch->rows);
    atomic_fetch_add(&fake_format_script()->rows_added, batch->rows);
    return HW_OK;
}

static inline void fake_reset(struct hw_encoder *base) {
    hw_buf_clear(&((struct fake_encoder *)base)->text);
    fake_encoder_refresh(base, 0);
}

static inline void fake_encoded_free(struct hw_encoded *base) {
    hw_buf_release(&((struct fake_encoded *)base)->text);
    hw_free(base);
    atomic_fetch_sub(&fake_format_script()->pieces, 1);
}

static inline enum hw_status fake_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err) {
    static const struct hw_encoded_ops ops = {fake_encoded_free};
    struct fake_encoder *encoder = (struct fake_encoder *)base;
    HW_TRY(fake_format_fails(FAKE_TAKE, err));
    struct fake_encoded *encoded = hw_alloc_zero(1, sizeof(*encoded));
    if (!encoded) {
        return hw_fail_nomem(err, sizeof(*encoded));
    }
    encoded->text = encoder->text;
    encoder->text = (struct hw_buf){0};
    encoded->base = (struct hw_encoded){&ops, base->rows, 100 * base->rows, encoded->text.size + 2};
    atomic_fetch_add(&fake_format_script()->pieces, 1);
    fake_reset(base);
    *out_encoded = &encoded->base;
    return HW_OK;
}

static inline void fake_encoder_free(struct hw_encoder *base) {
    hw_buf_release(&((struct fake_encoder *)base)->text);
    hw_free(base);
    atomic_fetch_sub(&fake_format_script()->encoders, 1);
}

static inline enum hw_status fake_encoder_new(struct hw_table_writer *writer, struct hw_encoder **out_encoder,
                                              struct hw_error *err) {
    static const struct hw_encoder_ops ops = {fake_add, fake_take, fake_reset, fake_encoder_free};
    (void)writer;
    HW_TRY(fake_format_fails(FAKE_ENCODER_NEW, err));
    struct fake_encoder *encoder = hw_alloc_zero(1, sizeof(*encoder));
    if (!encoder) {
        return hw_fail_nomem(err, sizeof(*encoder));
    }
    encoder->base.ops = &ops;
    fake_encoder_refresh(&encoder->base, 0);
    atomic_fetch_add(&fake_format_script()->encoders, 1);
    atomic_fetch_add(&fake_format_script()->encoders_made, 1);
    *out_encoder = &encoder->base;
    return HW_OK;
}

static inline enum hw_status fake_append(struct hw_table_writer *base, struct hw_encoded *encoded,
                                         struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_sink *sink = ((struct fake_writer *)base)->sink;
    const struct hw_buf *values = &((struct fake_encoded *)encoded)->text;
    enum hw_status status = fake_format_fails(FAKE_APPEND, err);
    if (status == HW_OK) {
        status = hw_buf_printf(&text, err, "[%.*s]", (int)values->size, (const char *)values->data);
    }
    base->rows += encoded->rows;
    encoded->ops->free(encoded);
    return status == HW_OK ? sink->ops->write(sink, text.data, text.size, err) : status;
}

static inline enum hw_status fake_finish(struct hw_table_writer *base, struct hw_error *err) {
    struct hw_sink *sink = ((struct fake_writer *)base)->sink;
    HW_TRY(fake_format_fails(FAKE_FINISH, err));
    return sink->ops->write(sink, ".", 1, err);
}

static inline enum hw_status fake_sibling(const struct hw_table_writer *writer, struct hw_sink *sink,
                                          struct hw_table_writer **out_writer, struct hw_error *err);

static inline void fake_writer_free(struct hw_table_writer *base) {
    hw_free(base);
}

static inline enum hw_status fake_file_new(struct hw_sink *sink, struct hw_table_writer **out_writer,
                                           struct hw_error *err) {
    static const struct hw_table_writer_ops ops = {fake_encoder_new, fake_append, fake_finish, fake_sibling,
                                                   fake_writer_free};
    struct fake_writer *writer = hw_alloc_zero(1, sizeof(*writer));
    if (!writer) {
        return hw_fail_nomem(err, sizeof(*writer));
    }
    *writer = (struct fake_writer){{.ops = &ops}, sink};
    *out_writer = &writer->base;
    return HW_OK;
}

static inline enum hw_status fake_sibling(const struct hw_table_writer *writer, struct hw_sink *sink,
                                          struct hw_table_writer **out_writer, struct hw_error *err) {
    (void)writer;
    return fake_file_new(sink, out_writer, err);
}

static inline enum hw_status fake_writer_new(const struct hw_output_table *table,
                                             const struct hw_output_options *options, hw_view identity,
                                             struct hw_table_writer **out_writer, struct hw_error *err) {
    (void)table;
    (void)options;
    (void)identity;
    return fake_file_new(NULL, out_writer, err);
}

static inline struct hw_output_naming fake_naming(const struct hw_output_options *options) {
    (void)options;
    return (struct hw_output_naming){".fake", "text/plain"};
}

static inline size_t fake_compressor(const struct hw_output_options *options) {
    (void)options;
    return 0;
}

/* A piece is due at `content_bytes_max` and 1,024 a column; a row is 8 bytes. */
static inline struct hw_output_format fake_format(size_t content_bytes_max) {
    return (struct hw_output_format){
        .flag = HW_FORMAT_CSV,
        .name = "fake",
        .naming = fake_naming,
        .compressor_bytes = fake_compressor,
        .content_bytes_max = content_bytes_max,
        .writer_new = fake_writer_new,
    };
}

#endif

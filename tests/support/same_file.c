/* SPDX-License-Identifier: Apache-2.0 */
#include "support/same_file.h"

#include <stdio.h>

#include "support/all_kinds.h"
#include "support/memory_io.h"
#include "support/rows.h"

enum { PIECES = 2, SEED = 1 };

/* How the pieces of a file are made. */
struct way {
    const char *name;
    size_t batch_rows; /* in a batch, 0: all of the piece */
    bool one_encoder;  /* makes both pieces, else each has its own */
    bool last_first;   /* the second piece is made before the first */
    bool history;      /* the encoder has made other pieces before, and dropped one */
    uint8_t unset;     /* see all_kinds_fill */
};

static const struct way ways[] = {
    {"an encoder a piece", 0, false, false, false, 0},
    {"batches of 1", 1, false, false, false, 0},
    {"batches of 13", 13, false, false, false, 0},
    {"batches of 64", 64, false, false, false, 0},
    {"batches of 1000", 1000, false, false, false, 0},
    {"one encoder", 0, true, false, false, 0},
    {"the last first", 0, true, true, false, 0},
    {"a history", 0, true, false, true, 0},
    {"a history, and batches of 64", 64, false, true, true, 0},
    {"other bytes in nulls", 100, true, false, false, 0xa7},
};

static void rows_add(struct hw_encoder *encoder, const struct way *way, uint64_t seed, size_t first, size_t count) {
    struct hw_error err = HW_ERROR_INIT;
    struct all_kinds rows = {0};
    size_t step = way->batch_rows > 0 ? way->batch_rows : count;
    for (size_t at = 0; at < count; at += step) {
        all_kinds_fill(&rows, seed, first + at, hw_min_size(step, count - at), way->unset);
        assert_ok(encoder->ops->add(encoder, &rows.batch, &err), err);
    }
    all_kinds_release(&rows);
}

/* Pieces of other tables, larger and smaller ones, and one that is dropped half made. */
static void history_make(struct hw_encoder *encoder, const struct way *way, size_t piece_rows) {
    const size_t counts[] = {piece_rows / 2, 3, piece_rows + piece_rows / 3, 0, 100};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_encoded *encoded = NULL;
        rows_add(encoder, way, SEED + 1 + i, i * 1000, counts[i]);
        assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
        encoded->ops->free(encoded);
        rows_add(encoder, way, SEED + 9, 7, piece_rows / 5);
        encoder->ops->reset(encoder);
    }
}

static void file_make(same_file_new_fn *writer_new, const void *options, const struct way *way, size_t piece_rows,
                      struct memory_sink *sink) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer = NULL;
    struct hw_encoder *encoders[PIECES] = {NULL};
    struct hw_encoded *pieces[PIECES] = {NULL};

    assert_ok(writer_new(&all_kinds_schema, options, &sink->base, &writer, &err), err);
    for (size_t i = 0; i < PIECES; i++) {
        size_t piece = way->last_first ? PIECES - 1 - i : i;
        size_t which = way->one_encoder ? 0 : i;
        if (!encoders[which]) {
            assert_ok(writer->ops->encoder_new(writer, &encoders[which], &err), err);
            if (way->history) {
                history_make(encoders[which], way, piece_rows);
            }
        }
        rows_add(encoders[which], way, SEED, piece * piece_rows, piece_rows);
        assert_ok(encoders[which]->ops->take(encoders[which], &pieces[piece], &err), err);
    }
    for (size_t i = 0; i < PIECES; i++) {
        assert_ok(writer->ops->append(writer, pieces[i], &err), err);
    }
    assert_ok(writer->ops->finish(writer, &err), err);
    for (size_t i = 0; i < PIECES && encoders[i]; i++) {
        encoders[i]->ops->free(encoders[i]);
    }
    writer->ops->free(writer);
}

void same_file_check(const char *name, same_file_new_fn *writer_new, const void *options, size_t piece_rows) {
    struct memory_sink want = memory_sink(0);
    file_make(writer_new, options, &ways[0], piece_rows, &want);
    assert_true(want.bytes.size > 0);
    for (size_t i = 1; i < COUNT_OF(ways); i++) {
        char row[128];
        struct memory_sink got = memory_sink(0);
        snprintf(row, sizeof(row), "%s, %s", name, ways[i].name);
        file_make(writer_new, options, &ways[i], piece_rows, &got);
        assert_row_bytes(row, got.bytes.data, got.bytes.size, want.bytes.data, want.bytes.size);
        hw_buf_release(&got.bytes);
    }
    hw_buf_release(&want.bytes);
}

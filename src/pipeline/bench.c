/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/bench.h"

#include "core/alloc.h"
#include "table/arrange.h"

static void bench_free(struct hw_bench *bench, size_t outputs) {
    hw_csv_parser_free(bench->parser);
    for (size_t i = 0; i < outputs; i++) {
        if (bench->encoders[i]) {
            bench->encoders[i]->ops->free(bench->encoders[i]);
        }
    }
    hw_buf_release(&bench->text);
    hw_buf_release(&bench->nulls);
    hw_free(bench->profiles);
    hw_free(bench->arranged);
    hw_free(bench->slice);
    hw_piece_free(bench->piece);
    hw_free(bench);
}

static void profiles_clear(const struct hw_conversion *conversion, struct hw_bench *bench) {
    for (size_t i = 0; i < conversion->layout.schema.count; i++) {
        bench->profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
    }
}

static enum hw_status bench_new(struct hw_conversion *conversion, struct hw_bench **out_bench, struct hw_error *err) {
    const size_t columns = conversion->layout.schema.count;
    struct hw_bench *bench = hw_alloc_zero(1, sizeof(*bench));
    if (!bench) {
        return hw_fail_nomem(err, sizeof(*bench));
    }
    bench->slice = hw_alloc_zero(columns, sizeof(*bench->slice));
    bench->arranged = hw_alloc_zero(columns, sizeof(*bench->arranged));
    bench->profiles = hw_alloc_zero(columns, sizeof(*bench->profiles));
    bool room = bench->slice && bench->arranged && bench->profiles;
    enum hw_status status = room ? HW_OK : hw_fail_nomem(err, columns * sizeof(*bench->slice));
    for (size_t i = 0; status == HW_OK && i < conversion->targets->count; i++) {
        struct hw_table_writer *writer = conversion->outputs[i].writer;
        status = writer->ops->encoder_new(writer, &bench->encoders[i], err);
    }
    if (status != HW_OK) {
        bench_free(bench, conversion->targets->count);
        return status;
    }
    profiles_clear(conversion, bench);
    *out_bench = bench;
    return HW_OK;
}

enum hw_status hw_bench_take(struct hw_conversion *conversion, struct hw_bench **out_bench, struct hw_error *err) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    struct hw_bench *bench = conversion->shared_state.benches;
    if (bench) {
        conversion->shared_state.benches = bench->next;
    }
    pthread_mutex_unlock(&conversion->shared_state.lock);
    if (bench) {
        bench->next = NULL;
        *out_bench = bench;
        return HW_OK;
    }
    return bench_new(conversion, out_bench, err);
}

void hw_bench_return(struct hw_conversion *conversion, struct hw_bench *bench) {
    hw_bench_drop(conversion, bench);
    if (bench->parser) {
        hw_csv_parser_forget(bench->parser);
    }
    profiles_clear(conversion, bench);
    pthread_mutex_lock(&conversion->shared_state.lock);
    bench->next = conversion->shared_state.benches;
    conversion->shared_state.benches = bench;
    pthread_mutex_unlock(&conversion->shared_state.lock);
}

void hw_benches_free(struct hw_conversion *conversion) {
    struct hw_bench *bench = conversion->shared_state.benches;
    while (bench) {
        struct hw_bench *next = bench->next;
        bench_free(bench, conversion->targets->count);
        bench = next;
    }
    conversion->shared_state.benches = NULL;
}

/* What the parser knows of its columns becomes part of what is known of the table's. */
static void profiles_collect(struct hw_bench *bench) {
    const struct hw_csv_profile *seen = bench->parser ? hw_csv_parser_profiles(bench->parser) : NULL;
    for (size_t i = 0; seen && i < bench->shape->count; i++) {
        hw_csv_profile_merge(&bench->profiles[bench->shape->places[i]], &seen[i]);
    }
}

enum hw_status hw_bench_turn(struct hw_conversion *conversion, struct hw_bench *bench, const struct hw_text *text,
                             struct hw_error *err) {
    const struct hw_csv_options *csv = &conversion->shared->options->csv;
    const struct hw_csv_parser_options options = {
        .dialect = text->dialect,
        .schema = text->shape->schema,
        .fixed = conversion->layout.fixed,
        .constraints = text->shape->constraints,
        .unique = &conversion->unique,
        .pad = csv->bad_rows_pad,
        .null_values = csv->null_values,
        .null_values_count = csv->null_values_count,
    };
    if (!bench->parser) {
        bench->shape = text->shape;
        return hw_csv_parser_new(&options, &bench->parser, err);
    }
    if (bench->shape != text->shape) {
        profiles_collect(bench);
        bench->shape = text->shape;
    }
    enum hw_status status = hw_csv_parser_turn(bench->parser, &options, err);
    if (status != HW_OK) {
        hw_csv_parser_free(bench->parser);
        bench->parser = NULL;
    }
    return status;
}

enum hw_status hw_bench_arrange(struct hw_conversion *conversion, struct hw_bench *bench, const struct hw_batch *batch,
                                struct hw_batch *out_batch, struct hw_error *err) {
    if (bench->shape->whole) {
        *out_batch = *batch;
        return HW_OK;
    }
    return hw_batch_arrange(batch, bench->shape->places, &conversion->layout.schema, bench->arranged, &bench->nulls,
                            out_batch, err);
}

const struct hw_csv_profile *hw_bench_profiles(struct hw_bench *bench) {
    profiles_collect(bench);
    return bench->profiles;
}

size_t hw_bench_rows(const struct hw_conversion *conversion, const struct hw_bench *bench) {
    return conversion->targets->count > 0 ? bench->encoders[0]->rows : 0;
}

size_t hw_bench_held(const struct hw_conversion *conversion, const struct hw_bench *bench) {
    size_t held = bench->piece ? bench->piece->rejects.capacity : 0;
    for (size_t i = 0; i < conversion->targets->count; i++) {
        held += bench->encoders[i]->held_bytes;
    }
    return held;
}

/*
 * Takes what encoder `i` has as part of a piece. An encoder keeps its buffers; where these alone would make the next piece full at once (a table of
 * thousands of columns, little memory), a new one takes its place.
 */
static enum hw_status encoder_take(struct hw_conversion *conversion, struct hw_bench *bench, size_t i,
                                   struct hw_piece *piece, struct hw_error *err) {
    struct hw_encoder *encoder = bench->encoders[i];
    struct hw_table_writer *writer = conversion->outputs[i].writer;

    HW_TRY(encoder->ops->take(encoder, &piece->encoded[i], err));
    piece->held_bytes += piece->encoded[i]->held_bytes;
    if (encoder->held_bytes > conversion->shared->piece_bytes / 2) {
        HW_TRY(writer->ops->encoder_new(writer, &bench->encoders[i], err));
        encoder->ops->free(encoder);
    }
    return HW_OK;
}

enum hw_status hw_bench_piece(struct hw_conversion *conversion, struct hw_bench *bench, struct hw_piece **out_piece,
                              struct hw_error *err) {
    struct hw_piece *piece = bench->piece ? bench->piece : hw_alloc_zero(1, sizeof(*piece));
    bench->piece = NULL;
    if (!piece) {
        return hw_fail_nomem(err, sizeof(*piece));
    }
    piece->rows = hw_bench_rows(conversion, bench);
    piece->held_bytes = sizeof(*piece) + piece->rejects.capacity;
    for (size_t i = 0; piece->rows > 0 && i < conversion->targets->count; i++) {
        enum hw_status status = encoder_take(conversion, bench, i, piece, err);
        if (status != HW_OK) {
            hw_piece_free(piece);
            return status;
        }
    }
    *out_piece = piece;
    return HW_OK;
}

void hw_bench_drop(struct hw_conversion *conversion, struct hw_bench *bench) {
    for (size_t i = 0; i < conversion->targets->count; i++) {
        bench->encoders[i]->ops->reset(bench->encoders[i]);
    }
    hw_piece_free(bench->piece);
    bench->piece = NULL;
}

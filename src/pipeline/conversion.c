/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/conversion.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "csv/schema_file.h"
#include "csv/utf8.h"
#include "pipeline/sample.h"
#include "pipeline/span.h"
#include "pipeline/stream.h"
#include "table/schema.h"

static enum hw_status facts_prepare(struct hw_conversion *conversion, struct hw_error *err);

enum { SPANS_MAX = 1 << 15 };

enum hw_status hw_conversion_open(struct hw_conversion *conversion, struct hw_conversion_shared *shared,
                                  const struct hw_input *input, const char *name, const struct hw_schema_file *given,
                                  struct hw_error *err) {
    *conversion =
        (struct hw_conversion){.shared = shared, .input = *input, .name = name, .text_bytes = input->source->size};
    pthread_mutex_init(&conversion->shared_state.lock, NULL);
    pthread_cond_init(&conversion->shared_state.moved, NULL);
    HW_TRY(hw_sample_layout(input, &shared->options->csv, given, &conversion->arena, &conversion->layout,
                            &conversion->profiles, err));
    if (!conversion->layout.fixed) {
        hw_csv_layout_types(&conversion->layout, &shared->options->csv, conversion->profiles);
    }
    if (shared->options->report_path && !shared->options->dry_run) {
        HW_TRY(facts_prepare(conversion, err));
    }
    if (shared->options->partition_by_count > 0) {
        HW_TRY(hw_partitioning_init(&conversion->partitioning, &conversion->layout.schema,
                                    shared->options->partition_by, shared->options->partition_by_count,
                                    &conversion->arena, err));
    }
    conversion->unique = (struct hw_csv_unique){.budget = shared->budget, .values_max = HW_CSV_UNIQUE_VALUES_MAX};
    return conversion->layout.constraints.unique
               ? hw_csv_unique_init(&conversion->unique, conversion->layout.schema.count, err)
               : HW_OK;
}

/* What a report needs. */
static enum hw_status facts_prepare(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_schema *schema = &conversion->layout.schema;
    const size_t misfits_bytes = schema->count * sizeof(*conversion->misfits);
    conversion->types_sampled = hw_arena_alloc(&conversion->arena, schema->count * sizeof(*conversion->types_sampled));
    conversion->misfits = hw_arena_alloc(&conversion->arena, misfits_bytes);
    if (!conversion->types_sampled || !conversion->misfits) {
        return hw_fail_nomem(err, misfits_bytes);
    }
    memset(conversion->misfits, 0, misfits_bytes);
    for (size_t i = 0; i < schema->count; i++) {
        conversion->types_sampled[i] = schema->fields[i].type;
    }
    return hw_facts_new(schema, &conversion->facts, err);
}

static enum hw_status outputs_open(struct hw_conversion *conversion, struct hw_error *err);
static enum hw_status spans_cut(struct hw_conversion *conversion, struct hw_error *err);

enum hw_status hw_conversion_start(struct hw_conversion *conversion, struct hw_targets *targets, struct hw_error *err) {
    conversion->targets = targets;
    conversion->pass++;
    HW_TRY(outputs_open(conversion, err));
    return spans_cut(conversion, err);
}

static enum hw_status outputs_open(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_output_options *options = &conversion->shared->output;
    const struct hw_schema *schema = &conversion->layout.schema;
    uint64_t size_hint = conversion->text_bytes;
    if (conversion->partitioning.count > 0) {
        hw_partitioning_types(&conversion->partitioning);
        schema = &conversion->partitioning.rest;
    }
    return hw_outputs_open(&conversion->outputs, conversion->targets, schema, options, size_hint, err);
}

/* Room for one more span. */
static enum hw_status span_add(struct hw_conversion *conversion, struct hw_error *err) {
    if (conversion->shared_state.spans_count < conversion->shared_state.spans_capacity) {
        conversion->shared_state.spans_count++;
        return HW_OK;
    }
    size_t capacity = hw_max_size(16, conversion->shared_state.spans_capacity * 2);
    struct hw_span *spans = hw_realloc_array(conversion->shared_state.spans, capacity, sizeof(*spans));
    if (!spans) {
        return hw_fail_nomem(err, capacity * sizeof(*spans));
    }
    conversion->shared_state.spans = spans;
    conversion->shared_state.spans_capacity = capacity;
    conversion->shared_state.spans_count++;
    return HW_OK;
}

/*
 * How many spans a text is cut in: equal ones of a byte at least, a multiple of the threads where there are several, so that all end together; no more
 * than the row groups that Parquet can number (16 bits with a sign).
 */
static uint64_t spans_wanted(const struct hw_conversion *conversion, uint64_t bytes) {
    const struct hw_conversion_shared *shared = conversion->shared;
    const uint64_t parallel_bytes = HW_MIB(4); /* below, a second worker costs more than it gains */
    uint64_t wanted = bytes / shared->span_bytes + (bytes % shared->span_bytes > 0);
    if (bytes < parallel_bytes && wanted <= 1) {
        return 1;
    }
    wanted = hw_min_size(wanted, SPANS_MAX);
    return hw_min_size(bytes, (wanted + shared->threads - 1) / shared->threads * shared->threads);
}

static enum hw_status spans_cut(struct hw_conversion *conversion, struct hw_error *err) {
    uint64_t start = conversion->layout.body_offset;
    conversion->shared_state.spans_count = 0;
    if (!conversion->input.cuttable) {
        conversion->stream_offset = 0;
        hw_buf_clear(&conversion->stream_rest);
        return HW_OK;
    }
    uint64_t bytes = conversion->text_bytes - start;
    uint64_t count = spans_wanted(conversion, bytes);
    for (uint64_t i = 0; i < count; i++) {
        HW_TRY(span_add(conversion, err));
        uint64_t begin = start + (uint64_t)((unsigned __int128)bytes * i / count);
        conversion->shared_state.spans[i] = (struct hw_span){
            .begin = begin,
            .limit = start + (uint64_t)((unsigned __int128)bytes * (i + 1) / count),
            .start = begin,
            .known_start = i == 0,
        };
    }
    return HW_OK;
}

/* True where `span` must wait: the values of unique columns are told apart in the order of the rows. */
static bool turn_awaited_locked(const struct hw_conversion *conversion, size_t span) {
    return conversion->layout.constraints.unique && span != conversion->shared_state.head;
}

static bool span_claim_locked(struct hw_conversion *conversion, size_t *out_span) {
    size_t i = conversion->shared_state.next;
    while (i < conversion->shared_state.spans_count && conversion->shared_state.spans[i].state != HW_SPAN_WAITING) {
        i++;
    }
    conversion->shared_state.next = i;
    if (i == conversion->shared_state.spans_count || turn_awaited_locked(conversion, i)) {
        return false;
    }
    struct hw_span *span = &conversion->shared_state.spans[i];
    *span = (struct hw_span){.state = HW_SPAN_RUNNING,
                             .known_start = span->known_start,
                             .begin = span->begin,
                             .limit = span->limit,
                             .start = span->start};
    *out_span = i;
    return true;
}

/* Of a stream, the next span is made when it is claimed: one worker at a time fills it. */
static bool stream_claim_locked(struct hw_conversion *conversion, size_t *out_span) {
    if (conversion->shared_state.stream_busy || conversion->shared_state.stream_ended ||
        turn_awaited_locked(conversion, conversion->shared_state.spans_count)) {
        return false;
    }
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = span_add(conversion, &err);
    if (status != HW_OK) {
        conversion->shared_state.stopped = true;
        conversion->shared_state.status = status;
        conversion->shared_state.error = err;
        return false;
    }
    conversion->shared_state.stream_busy = true;
    *out_span = conversion->shared_state.spans_count - 1;
    conversion->shared_state.spans[*out_span] =
        (struct hw_span){.state = HW_SPAN_RUNNING, .known_start = true, .limit = UINT64_MAX};
    return true;
}

bool hw_conversion_claim(struct hw_conversion *conversion, size_t *out_span) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    bool claimed = false;
    if (!conversion->shared_state.stopped && !conversion->shared_state.ended) {
        claimed = conversion->input.cuttable ? span_claim_locked(conversion, out_span)
                                             : stream_claim_locked(conversion, out_span);
    }
    pthread_mutex_unlock(&conversion->shared_state.lock);
    return claimed;
}

void hw_conversion_run(struct hw_conversion *conversion, size_t number) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    struct hw_span claimed = conversion->shared_state.spans[number];
    pthread_mutex_unlock(&conversion->shared_state.lock);
    if (conversion->input.cuttable) {
        hw_span_run_source(conversion, number, &claimed);
    } else {
        hw_stream_run(conversion, number, &claimed);
    }
}

bool hw_conversion_over(struct hw_conversion *conversion) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    bool running = false;
    for (size_t i = 0; i < conversion->shared_state.spans_count; i++) {
        running |= conversion->shared_state.spans[i].state == HW_SPAN_RUNNING;
    }
    bool over = !running && (conversion->shared_state.stopped || conversion->shared_state.ended);
    pthread_mutex_unlock(&conversion->shared_state.lock);
    return over;
}

static void outputs_drop(struct hw_conversion *conversion) {
    if (conversion->rejects) {
        conversion->rejects->ops->free(conversion->rejects);
        conversion->rejects = NULL;
    }
    if (conversion->targets) {
        hw_benches_free(conversion);
        hw_outputs_release(&conversion->outputs);
    }
}

static void span_drop(struct hw_conversion *conversion, struct hw_span *span) {
    while (span->first) {
        struct hw_piece *piece = span->first;
        span->first = piece->next;
        hw_budget_give_back(conversion->shared->budget, piece->budget_bytes);
        hw_piece_free(piece);
    }
    span->last = NULL;
    hw_span_release(span);
}

void hw_span_release(struct hw_span *span) {
    hw_free(span->profiles);
    hw_facts_free(span->facts);
    hw_buf_release(&span->misfits);
    span->profiles = NULL;
    span->facts = NULL;
}

static void spans_drop(struct hw_conversion *conversion) {
    for (size_t i = 0; i < conversion->shared_state.spans_count; i++) {
        span_drop(conversion, &conversion->shared_state.spans[i]);
    }
    conversion->shared_state.spans_count = 0;
}

bool hw_conversion_must_restart(struct hw_conversion *conversion) {
    if (!conversion->shared_state.widening || conversion->shared_state.stopped) {
        return false;
    }
    if (conversion->pass > 1) {
        /* Every value was seen in the first pass, so this cannot be, unless the parsers and the profile disagree. */
        struct hw_error err = HW_ERROR_INIT;
        hw_error_set(&err, HW_EFAILED, "a value does not fit a type that was made from all values");
        hw_conversion_fail(conversion, HW_EFAILED, &err);
        return false;
    }
    hw_csv_layout_types(&conversion->layout, &conversion->shared->options->csv, conversion->profiles);
    spans_drop(conversion); /* before the outputs, whose memory queued pieces give back */
    outputs_drop(conversion);
    hw_input_stream_release(&conversion->stream);
    conversion->shared_state.next = conversion->shared_state.head = 0;
    conversion->shared_state.widening = conversion->shared_state.ended = false;
    conversion->shared_state.stream_ended = false;
    conversion->shared_state.lines = conversion->shared_state.records = 0;
    conversion->shared_state.rows = conversion->shared_state.rejected = 0;
    memset(conversion->shared_state.rejected_by, 0, sizeof(conversion->shared_state.rejected_by));
    if (conversion->facts) {
        hw_facts_clear(conversion->facts);
    }
    return true;
}

static enum hw_status column_describe(const struct hw_conversion *conversion, size_t column, struct hw_arena *arena,
                                      struct hw_convert_column *out_column, struct hw_error *err);

enum hw_status hw_conversion_columns(const struct hw_conversion *conversion, struct hw_arena *arena,
                                     const struct hw_convert_column **out_columns, struct hw_error *err) {
    size_t count = conversion->layout.schema.count;
    struct hw_convert_column *columns = conversion->facts ? hw_arena_alloc(arena, count * sizeof(*columns)) : NULL;
    if (conversion->facts && !columns) {
        return hw_fail_nomem(err, count * sizeof(*columns));
    }
    for (size_t i = 0; columns && i < count; i++) {
        HW_TRY(column_describe(conversion, i, arena, &columns[i], err));
    }
    *out_columns = columns;
    return HW_OK;
}

static enum hw_status column_describe(const struct hw_conversion *conversion, size_t column, struct hw_arena *arena,
                                      struct hw_convert_column *out_column, struct hw_error *err) {
    const struct hw_field *field = &conversion->layout.schema.fields[column];
    const struct hw_fact *fact = &conversion->facts->columns[column];
    const struct hw_misfit *misfit = &conversion->misfits[column];
    struct hw_convert_column described = {
        .name = field->name, .type = field->type, .nulls = fact->nulls, .distinct = hw_fact_distinct(fact)};
    bool ok = true;
    if (fact->bounded) {
        described.min = hw_fact_text(&fact->min, field->type, arena);
        described.max = hw_fact_text(&fact->max, field->type, arena);
        ok = described.min && described.max;
    }
    if (!hw_type_equal(conversion->types_sampled[column], field->type)) {
        described.widened_from = &conversion->types_sampled[column];
    }
    if (described.widened_from && misfit->line > 0) {
        described.misfit = hw_utf8_cut((hw_view){misfit->value, misfit->bytes}, arena);
        described.misfit_line = misfit->line;
        described.misfit_offset = misfit->offset;
        ok = ok && described.misfit;
    }
    *out_column = described;
    return ok ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for the report");
}

void hw_conversion_release(struct hw_conversion *conversion) {
    if (!conversion->shared) {
        return;
    }
    spans_drop(conversion); /* before the outputs, whose memory queued pieces give back */
    outputs_drop(conversion);
    hw_free(conversion->shared_state.spans);
    hw_input_stream_release(&conversion->stream);
    hw_buf_release(&conversion->stream_rest);
    hw_free(conversion->profiles);
    hw_csv_unique_release(&conversion->unique);
    hw_facts_free(conversion->facts);
    hw_arena_release(&conversion->arena);
    pthread_cond_destroy(&conversion->shared_state.moved);
    pthread_mutex_destroy(&conversion->shared_state.lock);
    *conversion = (struct hw_conversion){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/conversion.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/limits.h"
#include "csv/schema_file.h"
#include "csv/utf8.h"
#include "pipeline/sample.h"
#include "pipeline/span.h"
#include "pipeline/stream.h"
#include "table/schema.h"

enum { SPANS_MAX = 1 << 15 };

static enum hw_status table_decide(struct hw_conversion *conversion, const struct hw_schema_file *given,
                                   struct hw_error *err);
static enum hw_status facts_prepare(struct hw_conversion *conversion, struct hw_error *err);

enum hw_status hw_conversion_open(struct hw_conversion *conversion, struct hw_conversion_shared *shared,
                                  struct hw_texts *texts, const struct hw_schema_file *given, struct hw_error *err) {
    *conversion = (struct hw_conversion){.shared = shared, .texts = texts, .merged = shared->options->merge};
    pthread_mutex_init(&conversion->shared_state.lock, NULL);
    hw_clock_cond_init(&conversion->shared_state.moved);
    HW_TRY(hw_texts_order(texts, &conversion->layout.schema, &conversion->profiles, err));
    HW_TRY(table_decide(conversion, given, err));
    conversion->streamed = texts->count == 1 && !texts->items[0].cuttable;
    for (size_t i = 0; i < texts->origins_count; i++) {
        conversion->text_bytes += texts->origins[i].bytes;
    }
    for (size_t i = 0; i < texts->count; i++) {
        conversion->window_bytes = hw_max_size(conversion->window_bytes, texts->items[i].window_bytes);
    }
    conversion->worker_bytes = shared->settings.worker_bytes + conversion->window_bytes +
                               hw_settings_columns_bytes(&shared->settings, conversion->layout.schema.count);
    if (shared->options->report_path && !shared->options->dry_run) {
        HW_TRY(facts_prepare(conversion, err));
    }
    if (shared->options->partition_by_count > 0) {
        HW_TRY(hw_partitioning_init(&conversion->partitioning, &conversion->layout.schema,
                                    shared->options->partition_by, shared->options->partition_by_count,
                                    &conversion->arena, err));
    }
    conversion->unique = (struct hw_csv_unique){.budget = shared->queue, .values_max = HW_CSV_UNIQUE_VALUES_MAX};
    return conversion->layout.constraints.unique
               ? hw_csv_unique_init(&conversion->unique, conversion->layout.schema.count, err)
               : HW_OK;
}

/* The first column of the table that the schema wants in every row, and the text has not; SIZE_MAX: none. */
static size_t column_lacking(const struct hw_schema *schema, const struct hw_shape *shape, bool *here) {
    memset(here, 0, schema->count * sizeof(*here));
    for (size_t i = 0; i < shape->count; i++) {
        here[shape->places[i]] = true;
    }
    for (size_t i = 0; i < schema->count; i++) {
        if (schema->fields[i].required && !here[i]) {
            return i;
        }
    }
    return SIZE_MAX;
}

static enum hw_status required_check(const struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_schema *schema = &conversion->layout.schema;
    const struct hw_texts *texts = conversion->texts;
    bool *here = hw_realloc_array(NULL, schema->count, sizeof(*here));
    enum hw_status status = here ? HW_OK : hw_fail_nomem(err, schema->count);
    for (size_t i = 0; status == HW_OK && i < texts->count; i++) {
        const struct hw_text *text = &texts->items[i];
        bool checked = text->shape->whole || (i > 0 && text->shape == texts->items[i - 1].shape);
        size_t lacking = checked ? SIZE_MAX : column_lacking(schema, text->shape, here);
        if (lacking != SIZE_MAX) {
            const char *name = schema->fields[lacking].name;
            status = hw_fail(err, HW_EDATA, "the schema requires this column, the object has it not");
            hw_error_column(err, name, strlen(name));
            hw_error_object(err, text->name);
        }
    }
    hw_free(here);
    return status;
}

/* Of a merge, tells which text has the column that the error is about. */
static void error_text_find(const struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_texts *texts = conversion->texts;
    const struct hw_schema *schema = &conversion->layout.schema;
    for (size_t i = 0; err && i < texts->count && err->object[0] == '\0'; i++) {
        const struct hw_shape *shape = texts->items[i].shape;
        for (size_t k = 0; k < shape->count; k++) {
            if (strcmp(schema->fields[shape->places[k]].name, err->column) == 0) {
                hw_error_object(err, texts->items[i].name);
            }
        }
    }
}

static enum hw_status table_decide(struct hw_conversion *conversion, const struct hw_schema_file *given,
                                   struct hw_error *err) {
    struct hw_csv_layout *layout = &conversion->layout;
    if (given) {
        enum hw_status status = hw_schema_apply(layout, given, &conversion->arena, err);
        if (status != HW_OK) {
            error_text_find(conversion, err);
            return status;
        }
        HW_TRY(required_check(conversion, err));
    } else {
        hw_csv_layout_types(layout, &conversion->shared->options->csv, conversion->profiles);
    }
    return hw_texts_settle(conversion->texts, &layout->schema, &layout->constraints, err);
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
    if (conversion->streamed && !conversion->stream_input.source) {
        const struct hw_texts *texts = conversion->texts;
        HW_TRY(hw_origin_take(texts->items[0].origin, texts->options, texts->pinned, &conversion->stream_input, err));
        conversion->stream_input.member = texts->items[0].member;
    }
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
 * How many spans `bytes` of texts are cut in: equal ones of a byte at least, a multiple of the threads where there are several, so that all end together; no more
 * than the row groups that Parquet can number (16 bits with a sign).
 */
static uint64_t spans_wanted(const struct hw_conversion *conversion, uint64_t bytes) {
    const struct hw_conversion_shared *shared = conversion->shared;
    const uint64_t parallel_bytes = HW_MIB(4); /* below, a second worker costs more than it gains */
    const uint64_t span_bytes = shared->settings.span_bytes;
    const uint64_t threads = shared->settings.threads;
    uint64_t wanted = bytes / span_bytes + (bytes % span_bytes > 0);
    if (bytes < parallel_bytes && wanted <= 1) {
        return 1;
    }
    wanted = hw_min_size(wanted, SPANS_MAX);
    return hw_min_size(bytes, (wanted + threads - 1) / threads * threads);
}

/* What a text counts when texts are cut: its rows' bytes; of a packed one they are a guess. */
static uint64_t text_weight(const struct hw_text *text) {
    const uint64_t packed_ratio = 4;
    if (text->cuttable) {
        return text->bytes - text->body_offset;
    }
    uint64_t weight = text->origin->bytes * packed_ratio;
    return text->origin->members > 1 ? weight / text->origin->members : weight;
}

/* A place where texts are cut. */
struct cut {
    size_t text;
    uint64_t offset; /* of its body's start where nothing of it is before the cut */
};

/*
 * The place `position` bytes of rows after the first, of texts that are cut every `step`. Within a text only where much of it is on both sides: else between two texts, where no start
 * need be guessed. `*at` is the text where the search begins, `*before` what stands before it; both move on.
 */
static struct cut cut_find(const struct hw_texts *texts, uint64_t position, uint64_t step, size_t *at,
                           uint64_t *before) {
    const uint64_t part_min = step / 4;
    uint64_t weight = 0;
    while (*at < texts->count && position - *before >= (weight = text_weight(&texts->items[*at]))) {
        *before += weight;
        ++*at;
    }
    if (*at == texts->count) {
        return (struct cut){.text = *at};
    }
    const struct hw_text *text = &texts->items[*at];
    const uint64_t head = position - *before;
    const uint64_t tail = weight - head;
    if (head > 0 && text->cuttable && head >= part_min && tail >= part_min) {
        return (struct cut){*at, text->body_offset + head};
    }
    size_t next = head <= tail ? *at : *at + 1;
    return (struct cut){next, next < texts->count ? texts->items[next].body_offset : 0};
}

/* The span between two cuts. */
static enum hw_status span_cut(struct hw_conversion *conversion, struct cut from, struct cut to, struct hw_error *err) {
    struct hw_text *texts = conversion->texts->items;
    const bool within = to.text < conversion->texts->count && to.offset > texts[to.text].body_offset;
    HW_TRY(span_add(conversion, err));
    struct hw_span span = {
        .first_text = (uint32_t)from.text,
        .last_text = (uint32_t)(within ? to.text : to.text - 1),
        .begin = from.offset,
        .limit = within ? to.offset : UINT64_MAX,
        .start = from.offset,
        .known_start = from.offset == texts[from.text].body_offset,
    };
    for (size_t i = span.first_text; i <= span.last_text; i++) {
        hw_origin_expect(texts[i].origin, texts[i].origin->kept ? 0 : 1);
        texts[i].origin->kept = false;
    }
    conversion->shared_state.spans[conversion->shared_state.spans_count - 1] = span;
    return HW_OK;
}

static enum hw_status spans_cut(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_texts *texts = conversion->texts;
    struct cut from = {0, texts->items[0].body_offset};
    uint64_t bytes = 0;
    uint64_t before = 0;
    size_t at = 0;
    conversion->shared_state.spans_count = 0;
    if (conversion->streamed) {
        conversion->stream_offset = 0;
        hw_buf_clear(&conversion->stream_rest);
        return HW_OK;
    }
    for (size_t i = 0; i < texts->count; i++) {
        bytes += text_weight(&texts->items[i]);
    }
    const uint64_t count = spans_wanted(conversion, bytes);
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t position = (uint64_t)((unsigned __int128)bytes * i / count);
        struct cut to =
            i < count ? cut_find(texts, position, bytes / count, &at, &before) : (struct cut){.text = texts->count};
        if (to.text > from.text || (to.text == from.text && to.offset > from.offset)) {
            HW_TRY(span_cut(conversion, from, to, err));
            from = to;
        }
    }
    return HW_OK;
}

struct hw_settings_object hw_conversion_object(const struct hw_conversion *conversion) {
    return (struct hw_settings_object){
        /* How long a stream's text is, shows only when it is unpacked. */
        .text_bytes = conversion->streamed ? UINT64_MAX : conversion->text_bytes,
        .columns = conversion->layout.schema.count,
        .window_bytes = conversion->window_bytes,
    };
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
                             .first_text = span->first_text,
                             .last_text = span->last_text,
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

/* Memory for one worker more: that of a bench that is free, or what the run can still lend. */
static bool worker_admit_locked(struct hw_conversion *conversion) {
    if (conversion->shared_state.workers <= conversion->shared_state.workers_lent) {
        return true;
    }
    bool lent = hw_budget_try(conversion->shared->work, conversion->worker_bytes);
    conversion->shared_state.workers_lent += lent;
    return lent;
}

void hw_conversion_workers_trim_locked(struct hw_conversion *conversion) {
    const size_t users = hw_max_size(conversion->shared_state.workers, conversion->shared_state.benches_count);
    const size_t wanted = users > 0 ? users - 1 : 0;
    while (conversion->shared_state.workers_lent > wanted) {
        conversion->shared_state.workers_lent--;
        hw_budget_give_back(conversion->shared->work, conversion->worker_bytes);
    }
}

bool hw_conversion_claim(struct hw_conversion *conversion, size_t *out_span) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    bool claimed = false;
    if (!conversion->shared_state.stopped && !conversion->shared_state.ended && worker_admit_locked(conversion)) {
        claimed =
            conversion->streamed ? stream_claim_locked(conversion, out_span) : span_claim_locked(conversion, out_span);
    }
    if (claimed) {
        conversion->shared_state.workers++;
    } else {
        hw_conversion_workers_trim_locked(conversion);
    }
    pthread_mutex_unlock(&conversion->shared_state.lock);
    return claimed;
}

void hw_conversion_run(struct hw_conversion *conversion, size_t number) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    struct hw_span claimed = conversion->shared_state.spans[number];
    pthread_mutex_unlock(&conversion->shared_state.lock);
    if (conversion->streamed) {
        hw_stream_run(conversion, number, &claimed);
    } else {
        hw_span_run(conversion, number, &claimed);
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
        hw_budget_give_back(conversion->shared->queue, piece->budget_bytes);
        hw_piece_free(piece);
    }
    span->last = NULL;
    hw_span_release(span);
}

void hw_span_release(struct hw_span *span) {
    hw_free(span->profiles);
    hw_facts_free(span->facts);
    hw_buf_release(&span->misfits);
    hw_free(span->text_parts);
    span->profiles = NULL;
    span->facts = NULL;
    span->text_parts = NULL;
}

void hw_conversion_progress_undo(struct hw_conversion *conversion, const struct hw_span *span) {
    atomic_fetch_sub(&conversion->shared->bytes_done, span->bytes_done);
    atomic_fetch_sub(&conversion->shared->rows_done, span->rows);
}

static void spans_drop(struct hw_conversion *conversion) {
    for (size_t i = 0; i < conversion->shared_state.spans_count; i++) {
        span_drop(conversion, &conversion->shared_state.spans[i]);
    }
    conversion->shared_state.spans_count = 0;
}

static enum hw_status restart_prepare(struct hw_conversion *conversion, struct hw_error *err);

bool hw_conversion_must_restart(struct hw_conversion *conversion) {
    struct hw_error err = HW_ERROR_INIT;
    if (!conversion->shared_state.widening || conversion->shared_state.stopped) {
        return false;
    }
    if (conversion->pass > 1) {
        /* Every value was seen in the first pass, so this cannot be, unless the parsers and the profile disagree. */
        hw_error_set(&err, HW_EFAILED, "a value does not fit a type that was made from all values");
        hw_conversion_fail(conversion, HW_EFAILED, &err);
        return false;
    }
    enum hw_status status = restart_prepare(conversion, &err);
    if (status != HW_OK) {
        hw_conversion_fail(conversion, status, &err);
    }
    return status == HW_OK;
}

/* Everything as it was before the first pass, but for the types. */
static enum hw_status restart_prepare(struct hw_conversion *conversion, struct hw_error *err) {
    struct hw_csv_layout *layout = &conversion->layout;
    hw_csv_layout_types(layout, &conversion->shared->options->csv, conversion->profiles);
    for (size_t i = 0; i < conversion->shared_state.spans_count; i++) {
        hw_conversion_progress_undo(conversion, &conversion->shared_state.spans[i]);
    }
    spans_drop(conversion); /* before the outputs, whose memory queued pieces give back */
    outputs_drop(conversion);
    hw_input_stream_release(&conversion->stream);
    conversion->shared_state.next = conversion->shared_state.head = 0;
    conversion->shared_state.widening = conversion->shared_state.ended = false;
    conversion->shared_state.stream_ended = false;
    conversion->shared_state.lines = conversion->shared_state.records = 0;
    conversion->shared_state.lines_text = 0;
    conversion->shared_state.rows = conversion->shared_state.rejected = 0;
    memset(conversion->shared_state.rejected_by, 0, sizeof(conversion->shared_state.rejected_by));
    for (size_t i = 0; i < conversion->texts->count; i++) {
        hw_text_begin(&conversion->texts->items[i]);
    }
    if (conversion->facts) {
        hw_facts_clear(conversion->facts);
    }
    return hw_texts_settle(conversion->texts, &layout->schema, &layout->constraints, err);
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
        described.misfit_source = conversion->merged ? conversion->texts->items[misfit->text].name : NULL;
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
    if (conversion->stream_input.source) {
        hw_origin_give(conversion->texts->items[0].origin, &conversion->stream_input);
    }
    hw_buf_release(&conversion->stream_rest);
    hw_free(conversion->profiles);
    hw_csv_unique_release(&conversion->unique);
    hw_facts_free(conversion->facts);
    hw_arena_release(&conversion->arena);
    pthread_cond_destroy(&conversion->shared_state.moved);
    pthread_mutex_destroy(&conversion->shared_state.lock);
    *conversion = (struct hw_conversion){0};
}

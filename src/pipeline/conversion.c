/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/conversion.h"

#include "core/alloc.h"
#include "csv/records.h"
#include "table/flatten.h"
#include "table/schema.h"

static enum hw_status item_write(void *ctx, struct hw_queue_item *item, struct hw_error *err);
static void item_free(struct hw_queue_item *item);
static enum hw_status part_accept(void *ctx, void *result, bool last, bool *out_void, struct hw_error *err);
static void part_discard(void *ctx, void *result);
static void error_place(void *ctx, const void *result, struct hw_error *error);
static bool conversion_cancelled(void *ctx);

static const struct hw_queue_ops queue_ops = {item_write,   item_free,   part_accept,
                                              part_discard, error_place, conversion_cancelled};

/* ------ life */

/* A group of partitions comes to nothing but what is written. */
static enum hw_status group_accept(void *ctx, void *result, bool last, bool *out_void, struct hw_error *err) {
    (void)ctx, (void)result, (void)last, (void)out_void, (void)err;
    return HW_OK;
}

static const struct hw_queue_ops gather_ops = {
    .write = item_write, .item_free = item_free, .accept = group_accept, .cancelled = conversion_cancelled};

static struct hw_queue_options queue_options(struct hw_conversion *conversion) {
    return (struct hw_queue_options){
        .ops = &queue_ops,
        .ctx = conversion,
        .budget = &conversion->run->queue,
        .alone = &conversion->run->alone,
        .sequential = conversion->reader->sequential,
        .in_turn = conversion->reader->in_turn,
    };
}

static struct hw_workbench_setup bench_setup(struct hw_conversion *conversion) {
    const struct hw_settings *settings = &conversion->run->settings;
    return (struct hw_workbench_setup){
        .reader = conversion->reader,
        .outputs = &conversion->outputs,
        .partitioning = &conversion->partitioning,
        .spill = &conversion->spill,
        .rows_max = conversion->run->options->row_group_rows,
        .piece_bytes = settings->piece_bytes,
        .part_bytes = settings->group_bytes,
        .encoder_bytes = settings->facts.encoder_bytes,
    };
}

enum hw_status hw_conversion_open(struct hw_conversion *conversion, struct hw_run_context *run,
                                  struct hw_table_reader *reader, struct hw_error *err) {
    const struct hw_convert_options *options = run->options;
    *conversion = (struct hw_conversion){.run = run, .reader = reader, .survey = hw_type_survey_runs(run->survey)};
    const struct hw_settings_object object = hw_conversion_object(conversion);
    const struct hw_queue_options queue = queue_options(conversion);
    const struct hw_workbench_setup setup = bench_setup(conversion);
    hw_queue_init(&conversion->queue, &queue);
    hw_workbenches_init(&conversion->benches, &setup, &run->work, hw_settings_worker_bytes(&run->settings, &object));
    if (conversion->survey) {
        return HW_OK;
    }
    HW_TRY(options->nested == HW_NESTED_FAIL ? hw_schema_prove_flat(reader->schema, err) : HW_OK);
    if (options->report_path && !options->dry_run) {
        HW_TRY(hw_column_stats_new(reader->schema, &conversion->stats, err));
    }
    if (options->partition_by_count > 0) {
        HW_TRY(hw_partitioning_init(&conversion->partitioning, reader->schema, options->partition_by,
                                    options->partition_by_count, &conversion->arena, err));
    }
    return HW_OK;
}

struct hw_settings_object hw_conversion_object(const struct hw_conversion *conversion) {
    const struct hw_table_reader *reader = conversion->reader;
    return (struct hw_settings_object){
        /* How long a stream's text is, shows only when it is unpacked. */
        .text_bytes = reader->sequential ? UINT64_MAX : reader->bytes,
        .columns = hw_schema_leaves(reader->schema),
        .window_bytes = reader->window_bytes,
    };
}

static enum hw_status outputs_open(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_table_reader *reader = conversion->reader;
    struct hw_output_table table = {reader->schema, reader->pairs, reader->bytes};
    if (conversion->partitioning.count > 0) {
        hw_partitioning_types(&conversion->partitioning);
        table.schema = &conversion->partitioning.rest;
        table.pairs.same_schema = false;
    }
    conversion->rejects = (struct hw_rejects){
        .store = conversion->output_plan->store,
        .key = conversion->output_plan->rejects_key,
        .reader = conversion->reader,
        .several = conversion->run->options->merge,
        .write = conversion->output_plan->kept ? &conversion->output_plan->kept->beside : NULL,
    };
    return hw_outputs_open(&conversion->outputs, conversion->output_plan, &table, &conversion->run->output, err);
}

static enum hw_status pass_begin(struct hw_conversion *conversion, struct hw_error *err) {
    struct hw_table_reader *reader = conversion->reader;
    conversion->pass++;
    HW_TRY(outputs_open(conversion, err));
    HW_TRY(reader->ops->begin(reader, err));
    for (size_t i = 0; i < reader->parts_count; i++) {
        HW_TRY(hw_queue_add(&conversion->queue, reader->ops->part_exact(reader, i), err));
    }
    return HW_OK;
}

enum hw_status hw_conversion_begin(struct hw_conversion *conversion, const struct hw_output_plan *output_plan,
                                   struct hw_error *err) {
    conversion->output_plan = output_plan;
    return pass_begin(conversion, err);
}

static void outputs_drop(struct hw_conversion *conversion) {
    hw_rejects_release(&conversion->rejects);
    if (conversion->output_plan) {
        hw_workbenches_drop(&conversion->benches);
        hw_outputs_release(&conversion->outputs);
        hw_partition_spill_release(&conversion->spill);
    }
}

enum hw_status hw_conversion_redo(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_queue_options options = queue_options(conversion);
    if (conversion->pass > 1 || conversion->run->survey) {
        /*
         * Every value was seen in the first pass, or in a survey, so this cannot be, unless parsers
         * and profiles disagree.
         */
        return hw_fail(err, HW_EFAILED, "a value does not fit a type that was made from all values");
    }
    atomic_fetch_sub(&conversion->run->bytes_done, conversion->bytes_accepted);
    atomic_fetch_sub(&conversion->run->rows_done, conversion->reader->rows);
    /* before the outputs, whose memory queued pieces give back */
    hw_queue_clear(&conversion->queue, &options);
    outputs_drop(conversion);
    conversion->misfit = false;
    conversion->bytes_accepted = 0;
    if (conversion->stats) {
        hw_column_stats_clear(conversion->stats);
    }
    HW_TRY(conversion->reader->ops->widen(conversion->reader, err));
    return pass_begin(conversion, err);
}

/* Where very many files wait to be published, these take the memory for what waits for its turn. */
static bool files_crowd(const struct hw_conversion *conversion) {
    const uint64_t files = hw_partition_spill_count(&conversion->spill) * conversion->output_plan->count;
    return files * HW_OUTPUT_FILE_BYTES > conversion->run->settings.queue_bytes;
}

enum hw_status hw_conversion_gather(struct hw_conversion *conversion, bool *out_gathers, struct hw_error *err) {
    const bool gathers = conversion->spill.bytes > 0;
    const struct hw_queue_options options = {
        .ops = &gather_ops,
        .ctx = conversion,
        .budget = &conversion->run->queue,
        .alone = &conversion->run->alone,
        .in_turn = gathers && files_crowd(conversion),
    };
    if (gathers) {
        hw_queue_clear(&conversion->queue, &options);
        hw_workbenches_drop(&conversion->benches);
        hw_alloc_trim();
        HW_TRY(hw_partition_spill_divide(&conversion->spill, err));
        for (size_t i = 0; i < hw_partition_spill_groups(&conversion->spill); i++) {
            HW_TRY(hw_queue_add(&conversion->queue, true, err));
        }
    }
    *out_gathers = gathers;
    return HW_OK;
}

void hw_conversion_gathered(struct hw_conversion *conversion) {
    hw_workbenches_drop(&conversion->benches);
    hw_partition_spill_release(&conversion->spill);
}

void hw_conversion_release(struct hw_conversion *conversion) {
    if (!conversion->reader) {
        return;
    }
    /* before the outputs, whose memory queued pieces give back */
    hw_queue_release(&conversion->queue);
    outputs_drop(conversion);
    hw_workbenches_release(&conversion->benches);
    hw_column_stats_free(conversion->stats);
    hw_arena_release(&conversion->arena);
    *conversion = (struct hw_conversion){0};
}

bool hw_conversion_claim(struct hw_conversion *conversion, struct hw_queue_claim *out_claim) {
    if (!hw_workbenches_enter(&conversion->benches)) {
        return false;
    }
    const bool claimed = hw_queue_claim(&conversion->queue, out_claim);
    if (!claimed) {
        hw_workbenches_leave(&conversion->benches);
    }
    return claimed;
}

/* ------ what the queue asks for */

static bool conversion_cancelled(void *ctx) {
    const struct hw_run_context *run = ((struct hw_conversion *)ctx)->run;
    return run->cancelled(run);
}

static void item_free(struct hw_queue_item *item) {
    hw_rows_piece_free((struct hw_rows_piece *)item);
}

static enum hw_status item_write(void *ctx, struct hw_queue_item *item, struct hw_error *err) {
    struct hw_conversion *conversion = ctx;
    struct hw_rows_piece *piece = (struct hw_rows_piece *)item;
    enum hw_status status = HW_OK;
    for (struct hw_rows_part *part = piece->first; status == HW_OK && part; part = part->next) {
        for (size_t i = 0; status == HW_OK && i < conversion->output_plan->count; i++) {
            struct hw_encoded *encoded = part->encoded[i];
            part->encoded[i] = NULL;
            if (encoded) {
                status = hw_outputs_append(&conversion->outputs, i, part->partition, encoded, err);
            }
        }
    }
    if (status == HW_OK && piece->chunks.size > 0) {
        status = hw_partition_spill_write(&conversion->spill, &conversion->outputs, &piece->chunks, err);
    }
    if (status == HW_OK && piece->rejects.count > 0) {
        status = hw_rejects_write(&conversion->rejects, &piece->rejects, err);
    }
    hw_rows_piece_free(piece);
    return status;
}

void hw_part_made_free(const struct hw_table_reader *reader, struct hw_part_made *made) {
    if (made) {
        reader->ops->result_free(made->read);
        hw_column_stats_free(made->stats);
        hw_free(made);
    }
}

/* What is thrown away is no progress: it will be read again. */
static void part_discard(void *ctx, void *result) {
    struct hw_conversion *conversion = ctx;
    struct hw_part_made *made = result;
    atomic_fetch_sub(&conversion->run->bytes_done, made->read->bytes);
    atomic_fetch_sub(&conversion->run->rows_done, made->read->rows);
    hw_part_made_free(conversion->reader, made);
}

static void error_place(void *ctx, const void *result, struct hw_error *error) {
    const struct hw_table_reader *reader = ((struct hw_conversion *)ctx)->reader;
    reader->ops->place_error(reader, ((const struct hw_part_made *)result)->read, error);
}

static enum hw_status part_accept(void *ctx, void *result, bool last, bool *out_void, struct hw_error *err) {
    struct hw_conversion *conversion = ctx;
    struct hw_part_made *made = result;
    conversion->reader->ops->accept(conversion->reader, made->read);
    if (conversion->stats) {
        hw_column_stats_merge(conversion->stats, made->stats);
    }
    conversion->misfit |= made->read->misfit;
    conversion->bytes_accepted += made->read->bytes;
    *out_void |= conversion->misfit;
    hw_part_made_free(conversion->reader, made);
    return hw_rejects_check(&conversion->run->options->csv, conversion->reader->records, conversion->reader->rejected,
                            last, err);
}

/* ------ for reports */

static enum hw_status column_describe(const struct hw_conversion *conversion, size_t column, struct hw_arena *arena,
                                      struct hw_convert_column *out_column, struct hw_error *err);

enum hw_status hw_conversion_columns(const struct hw_conversion *conversion, struct hw_arena *arena,
                                     const struct hw_convert_column **out_columns, struct hw_error *err) {
    const size_t count = conversion->reader->schema->count;
    struct hw_convert_column *columns = conversion->stats ? hw_arena_alloc(arena, count * sizeof(*columns)) : NULL;
    if (conversion->stats && !columns) {
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
    const struct hw_table_reader *reader = conversion->reader;
    const struct hw_field *field = &reader->schema->fields[column];
    const struct hw_column_stat *fact = &conversion->stats->columns[column];
    struct hw_column_history history;
    HW_TRY(reader->ops->history(reader, column, arena, &history, err));
    struct hw_convert_column described = {
        .name = field->name,
        .type = field->type,
        .nulls = fact->nulls,
        .distinct = hw_column_stat_distinct(fact),
        .widened_from = history.widened_from,
        .misfit = history.misfit,
        .misfit_line = history.misfit_line,
        .misfit_offset = history.misfit_offset,
        .misfit_source = history.misfit_input,
    };
    if (fact->bounded && hw_csv_writes(field->type)) {
        described.min = hw_column_stat_text(&fact->min, field->type, arena);
        described.max = hw_column_stat_text(&fact->max, field->type, arena);
        if (!described.min || !described.max) {
            return hw_fail(err, HW_ENOMEM, "out of memory for the report");
        }
    }
    *out_column = described;
    return HW_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/input_format.h"

#include "csv/tables.h"
#include "stream/tables.h"

static enum hw_status csv_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                     struct hw_table_set **out_set, struct hw_error *err) {
    const struct hw_convert_options *options = run->options;
    const struct hw_settings *settings = &run->settings;
    const bool surveys = hw_type_survey_runs(run->survey);
    const struct hw_csv_tables_options own = {
        .csv = &options->csv,
        .choice = {&options->columns, run->given},
        .rows_max = options->limit_rows,
        .all_members = options->all_files,
        /* What a survey leaves out is counted when the rest is converted. */
        .left_out = surveys ? NULL : run->left_out,
        .merged = options->merge,
        .checksums = !options->dry_run || surveys,
        .history = options->report_path && !options->dry_run && !run->survey,
        .survey_bytes_max = surveys ? run->survey->bytes_max : 0,
        .groups = run->survey && !run->survey->told ? &run->survey->groups : NULL,
        .part_bytes = settings->part_bytes,
        .portion_bytes = settings->portion_bytes,
        .portion_held = settings->portion_held,
        .remote_read_bytes = settings->remote_read_bytes,
        .record_bytes_max = settings->record_bytes_max,
        .record_bytes_shared = settings->record_bytes_shared,
        .kept_object_bytes_max = options->source_store.part_bytes,
        .kept_bytes_max = settings->kept_bytes_max,
        .budget = &run->queue,
    };
    return hw_csv_tables_new(objects, &own, out_set, err);
}

/* A stream is never merged: there is one object. */
static enum hw_status batches_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                         struct hw_table_set **out_set, struct hw_error *err) {
    const struct hw_settings *settings = &run->settings;
    const struct hw_stream_table_options own = {
        .part_bytes = settings->portion_bytes,
        .part_held = settings->portion_held,
        .row_bytes_max = settings->record_bytes_max,
        .row_bytes_shared = settings->record_bytes_shared,
    };
    return hw_stream_tables_new(objects->batches, &own, out_set, err);
}

enum { FORMAT_CSV, FORMAT_BATCHES };

static const struct hw_input_format formats[] = {
    [FORMAT_CSV] = {"csv", csv_tables_new},
    [FORMAT_BATCHES] = {"batches", batches_tables_new},
};

/* Whatever has bytes is CSV: what is not, by its name, is no source of a folder. */
const struct hw_input_format *hw_input_format_of(const struct hw_plan_object *planned) {
    return &formats[planned->batches ? FORMAT_BATCHES : FORMAT_CSV];
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/input_format.h"

#include "csv/tables.h"

static enum hw_status csv_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                     struct hw_table_set **out_set, struct hw_error *err) {
    const struct hw_convert_options *options = run->options;
    const struct hw_settings *settings = &run->settings;
    const struct hw_csv_tables_options own = {
        .csv = &options->csv,
        .given = run->given,
        .merged = options->merge,
        .checksums = !options->dry_run,
        .history = options->report_path && !options->dry_run,
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

static const struct hw_input_format formats[] = {
    {"csv", csv_tables_new},
};

/* Every source of `convert` is CSV: what is not, by its name, is no source of a folder. */
const struct hw_input_format *hw_input_format_of(const struct hw_plan_object *planned) {
    (void)planned;
    return &formats[0];
}

/* SPDX-License-Identifier: Apache-2.0 */
/* hw_infer: the schema that hw_convert would use. */
#include <hawser/csv.h>

#include "core/alloc.h"
#include "csv/sample.h"
#include "csv/schema_file.h"
#include "pipeline/call_options.h"
#include "pipeline/given_schema.h"
#include "pipeline/source_guard.h"
#include "pipeline/single_text.h"
#include "table/name_style.h"

/* What an inference holds until it ends. */
struct inference {
    struct hw_single_text single;
    struct hw_csv_profile *profiles;
    struct hw_arena arena;
};

static void inference_release(struct inference *inference) {
    hw_free(inference->profiles);
    hw_arena_release(&inference->arena);
    hw_single_text_release(&inference->single);
}

static enum hw_status schema_infer(struct inference *inference, const struct hw_infer_options *options,
                                   struct hw_buf *out, struct hw_error *err) {
    const struct hw_csv_options *csv = &options->csv;
    const struct hw_csv_text *text = &inference->single.text;
    struct hw_schema_file given;
    struct hw_csv_layout layout;
    struct hw_schema schema;
    HW_TRY(hw_given_schema_load(csv->schema_path, &options->columns, &options->source_store, &inference->arena, &given,
                                err));
    const struct hw_csv_sample_options sample = {.choice = {&options->columns, given.schema.count > 0 ? &given : NULL}};
    HW_TRY(hw_csv_sample_layout(text, csv, &sample, &inference->arena, &layout, &inference->profiles, err));
    HW_TRY(hw_csv_choice_prove(&sample.choice, layout.sources, layout.schema.count, err));
    if (options->every_record) {
        HW_TRY(hw_csv_sample_all(text, csv, &layout, inference->profiles, err));
    }
    hw_csv_layout_types(&layout, csv, inference->profiles);
    HW_TRY(hw_csv_choice_schema(&layout, &inference->arena, &schema, err));
    HW_TRY(hw_names_note(&schema, &layout.notes, &inference->arena, err));
    if (options->on_note) {
        hw_notes_each(&layout.notes, (const char *)inference->single.name.data, options->on_note, options->ctx);
    }
    HW_TRY(hw_schema_file_write(&schema, out, err));
    return hw_buf_end_text(out, err);
}

/* The schema file must not take the place of the source. */
static enum hw_status output_check(const char *source, const struct hw_infer_options *options, struct hw_error *err) {
    if (!options->output_path || strcmp(source, "-") == 0) {
        return HW_OK;
    }
    return hw_source_guard_two(
        &(struct hw_source_guard_place){"schema file", options->output_path, &options->target_store},
        &(struct hw_source_guard_place){"source", source, &options->source_store}, err);
}

enum hw_status hw_infer(const char *source, const struct hw_infer_options *given, char **out_json,
                        struct hw_error *err) {
    struct inference inference = {0};
    struct hw_infer_options own;
    const struct hw_infer_options *const options = &own;
    struct hw_buf text = {0}; /* handed out, or released below */

    HW_TRY(hw_call_infer_options(given, &own, err));
    enum hw_status status = output_check(source, options, err);
    if (status == HW_OK) {
        status = hw_single_text_open(&inference.single, source, &options->csv, &options->source_store,
                                     options->input_fd, err);
    }
    if (status == HW_OK) {
        status = schema_infer(&inference, options, &text, err);
    }
    inference_release(&inference);
    if (status != HW_OK) {
        hw_error_object(err, source);
    } else if (options->output_path) {
        status = hw_store_write_path(options->output_path, &options->target_store, "application/json",
                                     hw_view_of((const char *)text.data), err);
    }
    if (status != HW_OK) {
        hw_buf_release(&text);
        return status;
    }
    *out_json = (char *)text.data;
    return HW_OK;
}

void hw_text_free(char *text) {
    hw_free(text);
}

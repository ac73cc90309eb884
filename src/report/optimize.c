/* SPDX-License-Identifier: Apache-2.0 */
#include "report/optimize.h"

#include "report/error.h"

static const char *const outcomes[] = {
    [HW_OPTIMIZE_REWRITTEN] = "rewritten", [HW_OPTIMIZE_KEPT] = "kept",       [HW_OPTIMIZE_ALREADY] = "already",
    [HW_OPTIMIZE_PLANNED] = "planned",     [HW_OPTIMIZE_SKIPPED] = "skipped", [HW_OPTIMIZE_FAILED] = "failed",
};

const char *hw_optimize_outcome_word(enum hw_optimize_outcome outcome) {
    return outcomes[outcome];
}

static void column_write(struct hw_json_writer *json, const struct hw_optimized_column *column) {
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "name", column->name);
    hw_json_text(json, "type_before", column->type_before);
    hw_json_text(json, "type_after", column->type_after);
    hw_json_text(json, "encodings_before", column->encodings_before);
    hw_json_text(json, "encodings_after", column->encodings_after);
    hw_json_text(json, "codec_before", column->codec_before);
    hw_json_text(json, "codec_after", column->codec_after);
    hw_json_count(json, "bytes_before", column->bytes_before);
    hw_json_count(json, "bytes_after", column->bytes_after);
    hw_json_text(json, "reason", column->reason);
    hw_json_object_end(json);
}

static void texts_write(struct hw_json_writer *json, const char *name, const char *const *texts, size_t count) {
    hw_json_list_begin(json, name);
    for (size_t i = 0; i < count; i++) {
        hw_json_text(json, NULL, texts[i]);
    }
    hw_json_list_end(json);
}

void hw_report_optimized(struct hw_json_writer *json, const struct hw_optimized *file) {
    hw_json_text(json, "type", "object");
    hw_json_text(json, "source", file->source);
    if (file->sources_count > 1) {
        texts_write(json, "sources", file->sources, file->sources_count);
    }
    if (file->output) {
        hw_json_text(json, "output", file->output);
    }
    hw_json_text(json, "outcome", outcomes[file->outcome]);
    hw_json_count(json, "rows", file->rows);
    hw_json_count(json, "row_groups_before", file->row_groups_before);
    hw_json_count(json, "row_groups_after", file->row_groups_after);
    hw_json_count(json, "bytes_before", file->bytes_before);
    hw_json_count(json, "bytes_after", file->bytes_after);
    hw_json_real(json, "seconds", (double)file->took_us / 1e6);
    hw_json_bool(json, "proof", file->proved);
    texts_write(json, "sorted", file->sorted, file->sorted_count);
    hw_json_list_begin(json, "columns");
    for (size_t i = 0; i < file->columns_count; i++) {
        column_write(json, &file->columns[i]);
    }
    hw_json_list_end(json);
    texts_write(json, "notes", file->notes, file->notes_count);
    hw_report_error(json, file->error);
}

void hw_report_optimize_sums(struct hw_json_writer *json, const struct hw_optimize_sums *sums) {
    hw_json_text(json, "type", "summary");
    hw_json_count(json, "files", sums->files);
    for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
        hw_json_count(json, outcomes[i], sums->outcomes[i]);
    }
    hw_json_count(json, "rows", sums->rows);
    hw_json_count(json, "bytes_before", sums->bytes_before);
    hw_json_count(json, "bytes_after", sums->bytes_after);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* hw_infer: the schema that hw_convert would use. */
#include <hawser/csv.h>

#include "codec/unpack_zip.h"
#include "core/alloc.h"
#include "csv/object.h"
#include "csv/sample.h"
#include "csv/schema_file.h"
#include "pipeline/call_options.h"
#include "pipeline/overlap.h"
#include "pipeline/spool.h"
#include "store/location.h"

/* What an inference holds until it ends. */
struct inference {
    struct hw_store *store;
    struct hw_source *source;
    struct hw_zip *zip;
    struct hw_csv_profile *profiles;
    struct hw_arena arena;
};

static void inference_release(struct inference *inference) {
    hw_free(inference->profiles);
    hw_arena_release(&inference->arena);
    if (inference->zip) {
        hw_zip_close(inference->zip);
    }
    if (inference->source) {
        inference->source->ops->close(inference->source);
    }
    hw_store_close(inference->store);
}

static enum hw_status source_open(struct inference *inference, const char *source,
                                  const struct hw_infer_options *options, struct hw_error *err) {
    const struct hw_store_options *store = &options->source_store;
    struct hw_location location;
    if (strcmp(source, "-") == 0) {
        const struct hw_io_stop stop = {store->cancelled, store->cancelled_ctx};
        return hw_spool_source_open(options->input_fd, &stop, &inference->source, err);
    }
    HW_TRY(hw_location_parse(source, store, &location, err));
    enum hw_status status = hw_store_open(&location, store, &inference->store, err);
    if (status == HW_OK) {
        status = hw_store_source_open(inference->store, location.key, &inference->source, err);
    }
    hw_location_release(&location);
    return status;
}

/* Chooses the member of a ZIP that hw_convert would take: several would have several schemas. */
static enum hw_status member_choose(struct hw_csv_text *text, const struct hw_csv_options *csv, struct hw_error *err) {
    size_t wanted;
    HW_TRY(hw_csv_members_count(text, csv, &wanted, err));
    if (wanted > 1) {
        return hw_fail(err, HW_EUSAGE, "the ZIP has %zu members that could be meant: choose one (--zip-member)",
                       wanted);
    }
    while (!hw_csv_member_wanted(text, text->member, csv)) {
        text->member++;
    }
    return HW_OK;
}

static enum hw_status schema_infer(struct inference *inference, const struct hw_infer_options *options,
                                   struct hw_buf *out, struct hw_error *err) {
    const struct hw_csv_options *csv = &options->csv;
    enum hw_packing packing;
    struct hw_csv_layout layout;
    uint64_t window_bytes;
    HW_TRY(hw_csv_text_packing(inference->source, &packing, &window_bytes, err));
    if (packing == HW_PACKING_ZIP) {
        HW_TRY(hw_zip_open(inference->source, &inference->zip, err));
    }
    struct hw_csv_text text = hw_csv_text_of(inference->source, packing, inference->zip, 0, csv->encoding);
    text.window_bytes = window_bytes;
    HW_TRY(member_choose(&text, csv, err));
    HW_TRY(hw_csv_sample_layout(&text, csv, &(struct hw_csv_sample_options){0}, &inference->arena, &layout,
                                &inference->profiles, err));
    if (options->every_record) {
        HW_TRY(hw_csv_sample_all(&text, csv, &layout, inference->profiles, err));
    }
    hw_csv_layout_types(&layout, csv, inference->profiles);
    HW_TRY(hw_schema_file_write(&layout.schema, out, err));
    return hw_buf_end_text(out, err);
}

/* The schema file must not take the place of the source. */
static enum hw_status output_check(const char *source, const struct hw_infer_options *options, struct hw_error *err) {
    if (!options->output_path || strcmp(source, "-") == 0) {
        return HW_OK;
    }
    return hw_overlap_two(&(struct hw_overlap_place){"schema file", options->output_path, &options->target_store},
                          &(struct hw_overlap_place){"source", source, &options->source_store}, err);
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
        status = source_open(&inference, source, options, err);
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

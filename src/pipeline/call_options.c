/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/call_options.h"

#include "core/growing.h"
#include "csv/spelling.h"

static enum hw_status csv_check(const struct hw_csv_options *csv, struct hw_error *err) {
    const struct hw_csv_spelling spelling = hw_csv_spelling_of(csv);
    HW_TRY(hw_growing_reserved("hw_csv_options", csv->reserved, sizeof(csv->reserved), err));
    return hw_csv_spelling_check(&spelling, csv->schema_path != NULL, err);
}

static enum hw_status store_check(const struct hw_store_options *store, struct hw_error *err) {
    return hw_growing_reserved("hw_store_options", store->reserved, sizeof(store->reserved), err);
}

enum hw_status hw_call_convert_options(const struct hw_convert_options *given, struct hw_convert_options *out,
                                       struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_convert_options, log);
    struct hw_convert_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(csv_check(&taken.csv, err));
        HW_TRY(store_check(&taken.source_store, err));
        HW_TRY(store_check(&taken.target_store, err));
    }
    *out = taken;
    return HW_OK;
}

enum hw_status hw_call_infer_options(const struct hw_infer_options *given, struct hw_infer_options *out,
                                     struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_infer_options, ctx);
    struct hw_infer_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(csv_check(&taken.csv, err));
        HW_TRY(store_check(&taken.source_store, err));
        HW_TRY(store_check(&taken.target_store, err));
    }
    *out = taken;
    return HW_OK;
}

enum hw_status hw_call_csv_read_options(const struct hw_csv_read_options *given, struct hw_csv_read_options *out,
                                        struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_csv_read_options, ctx);
    struct hw_csv_read_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(csv_check(&taken.csv, err));
        HW_TRY(store_check(&taken.source_store, err));
    }
    *out = taken;
    return HW_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/call_options.h"

#include "core/growing.h"
#include "csv/spelling.h"
#include "table/predicate.h"
#include "table/projection.h"

/* Checks the structs within a call's options. `target` is NULL where the call writes nothing. */
static enum hw_status parts_check(const struct hw_csv_options *csv, const struct hw_columns_options *columns,
                                  const struct hw_store_options *source, const struct hw_store_options *target,
                                  struct hw_error *err) {
    const struct hw_csv_spelling spelling = hw_csv_spelling_of(csv);
    const bool typed = csv->schema_path || columns->types_count > 0;
    HW_TRY(hw_growing_reserved("hw_csv_options", csv->reserved, sizeof(csv->reserved), err));
    HW_TRY(hw_csv_spelling_check(&spelling, typed, err));
    HW_TRY(hw_growing_reserved("hw_columns_options", columns->reserved, sizeof(columns->reserved), err));
    HW_TRY(hw_projection_check(columns, err));
    HW_TRY(hw_growing_reserved("hw_store_options", source->reserved, sizeof(source->reserved), err));
    return target ? hw_growing_reserved("hw_store_options", target->reserved, sizeof(target->reserved), err) : HW_OK;
}

/* A single text has one name, which its reader knows. */
static enum hw_status added_check(const struct hw_columns_options *columns, struct hw_error *err) {
    return columns->add_source ? hw_fail(err, HW_EUSAGE, "option columns.add_source is for conversions alone") : HW_OK;
}

/* A text that is no condition is one whatever the sources are. */
static enum hw_status where_check(const char *where, struct hw_error *err) {
    HW_AUTO(hw_predicate) predicate = {0};
    return where ? hw_predicate_parse(&predicate, where, err) : HW_OK;
}

static enum hw_status column_list_check(const struct hw_convert_options *options, struct hw_error *err) {
    const bool chosen = options->columns.select_count > 0 || options->columns.drop_count > 0;
    return options->column_list && chosen
               ? hw_fail(err, HW_EUSAGE, "--columns and %s contradict each other: both say which columns are taken",
                         options->columns.select_count > 0 ? "--select" : "--drop")
               : HW_OK;
}

enum hw_status hw_call_convert_options(const struct hw_convert_options *given, struct hw_convert_options *out,
                                       struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_convert_options, log);
    struct hw_convert_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(parts_check(&taken.csv, &taken.columns, &taken.source_store, &taken.target_store, err));
        HW_TRY(where_check(taken.where, err));
        HW_TRY(column_list_check(&taken, err));
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
        HW_TRY(parts_check(&taken.csv, &taken.columns, &taken.source_store, &taken.target_store, err));
        HW_TRY(added_check(&taken.columns, err));
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
        HW_TRY(parts_check(&taken.csv, &taken.columns, &taken.source_store, NULL, err));
        HW_TRY(added_check(&taken.columns, err));
    }
    *out = taken;
    return HW_OK;
}

enum hw_status hw_call_head_options(const struct hw_head_options *given, struct hw_head_options *out,
                                    struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_head_options, write);
    const struct hw_columns_options columns = {0};
    struct hw_head_options taken = {0};
    HW_TRY(hw_growing_take(&taken, given, &growing, err));
    HW_TRY(parts_check(&taken.csv, &columns, &taken.source_store, NULL, err));
    *out = taken;
    return HW_OK;
}

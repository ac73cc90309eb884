/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/bloom_columns.h"

#include "optimize/column_names.h"

static enum hw_status asked_choose(const struct hw_bloom_columns *choosing, const struct hw_optimize_bloom *asked,
                                   struct hw_rewrite_column *columns, size_t count, struct hw_error *err);
static bool any_file_has(const struct hw_bloom_columns *choosing, const struct hw_rewrite_column *column);

enum hw_status hw_bloom_columns_choose(const struct hw_bloom_columns *choosing, struct hw_rewrite_column *columns,
                                       size_t count, bool *out_lost, struct hw_error *err) {
    bool lost = false;
    for (size_t i = 0; i < count; i++) {
        columns[i].bloom_fpp = 0;
        columns[i].bloom_form = hw_bloom_form_of(columns[i].leaves->source, columns[i].write->physical);
    }
    for (size_t i = 0; i < choosing->asked_count; i++) {
        HW_TRY(asked_choose(choosing, &choosing->asked[i], columns, count, err));
    }
    for (size_t i = 0; i < count; i++) {
        const bool again = columns[i].mask.def == 0 && any_file_has(choosing, &columns[i]);
        const bool has_form = columns[i].bloom_form != HW_BLOOM_NONE;
        columns[i].bloom_fpp =
            again && has_form && columns[i].bloom_fpp == 0 ? HW_BLOOM_FPP_DEFAULT : columns[i].bloom_fpp;
        lost = lost || (again && !has_form);
    }
    *out_lost = lost;
    return HW_OK;
}

/* A writer may tell 0 of a filter that is not there. */
static bool any_file_has(const struct hw_bloom_columns *choosing, const struct hw_rewrite_column *column) {
    bool any = false;
    for (size_t i = 0; i < choosing->files_count; i++) {
        const struct hw_parquet_meta *meta = &choosing->files[i]->meta;
        const size_t number = column->write->column;
        for (size_t g = 0; g < meta->groups_count; g++) {
            const struct hw_parquet_group *group = &meta->groups[g];
            any = any || (number < group->chunks_count && group->chunks[number].bloom_offset > 0);
        }
    }
    return any;
}

/* ------ what is asked for */

static enum hw_status column_unfit(const struct hw_optimize_bloom *asked, const char *why, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EUSAGE, "--bloom names the column %s, %s",
                   hw_quote(asked->column, strlen(asked->column), quoted, sizeof(quoted)), why);
}

/* Returns the column that an element is; NULL where it is not written. */
static struct hw_rewrite_column *column_of(const struct hw_read_file *file, const struct hw_parquet_element *element,
                                           struct hw_rewrite_column *columns, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (file->schema.leaves[columns[i].write->column].element == element) {
            return &columns[i];
        }
    }
    return NULL;
}

/* Returns why values of a type have no filter. */
static const char *unfit_type(const struct hw_parquet_element *element) {
    return element->physical == HW_PHYSICAL_BOOLEAN ? "whose type BOOLEAN has no bloom filters"
           : element->physical == HW_PHYSICAL_INT96 ? "whose type INT96 has no bloom filters"
                                                    : "whose intervals have no bloom filters that all readers know";
}

static enum hw_status asked_choose(const struct hw_bloom_columns *choosing, const struct hw_optimize_bloom *asked,
                                   struct hw_rewrite_column *columns, size_t count, struct hw_error *err) {
    size_t number;
    const double fpp = asked->fpp == 0 ? HW_BLOOM_FPP_DEFAULT : asked->fpp;
    HW_TRY(hw_column_name_find(choosing->tree, asked->column, "--bloom", &number, err));
    const struct hw_parquet_element *element = &choosing->tree->elements[number];
    if (hw_element_is_group(element)) {
        return column_unfit(asked, "which is a group: name a column in it, as \"a.b\"", err);
    }
    struct hw_rewrite_column *column = column_of(choosing->like, element, columns, count);
    if (!column) {
        return column_unfit(asked, "which is left out", err);
    }
    if (column->bloom_form == HW_BLOOM_NONE) {
        return column_unfit(asked, unfit_type(element), err);
    }
    if (column->mask.def > 0) {
        return column_unfit(asked, "all of whose values become null", err);
    }
    if (column->bloom_fpp > 0) {
        return column_unfit(asked, "which it has named before", err);
    }
    if (!(fpp > 0 && fpp < 1)) {
        return column_unfit(asked, "with a probability that is not above 0 and below 1", err);
    }
    column->bloom_fpp = fpp;
    return HW_OK;
}

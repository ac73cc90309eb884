/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_columns.h"

#include "core/limits.h"
#include "optimize/column_names.h"

static enum hw_status name_find(const struct hw_sort_output *output, const struct hw_optimize_sort *name,
                                struct hw_sort_column *out, struct hw_error *err);

/* Returns the place of a leaf of the source in the output; the number of columns: it has none. */
static size_t column_find(const struct hw_sort_output *output, size_t leaf) {
    size_t i = 0;
    while (i < output->count && output->columns[i].write->column != leaf) {
        i++;
    }
    return i;
}

/* Returns NULL, or the reason why rows cannot be sorted by a column of the output. */
static const char *column_set(const struct hw_sort_output *output, size_t column, struct hw_sort_column *out) {
    const struct hw_rewrite_column *of = &output->columns[column];
    out->leaf = column;
    return hw_sort_key_of(&output->file->schema.leaves[of->write->column], &of->written, &out->key);
}

static bool is_among(const struct hw_sort_column *sort, size_t count, size_t leaf) {
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found |= sort[i].leaf == leaf;
    }
    return found;
}

enum hw_status hw_sort_columns_named(const struct hw_sort_output *output, const struct hw_optimize_sort *names,
                                     size_t names_count, struct hw_sort_column *out_sort, struct hw_error *err) {
    if (names_count > HW_SORT_COLUMNS_MAX) {
        return hw_fail(err, HW_ELIMIT, "--sort names %zu columns, which is more than %u", names_count,
                       HW_SORT_COLUMNS_MAX);
    }
    for (size_t i = 0; i < names_count; i++) {
        HW_TRY(name_find(output, &names[i], &out_sort[i], err));
        if (is_among(out_sort, i, out_sort[i].leaf)) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EUSAGE, "the column %s is named twice (--sort)",
                           hw_quote(names[i].column, strlen(names[i].column), quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}

static enum hw_status name_find(const struct hw_sort_output *output, const struct hw_optimize_sort *name,
                                struct hw_sort_column *out, struct hw_error *err) {
    const struct hw_read_schema *schema = &output->file->schema;
    char quoted[HW_QUOTE_BYTES];
    const char *reason = "it is not in the output";
    size_t element, leaf = 0;
    HW_TRY(hw_column_name_find(output->tree, name->column, "--sort", &element, err));
    /* The first leaf of a column is the column itself, or one below it. */
    while (leaf < schema->leaves_count && schema->leaves[leaf].element < &output->tree->elements[element]) {
        leaf++;
    }
    const size_t column = column_find(output, leaf);
    *out = (struct hw_sort_column){.key = {.descending = name->descending}};
    if (column < output->count) {
        reason = column_set(output, column, out);
    }
    if (!reason && schema->leaves[leaf].element != &output->tree->elements[element]) {
        reason = "it has columns of its own, of which one can be named";
    }
    return !reason ? HW_OK
                   : hw_fail(err, HW_EUSAGE, "rows cannot be sorted by the column %s (--sort): %s",
                             hw_quote(name->column, strlen(name->column), quoted, sizeof(quoted)), reason);
}

/* ------ what sources say */

static bool sorting_same(const struct hw_parquet_sorting *a, const struct hw_parquet_sorting *b) {
    return a->column == b->column && a->descending == b->descending && a->nulls_first == b->nulls_first;
}

/* Returns how many columns of `count` a row group is sorted by too. */
static size_t same_count(const struct hw_parquet_sorting *sorting, size_t count, const struct hw_parquet_group *group) {
    size_t same = 0;
    while (same < count && same < group->sorting_count && sorting_same(&sorting[same], &group->sorting[same])) {
        same++;
    }
    return same;
}

size_t hw_sort_columns_claimed(const struct hw_sort_output *output, const struct hw_read_file *const *files,
                               size_t files_count, struct hw_sort_column *out_sort) {
    const struct hw_parquet_sorting *sorting = NULL;
    size_t count = 0, found = 0;
    for (size_t i = 0; i < files_count; i++) {
        const struct hw_parquet_meta *meta = &files[i]->meta;
        for (size_t g = 0; g < meta->groups_count; g++) {
            const struct hw_parquet_group *group = &meta->groups[g];
            count =
                sorting ? same_count(sorting, count, group) : hw_min_size(group->sorting_count, HW_SORT_COLUMNS_MAX);
            sorting = sorting ? sorting : group->sorting;
            if (count == 0) {
                return 0;
            }
        }
    }
    for (; found < count; found++) {
        struct hw_sort_column *out = &out_sort[found];
        const size_t column =
            sorting[found].column >= 0 ? column_find(output, (size_t)sorting[found].column) : output->count;
        *out = (struct hw_sort_column){
            .key = {.descending = sorting[found].descending, .nulls_first = sorting[found].nulls_first}};
        if (column == output->count || column_set(output, column, out) || is_among(out_sort, found, column)) {
            break;
        }
    }
    return found;
}

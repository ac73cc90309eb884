/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/type_drift.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/count.h"
#include "table/type.h"

enum {
    SETS_MAX = 1024,      /* sets of columns that are told apart */
    NAMES_MAX = 16384,    /* columns of all of them */
    TYPES_MAX = 8,        /* types of one column that are told apart */
    COLUMNS_TOLD_MAX = 3, /* columns that the warning names */
    TYPES_TOLD_MAX = 3,   /* types of one of these */
    TYPE_BYTES = 64,
};

/* A type, and of the sources in which it occurs the one whose name comes first. */
struct occurrence {
    struct hw_type type;
    const char *source;
};

struct drift_column {
    size_t count;
    struct occurrence types[TYPES_MAX];
};

void hw_type_drift_release(struct hw_type_drift *drift) {
    hw_intern_release(&drift->sets);
    hw_intern_release(&drift->names);
    hw_buf_release(&drift->columns);
    hw_arena_release(&drift->arena);
    *drift = (struct hw_type_drift){0};
}

static struct drift_column *column_at(const struct hw_type_drift *drift, size_t number) {
    return &((struct drift_column *)(void *)drift->columns.data)[number];
}

/*
 * Sources end in any order, so the first of them by name is kept: what is told must not depend on
 * threads. Only such a name takes memory. `*kept` is the copy of this source's name, once made.
 */
static enum hw_status type_add(struct hw_type_drift *drift, struct drift_column *column, struct hw_type type,
                               const char *source, const char **kept, struct hw_error *err) {
    size_t i = 0;
    type.zone = NULL; /* it only says how times are shown, and is the schema's */
    while (i < column->count && !hw_type_equal(column->types[i].type, type)) {
        i++;
    }
    if (i == TYPES_MAX || (i < column->count && strcmp(source, column->types[i].source) >= 0)) {
        return HW_OK;
    }
    *kept = *kept ? *kept : hw_arena_strdup(&drift->arena, source);
    if (!*kept) {
        return hw_fail_nomem(err, strlen(source));
    }
    column->types[i] = (struct occurrence){type, *kept};
    column->count += i == column->count;
    return HW_OK;
}

/* Finds the number of the columns that a schema has, in their order; SETS_MAX for no more. */
static enum hw_status set_find(struct hw_type_drift *drift, const struct hw_schema *schema, uint32_t *out_set,
                               struct hw_error *err) {
    const struct hw_siphash_key plain = {{0}};
    HW_AUTO(hw_buf) names = {0};
    for (size_t i = 0; i < schema->count; i++) {
        HW_TRY(hw_buf_append(&names, schema->fields[i].name, strlen(schema->fields[i].name) + 1, err));
    }
    const struct hw_hash128 hash = hw_siphash128(&plain, names.data, names.size);
    return hw_intern_number(&drift->sets, (hw_view){(const char *)&hash, sizeof(hash)}, SETS_MAX, out_set, err);
}

/* Finds the number of a column of a set; NAMES_MAX for no more. */
static enum hw_status column_find(struct hw_type_drift *drift, uint32_t set, const char *name, uint32_t *out_number,
                                  struct hw_error *err) {
    HW_AUTO(hw_buf) key = {0};
    HW_TRY(hw_buf_append(&key, &set, sizeof(set), err));
    HW_TRY(hw_buf_append(&key, name, strlen(name), err));
    return hw_intern_number(&drift->names, hw_buf_view(&key), NAMES_MAX, out_number, err);
}

enum hw_status hw_type_drift_add(struct hw_type_drift *drift, const struct hw_schema *schema, const char *source,
                                 struct hw_error *err) {
    const struct drift_column none = {0};
    const char *kept = NULL;
    uint32_t set;
    HW_TRY(set_find(drift, schema, &set, err));
    for (size_t i = 0; set < SETS_MAX && i < schema->count; i++) {
        uint32_t number;
        /* No name may be without a column. */
        HW_TRY(hw_buf_reserve(&drift->columns, sizeof(none), err));
        HW_TRY(column_find(drift, set, schema->fields[i].name, &number, err));
        if (number == NAMES_MAX) {
            break;
        }
        if (number * sizeof(none) == drift->columns.size) {
            HW_TRY(hw_buf_append(&drift->columns, &none, sizeof(none), err));
        }
        HW_TRY(type_add(drift, column_at(drift, number), schema->fields[i].type, source, &kept, err));
    }
    return HW_OK;
}

static int occurrence_compare(const void *a, const void *b) {
    return strcmp(((const struct occurrence *)a)->source, ((const struct occurrence *)b)->source);
}

/* Appends "price (int64 in a.csv, double in b.csv)". */
static void column_append(struct hw_buf *out, const char *name, const struct drift_column *column) {
    struct drift_column sorted = *column;
    char type[TYPE_BYTES];
    enum hw_status status = hw_buf_printf(out, NULL, "%s%.100s (", out->size > 0 ? ", " : "", name);
    qsort(sorted.types, sorted.count, sizeof(sorted.types[0]), occurrence_compare);
    for (size_t i = 0; status == HW_OK && i < sorted.count && i < TYPES_TOLD_MAX; i++) {
        hw_type_format(sorted.types[i].type, type, sizeof(type));
        status = hw_buf_printf(out, NULL, "%s%s in %.200s", i > 0 ? ", " : "", type, sorted.types[i].source);
    }
    if (status == HW_OK && sorted.count > TYPES_TOLD_MAX) {
        status = hw_buf_printf(out, NULL, " and %s", HW_COUNT(sorted.count - TYPES_TOLD_MAX, "other type"));
    }
    status = status == HW_OK ? hw_buf_append_text(out, ")", NULL) : status;
    (void)status; /* what does not fit into memory is not told */
}

void hw_type_drift_tell(const struct hw_type_drift *drift, const struct hw_warn *warn) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_error told = HW_ERROR_INIT;
    size_t columns = 0;
    for (size_t i = 0; i < drift->columns.size / sizeof(struct drift_column); i++) {
        const struct drift_column *column = column_at(drift, i);
        if (column->count > 1 && columns < COLUMNS_TOLD_MAX) {
            column_append(&text, hw_intern_key(&drift->names, (uint32_t)i).data + sizeof(uint32_t), column);
        }
        columns += column->count > 1;
    }
    if (columns == 0 || hw_buf_end_text(&text, NULL) != HW_OK) {
        return;
    }
    hw_error_set(
        &told, HW_EDATA,
        "%s %s not the same type in all sources with these columns, so that their outputs are no single table; "
        "--one-schema gives them one: %s%s",
        HW_COUNT(columns, "column"), hw_plural(columns, "has", "have"), (const char *)text.data,
        columns > COLUMNS_TOLD_MAX ? " and others" : "");
    hw_warn_tell(warn, &told);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/type_drift.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "table/type.h"

enum {
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

enum hw_status hw_type_drift_add(struct hw_type_drift *drift, const struct hw_schema *schema, const char *source,
                                 struct hw_error *err) {
    const struct drift_column none = {0};
    const char *kept = NULL;
    for (size_t i = 0; i < schema->count; i++) {
        uint32_t number;
        /* No name may be without a column. */
        HW_TRY(hw_buf_reserve(&drift->columns, sizeof(none), err));
        HW_TRY(hw_intern_number(&drift->names, hw_view_of(schema->fields[i].name), HW_CSV_COLUMNS_MAX, &number, err));
        if (number == HW_CSV_COLUMNS_MAX) {
            continue;
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
            column_append(&text, hw_intern_key(&drift->names, (uint32_t)i).data, column);
        }
        columns += column->count > 1;
    }
    if (columns == 0 || hw_buf_end_text(&text, NULL) != HW_OK) {
        return;
    }
    hw_error_set(&told, HW_EDATA,
                 "%zu column%s not the same type in all sources, so that the outputs are no single table; --schema "
                 "gives them one: %s%s",
                 columns, columns == 1 ? " has" : "s have", (const char *)text.data,
                 columns > COLUMNS_TOLD_MAX ? " and others" : "");
    hw_warn_tell(warn, &told);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/column_stats.h"

#include <math.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/utf8_valid.h"

enum {
    SKETCH_BITS = 12,      /* 4 KiB a column, a standard error of 1.6 % */
    SKETCH_BITS_WIDE = 10, /* 1 KiB, 3.3 %: */
    WIDE_COLUMNS = 256,    /* for tables with more columns */
};

enum hw_status hw_column_stats_new(const struct hw_schema *schema, struct hw_column_stats **out_stats,
                                   struct hw_error *err) {
    const unsigned bits = schema->count > WIDE_COLUMNS ? SKETCH_BITS_WIDE : SKETCH_BITS;
    const size_t registers_bytes = schema->count << bits;
    struct hw_column_stats *stats = hw_alloc_zero(1, sizeof(*stats));
    if (!stats) {
        return hw_fail_nomem(err, sizeof(*stats));
    }
    *stats = (struct hw_column_stats){
        .schema = schema,
        .columns = hw_alloc_zero(schema->count, sizeof(*stats->columns)),
        .registers = hw_alloc_zero(registers_bytes, 1),
        .registers_bytes = registers_bytes,
    };
    if (!stats->columns || !stats->registers) {
        hw_column_stats_free(stats);
        return hw_fail_nomem(err, registers_bytes);
    }
    for (size_t i = 0; i < schema->count; i++) {
        stats->columns[i].sketch = (struct hw_sketch){stats->registers + (i << bits), bits};
    }
    *out_stats = stats;
    return HW_OK;
}

void hw_column_stats_free(struct hw_column_stats *stats) {
    if (stats) {
        hw_free(stats->columns);
        hw_free(stats->registers);
        hw_free(stats);
    }
}

void hw_column_stats_clear(struct hw_column_stats *stats) {
    memset(stats->registers, 0, stats->registers_bytes);
    for (size_t i = 0; i < stats->schema->count; i++) {
        stats->columns[i] = (struct hw_column_stat){.sketch = stats->columns[i].sketch};
    }
}

static void int64s_add(struct hw_column_stat *stat, const struct hw_column *column, size_t rows);
static void doubles_add(struct hw_column_stat *stat, const struct hw_column *column, size_t rows);
static void texts_add(struct hw_column_stat *stat, const struct hw_column *column, size_t rows);
static void others_add(struct hw_column_stat *stat, enum hw_kind kind, const struct hw_column *column, size_t rows);
static void flats_add(struct hw_column_stat *stat, struct hw_type type, const struct hw_column *column, size_t rows);

void hw_column_stats_add(struct hw_column_stats *stats, const struct hw_batch *batch) {
    for (size_t i = 0; i < batch->schema->count; i++) {
        const struct hw_column *column = &batch->columns[i];
        struct hw_column_stat *stat = &stats->columns[i];
        enum hw_kind kind = batch->schema->fields[i].type.kind;
        stat->nulls += column->null_count;
        stat->values += batch->rows - column->null_count;
        if (column->null_count == batch->rows) {
            continue;
        }
        if (kind == HW_KIND_INT64 || kind == HW_KIND_TIMESTAMP) {
            int64s_add(stat, column, batch->rows);
        } else if (kind == HW_KIND_DOUBLE) {
            doubles_add(stat, column, batch->rows);
        } else if (kind == HW_KIND_TEXT) {
            texts_add(stat, column, batch->rows);
        } else if (!hw_kind_is_basic(kind)) {
            flats_add(stat, batch->schema->fields[i].type, column, batch->rows);
        } else {
            others_add(stat, kind, column, batch->rows);
        }
    }
}

/* Orders as hw_csv_value_compare does, texts by what is kept of them. */
static int bound_compare(enum hw_kind kind, const struct hw_column_bound *a, const struct hw_column_bound *b) {
    if (kind != HW_KIND_TEXT) {
        return hw_csv_value_compare(kind, &a->as.value, &b->as.value);
    }
    size_t both = hw_min_size(a->text_bytes, b->text_bytes);
    int order = memcmp(a->as.text, b->as.text, both);
    return order != 0 ? order : a->text_bytes - b->text_bytes;
}

static void bounds_widen(struct hw_column_stat *stat, enum hw_kind kind, const struct hw_column_bound *min,
                         const struct hw_column_bound *max) {
    stat->min = !stat->bounded || bound_compare(kind, min, &stat->min) < 0 ? *min : stat->min;
    stat->max = !stat->bounded || bound_compare(kind, max, &stat->max) > 0 ? *max : stat->max;
    stat->bounded = true;
}

static void int64s_add(struct hw_column_stat *stat, const struct hw_column *column, size_t rows) {
    const int64_t *values = column->values;
    int64_t min = INT64_MAX;
    int64_t max = INT64_MIN;
    for (size_t row = 0; row < rows; row++) {
        if (hw_column_valid(column, row)) {
            min = values[row] < min ? values[row] : min;
            max = values[row] > max ? values[row] : max;
            hw_sketch_add(&stat->sketch, hw_sketch_hash((uint64_t)values[row]));
        }
    }
    bounds_widen(stat, HW_KIND_INT64, &(struct hw_column_bound){.as.value.integer = min},
                 &(struct hw_column_bound){.as.value.integer = max});
}

static uint64_t double_hash(double value) {
    uint64_t bits;
    value = isnan(value) ? (double)NAN : value + 0.0; /* one nan, one zero */
    memcpy(&bits, &value, sizeof(bits));
    return hw_sketch_hash(bits);
}

static void doubles_add(struct hw_column_stat *stat, const struct hw_column *column, size_t rows) {
    const double *values = column->values;
    double min = (double)INFINITY;
    double max = -(double)INFINITY;
    bool bounded = false;
    for (size_t row = 0; row < rows; row++) {
        if (hw_column_valid(column, row)) {
            bounded |= !isnan(values[row]);
            min = values[row] < min ? values[row] : min;
            max = values[row] > max ? values[row] : max;
            hw_sketch_add(&stat->sketch, double_hash(values[row]));
        }
    }
    if (bounded) {
        bounds_widen(stat, HW_KIND_DOUBLE, &(struct hw_column_bound){.as.value.real = min},
                     &(struct hw_column_bound){.as.value.real = max});
    }
}

static void texts_add(struct hw_column_stat *stat, const struct hw_column *column, size_t rows) {
    for (size_t row = 0; row < rows; row++) {
        if (!hw_column_valid(column, row)) {
            continue;
        }
        hw_view text = hw_csv_value_at(HW_KIND_TEXT, column, row).text;
        size_t kept = hw_min_size(text.size, HW_COLUMN_STAT_TEXT_BYTES);
        hw_sketch_add(&stat->sketch, hw_xxh64(text.data, text.size, 0));
        int below_max =
            !stat->bounded ? 1 : memcmp(text.data, stat->max.as.text, hw_min_size(kept, stat->max.text_bytes));
        int above_min =
            !stat->bounded ? -1 : memcmp(text.data, stat->min.as.text, hw_min_size(kept, stat->min.text_bytes));
        if (below_max >= 0 || above_min <= 0) { /* equal so far: the whole comparison decides */
            struct hw_column_bound bound = {.text_bytes = (uint8_t)kept};
            memcpy(bound.as.text, text.data, kept);
            bounds_widen(stat, HW_KIND_TEXT, &bound, &bound);
        }
    }
}

static uint64_t words_hash(const void *words) {
    const uint8_t *at = words;
    return hw_sketch_hash(hw_load_le64(at) ^ hw_sketch_hash(hw_load_le64(at + 8)));
}

/* Booleans, decimals, dates, UUIDs. */
static void others_add(struct hw_column_stat *stat, enum hw_kind kind, const struct hw_column *column, size_t rows) {
    for (size_t row = 0; row < rows; row++) {
        if (hw_column_valid(column, row)) {
            /* hw_csv_value_at leaves no byte unset: those beyond a short value are 0. */
            const struct hw_column_bound bound = {.as.value = hw_csv_value_at(kind, column, row)};
            hw_sketch_add(&stat->sketch, words_hash(&bound.as.value));
            bounds_widen(stat, kind, &bound, &bound);
        }
    }
}

/* Values that are not basic, as so many bytes. */
static void flats_add(struct hw_column_stat *stat, struct hw_type type, const struct hw_column *column, size_t rows) {
    const size_t width = hw_type_bytes(type);
    for (size_t row = 0; hw_kind_is_flat(type.kind) && row < rows; row++) {
        const size_t slot = column->offset + row;
        if (!hw_column_valid(column, row)) {
            continue;
        }
        if (hw_kind_is_bytes(type.kind)) {
            const size_t begin = hw_column_begin(column, slot);
            hw_sketch_add(&stat->sketch, hw_xxh64(column->data + begin, hw_column_begin(column, slot + 1) - begin, 0));
        } else {
            hw_sketch_add(&stat->sketch, hw_xxh64((const char *)column->values + slot * width, width, 0));
        }
    }
}

void hw_column_stats_merge(struct hw_column_stats *stats, const struct hw_column_stats *other) {
    for (size_t i = 0; i < stats->schema->count; i++) {
        struct hw_column_stat *stat = &stats->columns[i];
        const struct hw_column_stat *more = &other->columns[i];
        stat->nulls += more->nulls;
        stat->values += more->values;
        hw_sketch_merge(&stat->sketch, &more->sketch);
        if (more->bounded) {
            bounds_widen(stat, stats->schema->fields[i].type.kind, &more->min, &more->max);
        }
    }
}

uint64_t hw_column_stat_distinct(const struct hw_column_stat *stat) {
    uint64_t estimate = hw_sketch_estimate(&stat->sketch);
    return estimate < stat->values ? estimate : stat->values;
}

const char *hw_column_stat_text(const struct hw_column_bound *bound, struct hw_type type, struct hw_arena *arena) {
    char text[HW_PRINT_BYTES];
    if (type.kind != HW_KIND_TEXT) {
        hw_csv_value_print(type, &bound->as.value, text);
        return hw_arena_strdup(arena, text);
    }
    return hw_utf8_cut((hw_view){bound->as.text, bound->text_bytes}, arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_survey.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/alloc.h"
#include "parquet/arrow_zones.h"
#include "parquet/leaf_raw.h"
#include "table/print.h"

enum { PATH_BYTES = 512, REASON_BYTES = 320, NUMBER_BYTES = 64 };

/* A column, in all files that have it. */
struct surveyed {
    const char *path;
    /* The leaf, and its type, live in the arena: files are closed. */
    struct hw_read_leaf leaf;
    struct hw_field field;
    struct hw_parquet_element element;
    struct hw_narrow_survey survey;
    /* A file gives it a time zone, which the new type would not have. */
    bool zoned;
};

static size_t columns_count(const struct hw_optimize_survey *survey) {
    return survey->columns.size / sizeof(struct surveyed *);
}

static struct surveyed *column_at(const struct hw_optimize_survey *survey, size_t index) {
    return ((struct surveyed *const *)(const void *)survey->columns.data)[index];
}

void hw_optimize_survey_release(struct hw_optimize_survey *survey) {
    hw_buf_release(&survey->columns);
    hw_arena_release(&survey->arena);
}

/* ------ columns by their paths */

/* Columns with one path and different types are decided apart. */
static bool is_column(const struct surveyed *column, const char *path, const struct hw_read_leaf *leaf) {
    return strcmp(column->path, path) == 0 && column->leaf.physical == leaf->physical &&
           column->field.type.kind == leaf->field->type.kind;
}

/* Files of one call mostly have the same columns, so `guess` is mostly right. */
static struct surveyed *column_find(const struct hw_optimize_survey *survey, const struct hw_read_leaf *leaf,
                                    size_t guess) {
    char path[PATH_BYTES];
    const size_t count = columns_count(survey);
    hw_read_leaf_path(leaf, path, sizeof(path));
    if (guess < count && is_column(column_at(survey, guess), path, leaf)) {
        return column_at(survey, guess);
    }
    for (size_t i = 0; i < count; i++) {
        if (is_column(column_at(survey, i), path, leaf)) {
            return column_at(survey, i);
        }
    }
    return NULL;
}

static enum hw_status column_add(struct hw_optimize_survey *survey, const struct hw_read_leaf *leaf,
                                 struct surveyed **out_column, struct hw_error *err) {
    char path[PATH_BYTES];
    struct surveyed *column = hw_arena_alloc(&survey->arena, sizeof(*column));
    if (!column) {
        return hw_fail_nomem(err, sizeof(*column));
    }
    *column = (struct surveyed){
        .path = hw_arena_strdup(&survey->arena, hw_read_leaf_path(leaf, path, sizeof(path))),
        .leaf = *leaf,
        .field = {.type = leaf->field->type},
        .element = *leaf->element,
    };
    if (!column->path) {
        return hw_fail_nomem(err, strlen(path));
    }
    column->leaf.field = &column->field;
    column->leaf.element = &column->element;
    column->survey.leaf = &column->leaf;
    column->survey.choice = survey->choice;
    *out_column = column;
    return hw_buf_append(&survey->columns, &column, sizeof(column), err);
}

/* ------ values */

/* A leaf of the file that is looked at. */
struct look {
    const struct hw_read_leaf *leaf;
    struct surveyed *column;
    /* What it adds to the column: another leaf may have the same path, and another thread. */
    struct hw_narrow_survey survey;
    uint64_t rows;
    enum hw_status status;
    struct hw_error error;
};

struct looking {
    const struct hw_read_file *file;
    struct look *looks;
    struct hw_column_read_bench *benches;
};

static hw_column_rows_fn rows_look;

/* A column is left as soon as no value can make a difference. */
static bool look_over(const struct look *look) {
    return look->column->zoned || hw_narrow_survey_over(&look->column->survey) || hw_narrow_survey_over(&look->survey);
}

static enum hw_status leaf_look(const struct hw_read_file *file, struct look *look, struct hw_column_read_bench *bench,
                                struct hw_error *err) {
    struct hw_read_leaf raw;
    struct hw_field field;
    struct hw_column_place end;
    hw_leaf_raw(look->leaf, &field, &raw);
    for (size_t group = 0; group < file->meta.groups_count; group++) {
        const struct hw_rewrite_rows rows = {file, group, 0, (uint64_t)file->meta.groups[group].rows};
        if (rows.count > 0 && !look_over(look)) {
            const enum hw_status status = hw_column_read_source(&rows, &raw, NULL, bench, rows_look, look, &end, err);
            /* The source may be cancelled too. */
            HW_TRY(status == HW_ECANCELLED && look_over(look) ? HW_OK : status);
        }
    }
    return HW_OK;
}

static enum hw_status rows_look(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct look *look = ctx;
    hw_narrow_survey_add(&look->survey, rows, look->rows);
    look->rows += rows->rows;
    return look_over(look) ? hw_fail(err, HW_ECANCELLED, "enough was seen") : HW_OK;
}

static void look_run(void *ctx, size_t item, size_t member) {
    struct looking *looking = ctx;
    struct look *look = &looking->looks[item];
    look->error = (struct hw_error)HW_ERROR_INIT;
    look->status = leaf_look(looking->file, look, &looking->benches[member], &look->error);
}

/* Finds the leaves that are worth a look. */
static enum hw_status looks_find(struct hw_optimize_survey *survey, const struct hw_read_file *file, struct look *looks,
                                 size_t *out_count, struct hw_error *err) {
    size_t count = 0;
    for (size_t i = 0; i < file->schema.leaves_count; i++) {
        const struct hw_read_leaf *leaf = &file->schema.leaves[i];
        if (!hw_narrow_asked(leaf, &survey->choice)) {
            continue;
        }
        struct surveyed *column = column_find(survey, leaf, count);
        HW_TRY(column ? HW_OK : column_add(survey, leaf, &column, err));
        looks[count++] = (struct look){
            .leaf = leaf,
            .column = column,
            .survey = {.leaf = leaf, .choice = survey->choice},
        };
    }
    *out_count = count;
    return HW_OK;
}

/*
 * Finds the columns of INT96 that have a zone. Some readers take it from ARROW:schema, as they do
 * for no timestamp that Parquet calls local, and others do not take it at all.
 */
static enum hw_status zones_find(const struct hw_optimize_survey *survey, const struct hw_read_file *file,
                                 const struct look *looks, size_t count, struct hw_error *err) {
    if (!survey->choice.int96 || count == 0) {
        return HW_OK;
    }
    bool *zoned = hw_alloc_zero(file->schema.leaves_count, sizeof(*zoned));
    if (!zoned) {
        return hw_fail_nomem(err, file->schema.leaves_count);
    }
    const enum hw_status status = hw_arrow_zones_find(&file->meta, file->schema.leaves_count, zoned, err);
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        const struct hw_read_leaf *leaf = looks[i].leaf;
        looks[i].column->zoned |= leaf->physical == HW_PHYSICAL_INT96 && zoned[leaf - file->schema.leaves];
    }
    hw_free(zoned);
    return status;
}

/* Adds what was seen of a leaf to its column, which outlives the file. */
static void look_join(struct look *look) {
    look->survey.leaf = &look->column->leaf;
    hw_narrow_survey_join(&look->column->survey, &look->survey, 0);
}

enum hw_status hw_optimize_survey_file(struct hw_optimize_survey *survey, const struct hw_read_file *file,
                                       struct hw_crew *crew, size_t memory_bytes, size_t page_bytes_max,
                                       struct hw_error *err) {
    const size_t threads = hw_crew_threads(crew);
    struct looking looking = {.file = file};
    size_t count = 0;
    looking.looks = hw_alloc_zero(file->schema.leaves_count, sizeof(*looking.looks));
    looking.benches = hw_alloc_zero(threads, sizeof(*looking.benches));
    enum hw_status status = HW_OK;
    if (!looking.looks || !looking.benches) {
        status = hw_fail_nomem(err, file->schema.leaves_count * sizeof(*looking.looks));
    }
    for (size_t i = 0; status == HW_OK && i < threads; i++) {
        looking.benches[i].memory_bytes = memory_bytes / threads;
        looking.benches[i].page_bytes_max = page_bytes_max;
    }
    status = status ? status : looks_find(survey, file, looking.looks, &count, err);
    status = status ? status : zones_find(survey, file, looking.looks, count, err);
    if (status == HW_OK) {
        hw_crew_run(crew, count, look_run, &looking);
        for (size_t i = 0; i < count; i++) {
            look_join(&looking.looks[i]);
        }
    }
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        status = looking.looks[i].status ? hw_error_pass(err, looking.looks[i].status, &looking.looks[i].error) : HW_OK;
    }
    for (size_t i = 0; looking.benches && i < threads; i++) {
        hw_column_read_bench_release(&looking.benches[i]);
    }
    hw_free(looking.benches);
    hw_free(looking.looks);
    return status;
}

/* ------ decisions */

static bool is_kept(const struct hw_read_file *file, const struct hw_read_leaf *leaf, const bool *kept) {
    return kept && kept[leaf->element - file->meta.elements];
}

enum hw_status hw_optimize_survey_decide(const struct hw_optimize_survey *survey, const struct hw_read_file *file,
                                         const bool *kept, struct hw_arena *arena,
                                         const struct hw_optimize_decision **out_decisions, struct hw_error *err) {
    const size_t count = file->schema.leaves_count;
    struct hw_optimize_decision *decisions = hw_arena_alloc(arena, (count + 1) * sizeof(*decisions));
    size_t met = 0;
    if (!decisions) {
        return hw_fail_nomem(err, count * sizeof(*decisions));
    }
    for (size_t i = 0; i < count; i++) {
        const struct hw_read_leaf *leaf = &file->schema.leaves[i];
        const struct surveyed *column =
            hw_narrow_asked(leaf, &survey->choice) ? column_find(survey, leaf, met++) : NULL;
        decisions[i] = (struct hw_optimize_decision){.reason = ""};
        if (column && is_kept(file, leaf, kept)) {
            decisions[i].reason = "stays, as it is to be kept";
        } else if (column && column->zoned) {
            decisions[i].reason = "stays int96: ARROW:schema gives it a time zone";
        } else if (column) {
            decisions[i].narrowing = hw_narrow_decide(&column->survey, &survey->choice);
            decisions[i].reason = hw_narrow_reason(&column->survey, &survey->choice, arena);
        }
        if (!decisions[i].reason) {
            return hw_fail_nomem(err, REASON_BYTES);
        }
    }
    *out_decisions = decisions;
    return HW_OK;
}

/* Writes what a column becomes. */
static void narrow_words(const struct hw_narrow_survey *survey, const struct hw_narrowing *narrowing, char *out) {
    static const char *const types[HW_NARROW_COUNT] = {[HW_NARROW_FLOAT] = "float",
                                                       [HW_NARROW_INT32] = "int32",
                                                       [HW_NARROW_UINT32] = "uint32",
                                                       [HW_NARROW_MICROS] = "timestamp(us)",
                                                       [HW_NARROW_NANOS] = "timestamp(ns)"};
    if (narrowing->to == HW_NARROW_DECIMAL) {
        snprintf(out, REASON_BYTES, "every value is exact as decimal(%" PRId32 ",%" PRId32 ")", narrowing->precision,
                 narrowing->scale);
    } else if (narrowing->tolerance > 0) {
        snprintf(out, REASON_BYTES, "as float values are off by a part of %.3g at most", survey->error_most);
    } else {
        snprintf(out, REASON_BYTES, "every value is exact as %s", types[narrowing->to]);
    }
}

/* Writes a number with a comma before every three digits. */
static const char *row_words(uint64_t row, char out[NUMBER_BYTES]) {
    char digits[NUMBER_BYTES];
    const size_t count = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, row);
    char *to = out;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0) {
            *to++ = ',';
        }
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

/* Writes why an INT96 stays that has nanoseconds. The values may be those of two files. */
static void nanos_stay_words(const struct hw_narrow_survey *survey, char *out) {
    const struct hw_narrow_instant *nanos = &survey->instants[HW_INT96_HAS_NANOS];
    const struct hw_narrow_instant *beyond = &survey->instants[HW_INT96_BEYOND_NANOS];
    char row[NUMBER_BYTES], other[NUMBER_BYTES], text[HW_PRINT_BYTES];
    *hw_int96_print(text, beyond->value) = '\0';
    row_words(beyond->row, other);
    if ((hw_int96_facts(beyond->value) & 1u << HW_INT96_HAS_NANOS) != 0) {
        snprintf(out, REASON_BYTES, "stays int96: row %s has nanoseconds and is %s, which they do not reach", other,
                 text);
    } else {
        snprintf(out, REASON_BYTES, "stays int96: row %s has nanoseconds, and row %s%s is %s, which they do not reach",
                 row_words(nanos->row, row), other, nanos->row == beyond->row ? " of another file" : "", text);
    }
}

/* Writes why an INT96 stays. */
static void instants_stay_words(const struct hw_narrow_survey *survey, char *out) {
    const struct hw_narrow_instant *no_time = &survey->instants[HW_INT96_NO_TIME];
    const struct hw_narrow_instant *beyond = &survey->instants[HW_INT96_BEYOND_MICROS];
    char row[NUMBER_BYTES];
    if ((survey->facts & 1u << HW_INT96_NO_TIME) != 0) {
        snprintf(out, REASON_BYTES, "stays int96: row %s has %" PRId64 " ns of a day, which is not within one",
                 row_words(no_time->row, row), hw_int96_time(no_time->value));
    } else if ((survey->facts & 1u << HW_INT96_BEYOND_MICROS) != 0) {
        snprintf(out, REASON_BYTES,
                 "stays int96: row %s has the Julian day %" PRId32 ", which microseconds do not reach",
                 row_words(beyond->row, row), hw_int96_day(beyond->value));
    } else {
        nanos_stay_words(survey, out);
    }
}

/* Writes why a column stays. */
static void stays_words(const struct hw_narrow_survey *survey, char *out) {
    char row[NUMBER_BYTES];
    char value[NUMBER_BYTES];
    if (survey->leaf->physical == HW_PHYSICAL_DOUBLE) {
        *hw_print_double(value, survey->misfit) = '\0';
        snprintf(out, REASON_BYTES, "stays double: row %s is %s", row_words(survey->misfit_row, row), value);
    } else if (survey->leaf->physical == HW_PHYSICAL_INT96) {
        instants_stay_words(survey, out);
    } else if (survey->leaf->field->type.kind == HW_KIND_UINT64) {
        snprintf(out, REASON_BYTES, "stays uint64: %" PRIu64 " is beyond uint32", survey->most_unsigned);
    } else {
        const bool low = survey->least < INT32_MIN;
        snprintf(out, REASON_BYTES, "stays int64: %" PRId64 " is beyond int32", low ? survey->least : survey->most);
    }
}

const char *hw_narrow_reason(const struct hw_narrow_survey *survey, const struct hw_narrow_choice *choice,
                             struct hw_arena *arena) {
    const struct hw_narrowing narrowing = hw_narrow_decide(survey, choice);
    char text[REASON_BYTES] = "";
    if (survey->values == 0) {
        return "";
    }
    if (narrowing.to == HW_NARROW_NONE) {
        stays_words(survey, text);
    } else {
        narrow_words(survey, &narrowing, text);
    }
    return hw_arena_strdup(arena, text);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/geo_merge.h"

#include <math.h>

#include "core/buf.h"
#include "core/limits.h"
#include "optimize/json_edit.h"
#include "table/filter_number.h"
#include "table/print.h"
#include "table/value_json.h"

/* Numbers of a box: the least of each dimension, then the greatest. */
enum { FLAT_NUMBERS = 4, BOX_NUMBERS_MAX = 6 };

struct box {
    double numbers[BOX_NUMBERS_MAX];
    size_t count; /* 0: there is none that can be joined */
};

/* Values of a column that are merged, where they stand; NULL where there is none. */
struct parts {
    struct hw_json_node *bbox;
    struct hw_json_node *types;
};

/* A column of the first source, by its place, and what the sources so far have in it. */
struct column {
    struct parts parts;
    /* The box around those of all sources, where they differ. */
    bool boxes_differ;
    struct box box;
    /* The types of all sources; NULL while all have the same. */
    hw_view *types;
    size_t types_count;
    bool any_type;
};

struct geo_merger {
    struct hw_pair_merger base;
    struct hw_pairs_merging *merging;
    const char *before_key;
    /* Of the first source. It is read once a value differs, or cannot be. */
    hw_view value;
    bool read;
    bool unreadable;
    struct hw_json_edit edit;
    struct column *columns;
    /* The value without what is merged. */
    hw_view rest;
};

static enum hw_status geo_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                              struct hw_error *err);
static enum hw_status geo_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err);
static enum hw_status first_read(struct geo_merger *merger, struct hw_error *err);
static enum hw_status columns_make(struct geo_merger *merger, struct hw_error *err);
static struct hw_json_node *first_column(const struct hw_json_edit *edit);
static struct parts column_parts(const struct hw_json_edit *edit, const struct hw_json_node *column);
static bool types_hold(const struct hw_json_edit *edit, const struct hw_json_node *types);
static enum hw_status rest_write(struct hw_json_edit *edit, hw_view *out_rest, struct hw_error *err);
static enum hw_status other_add(struct geo_merger *merger, hw_view value, bool *out_agrees, struct hw_error *err);
static void box_join(const struct geo_merger *merger, struct column *column, const struct hw_json_edit *edit,
                     const struct hw_json_node *bbox);
static struct box box_read(const struct hw_json_edit *edit, const struct hw_json_node *bbox);
static bool number_read(hw_view json, double *out_number);
static enum hw_status types_join(const struct geo_merger *merger, struct column *column,
                                 const struct hw_json_edit *edit, const struct hw_json_node *types,
                                 struct hw_error *err);
static enum hw_status types_add(struct hw_arena *arena, struct column *column, const struct hw_json_edit *edit,
                                const struct hw_json_node *types, struct hw_error *err);
static enum hw_status type_add(struct hw_arena *arena, struct column *column, hw_view type, struct hw_error *err);
static bool type_known(const struct column *column, hw_view type);

enum hw_status hw_geo_merger_make(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                                  struct hw_pair_merger **out_merger, struct hw_error *err) {
    struct geo_merger *merger = hw_arena_alloc(merging->arena, sizeof(*merger));
    if (!merger) {
        return hw_fail_nomem(err, sizeof(*merger));
    }
    *merger = (struct geo_merger){
        .base = {geo_add, geo_finish, NULL}, .merging = merging, .before_key = before_key, .value = value};
    *out_merger = &merger->base;
    return HW_OK;
}

static enum hw_status geo_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                              struct hw_error *err) {
    struct geo_merger *merger = (struct geo_merger *)base;
    struct hw_error why = HW_ERROR_INIT;
    bool agrees = true;
    (void)source;
    if (!hw_view_equal(value, merger->value)) {
        HW_TRY(first_read(merger, err));
        const enum hw_status status = merger->unreadable ? HW_EDATA : other_add(merger, value, &agrees, &why);
        if (status != HW_OK && !hw_pair_at_fault(status)) {
            return hw_error_pass(err, status, &why);
        }
        agrees = agrees && status == HW_OK;
    }
    *out_agrees = agrees;
    return HW_OK;
}

static enum hw_status first_read(struct geo_merger *merger, struct hw_error *err) {
    struct hw_error why = HW_ERROR_INIT;
    if (merger->read) {
        return HW_OK;
    }
    enum hw_status status = hw_json_edit_read(merger->value, merger->merging->arena, &merger->edit, &why);
    if (status == HW_OK) {
        HW_TRY(columns_make(merger, err));
        status = rest_write(&merger->edit, &merger->rest, &why);
    }
    merger->read = true;
    merger->unreadable = status != HW_OK;
    return status == HW_OK || hw_pair_at_fault(status) ? HW_OK : hw_error_pass(err, status, &why);
}

static enum hw_status columns_make(struct geo_merger *merger, struct hw_error *err) {
    const struct hw_json_edit *edit = &merger->edit;
    size_t count = 0;
    for (const struct hw_json_node *at = first_column(edit); at; at = hw_json_next(edit, at)) {
        count++;
    }
    struct column *column = hw_arena_alloc(merger->merging->arena, count * sizeof(*column));
    if (!column) {
        return hw_fail_nomem(err, count * sizeof(*column));
    }
    merger->columns = column;
    for (const struct hw_json_node *at = first_column(edit); at; at = hw_json_next(edit, at)) {
        *column++ = (struct column){.parts = column_parts(edit, at)};
    }
    return HW_OK;
}

static struct hw_json_node *first_column(const struct hw_json_edit *edit) {
    return hw_json_first(edit, hw_json_member(edit, &edit->nodes[0], "columns"));
}

/* Types that are no list of texts are nothing that could be joined. */
static struct parts column_parts(const struct hw_json_edit *edit, const struct hw_json_node *column) {
    struct parts parts = {hw_json_member(edit, column, "bbox"), hw_json_member(edit, column, "geometry_types")};
    parts.types = types_hold(edit, parts.types) ? parts.types : NULL;
    return parts;
}

static bool types_hold(const struct hw_json_edit *edit, const struct hw_json_node *types) {
    bool hold = types && types->kind == HW_JSON_LIST;
    for (const struct hw_json_node *type = hw_json_first(edit, types); hold && type; type = hw_json_next(edit, type)) {
        hold = type->kind == HW_JSON_TEXT;
    }
    return hold;
}

static enum hw_status rest_write(struct hw_json_edit *edit, hw_view *out_rest, struct hw_error *err) {
    for (const struct hw_json_node *at = first_column(edit); at; at = hw_json_next(edit, at)) {
        const struct parts parts = column_parts(edit, at);
        if (parts.bbox) {
            hw_json_remove(edit, parts.bbox);
        }
        if (parts.types) {
            HW_TRY(hw_json_replace(edit, parts.types, HW_VIEW("[]"), err));
        }
    }
    return hw_json_edit_write(edit, out_rest, err);
}

/* Where the rest is the same, so are the columns and their places. */
static enum hw_status other_add(struct geo_merger *merger, hw_view value, bool *out_agrees, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    hw_view rest;
    HW_TRY(hw_json_edit_read(value, &arena, &edit, err));
    HW_TRY(rest_write(&edit, &rest, err));
    bool agrees = hw_view_equal(rest, merger->rest);
    struct column *column = merger->columns;
    for (struct hw_json_node *at = agrees ? first_column(&edit) : NULL; at; at = hw_json_next(&edit, at)) {
        const struct parts parts = column_parts(&edit, at);
        box_join(merger, column, &edit, parts.bbox);
        HW_TRY(types_join(merger, column, &edit, parts.types, err));
        agrees = agrees && !(merger->merging->rule == HW_OPTIMIZE_METADATA_FAIL && column->boxes_differ &&
                             column->box.count == 0);
        column++;
    }
    *out_agrees = agrees;
    return HW_OK;
}

static void box_join(const struct geo_merger *merger, struct column *column, const struct hw_json_edit *edit,
                     const struct hw_json_node *bbox) {
    const hw_view first = hw_json_raw_text(&merger->edit, column->parts.bbox);
    if (!column->boxes_differ && hw_view_equal(hw_json_raw_text(edit, bbox), first)) {
        return;
    }
    if (!column->boxes_differ) {
        column->boxes_differ = true;
        column->box = box_read(&merger->edit, column->parts.bbox);
    }
    const struct box other = box_read(edit, bbox);
    struct box *box = &column->box;
    box->count = box->count == other.count ? box->count : 0;
    for (size_t i = 0; i < box->count; i++) {
        const bool least = i < box->count / 2;
        box->numbers[i] = least ? fmin(box->numbers[i], other.numbers[i]) : fmax(box->numbers[i], other.numbers[i]);
    }
}

static struct box box_read(const struct hw_json_edit *edit, const struct hw_json_node *bbox) {
    struct box box = {.count = 0};
    bool holds = bbox && bbox->kind == HW_JSON_LIST;
    for (const struct hw_json_node *at = hw_json_first(edit, bbox); holds && at; at = hw_json_next(edit, at)) {
        holds = box.count < BOX_NUMBERS_MAX && at->kind == HW_JSON_NUMBER &&
                number_read(hw_json_raw_text(edit, at), &box.numbers[box.count++]);
    }
    holds = holds && (box.count == FLAT_NUMBERS || box.count == BOX_NUMBERS_MAX);
    for (size_t i = 0; holds && i < box.count / 2; i++) {
        holds = box.numbers[i] <= box.numbers[i + box.count / 2];
    }
    return holds ? box : (struct box){.count = 0};
}

static bool number_read(hw_view json, double *out_number) {
    struct hw_literal_number number;
    if (hw_literal_number_read(json, &number, NULL) != HW_OK) {
        return false;
    }
    *out_number = hw_literal_number_double(&number);
    return isfinite(*out_number);
}

static enum hw_status types_join(const struct geo_merger *merger, struct column *column,
                                 const struct hw_json_edit *edit, const struct hw_json_node *types,
                                 struct hw_error *err) {
    const hw_view first = hw_json_raw_text(&merger->edit, column->parts.types);
    struct hw_arena *arena = merger->merging->arena;
    if (!column->types && hw_view_equal(hw_json_raw_text(edit, types), first)) {
        return HW_OK;
    }
    if (!column->types) {
        column->types = hw_arena_alloc(arena, HW_PAIR_GEOMETRY_TYPES_MAX * sizeof(*column->types));
        if (!column->types) {
            return hw_fail_nomem(err, HW_PAIR_GEOMETRY_TYPES_MAX * sizeof(*column->types));
        }
        HW_TRY(types_add(arena, column, &merger->edit, column->parts.types, err));
    }
    return types_add(arena, column, edit, types, err);
}

static enum hw_status types_add(struct hw_arena *arena, struct column *column, const struct hw_json_edit *edit,
                                const struct hw_json_node *types, struct hw_error *err) {
    const struct hw_json_node *type = hw_json_first(edit, types);
    column->any_type |= !type;
    for (; type; type = hw_json_next(edit, type)) {
        HW_TRY(type_add(arena, column, type->text, err));
    }
    return HW_OK;
}

/* More types than there are in any version of the format are any type. */
static enum hw_status type_add(struct hw_arena *arena, struct column *column, hw_view type, struct hw_error *err) {
    if (column->any_type || type_known(column, type)) {
        return HW_OK;
    }
    if (column->types_count == HW_PAIR_GEOMETRY_TYPES_MAX) {
        column->any_type = true;
        return HW_OK;
    }
    const char *copy = hw_arena_strndup(arena, type.data, type.size);
    if (!copy) {
        return hw_fail_nomem(err, type.size);
    }
    column->types[column->types_count++] = (hw_view){copy, type.size};
    return HW_OK;
}

static bool type_known(const struct column *column, hw_view type) {
    bool known = false;
    for (size_t i = 0; !known && i < column->types_count; i++) {
        known = hw_view_equal(column->types[i], type);
    }
    return known;
}

static enum hw_status box_finish(const struct geo_merger *merger, const struct column *column, bool agree,
                                 struct hw_json_edit *edit, const struct hw_json_node *at, struct hw_error *err);
static enum hw_status numbers_write(const struct box *box, struct hw_json_edit *edit, const struct hw_json_node *bbox,
                                    struct hw_error *err);
static enum hw_status types_finish(const struct geo_merger *merger, const struct column *column, bool agree,
                                   struct hw_json_edit *edit, const struct hw_json_node *at, struct hw_error *err);
static enum hw_status types_write(const struct column *column, struct hw_json_edit *edit, struct hw_json_node *types,
                                  struct hw_error *err);
static enum hw_status part_leave_out(const struct geo_merger *merger, const char *part, hw_view column,
                                     const char *reason, struct hw_error *err);

static enum hw_status geo_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err) {
    struct geo_merger *merger = (struct geo_merger *)base;
    struct hw_json_edit edit;
    HW_TRY(agree ? HW_OK : first_read(merger, err));
    if (!merger->read || merger->unreadable) {
        *out_value = merger->value;
        return HW_OK;
    }
    HW_TRY(hw_json_edit_read(merger->value, merger->merging->arena, &edit, err));
    const struct column *column = merger->columns;
    for (const struct hw_json_node *at = first_column(&edit); at; at = hw_json_next(&edit, at)) {
        HW_TRY(box_finish(merger, column, agree, &edit, at, err));
        HW_TRY(types_finish(merger, column, agree, &edit, at, err));
        column++;
    }
    return hw_json_edit_write(&edit, out_value, err);
}

static const char only_first[] = "it need not hold for the rows of all sources";

static enum hw_status box_finish(const struct geo_merger *merger, const struct column *column, bool agree,
                                 struct hw_json_edit *edit, const struct hw_json_node *at, struct hw_error *err) {
    struct hw_json_node *bbox = column_parts(edit, at).bbox;
    if (agree && (!column->boxes_differ || column->box.count > 0)) {
        return column->boxes_differ ? numbers_write(&column->box, edit, bbox, err) : HW_OK;
    }
    if (bbox) {
        hw_json_remove(edit, bbox);
    }
    if (!bbox && !column->boxes_differ) {
        return HW_OK;
    }
    return part_leave_out(merger, "geo: bbox of ", at->key,
                          agree ? "the sources do not all have one that can be joined" : only_first, err);
}

/* Numbers that stay are written as they were. */
static enum hw_status numbers_write(const struct box *box, struct hw_json_edit *edit, const struct hw_json_node *bbox,
                                    struct hw_error *err) {
    const double *number = box->numbers;
    for (struct hw_json_node *at = hw_json_first(edit, bbox); at; at = hw_json_next(edit, at)) {
        double old;
        if (!number_read(hw_json_raw_text(edit, at), &old) || old != *number) {
            char digits[HW_PRINT_BYTES];
            const size_t size = (size_t)(hw_print_double(digits, *number) - digits);
            HW_TRY(hw_json_replace(edit, at, (hw_view){digits, size}, err));
        }
        number++;
    }
    return HW_OK;
}

static enum hw_status types_finish(const struct geo_merger *merger, const struct column *column, bool agree,
                                   struct hw_json_edit *edit, const struct hw_json_node *at, struct hw_error *err) {
    struct hw_json_node *types = column_parts(edit, at).types;
    if (agree) {
        return column->types ? types_write(column, edit, types, err) : HW_OK;
    }
    if (!hw_json_first(edit, types)) {
        return HW_OK;
    }
    HW_TRY(hw_json_replace(edit, types, HW_VIEW("[]"), err));
    return part_leave_out(merger, "geo: geometry_types of ", at->key, only_first, err);
}

static enum hw_status types_write(const struct column *column, struct hw_json_edit *edit, struct hw_json_node *types,
                                  struct hw_error *err) {
    HW_AUTO(hw_buf) json = {0};
    const size_t count = column->any_type ? 0 : column->types_count;
    size_t old_count = 0;
    for (const struct hw_json_node *type = hw_json_first(edit, types); type; type = hw_json_next(edit, type)) {
        old_count++;
    }
    /* Types begin with those of the first source, so where they are as many, they are these. */
    if (count == old_count) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_byte(&json, '[', err));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_append_text(&json, i > 0 ? ", " : "", err));
        HW_TRY(hw_json_text_append(column->types[i], &json, err));
    }
    HW_TRY(hw_buf_append_byte(&json, ']', err));
    return hw_json_replace(edit, types, hw_buf_view(&json), err);
}

static enum hw_status part_leave_out(const struct geo_merger *merger, const char *part, hw_view column,
                                     const char *reason, struct hw_error *err) {
    const char *before_key = hw_arena_join(merger->merging->arena, merger->before_key, part);
    if (!before_key) {
        return hw_fail_nomem(err, strlen(part));
    }
    return hw_pairs_left_out_add(&merger->merging->left_out, before_key, column, reason, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pandas_edit.h"

#include "core/buf.h"
#include "optimize/json_edit.h"

/* How a type is called before and after a change, in `pandas_type` or in `numpy_type`. */
struct type_words {
    enum hw_kind kind;
    hw_view from;
    hw_view to;
};

static const struct type_words pandas_types[] = {
    {HW_KIND_FLOAT, HW_VIEW_INIT("float64"), HW_VIEW_INIT("float32")},
    {HW_KIND_INT32, HW_VIEW_INIT("int64"), HW_VIEW_INIT("int32")},
    {HW_KIND_UINT32, HW_VIEW_INIT("uint64"), HW_VIEW_INIT("uint32")},
    {HW_KIND_DECIMAL, HW_VIEW_INIT("float64"), HW_VIEW_INIT("decimal")},
};

/* Types of numpy, then those of pandas that have nulls, then those of pandas over Arrow. */
static const struct type_words numpy_types[] = {
    {HW_KIND_FLOAT, HW_VIEW_INIT("float64"), HW_VIEW_INIT("float32")},
    {HW_KIND_INT32, HW_VIEW_INIT("int64"), HW_VIEW_INIT("int32")},
    {HW_KIND_UINT32, HW_VIEW_INIT("uint64"), HW_VIEW_INIT("uint32")},
    {HW_KIND_DECIMAL, HW_VIEW_INIT("float64"), HW_VIEW_INIT("object")},
    {HW_KIND_FLOAT, HW_VIEW_INIT("Float64"), HW_VIEW_INIT("Float32")},
    {HW_KIND_INT32, HW_VIEW_INIT("Int64"), HW_VIEW_INIT("Int32")},
    {HW_KIND_UINT32, HW_VIEW_INIT("UInt64"), HW_VIEW_INIT("UInt32")},
    {HW_KIND_DECIMAL, HW_VIEW_INIT("Float64"), HW_VIEW_INIT("object")},
    {HW_KIND_FLOAT, HW_VIEW_INIT("double[pyarrow]"), HW_VIEW_INIT("float[pyarrow]")},
    {HW_KIND_INT32, HW_VIEW_INIT("int64[pyarrow]"), HW_VIEW_INIT("int32[pyarrow]")},
    {HW_KIND_UINT32, HW_VIEW_INIT("uint64[pyarrow]"), HW_VIEW_INIT("uint32[pyarrow]")},
};

/* A decimal over Arrow is called by its digits. */
static const hw_view arrow_double = HW_VIEW_INIT("double[pyarrow]");

static enum hw_status column_edit(struct hw_json_edit *edit, struct hw_json_node *column,
                                  const struct hw_changed_node *root, struct hw_error *err);
static enum hw_status column_rename(struct hw_json_edit *edit, const struct hw_json_node *column, const char *new_name,
                                    struct hw_error *err);
static enum hw_status pandas_type_edit(struct hw_json_edit *edit, const struct hw_json_node *column,
                                       struct hw_changed_node node, struct hw_error *err);
static enum hw_status numpy_type_edit(struct hw_json_edit *edit, struct hw_json_node *numpy_type, struct hw_type type,
                                      struct hw_error *err);
static enum hw_status unit_edit(struct hw_json_edit *edit, struct hw_json_node *numpy_type, enum hw_time_unit unit,
                                struct hw_error *err);
static enum hw_status part_replace(struct hw_json_edit *edit, struct hw_json_node *node, hw_view part, hw_view to,
                                   struct hw_error *err);
static const hw_view *word_find(const struct type_words *words, size_t count, enum hw_kind kind, hw_view from);
static enum hw_status index_edit(struct hw_json_edit *edit, struct hw_json_node *index,
                                 const struct hw_changed_node *root, struct hw_error *err);

enum hw_status hw_pandas_edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                              hw_view *out_value, struct hw_error *err) {
    struct hw_json_edit edit;
    HW_TRY(hw_json_edit_read(value, arena, &edit, err));
    const struct hw_json_node *columns = hw_json_member(&edit, &edit.nodes[0], "columns");
    for (struct hw_json_node *column = hw_json_first(&edit, columns); column; column = hw_json_next(&edit, column)) {
        HW_TRY(column_edit(&edit, column, root, err));
    }
    const struct hw_json_node *indexes = hw_json_member(&edit, &edit.nodes[0], "index_columns");
    for (struct hw_json_node *index = hw_json_first(&edit, indexes); index; index = hw_json_next(&edit, index)) {
        HW_TRY(index_edit(&edit, index, root, err));
    }
    return hw_json_edit_write(&edit, out_value, err);
}

/* Old writers have no `field_name`: `name` is that of the column then. */
static enum hw_status column_edit(struct hw_json_edit *edit, struct hw_json_node *column,
                                  const struct hw_changed_node *root, struct hw_error *err) {
    const struct hw_json_node *field_name = hw_json_member(edit, column, "field_name");
    const struct hw_json_node *name = field_name ? field_name : hw_json_member(edit, column, "name");
    struct hw_changed_node node;
    if (!name || name->kind != HW_JSON_TEXT || !hw_changed_child(root, HW_COLUMN_FIELD, name->text, &node)) {
        return HW_OK;
    }
    const struct hw_column_change *change = hw_changed_self(&node);
    if (change && change->dropped) {
        hw_json_remove(edit, column);
        return HW_OK;
    }
    if (change && change->new_name) {
        HW_TRY(column_rename(edit, column, change->new_name, err));
    }
    if (change && change->retyped) {
        HW_TRY(numpy_type_edit(edit, hw_json_member(edit, column, "numpy_type"), change->new_type, err));
    }
    return pandas_type_edit(edit, column, node, err);
}

/* A name that is not the column's, as that of one level of several, is not ours to change. */
static enum hw_status column_rename(struct hw_json_edit *edit, const struct hw_json_node *column, const char *new_name,
                                    struct hw_error *err) {
    struct hw_json_node *field_name = hw_json_member(edit, column, "field_name");
    struct hw_json_node *name = hw_json_member(edit, column, "name");
    if (name && (!field_name || name->kind == HW_JSON_WORD || hw_json_is(name, field_name->text))) {
        HW_TRY(hw_json_replace_text(edit, name, hw_view_of(new_name), err));
    }
    return field_name ? hw_json_replace_text(edit, field_name, hw_view_of(new_name), err) : HW_OK;
}

static enum hw_status numpy_type_edit(struct hw_json_edit *edit, struct hw_json_node *numpy_type, struct hw_type type,
                                      struct hw_error *err) {
    if (!numpy_type || numpy_type->kind != HW_JSON_TEXT) {
        return HW_OK;
    }
    if (type.kind == HW_KIND_TIMESTAMP) {
        return unit_edit(edit, numpy_type, type.unit, err);
    }
    if (type.kind == HW_KIND_DECIMAL && hw_view_equal(numpy_type->text, arrow_double)) {
        HW_AUTO(hw_buf) text = {0};
        HW_TRY(hw_buf_printf(&text, err, "decimal128(%u, %u)[pyarrow]", type.precision, type.scale));
        return hw_json_replace_text(edit, numpy_type, hw_buf_view(&text), err);
    }
    const hw_view *to = word_find(numpy_types, COUNT_OF(numpy_types), type.kind, numpy_type->text);
    return to ? hw_json_replace_text(edit, numpy_type, *to, err) : HW_OK;
}

/* The unit stands in "datetime64[ns]", "datetime64[ns, UTC]", "timestamp[ns, tz=UTC][pyarrow]". */
static enum hw_status unit_edit(struct hw_json_edit *edit, struct hw_json_node *numpy_type, enum hw_time_unit unit,
                                struct hw_error *err) {
    static const hw_view before[] = {HW_VIEW_INIT("datetime64["), HW_VIEW_INIT("timestamp[")};
    const hw_view text = numpy_type->text;
    const hw_view to = unit == HW_UNIT_MICROS ? HW_VIEW("us") : HW_VIEW("ns");
    for (size_t i = 0; i < COUNT_OF(before); i++) {
        hw_view old = {text.data + before[i].size, 0};
        while (hw_view_starts(text, before[i]) && before[i].size + old.size < text.size && old.data[old.size] >= 'a' &&
               old.data[old.size] <= 'z') {
            old.size++;
        }
        if (old.size > 0 && !hw_view_equal(old, to)) {
            return part_replace(edit, numpy_type, old, to, err);
        }
    }
    return HW_OK;
}

/* Elements of lists stand in the type of the column: "list[list[float64]]". */
static enum hw_status pandas_type_edit(struct hw_json_edit *edit, const struct hw_json_node *column,
                                       struct hw_changed_node node, struct hw_error *err) {
    static const hw_view list = HW_VIEW_INIT("list[");
    struct hw_json_node *pandas_type = hw_json_member(edit, column, "pandas_type");
    if (!pandas_type || pandas_type->kind != HW_JSON_TEXT) {
        return HW_OK;
    }
    hw_view word = pandas_type->text;
    while (hw_view_starts(word, list) && hw_view_ends(word, HW_VIEW("]")) &&
           hw_changed_child(&node, HW_COLUMN_ELEMENT, HW_VIEW(""), &node)) {
        word = (hw_view){word.data + list.size, word.size - list.size - 1};
    }
    const struct hw_column_change *change = hw_changed_self(&node);
    const hw_view *to =
        change && change->retyped ? word_find(pandas_types, COUNT_OF(pandas_types), change->new_type.kind, word) : NULL;
    if (!to) {
        return HW_OK;
    }
    HW_TRY(part_replace(edit, pandas_type, word, *to, err));
    struct hw_json_node *metadata = hw_json_member(edit, column, "metadata");
    if (change->new_type.kind != HW_KIND_DECIMAL || word.size < pandas_type->text.size || !metadata) {
        return HW_OK;
    }
    HW_AUTO(hw_buf) digits = {0};
    HW_TRY(hw_buf_printf(&digits, err, "{\"precision\": %u, \"scale\": %u}", change->new_type.precision,
                         change->new_type.scale));
    return hw_json_replace(edit, metadata, hw_buf_view(&digits), err);
}

/* Puts a text in the place of a part of the text that a value is. */
static enum hw_status part_replace(struct hw_json_edit *edit, struct hw_json_node *node, hw_view part, hw_view to,
                                   struct hw_error *err) {
    const size_t before = (size_t)(part.data - node->text.data);
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_buf_append(&text, node->text.data, before, err));
    HW_TRY(hw_buf_append(&text, to.data, to.size, err));
    HW_TRY(hw_buf_append(&text, part.data + part.size, node->text.size - before - part.size, err));
    return hw_json_replace_text(edit, node, hw_buf_view(&text), err);
}

static const hw_view *word_find(const struct type_words *words, size_t count, enum hw_kind kind, hw_view from) {
    for (size_t i = 0; i < count; i++) {
        if (words[i].kind == kind && hw_view_equal(words[i].from, from)) {
            return &words[i].to;
        }
    }
    return NULL;
}

static enum hw_status index_edit(struct hw_json_edit *edit, struct hw_json_node *index,
                                 const struct hw_changed_node *root, struct hw_error *err) {
    struct hw_changed_node node;
    if (index->kind != HW_JSON_TEXT || !hw_changed_child(root, HW_COLUMN_FIELD, index->text, &node)) {
        return HW_OK;
    }
    const struct hw_column_change *change = hw_changed_self(&node);
    if (change && change->dropped) {
        hw_json_remove(edit, index);
    }
    return change && change->new_name ? hw_json_replace_text(edit, index, hw_view_of(change->new_name), err) : HW_OK;
}

/* The numbers of a RangeIndex, where they stand; `start` is NULL where there is none. */
struct range_nodes {
    struct hw_json_node *start;
    struct hw_json_node *stop;
    struct hw_json_node *step;
};

static enum hw_status range_find(const struct hw_json_edit *edit, struct range_nodes *out_nodes,
                                 struct hw_pandas_range *out_range, struct hw_error *err);
static enum hw_status range_write(struct hw_json_edit *edit, const struct range_nodes *nodes,
                                  struct hw_pandas_range range, hw_view *out_value, struct hw_error *err);
static enum hw_status integer_set(struct hw_json_edit *edit, struct hw_json_node *node, int64_t number,
                                  struct hw_error *err);

enum hw_status hw_pandas_range_split(hw_view value, struct hw_arena *arena, bool *out_has,
                                     struct hw_pandas_range *out_range, hw_view *out_rest, struct hw_error *err) {
    struct hw_json_edit edit;
    struct range_nodes nodes;
    HW_TRY(hw_json_edit_read(value, arena, &edit, err));
    HW_TRY(range_find(&edit, &nodes, out_range, err));
    *out_has = nodes.start != NULL;
    return range_write(&edit, &nodes, (struct hw_pandas_range){0, 0, 0}, out_rest, err);
}

enum hw_status hw_pandas_range_set(hw_view value, struct hw_pandas_range range, struct hw_arena *arena,
                                   hw_view *out_value, struct hw_error *err) {
    struct hw_json_edit edit;
    struct range_nodes nodes;
    struct hw_pandas_range old;
    HW_TRY(hw_json_edit_read(value, arena, &edit, err));
    HW_TRY(range_find(&edit, &nodes, &old, err));
    return range_write(&edit, &nodes, range, out_value, err);
}

static enum hw_status range_find(const struct hw_json_edit *edit, struct range_nodes *out_nodes,
                                 struct hw_pandas_range *out_range, struct hw_error *err) {
    const struct hw_json_node *indexes = hw_json_member(edit, &edit->nodes[0], "index_columns");
    *out_nodes = (struct range_nodes){0};
    for (const struct hw_json_node *index = hw_json_first(edit, indexes); index; index = hw_json_next(edit, index)) {
        if (!hw_json_is(hw_json_member(edit, index, "kind"), HW_VIEW("range"))) {
            continue;
        }
        if (out_nodes->start) {
            return hw_fail(err, HW_EDATA, "there are two RangeIndexes");
        }
        out_nodes->start = hw_json_member(edit, index, "start");
        out_nodes->stop = hw_json_member(edit, index, "stop");
        out_nodes->step = hw_json_member(edit, index, "step");
        if (!hw_json_integer(edit, out_nodes->start, &out_range->start) ||
            !hw_json_integer(edit, out_nodes->stop, &out_range->stop) ||
            !hw_json_integer(edit, out_nodes->step, &out_range->step)) {
            return hw_fail(err, HW_EDATA, "the RangeIndex has no whole numbers as start, stop and step");
        }
    }
    return HW_OK;
}

static enum hw_status range_write(struct hw_json_edit *edit, const struct range_nodes *nodes,
                                  struct hw_pandas_range range, hw_view *out_value, struct hw_error *err) {
    if (nodes->start) {
        HW_TRY(integer_set(edit, nodes->start, range.start, err));
        HW_TRY(integer_set(edit, nodes->stop, range.stop, err));
        HW_TRY(integer_set(edit, nodes->step, range.step, err));
    }
    return hw_json_edit_write(edit, out_value, err);
}

/* A number that is the same stays as it is written. */
static enum hw_status integer_set(struct hw_json_edit *edit, struct hw_json_node *node, int64_t number,
                                  struct hw_error *err) {
    int64_t old;
    if (hw_json_integer(edit, node, &old) && old == number) {
        return HW_OK;
    }
    HW_AUTO(hw_buf) digits = {0};
    HW_TRY(hw_buf_printf(&digits, err, "%" PRId64, number));
    return hw_json_replace(edit, node, hw_buf_view(&digits), err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "table/selection.h"

#include "core/buf.h"
#include "core/limits.h"
#include "core/nearest.h"
#include "core/view.h"

/* A field that is listed, or that holds one. */
struct mark {
    size_t index;
    const struct hw_field *field;
    /* All of it is taken. */
    bool whole;
    /* Fields of it that are listed, in that order. */
    struct mark *first;
    struct mark *last;
    size_t count;
    struct mark *next;
};

/* A name of the list, and the way to its field. */
struct search {
    hw_view name;
    /* Numbers of children, from that of the column on. */
    size_t steps[HW_TABLE_DEPTH_MAX];
    size_t steps_count;
    /* Two fields of one parent have the name. */
    bool ambiguous;
    /* The fields among which the last part was looked for that began like one of them, */
    const struct hw_field *fields;
    size_t fields_count;
    /* and the place in the name where that part begins. */
    size_t from;
};

static enum hw_status name_take(const char **list, struct hw_buf *out, struct hw_error *err);
static enum hw_status name_mark(struct hw_arena *arena, const struct hw_schema *table, hw_view name, struct mark *root,
                                struct hw_error *err);
static enum hw_status marks_keep(struct hw_arena *arena, const struct mark *parent, struct hw_field **out_fields,
                                 const struct hw_selected **out_selected, struct hw_error *err);

static enum hw_status list_mark(struct hw_selection *selection, const struct hw_schema *table, const char *list,
                                struct mark *root, struct hw_error *err) {
    HW_AUTO(hw_buf) name = {0};
    do {
        hw_buf_clear(&name);
        HW_TRY(name_take(&list, &name, err));
        HW_TRY(name_mark(&selection->arena, table, hw_buf_view(&name), root, err));
    } while (*list++ == ',');
    return HW_OK;
}

static enum hw_status mark_add(struct hw_arena *arena, struct mark *parent, size_t index, const struct hw_field *field,
                               struct mark **out_mark, struct hw_error *err);

static enum hw_status all_mark(struct hw_selection *selection, const struct hw_schema *table, struct mark *root,
                               struct hw_error *err) {
    for (size_t i = 0; i < table->count; i++) {
        struct mark *mark;
        HW_TRY(mark_add(&selection->arena, root, i, &table->fields[i], &mark, err));
        mark->whole = true;
    }
    return HW_OK;
}

enum hw_status hw_selection_make(struct hw_selection *selection, const struct hw_schema *table, const char *list,
                                 struct hw_error *err) {
    struct mark root = {0};
    enum hw_status status =
        list ? list_mark(selection, table, list, &root, err) : all_mark(selection, table, &root, err);
    if (status == HW_OK) {
        selection->schema.count = root.count;
        status = marks_keep(&selection->arena, &root, &selection->schema.fields, &selection->columns, err);
    }
    if (status != HW_OK) {
        hw_selection_release(selection);
    }
    return status;
}

void hw_selection_release(struct hw_selection *selection) {
    hw_arena_release(&selection->arena);
    *selection = (struct hw_selection){0};
}

/* ------ the list */

/* Takes the next name off the list, which is then at the comma behind it, or at its end. */
static enum hw_status name_take(const char **list, struct hw_buf *out, struct hw_error *err) {
    const char *at = *list;
    if (*at != '"') {
        const size_t size = strcspn(at, ",");
        *list = at + size;
        return size > 0 ? hw_buf_append(out, at, size, err)
                        : hw_fail(err, HW_EUSAGE, "the list of columns has an empty name");
    }
    for (at++; *at != '"' || at[1] == '"'; at++) {
        if (*at == '\0') {
            return hw_fail(err, HW_EUSAGE, "the list of columns ends within quotes");
        }
        at += *at == '"';
        HW_TRY(hw_buf_append(out, at, 1, err));
    }
    *list = at + 1;
    return at[1] == ',' || at[1] == '\0'
               ? HW_OK
               : hw_fail(err, HW_EUSAGE, "a comma has to follow the closing quote of a column in the list");
}

/* ------ the field of a name */

static bool children_search(struct search *search, const struct hw_field *fields, size_t count, hw_view rest,
                            size_t depth);
static enum hw_status steps_mark(struct hw_arena *arena, const struct search *search, const struct hw_schema *table,
                                 struct mark *root, struct hw_error *err);
static enum hw_status name_fail(hw_view name, const char *reason, struct hw_error *err);
static enum hw_status unknown_fail(const struct search *search, struct hw_error *err);

static enum hw_status name_mark(struct hw_arena *arena, const struct hw_schema *table, hw_view name, struct mark *root,
                                struct hw_error *err) {
    struct search search = {.name = name, .fields = table->fields, .fields_count = table->count};
    if (!children_search(&search, table->fields, table->count, name, 0)) {
        return unknown_fail(&search, err);
    }
    if (search.ambiguous) {
        return name_fail(name, "is the name of several columns, of which none can be told from the others", err);
    }
    return steps_mark(arena, &search, table, root, err);
}

static bool field_search(struct search *search, const struct hw_field *field, hw_view rest, size_t depth);

static bool step_last(struct search *search, size_t step, size_t depth) {
    search->steps[depth] = step;
    search->steps_count = depth + 1;
    return true;
}

/* Returns whether `text` begins with `start` and a point, which `*out_rest` leaves out. */
static bool path_splits(hw_view text, hw_view start, hw_view *out_rest) {
    if (text.size <= start.size || text.data[start.size] != '.' || !hw_view_starts(text, start)) {
        return false;
    }
    *out_rest = (hw_view){text.data + start.size + 1, text.size - start.size - 1};
    return true;
}

/* Looks for the rest of a name among fields; a name that is one of them goes before paths. */
static bool children_search(struct search *search, const struct hw_field *fields, size_t count, hw_view rest,
                            size_t depth) {
    bool found = false;
    if (depth >= HW_TABLE_DEPTH_MAX) {
        return false;
    }
    search->fields = fields;
    search->fields_count = count;
    search->from = search->name.size - rest.size;
    for (size_t i = 0; i < count; i++) {
        if (hw_view_equal(rest, hw_view_of(fields[i].name))) {
            search->ambiguous = found;
            found = step_last(search, i, depth);
        }
    }
    for (size_t i = 0; i < count && !found; i++) {
        hw_view behind;
        search->steps[depth] = i;
        found = path_splits(rest, hw_view_of(fields[i].name), &behind) &&
                field_search(search, &fields[i], behind, depth + 1);
    }
    return found;
}

/* The ways in which a path may say that it goes through a list, or through a map. */
static const hw_view list_words[] = {HW_VIEW_INIT("list.element"), HW_VIEW_INIT("element")};
static const hw_view map_words[] = {HW_VIEW_INIT("key_value.value"), HW_VIEW_INIT("value")};
static_assert(COUNT_OF(list_words) == COUNT_OF(map_words), "both have as many");

/* Looks for a field below one that repeats, whose step at `depth` is known. */
static bool repeated_search(struct search *search, const struct hw_field *below, const hw_view *words, hw_view rest,
                            size_t depth) {
    for (size_t i = 0; i < COUNT_OF(list_words); i++) {
        hw_view behind;
        if (hw_view_equal(rest, words[i])) {
            search->steps_count = depth + 1;
            return true;
        }
        if (path_splits(rest, words[i], &behind) && field_search(search, below, behind, depth + 1)) {
            return true;
        }
    }
    return field_search(search, below, rest, depth + 1);
}

/* Looks for the rest of a name below a field. */
static bool field_search(struct search *search, const struct hw_field *field, hw_view rest, size_t depth) {
    if (depth + 1 >= HW_TABLE_DEPTH_MAX) {
        return false;
    }
    switch (field->type.kind) {
    case HW_KIND_STRUCT:
        return children_search(search, field->children, field->children_count, rest, depth);
    case HW_KIND_LIST:
    case HW_KIND_LARGE_LIST:
    case HW_KIND_FIXED_LIST:
        search->steps[depth] = 0;
        return repeated_search(search, &field->children[0], list_words, rest, depth);
    case HW_KIND_MAP:
        search->steps[depth] = 0;
        search->steps[depth + 1] = 1;
        return repeated_search(search, &field->children[0].children[1], map_words, rest, depth + 1);
    default:
        return false;
    }
}

/* ------ marks */

/* Returns the mark of a child, or NULL where it has none. */
static struct mark *mark_find(const struct mark *parent, size_t index) {
    struct mark *mark = parent->first;
    while (mark && mark->index != index) {
        mark = mark->next;
    }
    return mark;
}

static enum hw_status mark_add(struct hw_arena *arena, struct mark *parent, size_t index, const struct hw_field *field,
                               struct mark **out_mark, struct hw_error *err) {
    struct mark *mark = hw_arena_alloc(arena, sizeof(*mark));
    if (!mark) {
        return hw_fail_nomem(err, sizeof(*mark));
    }
    *mark = (struct mark){.index = index, .field = field};
    if (parent->last) {
        parent->last->next = mark;
    } else {
        parent->first = mark;
    }
    parent->last = mark;
    parent->count++;
    *out_mark = mark;
    return HW_OK;
}

static enum hw_status steps_mark(struct hw_arena *arena, const struct search *search, const struct hw_schema *table,
                                 struct mark *root, struct hw_error *err) {
    const struct hw_field *fields = table->fields;
    struct mark *mark = root;
    for (size_t i = 0; i < search->steps_count; i++) {
        const size_t index = search->steps[i];
        const bool is_last = i + 1 == search->steps_count;
        struct mark *child = mark_find(mark, index);
        if (child && (child->whole || is_last)) {
            return name_fail(search->name, "is listed twice, by itself or within another", err);
        }
        if (!child) {
            HW_TRY(mark_add(arena, mark, index, &fields[index], &child, err));
            child->whole = is_last;
            if (mark->field && mark->field->type.kind == HW_KIND_MAP && !is_last) {
                struct mark *key;
                HW_TRY(mark_add(arena, child, 0, &child->field->children[0], &key, err));
                key->whole = true;
            }
        }
        mark = child;
        fields = child->field->children;
    }
    return HW_OK;
}

static enum hw_status marks_keep(struct hw_arena *arena, const struct mark *parent, struct hw_field **out_fields,
                                 const struct hw_selected **out_selected, struct hw_error *err) {
    struct hw_field *fields = hw_arena_alloc(arena, parent->count * sizeof(*fields));
    struct hw_selected *selected = hw_arena_alloc(arena, parent->count * sizeof(*selected));
    size_t at = 0;
    if (!fields || !selected) {
        return hw_fail_nomem(err, parent->count * (sizeof(*fields) + sizeof(*selected)));
    }
    for (const struct mark *mark = parent->first; mark; mark = mark->next, at++) {
        fields[at] = *mark->field;
        selected[at] = (struct hw_selected){.index = mark->index, .children_count = mark->count};
        if (!mark->whole) {
            struct hw_field *children;
            HW_TRY(marks_keep(arena, mark, &children, &selected[at].children, err));
            fields[at].children = children;
            fields[at].children_count = mark->count;
        }
    }
    *out_fields = fields;
    *out_selected = selected;
    return HW_OK;
}

/* ------ batches */

static enum hw_status columns_choose(const struct hw_selected *selected, size_t count, const struct hw_column *from,
                                     struct hw_arena *arena, const struct hw_column **out_columns,
                                     struct hw_error *err) {
    struct hw_column *columns = hw_arena_alloc(arena, count * sizeof(*columns));
    if (!columns) {
        return hw_fail_nomem(err, count * sizeof(*columns));
    }
    for (size_t i = 0; i < count; i++) {
        columns[i] = from[selected[i].index];
        if (selected[i].children_count > 0) {
            HW_TRY(columns_choose(selected[i].children, selected[i].children_count, columns[i].children, arena,
                                  &columns[i].children, err));
        }
    }
    *out_columns = columns;
    return HW_OK;
}

enum hw_status hw_selection_apply(const struct hw_selection *selection, const struct hw_batch *batch,
                                  struct hw_arena *arena, struct hw_batch *out_batch, struct hw_error *err) {
    struct hw_batch chosen = {.schema = &selection->schema, .rows = batch->rows};
    HW_TRY(columns_choose(selection->columns, selection->schema.count, batch->columns, arena, &chosen.columns, err));
    *out_batch = chosen;
    return HW_OK;
}

/* ------ failures */

static enum hw_status name_fail(hw_view name, const char *reason, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EUSAGE, "column %s %s", hw_quote(name.data, name.size, quoted, sizeof(quoted)), reason);
}

/* Tells the name that was most likely meant, with what goes before it in the path. */
static enum hw_status unknown_fail(const struct search *search, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    char near[HW_QUOTE_BYTES];
    const hw_view name = search->name;
    struct hw_nearest_search nearest = {.word = {name.data + search->from, name.size - search->from}};
    for (size_t i = 0; i < search->fields_count; i++) {
        hw_nearest_offer(&nearest, hw_view_of(search->fields[i].name));
    }
    hw_quote(name.data, name.size, quoted, sizeof(quoted));
    if (!nearest.best.data) {
        return hw_fail(err, HW_EUSAGE, "there is no column %s", quoted);
    }
    HW_AUTO(hw_buf) meant = {0};
    HW_TRY(hw_buf_append(&meant, name.data, search->from, err));
    HW_TRY(hw_buf_append(&meant, nearest.best.data, nearest.best.size, err));
    return hw_fail(err, HW_EUSAGE, "there is no column %s; did you mean %s?", quoted,
                   hw_quote(meant.data, meant.size, near, sizeof(near)));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/resolve.h"

#include <stdio.h>

#include "avro/block_read.h"
#include "avro/default_value.h"
#include "avro/match.h"
#include "avro/schema_read.h"
#include "avro/step_nested.h"
#include "avro/step_value.h"
#include "core/buf.h"
#include "core/intern.h"
#include "core/limits.h"

#define STEPS_MAX (4 * (size_t)HW_TABLE_FIELDS_MAX)

struct compiler {
    struct hw_arena *arena;
    /* The columns, for their numbers and shapes only. */
    const struct hw_avro_columns *columns;
    /* struct hw_avro_step */
    struct hw_buf steps;
    /* No step before this one may take up what a later one does. */
    size_t barrier;
    /* Unions of the file that are open: what does not match is a fault of their values only. */
    unsigned unions;
    struct hw_error *err;
};

/* A type of the file, the one that is asked for, and the column that gets its values. */
struct pair {
    const struct hw_avro_type *writer;
    const struct hw_avro_type *reader;
    uint32_t column;
};

static enum hw_status program_take(struct compiler *compiler, struct hw_avro_program *program);
static enum hw_status root_put(struct compiler *compiler, const struct hw_avro_type *writer,
                               const struct hw_avro_type *reader);

enum hw_status hw_avro_program_make(struct hw_avro_program *program, const struct hw_avro_type *writer,
                                    const struct hw_avro_type *reader, const struct hw_schema *schema,
                                    struct hw_error *err) {
    HW_AUTO(hw_avro_columns) columns = {0};
    program->schema = schema;
    program->item_bytes_min = writer->bytes_min;
    HW_TRY(hw_avro_columns_init(&columns, schema, err));
    struct compiler compiler = {.arena = &program->arena, .columns = &columns, .err = err};
    enum hw_status status = root_put(&compiler, writer, reader);
    if (status == HW_OK) {
        status = program_take(&compiler, program);
    }
    hw_buf_release(&compiler.steps);
    return status;
}

void hw_avro_program_release(struct hw_avro_program *program) {
    hw_arena_release(&program->arena);
    *program = (struct hw_avro_program){0};
}

/* ------ steps */

static size_t steps_count(const struct compiler *compiler) {
    return compiler->steps.size / sizeof(struct hw_avro_step);
}

static struct hw_avro_step *step_at(struct compiler *compiler, size_t number) {
    return (struct hw_avro_step *)(void *)compiler->steps.data + number;
}

static enum hw_status step_put(struct compiler *compiler, struct hw_avro_step step) {
    if (steps_count(compiler) >= STEPS_MAX) {
        return hw_fail(compiler->err, HW_ELIMIT, "reading these rows takes more than %zu steps", STEPS_MAX);
    }
    step.span = 1;
    return hw_buf_append(&compiler->steps, &step, sizeof(step), compiler->err);
}

/* Makes all steps since step `number` its body. */
static void step_close(struct compiler *compiler, size_t number) {
    step_at(compiler, number)->span = (uint32_t)(steps_count(compiler) - number);
    compiler->barrier = steps_count(compiler);
}

static enum hw_status program_take(struct compiler *compiler, struct hw_avro_program *program) {
    struct hw_avro_step *steps = hw_arena_alloc(compiler->arena, compiler->steps.size);
    if (!steps) {
        return hw_fail_nomem(compiler->err, compiler->steps.size);
    }
    if (compiler->steps.size > 0) {
        memcpy(steps, compiler->steps.data, compiler->steps.size);
    }
    program->steps = steps;
    program->count = steps_count(compiler);
    return HW_OK;
}

static enum hw_status mismatch(struct compiler *compiler, struct pair pair) {
    const struct hw_avro_type *writer = pair.writer;
    const struct hw_avro_type *reader = pair.reader;
    char text[256];
    snprintf(text, sizeof(text), "the file has %s%s%.80s, which cannot be read as %s%s%.80s",
             hw_avro_kind_name(writer->kind), writer->name ? " " : "", writer->name ? writer->name : "",
             hw_avro_kind_name(reader->kind), reader->name ? " " : "", reader->name ? reader->name : "");
    if (compiler->unions == 0) {
        return hw_fail(compiler->err, HW_EDATA, "%s", text);
    }
    char *copy = hw_arena_strdup(compiler->arena, text);
    if (!copy) {
        return hw_fail_nomem(compiler->err, sizeof(text));
    }
    return step_put(compiler,
                    (struct hw_avro_step){.run = hw_avro_step_fail, .column = pair.column, .bytes = hw_view_of(copy)});
}

/* ------ values */

static enum hw_status value_put(struct compiler *compiler, struct pair pair);
static enum hw_status branch_put(struct compiler *compiler, struct pair pair, int64_t branch);
static enum hw_status plain_put(struct compiler *compiler, struct pair pair);
static enum hw_status record_put(struct compiler *compiler, struct pair pair);
static enum hw_status skip_put(struct compiler *compiler, const struct hw_avro_type *type);

static uint32_t child_of(const struct compiler *compiler, uint32_t column, size_t child) {
    return compiler->columns->items[column].first_child + (uint32_t)child;
}

/* A record's fields are the columns; anything else is the only one. */
static enum hw_status root_put(struct compiler *compiler, const struct hw_avro_type *writer,
                               const struct hw_avro_type *reader) {
    const uint32_t column = reader->kind == HW_AVRO_RECORD ? 0 : child_of(compiler, 0, 0);
    return value_put(compiler, (struct pair){writer, reader, column});
}

typedef enum hw_status body_put_fn(struct compiler *compiler, struct pair pair, size_t branch);

/* Puts a choice, with a body for each branch of the file's union. */
static enum hw_status choice_put(struct compiler *compiler, struct pair pair, body_put_fn *body_put) {
    const size_t count = pair.writer->members_count;
    const size_t number = steps_count(compiler);
    uint32_t *targets = hw_arena_alloc(compiler->arena, (count + 1) * sizeof(*targets));
    if (!targets) {
        return hw_fail_nomem(compiler->err, (count + 1) * sizeof(*targets));
    }
    HW_TRY(step_put(
        compiler,
        (struct hw_avro_step){.run = hw_avro_step_choice, .column = pair.column, .targets = targets, .count = count}));
    compiler->unions++;
    for (size_t i = 0; i < count; i++) {
        compiler->barrier = steps_count(compiler);
        targets[i] = (uint32_t)(compiler->barrier - number);
        HW_TRY(body_put(compiler, pair, i));
    }
    compiler->unions--;
    targets[count] = (uint32_t)(steps_count(compiler) - number);
    step_close(compiler, number);
    return HW_OK;
}

/* The branches of both are the same where the reader asks for what is there. */
static enum hw_status choice_body_put(struct compiler *compiler, struct pair pair, size_t branch) {
    const struct hw_avro_type *writer = pair.writer->members[branch].type;
    const bool same = hw_avro_is_of(pair.writer, pair.reader);
    const int64_t target = same                                 ? (int64_t)branch
                           : pair.reader->kind == HW_AVRO_UNION ? hw_avro_branch_match(writer, pair.reader)
                                                                : -1;
    return branch_put(compiler, (struct pair){writer, pair.reader, pair.column}, target);
}

static bool optional_put(struct compiler *compiler, struct pair pair, enum hw_status *out_status);

static enum hw_status value_put(struct compiler *compiler, struct pair pair) {
    enum hw_status status;
    if (pair.writer->kind != HW_AVRO_UNION) {
        const bool chosen = pair.reader->kind == HW_AVRO_UNION;
        return branch_put(compiler, pair, chosen ? hw_avro_branch_match(pair.writer, pair.reader) : -1);
    }
    return optional_put(compiler, pair, &status) ? status : choice_put(compiler, pair, choice_body_put);
}

/* Puts a value that is no union's, as that of a branch of the reader's union where it has one. */
static enum hw_status branch_put(struct compiler *compiler, struct pair pair, int64_t branch) {
    if (pair.reader->kind != HW_AVRO_UNION) {
        return hw_avro_types_match(pair.writer, pair.reader) ? plain_put(compiler, pair) : mismatch(compiler, pair);
    }
    if (branch < 0) {
        return mismatch(compiler, pair);
    }
    const struct hw_avro_type *reader = pair.reader->members[branch].type;
    const struct hw_avro_column *column = &compiler->columns->items[pair.column];
    const size_t number = steps_count(compiler);
    struct hw_avro_step step = {.column = pair.column, .member = pair.column};
    if (reader->kind == HW_AVRO_NULL) {
        step.run = hw_avro_step_null;
        return column->shape == HW_AVRO_SHAPE_NONE ? HW_OK : step_put(compiler, step);
    }
    if (hw_avro_column_type(pair.reader) == pair.reader) {
        /* The columns of a union are those of its branches but null. */
        const int64_t null_branch = hw_avro_null_branch(pair.reader);
        size_t before = 0;
        for (int64_t i = 0; null_branch >= 0 && i < branch; i++) {
            before += pair.reader->members[i].type->kind == HW_AVRO_NULL;
        }
        step.member = child_of(compiler, pair.column, (size_t)branch - before);
        step.run = hw_avro_step_member;
    } else if (column->optional) {
        step.run = hw_avro_step_present;
    } else {
        return plain_put(compiler, (struct pair){pair.writer, reader, pair.column});
    }
    HW_TRY(step_put(compiler, step));
    HW_TRY(plain_put(compiler, (struct pair){pair.writer, reader, step.member}));
    step_close(compiler, number);
    return HW_OK;
}

/* ------ types without members */

static bool is_leaf(const struct hw_avro_type *type) {
    return type->kind >= HW_AVRO_BOOLEAN && type->kind <= HW_AVRO_ENUM;
}

static enum hw_status symbols_make(struct compiler *compiler, struct pair pair, struct hw_avro_step *step);

static enum hw_status leaf_put(struct compiler *compiler, struct pair pair, int64_t null_branch) {
    struct hw_avro_step step = hw_avro_step_value(pair.writer, pair.reader, null_branch >= 0);
    step.column = pair.column;
    step.null_byte = null_branch > 0 ? 2 : 0;
    step.value_byte = 2 - step.null_byte;
    if (pair.writer->kind == HW_AVRO_ENUM) {
        HW_TRY(symbols_make(compiler, pair, &step));
    }
    return step_put(compiler, step);
}

/* Puts one step for a union of null and a type without members, as most optional columns are. */
static bool optional_put(struct compiler *compiler, struct pair pair, enum hw_status *out_status) {
    const int64_t null_branch = hw_avro_null_branch(pair.writer);
    if (null_branch < 0 || pair.writer->members_count != 2 || pair.reader->kind != HW_AVRO_UNION ||
        hw_avro_null_branch(pair.reader) < 0 || hw_avro_column_type(pair.reader) == pair.reader) {
        return false;
    }
    const struct hw_avro_type *writer = pair.writer->members[1 - null_branch].type;
    const struct hw_avro_type *reader = hw_avro_column_type(pair.reader);
    if (!is_leaf(writer) || !hw_avro_types_match(writer, reader)) {
        return false;
    }
    *out_status = leaf_put(compiler, (struct pair){writer, reader, pair.column}, null_branch);
    return true;
}

/* Finds the reader's symbol for each of the file's, or the reader's default. */
static enum hw_status symbols_map(struct compiler *compiler, struct pair pair, hw_view *symbols) {
    HW_AUTO(hw_intern) names = {0};
    const struct hw_avro_type *reader = pair.reader;
    const char *fallback = reader->symbol_fallback >= 0 ? reader->symbols[reader->symbol_fallback] : NULL;
    for (size_t i = 0; i < reader->symbols_count; i++) {
        uint32_t number;
        HW_TRY(hw_intern_number(&names, hw_view_of(reader->symbols[i]), UINT32_MAX, &number, compiler->err));
    }
    for (size_t i = 0; i < pair.writer->symbols_count; i++) {
        uint32_t number;
        const uint32_t known = (uint32_t)names.count;
        const hw_view name = hw_view_of(pair.writer->symbols[i]);
        HW_TRY(hw_intern_number(&names, name, known, &number, compiler->err));
        symbols[i] = number < known ? name : fallback ? hw_view_of(fallback) : (hw_view){NULL, 0};
    }
    return HW_OK;
}

/* Copies a text to where bytes behind it may be read. */
static enum hw_status text_copy(struct compiler *compiler, hw_view text, hw_view *out_text) {
    char *copy = hw_arena_alloc(compiler->arena, text.size + HW_AVRO_BLOCK_ROOM);
    if (!copy) {
        return hw_fail_nomem(compiler->err, text.size + HW_AVRO_BLOCK_ROOM);
    }
    memset(copy + text.size, 0, HW_AVRO_BLOCK_ROOM);
    memcpy(copy, text.data, text.size);
    *out_text = (hw_view){copy, text.size};
    return HW_OK;
}

static enum hw_status symbols_make(struct compiler *compiler, struct pair pair, struct hw_avro_step *step) {
    const size_t count = pair.writer->symbols_count;
    hw_view *symbols = hw_arena_alloc(compiler->arena, count * sizeof(*symbols));
    if (!symbols) {
        return hw_fail_nomem(compiler->err, count * sizeof(*symbols));
    }
    HW_TRY(symbols_map(compiler, pair, symbols));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(symbols[i].data ? text_copy(compiler, symbols[i], &symbols[i]) : HW_OK);
    }
    step->symbols = symbols;
    step->count = count;
    return HW_OK;
}

/* ------ types with members */

static enum hw_status list_put(struct compiler *compiler, struct pair pair);

/* Puts a value of types that match, neither of which is a union. */
static enum hw_status plain_put(struct compiler *compiler, struct pair pair) {
    if (pair.writer->kind == HW_AVRO_RECORD) {
        return record_put(compiler, pair);
    }
    if (pair.writer->kind == HW_AVRO_ARRAY || pair.writer->kind == HW_AVRO_MAP) {
        return list_put(compiler, pair);
    }
    /* A column of values without bytes counts no slots, unless some are null. */
    const bool counts = pair.writer->bytes_min > 0 || compiler->columns->items[pair.column].optional;
    return is_leaf(pair.writer) && counts ? leaf_put(compiler, pair, -1) : HW_OK;
}

/* The key of a map is a text; what it maps to is the second column below its entries. */
static enum hw_status list_put(struct compiler *compiler, struct pair pair) {
    static const struct hw_avro_type key = {.kind = HW_AVRO_STRING, .bytes_min = 1};
    const struct hw_avro_type *writer = pair.writer->members[0].type;
    const struct hw_avro_type *reader = pair.reader->members[0].type;
    const bool map = pair.writer->kind == HW_AVRO_MAP;
    const size_t number = steps_count(compiler);
    uint32_t column = child_of(compiler, pair.column, 0);
    HW_TRY(step_put(compiler, (struct hw_avro_step){
                                  .run = hw_avro_step_list, .column = pair.column, .size = map + writer->bytes_min}));
    if (map) {
        HW_TRY(leaf_put(compiler, (struct pair){&key, &key, child_of(compiler, column, 0)}, -1));
        column = child_of(compiler, column, 1);
    }
    HW_TRY(value_put(compiler, (struct pair){writer, reader, column}));
    step_close(compiler, number);
    return HW_OK;
}

static enum hw_status fields_match(struct compiler *compiler, struct pair pair, int64_t *targets);
static enum hw_status default_put(struct compiler *compiler, const struct hw_avro_member *member, uint32_t column);

/* Fields come in the order of the file; then those that it does not have. */
static enum hw_status record_put(struct compiler *compiler, struct pair pair) {
    const size_t count = pair.writer->members_count;
    const size_t wanted = pair.reader->members_count;
    HW_AUTO(hw_buf) taken = {0};
    HW_AUTO(hw_buf) targets_buf = {0};
    HW_TRY(hw_buf_resize(&targets_buf, count * sizeof(int64_t) + 1, compiler->err));
    HW_TRY(hw_buf_resize(&taken, wanted + 1, compiler->err));
    int64_t *targets = (int64_t *)(void *)targets_buf.data;
    memset(taken.data, 0, wanted + 1);
    HW_TRY(fields_match(compiler, pair, targets));
    for (size_t i = 0; i < count; i++) {
        const struct hw_avro_type *writer = pair.writer->members[i].type;
        enum hw_status status = HW_OK;
        if (targets[i] < 0) {
            status = skip_put(compiler, writer);
        } else {
            taken.data[targets[i]] = 1;
            status = value_put(compiler, (struct pair){writer, pair.reader->members[targets[i]].type,
                                                       child_of(compiler, pair.column, (size_t)targets[i])});
        }
        if (status != HW_OK) {
            hw_error_column(compiler->err, pair.writer->members[i].name, strlen(pair.writer->members[i].name));
            return status;
        }
    }
    for (size_t i = 0; i < wanted; i++) {
        HW_TRY(taken.data[i] ? HW_OK
                             : default_put(compiler, &pair.reader->members[i], child_of(compiler, pair.column, i)));
    }
    return HW_OK;
}

/* Finds the file's field of a name that is wanted; false where it has none. */
static enum hw_status field_find(struct compiler *compiler, struct hw_intern *names, const char *name, size_t count,
                                 size_t *out_field) {
    uint32_t number;
    HW_TRY(hw_intern_number(names, hw_view_of(name), (uint32_t)count, &number, compiler->err));
    *out_field = number;
    return HW_OK;
}

/* Sets for each field of the file the number of the reader's field that it is, or -1. */
static enum hw_status fields_match(struct compiler *compiler, struct pair pair, int64_t *targets) {
    HW_AUTO(hw_intern) names = {0};
    const size_t count = pair.writer->members_count;
    for (size_t i = 0; i < count; i++) {
        targets[i] = pair.reader == pair.writer ? (int64_t)i : -1;
    }
    if (pair.reader == pair.writer) {
        return HW_OK;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number;
        HW_TRY(hw_intern_number(&names, hw_view_of(pair.writer->members[i].name), UINT32_MAX, &number, compiler->err));
    }
    for (size_t i = 0; i < pair.reader->members_count; i++) {
        const struct hw_avro_member *member = &pair.reader->members[i];
        size_t field = count;
        HW_TRY(field_find(compiler, &names, member->name, count, &field));
        for (size_t a = 0; field == count && a < member->aliases_count && !hw_avro_is_of(pair.writer, pair.reader);
             a++) {
            HW_TRY(field_find(compiler, &names, member->aliases[a], count, &field));
        }
        if (field < count && targets[field] < 0) {
            targets[field] = (int64_t)i;
        }
    }
    return HW_OK;
}

/* Puts the value that a field has where the file has no such field. */
static enum hw_status default_put(struct compiler *compiler, const struct hw_avro_member *member, uint32_t column) {
    HW_AUTO(hw_buf) bytes = {0};
    const size_t number = steps_count(compiler);
    struct hw_avro_step step = {.run = hw_avro_step_default, .column = column};
    enum hw_status status = member->fallback
                                ? hw_avro_default_put(member->type, member->fallback, &bytes, compiler->err)
                                : hw_fail(compiler->err, HW_EDATA,
                                          "the file has no such field, and the schema asked for no default for it");
    if (status == HW_OK) {
        status = text_copy(compiler, hw_buf_view(&bytes), &step.bytes);
    }
    if (status == HW_OK) {
        status = step_put(compiler, step);
    }
    if (status == HW_OK) {
        status = value_put(compiler, (struct pair){member->type, member->type, column});
        step_close(compiler, number);
    }
    if (status != HW_OK) {
        hw_error_column(compiler->err, member->name, strlen(member->name));
    }
    return status;
}

/* ------ values that are left out */

static enum hw_status skip_bytes_put(struct compiler *compiler, uint64_t bytes) {
    const size_t count = steps_count(compiler);
    struct hw_avro_step *last = count > compiler->barrier ? step_at(compiler, count - 1) : NULL;
    if (last && last->run == hw_avro_step_skip_bytes) {
        last->size += bytes;
        return HW_OK;
    }
    return step_put(compiler,
                    (struct hw_avro_step){.run = hw_avro_step_skip_bytes, .column = HW_AVRO_NO_COLUMN, .size = bytes});
}

static enum hw_status skip_body_put(struct compiler *compiler, struct pair pair, size_t branch) {
    return skip_put(compiler, pair.writer->members[branch].type);
}

static enum hw_status skip_list_put(struct compiler *compiler, const struct hw_avro_type *type) {
    const struct hw_avro_type *items = type->members[0].type;
    const bool map = type->kind == HW_AVRO_MAP;
    const size_t number = steps_count(compiler);
    HW_TRY(step_put(
        compiler,
        (struct hw_avro_step){.run = hw_avro_step_list, .column = HW_AVRO_NO_COLUMN, .size = map + items->bytes_min}));
    compiler->barrier = steps_count(compiler);
    if (map) {
        HW_TRY(step_put(compiler, (struct hw_avro_step){.run = hw_avro_step_skip_text, .column = HW_AVRO_NO_COLUMN}));
    }
    HW_TRY(skip_put(compiler, items));
    step_close(compiler, number);
    return HW_OK;
}

static enum hw_status skip_record_put(struct compiler *compiler, const struct hw_avro_type *type) {
    for (size_t i = 0; i < type->members_count; i++) {
        HW_TRY(skip_put(compiler, type->members[i].type));
    }
    return HW_OK;
}

static enum hw_status skip_put(struct compiler *compiler, const struct hw_avro_type *type) {
    switch (type->kind) {
    case HW_AVRO_INT:
    case HW_AVRO_LONG:
    case HW_AVRO_ENUM:
        return step_put(compiler, (struct hw_avro_step){.run = hw_avro_step_skip_long, .column = HW_AVRO_NO_COLUMN});
    case HW_AVRO_BYTES:
    case HW_AVRO_STRING:
        return step_put(compiler, (struct hw_avro_step){.run = hw_avro_step_skip_text, .column = HW_AVRO_NO_COLUMN});
    case HW_AVRO_ARRAY:
    case HW_AVRO_MAP:
        return skip_list_put(compiler, type);
    case HW_AVRO_RECORD:
        return skip_record_put(compiler, type);
    case HW_AVRO_UNION:
        return choice_put(compiler, (struct pair){type, type, HW_AVRO_NO_COLUMN}, skip_body_put);
    default:
        /* The other types have as many bytes as they have at least. */
        return type->bytes_min > 0 ? skip_bytes_put(compiler, type->bytes_min) : HW_OK;
    }
}

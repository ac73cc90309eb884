/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/choice.h"

static struct hw_projection projection_of(const struct hw_csv_choice *choice) {
    return (struct hw_projection){choice->columns, choice->given ? &choice->given->schema : NULL};
}

const char *hw_csv_choice_added(const struct hw_csv_choice *choice) {
    return choice->columns ? choice->columns->add_source : NULL;
}

/* Makes room for constraints, all of them zero. */
static enum hw_status constraints_make(size_t count, struct hw_arena *arena, struct hw_csv_constraint **out_constraints,
                                       struct hw_error *err) {
    struct hw_csv_constraint *constraints = hw_arena_alloc(arena, count * sizeof(*constraints));
    if (!constraints) {
        return hw_fail_nomem(err, count * sizeof(*constraints));
    }
    memset(constraints, 0, count * sizeof(*constraints));
    *out_constraints = constraints;
    return HW_OK;
}

/* Gives column `column` the type and the constraints of column `number` of the schema. */
static void given_take(const struct hw_schema_file *given, size_t number, size_t column, struct hw_csv_layout *layout,
                       struct hw_csv_constraint *constraints) {
    const struct hw_field *field = &given->schema.fields[number];
    layout->schema.fields[column].type = field->type;
    layout->schema.fields[column].required = field->required;
    if (given->constraints.columns) {
        constraints[column] = given->constraints.columns[number];
    }
    constraints[column].given = true;
    constraints[column].key = (uint32_t)column;
}

static enum hw_status sources_keep(struct hw_csv_layout *layout, struct hw_arena *arena, struct hw_error *err);

enum hw_status hw_csv_choice_apply(const struct hw_csv_choice *choice, struct hw_arena *arena,
                                   struct hw_csv_layout *layout, struct hw_error *err) {
    const struct hw_projection projection = projection_of(choice);
    const size_t count = layout->schema.count;
    struct hw_csv_constraint *constraints;
    size_t inferred = 0;
    HW_TRY(sources_keep(layout, arena, err));
    if (!hw_projection_asks(&projection)) {
        return HW_OK;
    }
    struct hw_projected *projected = hw_arena_alloc(arena, count * sizeof(*projected));
    if (!projected) {
        return hw_fail_nomem(err, count * sizeof(*projected));
    }
    HW_TRY(hw_project(&projection, layout->sources, count, arena, projected, err));
    HW_TRY(constraints_make(count, arena, &constraints, err));
    for (size_t i = 0; i < count; i++) {
        layout->schema.fields[i].name = projected[i].name;
        constraints[i].left_out = projected[i].left_out;
        if (projected[i].given != HW_PROJECTED_NOT_GIVEN) {
            given_take(choice->given, projected[i].given, i, layout, constraints);
        }
        inferred += !constraints[i].left_out && !constraints[i].given;
    }
    layout->projected = projected;
    layout->fixed = inferred == 0;
    layout->constraints = (struct hw_csv_constraints){.columns = constraints};
    return HW_OK;
}

/* Keeps the names that the text has for its columns. */
static enum hw_status sources_keep(struct hw_csv_layout *layout, struct hw_arena *arena, struct hw_error *err) {
    const size_t count = layout->schema.count;
    const char **sources = hw_arena_alloc(arena, count * sizeof(*sources));
    if (!sources) {
        return hw_fail_nomem(err, count * sizeof(*sources));
    }
    for (size_t i = 0; i < count; i++) {
        sources[i] = layout->schema.fields[i].name;
    }
    layout->sources = sources;
    return HW_OK;
}

/* Returns whether the column of a text comes next, after the one that was placed last. */
static bool column_next(const struct hw_projected *projected, size_t column, uint32_t place) {
    return !projected || (!projected[column].left_out && projected[column].place == place);
}

enum hw_status hw_csv_choice_schema(const struct hw_csv_layout *layout, struct hw_arena *arena,
                                    struct hw_schema *out_schema, struct hw_error *err) {
    const size_t count = layout->schema.count;
    struct hw_schema schema = {.fields = hw_arena_alloc(arena, count * sizeof(struct hw_field))};
    uint32_t places = 1;
    if (!schema.fields) {
        return hw_fail_nomem(err, count * sizeof(struct hw_field));
    }
    for (size_t i = 0; layout->projected && i < count; i++) {
        places = (uint32_t)hw_max_size(places, (size_t)layout->projected[i].place + 1);
    }
    for (uint32_t place = 0; place < places; place++) {
        for (size_t i = 0; i < count; i++) {
            if (column_next(layout->projected, i, place)) {
                schema.fields[schema.count++] = layout->schema.fields[i];
            }
        }
    }
    if (schema.count == 0) {
        return hw_csv_choice_lacks_columns(err);
    }
    *out_schema = schema;
    return HW_OK;
}

enum hw_status hw_csv_choice_lacks_columns(struct hw_error *err) {
    return hw_fail(err, HW_EDATA, "all columns are left out (--drop)");
}

/* Returns the number of the column of the schema that has a name; its count where none has. */
static size_t given_find(const struct hw_schema *schema, const char *name, size_t first) {
    /*
     * The same place comes first: the name stands there nearly always, and 16,384 columns must not
     * be searched for each of them.
     */
    if (first < schema->count && strcmp(schema->fields[first].name, name) == 0) {
        return first;
    }
    size_t number = 0;
    while (number < schema->count && strcmp(schema->fields[number].name, name) != 0) {
        number++;
    }
    return number;
}

enum hw_status hw_csv_choice_apply_table(const struct hw_csv_choice *choice, struct hw_arena *arena,
                                         struct hw_csv_layout *layout, struct hw_error *err) {
    const struct hw_schema none = {0};
    const struct hw_schema *schema = choice->given ? &choice->given->schema : &none;
    const size_t count = layout->schema.count;
    const bool added = hw_csv_choice_added(choice) != NULL;
    struct hw_csv_constraint *constraints;
    size_t inferred = 0;
    bool unique = false;
    if (!choice->given && !added) {
        return HW_OK;
    }
    HW_TRY(constraints_make(count, arena, &constraints, err));
    for (size_t i = 0; i < count; i++) {
        const bool source = added && i == count - 1;
        const size_t number = source ? schema->count : given_find(schema, layout->schema.fields[i].name, i);
        if (number < schema->count) {
            given_take(choice->given, number, i, layout, constraints);
        }
        if (source) {
            layout->schema.fields[i].type = (struct hw_type){.kind = HW_KIND_TEXT};
            constraints[i].given = true;
        }
        unique |= constraints[i].unique;
        inferred += !constraints[i].given;
    }
    layout->fixed = inferred == 0;
    layout->constraints = (struct hw_csv_constraints){.columns = constraints, .unique = unique};
    return HW_OK;
}

enum hw_status hw_csv_choice_prove(const struct hw_csv_choice *choice, const char *const *names, size_t count,
                                   struct hw_error *err) {
    const struct hw_projection projection = projection_of(choice);
    return hw_projection_prove(&projection, names, count, err);
}

enum hw_status hw_csv_choice_prove_spelling(const struct hw_csv_choice *choice, const char *const *names, size_t count,
                                            struct hw_error *err) {
    const struct hw_projection projection = projection_of(choice);
    return hw_projection_prove_spelling(&projection, names, count, err);
}

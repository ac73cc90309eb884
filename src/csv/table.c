/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/table.h"

#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"
#include "table/name_style.h"

static enum hw_status types_decide(struct hw_csv_table *table, struct hw_error *err);
static enum hw_status lacking_note(struct hw_csv_table *table, struct hw_error *err);
static enum hw_status names_note(struct hw_csv_table *table, struct hw_error *err);
static enum hw_status history_prepare(struct hw_csv_table *table, struct hw_error *err);

enum hw_status hw_csv_table_decide(struct hw_csv_table *table, struct hw_error *err) {
    HW_TRY(hw_csv_inputs_order(&table->inputs, &table->layout.schema, &table->profiles, err));
    HW_TRY(types_decide(table, err));
    HW_TRY(lacking_note(table, err));
    HW_TRY(names_note(table, err));
    table->streamed = table->inputs.count == 1 && !table->inputs.items[0].cuttable;
    if (table->options.history) {
        HW_TRY(history_prepare(table, err));
    }
    return HW_OK;
}

/* Adds a note on the names of the table to those on its inputs. */
static enum hw_status names_note(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_inputs *inputs = &table->inputs;
    struct hw_notes notes = {0};
    HW_TRY(hw_names_note(&table->layout.schema, &notes, &table->arena, err));
    return hw_notes_merge(&inputs->synced.notes, &notes, inputs->items[0].name, 0, &table->arena, err);
}

/*
 * Returns the first column of the table that the input lacks, of those that the schema wants in
 * every row where only these count; SIZE_MAX: none.
 */
static size_t column_lacking(const struct hw_schema *schema, const struct hw_csv_columns *columns, bool required,
                             bool *here) {
    memset(here, 0, schema->count * sizeof(*here));
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->places[i] != HW_CSV_LEFT_OUT) {
            here[columns->places[i]] = true;
        }
    }
    for (size_t i = 0; i < schema->count; i++) {
        if ((schema->fields[i].required || !required) && !here[i]) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Notes the inputs whose rows have nulls because they lack columns of the table. */
static enum hw_status lacking_note(struct hw_csv_table *table, struct hw_error *err) {
    const struct hw_schema *schema = &table->layout.schema;
    struct hw_csv_inputs *inputs = &table->inputs;
    const struct hw_csv_input *first = NULL;
    const size_t wanted = schema->count - (hw_csv_choice_added(&inputs->options.choice) != NULL);
    struct hw_notes notes = {0};
    uint64_t count = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const bool lacks = inputs->items[i].form->columns->taken < wanted;
        first = lacks && !first ? &inputs->items[i] : first;
        count += lacks;
    }
    if (!first) {
        return HW_OK;
    }
    const struct hw_csv_columns *columns = first->form->columns;
    bool *here = hw_realloc_array(NULL, schema->count, sizeof(*here));
    if (!here) {
        return hw_fail_nomem(err, schema->count);
    }
    const size_t lacking = wanted - columns->taken;
    const char *name = schema->fields[column_lacking(schema, columns, false, here)].name;
    hw_free(here);
    HW_TRY(hw_notes_add(&notes, HW_NOTE_COLUMNS_LACKING, &inputs->arena, err,
                        "it lacks %s of other sources, such as \"%.100s\": its rows are null there",
                        HW_COUNT(lacking, "column"), name));
    notes.of[HW_NOTE_COLUMNS_LACKING].texts = count;
    return hw_notes_merge(&inputs->synced.notes, &notes, first->name, (uint64_t)(first - inputs->items), &inputs->arena,
                          err);
}

static enum hw_status required_check(const struct hw_csv_table *table, struct hw_error *err) {
    const struct hw_schema *schema = &table->layout.schema;
    const struct hw_csv_inputs *inputs = &table->inputs;
    bool *here = hw_realloc_array(NULL, schema->count, sizeof(*here));
    enum hw_status status = here ? HW_OK : hw_fail_nomem(err, schema->count);
    for (size_t i = 0; status == HW_OK && i < inputs->count; i++) {
        const struct hw_csv_input *input = &inputs->items[i];
        const bool checked =
            input->form->columns->whole || (i > 0 && input->form->columns == inputs->items[i - 1].form->columns);
        const size_t lacking = checked ? SIZE_MAX : column_lacking(schema, input->form->columns, true, here);
        if (lacking != SIZE_MAX) {
            const char *name = schema->fields[lacking].name;
            status = hw_fail(err, HW_EDATA, "the schema requires this column, and the object lacks it");
            hw_error_column(err, name, strlen(name));
            hw_error_object(err, input->name);
        }
    }
    hw_free(here);
    return status;
}

/* Where the values of a group are known, they take the place of a sample's. */
static enum hw_status profiles_take(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_type_groups *groups = table->options.survey ? NULL : table->options.groups;
    return groups ? hw_csv_type_groups_get(groups, &table->layout.schema, table->profiles, err) : HW_OK;
}

/*
 * Whether a column of this type shows all that its values are, so that its profile holds for a
 * wider table too. Values are not looked at one by one in columns of texts, nor in those of
 * decimals, which may be doubles that were written with as many decimal places.
 */
static bool type_tells_all(struct hw_type type, const struct hw_csv_profile *profile) {
    const uint32_t words = profile->seen & (HW_SEEN_WORD | HW_SEEN_OTHER);
    if (type.kind == HW_KIND_TEXT) {
        return (profile->seen & HW_SEEN_TEXT) != 0 && words != HW_SEEN_WORD;
    }
    const uint32_t decimal = HW_SEEN_DECIMAL | HW_SEEN_LONG_EXPONENT | HW_SEEN_BIG_INT;
    return type.kind != HW_KIND_DECIMAL || (profile->seen & decimal) != 0;
}

/* In a column of nulls every value is looked at. */
static void survey_types(struct hw_csv_table *table) {
    struct hw_schema *schema = &table->layout.schema;
    const bool text = table->options.csv->types == HW_CSV_TYPES_TEXT;
    for (size_t i = 0; table->options.survey && !text && i < schema->count; i++) {
        if (!hw_csv_layout_given(&table->layout, i) && !type_tells_all(schema->fields[i].type, &table->profiles[i])) {
            schema->fields[i].type = (struct hw_type){.kind = HW_KIND_NULL};
        }
    }
}

static enum hw_status types_decide(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_layout *layout = &table->layout;
    const struct hw_csv_choice *choice = &table->inputs.options.choice;
    HW_TRY(hw_csv_choice_apply_table(choice, &table->arena, layout, err));
    if (choice->given) {
        HW_TRY(required_check(table, err));
    }
    HW_TRY(profiles_take(table, err));
    hw_csv_layout_types(layout, table->options.csv, table->profiles);
    survey_types(table);
    return hw_csv_inputs_set_types(&table->inputs, &layout->schema, &layout->constraints, err);
}

static enum hw_status history_prepare(struct hw_csv_table *table, struct hw_error *err) {
    const struct hw_schema *schema = &table->layout.schema;
    const size_t misfits_bytes = schema->count * sizeof(*table->misfits);
    table->types_sampled = hw_arena_alloc(&table->arena, schema->count * sizeof(*table->types_sampled));
    table->misfits = hw_arena_alloc(&table->arena, misfits_bytes);
    if (!table->types_sampled || !table->misfits) {
        return hw_fail_nomem(err, misfits_bytes);
    }
    memset(table->misfits, 0, misfits_bytes);
    for (size_t i = 0; i < schema->count; i++) {
        table->types_sampled[i] = schema->fields[i].type;
    }
    return HW_OK;
}

static enum hw_status stream_begin(struct hw_csv_table *table, struct hw_error *err);
static enum hw_status unique_begin(struct hw_csv_table *table, struct hw_error *err);
static void uses_expect(struct hw_csv_table *table);

enum hw_status hw_csv_table_begin(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_inputs *inputs = &table->inputs;
    for (size_t i = 0; i < inputs->count; i++) {
        hw_csv_input_begin(&inputs->items[i]);
    }
    hw_buf_clear(&table->cuts);
    table->rows = 0;
    HW_TRY(unique_begin(table, err));
    if (table->streamed) {
        return stream_begin(table, err);
    }
    const struct hw_csv_cut_options cut = {table->options.part_bytes, table->layout.schema.count};
    HW_TRY(hw_csv_cut(inputs->items, inputs->count, &cut, &table->cuts, err));
    uses_expect(table);
    return HW_OK;
}

/* Each pass meets all values anew. */
static enum hw_status unique_begin(struct hw_csv_table *table, struct hw_error *err) {
    hw_csv_unique_release(&table->unique);
    table->unique = (struct hw_csv_unique){.budget = table->options.budget, .values_max = HW_CSV_UNIQUE_VALUES_MAX};
    return table->layout.constraints.unique ? hw_csv_unique_init(&table->unique, table->layout.schema.count, err)
                                            : HW_OK;
}

/* Announces the uses of objects, which stay open as long as there are parts that read them. */
static void uses_expect(struct hw_csv_table *table) {
    const struct hw_csv_part *parts = (const struct hw_csv_part *)(const void *)table->cuts.data;
    for (size_t i = 0; i < table->cuts.size / sizeof(*parts); i++) {
        for (size_t k = parts[i].first; k <= parts[i].last; k++) {
            struct hw_csv_object *object = table->inputs.items[k].object;
            hw_csv_object_expect(object, object->kept ? 0 : 1);
            object->kept = false;
        }
    }
}

static enum hw_status stream_begin(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_table_stream *stream = &table->stream;
    const struct hw_csv_input *input = &table->inputs.items[0];
    hw_csv_stream_release(&stream->stream);
    hw_buf_clear(&stream->rest);
    stream->offset = 0;
    stream->ended = false;
    if (!stream->text.source) {
        HW_TRY(hw_csv_object_take(input->object, table->options.csv->encoding, &stream->text, err));
        stream->text.member = input->member;
    }
    return HW_OK;
}

enum hw_status hw_csv_table_widen(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_layout *layout = &table->layout;
    hw_csv_layout_types(layout, table->options.csv, table->profiles);
    return hw_csv_inputs_set_types(&table->inputs, &layout->schema, &layout->constraints, err);
}

enum hw_status hw_csv_table_tell(const struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_type_groups *groups = table->options.survey ? table->options.groups : NULL;
    return groups ? hw_csv_type_groups_add(groups, &table->layout.schema, table->profiles, err) : HW_OK;
}

void hw_csv_table_release(struct hw_csv_table *table) {
    hw_csv_stream_release(&table->stream.stream);
    if (table->stream.text.source) {
        hw_csv_object_give(table->inputs.items[0].object, &table->stream.text);
    }
    hw_buf_release(&table->stream.rest);
    hw_buf_release(&table->cuts);
    hw_csv_unique_release(&table->unique);
    hw_free(table->profiles);
    hw_csv_inputs_release(&table->inputs);
    hw_arena_release(&table->arena);
}

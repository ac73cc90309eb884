/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/inputs.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "codec/unpack_zip.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "csv/sample.h"

void hw_csv_inputs_init(struct hw_csv_inputs *inputs, struct hw_csv_object *objects, size_t count,
                        const struct hw_csv_inputs_options *options) {
    *inputs = (struct hw_csv_inputs){.options = *options, .objects = objects, .objects_count = count};
    pthread_mutex_init(&inputs->synced.lock, NULL);
}

void hw_csv_inputs_release(struct hw_csv_inputs *inputs) {
    hw_buf_release(&inputs->synced.found);
    hw_buf_release(&inputs->synced.profiles);
    hw_buf_release(&inputs->synced.ranks);
    hw_buf_release(&inputs->synced.columns);
    hw_intern_release(&inputs->synced.names);
    hw_intern_release(&inputs->synced.sources);
    hw_intern_release(&inputs->synced.sets);
    hw_intern_release(&inputs->synced.form_numbers);
    hw_buf_release(&inputs->synced.forms);
    hw_arena_release(&inputs->arena);
    pthread_mutex_destroy(&inputs->synced.lock);
    *inputs = (struct hw_csv_inputs){0};
}

static enum hw_status object_look(struct hw_csv_inputs *inputs, size_t object, struct hw_csv_text *text,
                                  struct hw_error *err);
static void object_keep(struct hw_csv_inputs *inputs, struct hw_csv_object *object, const struct hw_source *source);

enum hw_status hw_csv_inputs_look(struct hw_csv_inputs *inputs, size_t number, struct hw_error *err) {
    struct hw_csv_object *object = &inputs->objects[number];
    struct hw_csv_text text;
    HW_TRY(hw_csv_object_take(object, inputs->options.csv->encoding, &text, err));
    enum hw_status status = object_look(inputs, number, &text, err);
    object_keep(inputs, object, text.source);
    hw_csv_object_give(object, &text);
    return status;
}

/*
 * A small remote object is in memory once it was looked at, and holds no descriptor: as long as
 * there is memory for it, it stays, so that it need not come across the network again.
 */
static void object_keep(struct hw_csv_inputs *inputs, struct hw_csv_object *object, const struct hw_source *source) {
    const uint64_t kept_max = inputs->options.kept_bytes_max;
    if (!source->remote || source->size > inputs->options.kept_object_bytes_max) {
        return;
    }
    pthread_mutex_lock(&inputs->synced.lock);
    object->kept = source->size <= kept_max && inputs->synced.kept_bytes <= kept_max - source->size;
    inputs->synced.kept_bytes += object->kept ? source->size : 0;
    pthread_mutex_unlock(&inputs->synced.lock);
    hw_csv_object_expect(object, object->kept ? 1 : 0);
}

/* Makes the name of a member, "a.zip#b.csv", in the arena. */
static enum hw_status member_name(struct hw_csv_inputs *inputs, const struct hw_csv_object *object,
                                  const struct hw_csv_text *text, const char **out_name, struct hw_error *err) {
    const char *name = hw_zip_member(text->zip, text->member)->name;
    const char *object_name = hw_csv_object_name(object);
    size_t bytes = strlen(object_name) + strlen(name) + 2;
    pthread_mutex_lock(&inputs->synced.lock);
    char *joined = hw_arena_alloc(&inputs->arena, bytes);
    pthread_mutex_unlock(&inputs->synced.lock);
    if (!joined) {
        return hw_fail_nomem(err, bytes);
    }
    snprintf(joined, bytes, "%s#%s", object_name, name);
    *out_name = joined;
    return HW_OK;
}

static enum hw_status input_add(struct hw_csv_inputs *inputs, size_t object, const struct hw_csv_text *text,
                                const char *name, struct hw_error *err);

/* Adds all inputs of the object that the options ask for, of which there is at least one. */
static enum hw_status object_look(struct hw_csv_inputs *inputs, size_t number, struct hw_csv_text *text,
                                  struct hw_error *err) {
    const struct hw_csv_object *object = &inputs->objects[number];
    const struct hw_csv_inputs_options *options = &inputs->options;
    const struct hw_csv_members_options chosen = {options->csv->zip_member, options->all_members};
    HW_AUTO(hw_csv_members) members = {0};
    if (options->one_member) {
        text->member = options->member;
        return input_add(inputs, number, text, options->name, err);
    }
    HW_TRY(hw_csv_members_choose(&members, text, &chosen, err));
    hw_csv_members_tell(&members, options->left_out);
    for (size_t i = 0; i < members.count; i++) {
        const char *name = hw_csv_object_name(object);
        if (!hw_csv_members_has(&members, i)) {
            continue;
        }
        text->member = i;
        if (members.wanted > 1) {
            HW_TRY(member_name(inputs, object, text, &name, err));
        }
        enum hw_status status = input_add(inputs, number, text, name, err);
        if (status != HW_OK) {
            hw_error_object(err, name);
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status input_keep_locked(struct hw_csv_inputs *inputs, struct hw_csv_input *input,
                                        struct hw_csv_form *form, const struct hw_csv_layout *layout,
                                        const struct hw_csv_profile *profiles, struct hw_error *err);

static enum hw_status notes_keep_locked(struct hw_csv_inputs *inputs, size_t object, const struct hw_csv_input *input,
                                        const struct hw_notes *notes, struct hw_error *err);

/*
 * Thousands of texts need not show as much each as a few. Where all values are read later, a look
 * is to find what it finds when the text is converted, and pieces of it show nothing more.
 */
static struct hw_csv_sample_options sample_options(const struct hw_csv_inputs *inputs) {
    const size_t all_bytes = HW_MIB(32);
    const size_t bytes = all_bytes / inputs->objects_count;
    const bool survey = inputs->options.survey_bytes_max > 0;
    return (struct hw_csv_sample_options){
        .bytes = bytes < HW_CSV_SAMPLE_BYTES && !survey ? hw_max_size(bytes, HW_CSV_SAMPLE_BYTES_MIN) : 0,
        .whole_bytes_max = inputs->options.survey_bytes_max,
        .layout_only = inputs->options.typed,
        .choice = inputs->options.choice,
        .record_bytes_max = inputs->options.record_bytes_max,
    };
}

/*
 * A text that can be cut is compared with the checksum that the store keeps of it; all else has
 * checksums of its own, or is decoded from bytes that nobody sums.
 */
static enum hw_status checksum_ask(struct hw_csv_input *input, bool wanted, struct hw_source *source,
                                   struct hw_error *err) {
    uint8_t block[4096];
    size_t bytes;
    if (!input->cuttable || source->proved_by != HW_CHECKSUM_NONE || !source->ops->checksum || !wanted) {
        return HW_OK;
    }
    HW_TRY(source->ops->checksum(source, &input->checksum, err));
    if (!hw_checksum_is_crc(input->checksum.kind) || input->checksum.parts > 0) {
        /* Sums of parts that are read at once make no sum of the whole. */
        input->checksum = (struct hw_checksum){0};
    }
    for (uint64_t at = 0; input->checksum.kind != HW_CHECKSUM_NONE && at < input->body_offset; at += bytes) {
        bytes = hw_min_size(sizeof(block), (size_t)(input->body_offset - at));
        HW_TRY(source->ops->read_at(source, at, block, bytes, err));
        input->head_sum = hw_checksum_add(input->checksum.kind, input->head_sum, block, bytes);
    }
    return HW_OK;
}

void hw_csv_input_begin(struct hw_csv_input *input) {
    input->done = (struct hw_csv_input_part){.bytes = input->body_offset, .sum = input->head_sum};
}

void hw_csv_input_add(struct hw_csv_input *input, const struct hw_csv_input_part *part) {
    input->done.rows += part->rows;
    input->done.bytes += part->bytes;
    input->done.garbage_bytes += part->garbage_bytes;
    input->done.sum = hw_checksum_combine(input->checksum.kind, input->done.sum, part->sum, part->bytes);
}

enum hw_status hw_csv_input_prove(const struct hw_csv_input *input, struct hw_error *err) {
    const struct hw_checksum got = {.kind = input->checksum.kind, .value = input->done.sum};
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (got.kind == HW_CHECKSUM_NONE || (input->done.bytes == input->bytes && got.value == input->checksum.value)) {
        return HW_OK;
    }
    hw_error_set(err, HW_ECHECKSUM,
                 "the %" PRIu64 " of %" PRIu64 " bytes that were read have the %s %s, the store has %s of the object: "
                 "they were damaged on their way, or where it lies",
                 input->done.bytes, input->bytes, hw_checksum_name(got.kind), hw_checksum_text(&got, texts[0]),
                 hw_checksum_text(&input->checksum, texts[1]));
    hw_error_object(err, input->name);
    return HW_ECHECKSUM;
}

static enum hw_status input_add(struct hw_csv_inputs *inputs, size_t number, const struct hw_csv_text *text,
                                const char *name, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_csv_sample_options sample = sample_options(inputs);
    struct hw_csv_profile *profiles;
    struct hw_csv_layout layout;
    HW_TRY(hw_csv_sample_layout(text, inputs->options.csv, &sample, &arena, &layout, &profiles, err));
    struct hw_csv_input found = {
        .object = &inputs->objects[number],
        .member = (uint32_t)text->member,
        .name = name,
        .body_offset = layout.body_offset,
        .bytes = text->cuttable ? text->source->size : 0,
        .cuttable = text->cuttable,
    };
    struct hw_csv_form form = {
        .dialect = layout.dialect,
        .body_lines = layout.body_lines,
        .looks_like = layout.looks_like,
        .preamble_lines = layout.preamble_lines,
        .window_bytes = text->wrapping.window_bytes,
        .remote = text->source->remote,
        .proved_by = text->source->proved_by,
    };
    enum hw_status status = checksum_ask(&found, inputs->options.checksums, text->source, err);
    hw_csv_input_begin(&found);
    if (status == HW_OK) {
        pthread_mutex_lock(&inputs->synced.lock);
        status = input_keep_locked(inputs, &found, &form, &layout, profiles, err);
        status = status == HW_OK ? notes_keep_locked(inputs, number, &found, &layout.notes, err) : status;
        pthread_mutex_unlock(&inputs->synced.lock);
    }
    hw_free(profiles);
    return status;
}

static enum hw_status column_keep_locked(struct hw_csv_inputs *inputs, const struct hw_csv_layout *layout,
                                         size_t column, const struct hw_csv_profile *profile, uint32_t *out_number,
                                         struct hw_error *err);
static enum hw_status name_keep_locked(struct hw_csv_inputs *inputs, const char *name,
                                       const struct hw_csv_profile *profile, uint32_t *out_number,
                                       struct hw_error *err);
static enum hw_status columns_keep_locked(struct hw_csv_inputs *inputs, const uint32_t *numbers, size_t count,
                                          struct hw_csv_columns **out_columns, struct hw_error *err);
static enum hw_status form_keep_locked(struct hw_csv_inputs *inputs, const struct hw_csv_form *form,
                                       const struct hw_csv_form **out_form, struct hw_error *err);

static enum hw_status input_keep_locked(struct hw_csv_inputs *inputs, struct hw_csv_input *input,
                                        struct hw_csv_form *form, const struct hw_csv_layout *layout,
                                        const struct hw_csv_profile *profiles, struct hw_error *err) {
    const struct hw_schema *schema = &layout->schema;
    uint32_t *numbers = hw_realloc_array(NULL, schema->count, sizeof(*numbers));
    enum hw_status status = numbers ? HW_OK : hw_fail_nomem(err, schema->count * sizeof(*numbers));
    for (size_t i = 0; status == HW_OK && i < schema->count; i++) {
        status = column_keep_locked(inputs, layout, i, &profiles[i], &numbers[i], err);
    }
    if (status == HW_OK) {
        status = columns_keep_locked(inputs, numbers, schema->count, &form->columns, err);
    }
    if (status == HW_OK) {
        status = form_keep_locked(inputs, form, &input->form, err);
    }
    hw_free(numbers);
    return status == HW_OK ? hw_buf_append(&inputs->synced.found, input, sizeof(*input), err) : status;
}

/* Keeps the notes of an input, in the order that inputs will have. */
static enum hw_status notes_keep_locked(struct hw_csv_inputs *inputs, size_t object, const struct hw_csv_input *input,
                                        const struct hw_notes *notes, struct hw_error *err) {
    const uint64_t order = (uint64_t)object << 32 | input->member;
    return hw_notes_merge(&inputs->synced.notes, notes, input->name, order, &inputs->arena, err);
}

static enum hw_status columns_too_many(const struct hw_csv_options *csv, struct hw_error *err) {
    return hw_fail(err, HW_ELIMIT, "all sources together have more than %zu columns: --max-columns allows more",
                   hw_csv_columns_max(csv));
}

/* Keeps a column of an input, and gives the number of its name, or HW_CSV_LEFT_OUT. */
static enum hw_status column_keep_locked(struct hw_csv_inputs *inputs, const struct hw_csv_layout *layout,
                                         size_t column, const struct hw_csv_profile *profile, uint32_t *out_number,
                                         struct hw_error *err) {
    const struct hw_projected *projected = layout->projected ? &layout->projected[column] : NULL;
    uint32_t number;
    if (projected) {
        HW_TRY(
            hw_intern_number(&inputs->synced.sources, hw_view_of(layout->sources[column]), UINT32_MAX, &number, err));
        if (number >= hw_csv_columns_max(inputs->options.csv)) {
            return columns_too_many(inputs->options.csv, err);
        }
    }
    if (projected && projected->left_out) {
        *out_number = HW_CSV_LEFT_OUT;
        return HW_OK;
    }
    HW_TRY(name_keep_locked(inputs, layout->schema.fields[column].name, profile, &number, err));
    uint32_t *rank = &((uint32_t *)(void *)inputs->synced.ranks.data)[number];
    *rank = (uint32_t)hw_min_size(*rank, projected ? projected->place : 0);
    *out_number = number;
    return HW_OK;
}

/* Gives a column name its number, and adds a profile to that of all columns of the name. */
static enum hw_status name_keep_locked(struct hw_csv_inputs *inputs, const char *name,
                                       const struct hw_csv_profile *profile, uint32_t *out_number,
                                       struct hw_error *err) {
    struct hw_buf *profiles = &inputs->synced.profiles;
    const struct hw_csv_profile none = HW_CSV_PROFILE_INIT;
    /* Other threads go on where this look fails, so no name may be without a profile. */
    const uint32_t last = UINT32_MAX;
    HW_TRY(hw_buf_reserve(profiles, sizeof(none), err));
    HW_TRY(hw_buf_reserve(&inputs->synced.ranks, sizeof(last), err));
    HW_TRY(hw_intern_number(&inputs->synced.names, hw_view_of(name), UINT32_MAX, out_number, err));
    if (*out_number * sizeof(none) == profiles->size) {
        HW_TRY(hw_buf_append(profiles, &none, sizeof(none), err));
        HW_TRY(hw_buf_append(&inputs->synced.ranks, &last, sizeof(last), err));
    }
    if (inputs->synced.names.count > hw_csv_columns_max(inputs->options.csv)) {
        return columns_too_many(inputs->options.csv, err);
    }
    struct hw_csv_profile *all = (struct hw_csv_profile *)(void *)profiles->data;
    hw_csv_profile_merge(&all[*out_number], profile);
    return HW_OK;
}

static enum hw_status columns_keep_locked(struct hw_csv_inputs *inputs, const uint32_t *numbers, size_t count,
                                          struct hw_csv_columns **out_columns, struct hw_error *err) {
    struct hw_buf *sets = &inputs->synced.columns;
    const hw_view set = {(const char *)numbers, count * sizeof(*numbers)};
    struct hw_csv_columns *columns = NULL;
    uint32_t number;
    HW_TRY(hw_buf_reserve(sets, sizeof(struct hw_csv_columns *), err));
    HW_TRY(hw_intern_number(&inputs->synced.sets, set, UINT32_MAX, &number, err));
    if (number * sizeof(struct hw_csv_columns *) == sets->size) {
        HW_TRY(hw_buf_append(sets, &columns, sizeof(columns), err)); /* allowed: a pointer */
    }
    struct hw_csv_columns **kept = &((struct hw_csv_columns **)(void *)sets->data)[number];
    if (!*kept) { /* it is new, or there was no memory for it before */
        columns = hw_arena_alloc(&inputs->arena, sizeof(*columns));
        uint32_t *places = hw_arena_alloc(&inputs->arena, set.size);
        if (!columns || !places) {
            return hw_fail_nomem(err, set.size);
        }
        memcpy(places, numbers, set.size);
        *columns = (struct hw_csv_columns){.places = places, .count = count};
        *kept = columns;
    }
    *out_columns = *kept;
    return HW_OK;
}

/*
 * Forms are found by their bytes: two that differ in no more than what lies between their fields
 * are kept twice, which does no harm.
 */
static enum hw_status form_keep_locked(struct hw_csv_inputs *inputs, const struct hw_csv_form *form,
                                       const struct hw_csv_form **out_form, struct hw_error *err) {
    struct hw_buf *forms = &inputs->synced.forms;
    const hw_view key = {(const char *)form, sizeof(*form)};
    struct hw_csv_form *kept = NULL;
    uint32_t number;
    HW_TRY(hw_buf_reserve(forms, sizeof(kept), err)); /* allowed: a pointer */
    HW_TRY(hw_intern_number(&inputs->synced.form_numbers, key, UINT32_MAX, &number, err));
    if (number * sizeof(kept) == forms->size) {                 /* allowed: a pointer */
        HW_TRY(hw_buf_append(forms, &kept, sizeof(kept), err)); /* allowed: a pointer */
    }
    struct hw_csv_form **place = &((struct hw_csv_form **)(void *)forms->data)[number];
    if (!*place) { /* it is new, or there was no memory for it before */
        kept = hw_arena_alloc(&inputs->arena, sizeof(*kept));
        if (!kept) {
            return hw_fail_nomem(err, sizeof(*kept));
        }
        *kept = *form;
        *place = kept;
    }
    *out_form = *place;
    return HW_OK;
}

static int input_compare(const void *a, const void *b) {
    const struct hw_csv_input *first = a;
    const struct hw_csv_input *second = b;
    if (first->object != second->object) {
        return first->object < second->object ? -1 : 1;
    }
    return first->member < second->member ? -1 : first->member > second->member;
}

static enum hw_status columns_prove(const struct hw_csv_inputs *inputs, struct hw_error *err);
static enum hw_status columns_order(struct hw_csv_inputs *inputs, uint32_t *places, struct hw_schema *out_schema,
                                    struct hw_error *err);

enum hw_status hw_csv_inputs_order(struct hw_csv_inputs *inputs, struct hw_schema *out_schema,
                                   struct hw_csv_profile **out_profiles, struct hw_error *err) {
    const size_t columns = inputs->synced.names.count;
    const struct hw_csv_profile *by_name = (const struct hw_csv_profile *)(const void *)inputs->synced.profiles.data;
    inputs->items = (struct hw_csv_input *)(void *)inputs->synced.found.data;
    inputs->count = inputs->synced.found.size / sizeof(*inputs->items);
    qsort(inputs->items, inputs->count, sizeof(*inputs->items), input_compare);
    HW_TRY(columns_prove(inputs, err));

    /* the place in the table for each name */
    uint32_t *places = hw_realloc_array(NULL, columns + 1, sizeof(*places));
    struct hw_csv_profile *profiles = hw_realloc_array(NULL, columns + 1, sizeof(*profiles));
    enum hw_status status = places && profiles ? columns_order(inputs, places, out_schema, err)
                                               : hw_fail_nomem(err, columns * sizeof(*profiles));
    for (size_t i = 0; status == HW_OK && i < columns; i++) {
        profiles[places[i]] = by_name[i];
    }
    if (status == HW_OK && out_schema->count > columns) {
        profiles[columns] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
    }
    hw_free(places);
    if (status != HW_OK) {
        hw_free(profiles);
        return status;
    }
    *out_profiles = profiles;
    return HW_OK;
}

/* Proves that the columns of every input are spelled as those whose types are given. */
static enum hw_status spelling_prove(const struct hw_csv_inputs *inputs, struct hw_error *err) {
    const struct hw_csv_columns *last = NULL;
    HW_AUTO(hw_arena) arena = {0};
    const char **names = hw_arena_alloc(&arena, (inputs->synced.names.count + 1) * sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, inputs->synced.names.count * sizeof(*names));
    }
    for (size_t i = 0; i < inputs->count; i++) {
        const struct hw_csv_columns *set = inputs->items[i].form->columns;
        size_t count = 0;
        for (size_t k = 0; set != last && k < set->count; k++) {
            if (set->places[k] != HW_CSV_LEFT_OUT) {
                names[count++] = hw_intern_key(&inputs->synced.names, set->places[k]).data;
            }
        }
        last = set;
        enum hw_status status =
            count > 0 ? hw_csv_choice_prove_spelling(&inputs->options.choice, names, count, err) : HW_OK;
        if (status != HW_OK) {
            hw_error_object(err, inputs->items[i].name);
            return status;
        }
    }
    return HW_OK;
}

/* Proves that the columns that are asked for are there, and that any column is left. */
static enum hw_status columns_prove(const struct hw_csv_inputs *inputs, struct hw_error *err) {
    const struct hw_intern *sources = &inputs->synced.sources;
    if (sources->count > 0) {
        HW_AUTO(hw_arena) arena = {0};
        const char **names = hw_arena_alloc(&arena, sources->count * sizeof(*names));
        if (!names) {
            return hw_fail_nomem(err, sources->count * sizeof(*names));
        }
        for (uint32_t i = 0; i < sources->count; i++) {
            names[i] = hw_intern_key(sources, i).data;
        }
        HW_TRY(hw_csv_choice_prove(&inputs->options.choice, names, sources->count, err));
        HW_TRY(inputs->count > 1 && inputs->options.choice.given ? spelling_prove(inputs, err) : HW_OK);
    }
    return inputs->synced.names.count > 0 ? HW_OK : hw_csv_choice_lacks_columns(err);
}

/* A name on its way to a place in the table. */
struct ranked {
    uint32_t rank;
    uint32_t order; /* in which the names first appear */
    uint32_t number;
};

static int ranked_compare(const void *a, const void *b) {
    const struct ranked *first = a;
    const struct ranked *second = b;
    if (first->rank != second->rank) {
        return first->rank < second->rank ? -1 : 1;
    }
    return first->order < second->order ? -1 : 1;
}

/* Lists the names in the order that they have in the table. `places` is room to mark them in. */
static void names_order(const struct hw_csv_inputs *inputs, uint32_t *places, struct ranked *out_names) {
    const size_t columns = inputs->synced.names.count;
    const uint32_t *ranks = (const uint32_t *)(const void *)inputs->synced.ranks.data;
    size_t placed = 0;
    memset(places, 0xff, columns * sizeof(*places));
    for (size_t i = 0; placed < columns && i < inputs->count; i++) {
        const struct hw_csv_columns *set = inputs->items[i].form->columns;
        for (size_t k = 0; k < set->count; k++) {
            uint32_t number = set->places[k];
            if (number != HW_CSV_LEFT_OUT && places[number] == UINT32_MAX) {
                out_names[placed] = (struct ranked){ranks[number], (uint32_t)placed, number};
                places[number] = (uint32_t)placed++;
            }
        }
    }
    qsort(out_names, columns, sizeof(*out_names), ranked_compare);
}

/* Turns numbers of names into places in the table. */
static void places_set(struct hw_csv_inputs *inputs, const uint32_t *places, size_t columns) {
    struct hw_csv_columns *const *sets = (struct hw_csv_columns **)(void *)inputs->synced.columns.data;
    for (size_t i = 0; i < inputs->synced.sets.count; i++) {
        sets[i]->taken = 0;
        sets[i]->whole = sets[i]->count == columns;
        for (size_t k = 0; k < sets[i]->count; k++) {
            const uint32_t number = sets[i]->places[k];
            sets[i]->places[k] = number == HW_CSV_LEFT_OUT ? number : places[number];
            sets[i]->taken += number != HW_CSV_LEFT_OUT;
            sets[i]->whole &= sets[i]->places[k] == k;
        }
    }
}

/* Makes the table's columns, and finds the place of each name. */
static enum hw_status columns_order(struct hw_csv_inputs *inputs, uint32_t *places, struct hw_schema *out_schema,
                                    struct hw_error *err) {
    const char *added = hw_csv_choice_added(&inputs->options.choice);
    const size_t columns = inputs->synced.names.count;
    struct hw_field *fields = hw_arena_alloc(&inputs->arena, (columns + 1) * sizeof(*fields));
    struct ranked *names = hw_realloc_array(NULL, columns, sizeof(*names));
    if (!fields || !names) {
        hw_free(names);
        return hw_fail_nomem(err, columns * sizeof(*fields));
    }
    names_order(inputs, places, names);
    for (size_t i = 0; i < columns; i++) {
        fields[i] = (struct hw_field){.name = hw_intern_key(&inputs->synced.names, names[i].number).data};
        places[names[i].number] = (uint32_t)i;
    }
    hw_free(names);
    fields[columns] = (struct hw_field){.name = added};
    *out_schema = (struct hw_schema){.fields = fields, .count = columns + (added != NULL)};
    places_set(inputs, places, out_schema->count);
    return HW_OK;
}

static enum hw_status columns_own(struct hw_csv_columns *set, bool constrained, struct hw_arena *arena,
                                  struct hw_error *err);

/* Gives column `k` of the set the type and constraints that its place in the table has. */
static void own_column_set(struct hw_csv_columns *set, size_t k, const struct hw_schema *schema,
                           const struct hw_csv_constraints *constraints) {
    const bool left_out = set->places[k] == HW_CSV_LEFT_OUT;
    set->own_schema.fields[k] = left_out ? (struct hw_field){.name = ""} : schema->fields[set->places[k]];
    if (set->own_columns) {
        const bool constrained = !left_out && constraints->columns;
        set->own_columns[k] =
            constrained ? constraints->columns[set->places[k]] : (struct hw_csv_constraint){.left_out = left_out};
    }
}

enum hw_status hw_csv_inputs_set_types(struct hw_csv_inputs *inputs, const struct hw_schema *schema,
                                       const struct hw_csv_constraints *constraints, struct hw_error *err) {
    struct hw_csv_columns *const *sets = (struct hw_csv_columns **)(void *)inputs->synced.columns.data;
    for (size_t i = 0; i < inputs->synced.sets.count; i++) {
        struct hw_csv_columns *set = sets[i];
        if (set->whole) {
            set->schema = schema;
            set->constraints = constraints;
            continue;
        }
        HW_TRY(columns_own(set, constraints->columns != NULL || inputs->synced.sources.count > 0, &inputs->arena, err));
        for (size_t k = 0; k < set->count; k++) {
            own_column_set(set, k, schema, constraints);
        }
        set->own_constraints = (struct hw_csv_constraints){set->own_columns, constraints->unique};
    }
    return HW_OK;
}

/* Makes room for types and constraints of the columns' own. */
static enum hw_status columns_own(struct hw_csv_columns *set, bool constrained, struct hw_arena *arena,
                                  struct hw_error *err) {
    set->schema = &set->own_schema;
    set->constraints = &set->own_constraints;
    if (set->own_schema.fields) {
        return HW_OK;
    }
    struct hw_field *fields = hw_arena_alloc(arena, set->count * sizeof(*fields));
    struct hw_csv_constraint *columns = constrained ? hw_arena_alloc(arena, set->count * sizeof(*columns)) : NULL;
    if (!fields || (constrained && !columns)) {
        return hw_fail_nomem(err, set->count * sizeof(*columns));
    }
    set->own_schema = (struct hw_schema){.fields = fields, .count = set->count};
    set->own_columns = columns;
    return HW_OK;
}

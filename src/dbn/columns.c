/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/columns.h"

enum { DECIMAL_DIGITS = 18, PRICE_SCALE = 9 };

/* The fields of every record. */
static const struct hw_dbn_field first_fields[] = {
    {"ts_event", HW_DBN_TS_EVENT, HW_DBN_TIME, 0, false},
    {"rtype", HW_DBN_RTYPE, HW_DBN_U8, 0, false},
    {"publisher_id", HW_DBN_PUBLISHER_ID, HW_DBN_U16, 0, false},
    {"instrument_id", HW_DBN_INSTRUMENT_ID, HW_DBN_U32, 0, false},
};

/* Columns beside those of the layout: the index timestamp, the first fields, ts_out and symbol. */
enum { OTHERS_MAX = COUNT_OF(first_fields) + 3 };

struct making {
    const struct hw_dbn_columns_options *options;
    struct hw_field *fields;
    struct hw_dbn_column *items;
    size_t count;
};

static void field_add(struct making *making, const struct hw_dbn_field *field);
static void symbol_add(struct making *making);

enum hw_status hw_dbn_columns_make(struct hw_dbn_columns *columns, const struct hw_dbn_layout *layout,
                                   const struct hw_dbn_columns_options *options, struct hw_arena *arena,
                                   struct hw_error *err) {
    const size_t most = layout->fields_count + OTHERS_MAX;
    struct making making = {
        .options = options,
        .fields = hw_arena_alloc(arena, most * sizeof(*making.fields)),
        .items = hw_arena_alloc(arena, most * sizeof(*making.items)),
    };
    if (!making.fields || !making.items) {
        return hw_fail_nomem(err, most * (sizeof(*making.fields) + sizeof(*making.items)));
    }
    if (layout->index_ts != HW_DBN_TS_EVENT) {
        field_add(&making, &(struct hw_dbn_field){"ts_recv", layout->index_ts, HW_DBN_TIME, 0, false});
    }
    for (size_t i = 0; i < COUNT_OF(first_fields); i++) {
        field_add(&making, &first_fields[i]);
    }
    for (size_t i = 0; i < layout->fields_count; i++) {
        field_add(&making, &layout->fields[i]);
    }
    if (options->ts_out) {
        field_add(&making, &(struct hw_dbn_field){"ts_out", layout->bytes, HW_DBN_TIME, 0, false});
    }
    if (options->symbol) {
        symbol_add(&making);
    }
    *columns = (struct hw_dbn_columns){layout, {making.fields, making.count}, making.items, making.count};
    return HW_OK;
}

/* Numbers as they are stored: their kind, and the greatest of them. */
static const struct {
    enum hw_kind kind;
    uint64_t greatest;
} numbers[] = {
    [HW_DBN_PRICE] = {HW_KIND_INT64, INT64_MAX}, [HW_DBN_TIME] = {HW_KIND_UINT64, UINT64_MAX},
    [HW_DBN_U8] = {HW_KIND_UINT8, UINT8_MAX},    [HW_DBN_U16] = {HW_KIND_UINT16, UINT16_MAX},
    [HW_DBN_U32] = {HW_KIND_UINT32, UINT32_MAX}, [HW_DBN_U64] = {HW_KIND_UINT64, UINT64_MAX},
    [HW_DBN_I8] = {HW_KIND_INT8, INT8_MAX},      [HW_DBN_I16] = {HW_KIND_INT16, INT16_MAX},
    [HW_DBN_I32] = {HW_KIND_INT32, INT32_MAX},   [HW_DBN_I64] = {HW_KIND_INT64, INT64_MAX},
};

static const struct {
    enum hw_dbn_form form;
    struct hw_type type;
} price_forms[] = {
    [HW_DBN_PRICES_DOUBLE] = {HW_DBN_FORM_DOUBLE, {.kind = HW_KIND_DOUBLE}},
    [HW_DBN_PRICES_FIXED] = {HW_DBN_FORM_COPY, {.kind = HW_KIND_INT64}},
    [HW_DBN_PRICES_DECIMAL] = {HW_DBN_FORM_DECIMAL,
                               {.kind = HW_KIND_DECIMAL64, .precision = DECIMAL_DIGITS, .scale = PRICE_SCALE}},
};

/* Returns whether the greatest number of a field is null. */
static bool is_nullable(const struct making *making, const struct hw_dbn_field *field) {
    const bool always = field->kind == HW_DBN_PRICE || field->kind == HW_DBN_TIME;
    return making->options->undefined == HW_DBN_UNDEFINED_ALL
               ? always || field->greatest_undefined
               : always && making->options->undefined == HW_DBN_UNDEFINED_NULL;
}

static void field_add(struct making *making, const struct hw_dbn_field *field) {
    const bool text = field->kind == HW_DBN_CHAR || field->kind == HW_DBN_TEXT;
    struct hw_dbn_column column = {
        .form = field->kind == HW_DBN_CHAR ? HW_DBN_FORM_CHAR
                : text                     ? HW_DBN_FORM_TEXT
                                           : HW_DBN_FORM_COPY,
        .offset = field->offset,
        .bytes = (uint8_t)hw_dbn_field_bytes(field),
        .nullable = is_nullable(making, field),
        .undefined = text ? 0 : numbers[field->kind].greatest,
    };
    struct hw_type type = {.kind = text ? HW_KIND_TEXT : numbers[field->kind].kind};
    if (field->kind == HW_DBN_PRICE) {
        column.form = price_forms[making->options->prices].form;
        type = price_forms[making->options->prices].type;
    } else if (field->kind == HW_DBN_TIME && !making->options->raw_times) {
        column.form = HW_DBN_FORM_NANOS;
        type = (struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true};
    }
    making->fields[making->count] = (struct hw_field){.name = field->name, .type = type, .required = !column.nullable};
    making->items[making->count++] = column;
}

static void symbol_add(struct making *making) {
    making->fields[making->count] = (struct hw_field){.name = "symbol", .type = {.kind = HW_KIND_TEXT}};
    making->items[making->count++] = (struct hw_dbn_column){.form = HW_DBN_FORM_SYMBOL, .nullable = true};
}

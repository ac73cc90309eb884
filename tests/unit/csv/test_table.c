/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/table.h"

#include "support/alloc_fault.h"
#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

#define MIB UINT64_C(1048576)

/* "a:int64 b:text! ", with a mark where a column is required. */
static const char *schema_text(const struct hw_csv_table *table, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < table->layout.schema.count; i++) {
        const struct hw_field *field = &table->layout.schema.fields[i];
        char type[64];
        hw_type_format(field->type, type, sizeof(type));
        assert_ok(hw_buf_printf(out, &err, "%s:%s%s ", field->name, type, field->required ? "!" : ""), err);
    }
    return part_text(out);
}

/* ------ columns */

static void types_are_decided(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *texts[3];
        const char *schema; /* NULL: inferred */
        bool text_only;
        const char *want;
        bool fixed; /* no type can widen */
    } rows[] = {
        {"inferred", {"a,b\n1,x\n"}, NULL, false, "a:int64 b:text "},
        {"inferred of several", {"a,b\n1,true\n", "c,a\n2020-02-03,1.5\n"}, NULL, false, "a:double b:boolean c:date "},
        {"nothing but texts", {"a,b\n1,2\n"}, NULL, true, "a:text b:text "},
        {"given",
         {"a,b\n1,x\n"},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"double\", \"required\": true}, "
         "{\"name\": \"b\", \"type\": \"text\"}]}",
         false,
         "a:double! b:text ",
         true},
        {"given for one of two",
         {"a,b\n1,2\n"},
         "{\"columns\": [{\"name\": \"b\", \"type\": \"text\", \"required\": true}]}",
         false,
         "a:int64 b:text! "},
        {"given for one of two, and all others texts",
         {"a,b\n1,2\n"},
         "{\"columns\": [{\"name\": \"b\", \"type\": \"double\"}]}",
         true,
         "a:text b:double "},
        {"given for a column that one of two texts has",
         {"a,b\n1,2\n", "c\n3\n"},
         "{\"columns\": [{\"name\": \"b\", \"type\": \"text\"}]}",
         false,
         "a:int64 b:text c:int64 "},
        {"given, where values that do not fit are bad records of which nothing counts",
         {"a,b\n1,2\nx,y\n"},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\"}]}",
         false,
         "a:int64 b:int64 "},
        {"given in another order",
         {"b,a\nx,1\n", "a\n1\n"},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\"}, {\"name\": \"b\", \"type\": \"text\"}]}",
         false,
         "b:text a:int64 ",
         true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) schema = {0};
        stock_init(&stock);
        stock.csv.types = rows[i].text_only ? HW_CSV_TYPES_TEXT : HW_CSV_TYPES_INFER;
        for (size_t k = 0; rows[i].texts[k]; k++) {
            stock_add(&stock, "memory", hw_view_of(rows[i].texts[k]));
        }
        if (rows[i].schema) {
            stock_schema(&stock, rows[i].schema);
        }
        assert_ok(stock_table(&stock, &err), err);
        assert_row_text(rows[i].name, schema_text(&stock.table, &schema), rows[i].want);
        assert_row_int(rows[i].name, stock.table.layout.fixed, rows[i].fixed);
        for (size_t k = 0; k < stock.table.inputs.count; k++) { /* inputs know of the types, too */
            const struct hw_csv_columns *columns = stock.table.inputs.items[k].form->columns;
            for (size_t c = 0; c < columns->count; c++) {
                const struct hw_field *field = &stock.table.layout.schema.fields[columns->places[c]];
                assert_row_text(rows[i].name, columns->schema->fields[c].name, field->name);
                assert_row_int(rows[i].name, columns->schema->fields[c].type.kind, field->type.kind);
            }
        }
        stock_release(&stock);
    }
}

/* Rows of inputs that lack columns have nulls there, which is noted once for all of them. */
static void lacking_columns_are_noted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *texts[3];
        uint64_t lacking;   /* inputs */
        const char *source; /* the first of them */
        const char *text;
    } rows[] = {
        {"one input", {"a,b\n1,2\n"}, 0, "", ""},
        {"the same columns in another order", {"a,b\n1,2\n", "b,a\n1,2\n"}, 0, "", ""},
        {"a later one lacks one",
         {"a,b\n1,2\n", "a,b\n1,2\n", "a\n1\n"},
         1,
         "2",
         "it lacks 1 column of other sources, such as \"b\": its rows are null there"},
        {"a later one has new ones",
         {"a\n1\n", "a\n1\n", "b,c,a\n1,2,3\n"},
         2,
         "0",
         "it lacks 2 columns of other sources, such as \"b\": its rows are null there"},
    };
    static const char *const names[] = {"0", "1", "2"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        for (size_t k = 0; k < COUNT_OF(names) && rows[i].texts[k]; k++) {
            stock_add(&stock, names[k], hw_view_of(rows[i].texts[k]));
        }
        assert_ok(stock_table(&stock, &err), err);
        const struct hw_note *note = &stock.table.inputs.synced.notes.of[HW_NOTE_COLUMNS_LACKING];
        assert_row_int(rows[i].name, note->texts, rows[i].lacking);
        assert_row_text(rows[i].name, note->texts > 0 ? note->source : "", rows[i].source);
        assert_row_text(rows[i].name, note->texts > 0 ? note->text : "", rows[i].text);
        stock_release(&stock);
    }
}

static void a_schema_that_does_not_fit_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *texts[3];
        const char *schema;
        const char *says;
        const char *column;
        const char *object;
    } rows[] = {
        {"a required column that an object lacks",
         {"a,b\n", "a\n"},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"text\"}, "
         "{\"name\": \"b\", \"type\": \"text\", \"required\": true}]}",
         "the schema requires this column, and the object lacks it",
         "b",
         "1"},
        {"the first one that lacks it",
         {"a,b\n", "b\n", "a\n"},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"text\", \"required\": true}, "
         "{\"name\": \"b\", \"type\": \"text\", \"required\": true}]}",
         "the schema requires this column",
         "a",
         "1"},
        {"a column that no object has",
         {"a\n"},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"text\"}, {\"name\": \"z\", \"type\": \"text\"}]}",
         "there is no column \"z\" for which a type is given",
         "",
         ""},
    };
    static const char *const names[] = {"0", "1", "2"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        for (size_t k = 0; k < 3 && rows[i].texts[k]; k++) {
            stock_add(&stock, names[k], hw_view_of(rows[i].texts[k]));
        }
        stock_schema(&stock, rows[i].schema);
        assert_row_int(rows[i].name, stock_table(&stock, &err), HW_EDATA);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.column, rows[i].column);
        assert_row_text(rows[i].name, err.object, rows[i].object);
        stock_release(&stock);
    }
}

static void a_table_is_a_stream_or_is_cut(void **state) {
    (void)state;
    HW_AUTO(hw_buf) gzip = {0};
    HW_AUTO(hw_buf) zip = {0};
    packed_gzip((hw_view){"a\n1\n", 4}, &gzip);
    packed_zip((const struct packed_member[]){{"x.csv", {"a\n1\n", 4}, 0}, {"y.csv", {"a\n2\n", 4}, 0}}, 2, &zip);
    const hw_view plain = {"a\n1\n", 4};
    const struct {
        const char *name;
        hw_view objects[2];
        const char *encoding;
        const char *glob;
        bool streamed;
    } rows[] = {
        {"plain", {plain}, NULL, NULL, false},
        {"latin1", {plain}, "latin1", NULL, true},
        {"gzip", {hw_buf_view(&gzip)}, NULL, NULL, true},
        {"two of gzip", {hw_buf_view(&gzip), hw_buf_view(&gzip)}, NULL, NULL, false},
        {"gzip and plain", {hw_buf_view(&gzip), plain}, NULL, NULL, false},
        {"two members", {hw_buf_view(&zip)}, NULL, NULL, false},
        {"one member", {hw_buf_view(&zip)}, NULL, "y*", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock.csv.encoding = rows[i].encoding;
        stock.csv.zip_member = rows[i].glob;
        for (size_t k = 0; k < 2 && rows[i].objects[k].data; k++) {
            stock_add(&stock, "memory", rows[i].objects[k]);
        }
        assert_ok(stock_table(&stock, &err), err);
        assert_row_int(rows[i].name, stock.table.streamed, rows[i].streamed);
        assert_row_int(rows[i].name, stock_parts(&stock), rows[i].streamed ? 0 : 1);
        assert_row_int(rows[i].name, stock.table.stream.text.source != NULL, rows[i].streamed);
        assert_row_int(rows[i].name, stock.table.stream.text.member, rows[i].glob ? 1 : 0);
        stock_release(&stock);
    }
}

static void what_reports_and_constraints_need_is_made_where_they_are_wanted(void **state) {
    (void)state;
    for (int wanted = 0; wanted < 2; wanted++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock.options.history = wanted;
        stock_add(&stock, "memory", hw_view_of("a,b\n1,x\n"));
        if (wanted) {
            stock_schema(&stock, "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\", \"unique\": true}, "
                                 "{\"name\": \"b\", \"type\": \"text\"}]}");
        }
        assert_ok(stock_table(&stock, &err), err);
        const struct hw_csv_table *table = &stock.table;
        assert_int_equal(table->types_sampled != NULL && table->misfits != NULL, wanted);
        assert_int_equal(table->unique.keys != NULL, wanted);
        assert_true(table->unique.budget == &stock.budget);
        if (wanted) {
            assert_int_equal(table->types_sampled[0].kind, HW_KIND_INT64);
            assert_int_equal(table->types_sampled[1].kind, HW_KIND_TEXT);
            assert_int_equal(table->misfits[0].line + table->misfits[1].line, 0);
        }
        stock_release(&stock);
    }
}

/* ------ passes */

static void objects_are_expected_by_the_parts_that_read_them(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t part_bytes; /* of two texts of 4,000 bytes of rows each */
        bool kept;
        int64_t uses[2];
    } rows[] = {
        {"one part", 8000, false, {1, 1}},
        {"one part, kept", 8000, true, {1, 1}},
        {"two parts", 4000, false, {1, 1}},
        {"two parts each", 2000, false, {2, 2}},
        {"two parts each, kept", 2000, true, {2, 2}},
        {"a part of both in the middle", 2667, false, {2, 2}},
    };
    HW_AUTO(hw_buf) text = {0};
    stock_text(&text, "1\n");
    for (int i = 0; i < 2000; i++) {
        stock_text(&text, "2\n");
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock.options.part_bytes = rows[i].part_bytes;
        stock.inputs.kept_object_bytes_max = stock.inputs.kept_bytes_max = 10000;
        for (size_t k = 0; k < 2; k++) {
            stock_add(&stock, "memory", hw_buf_view(&text))->remote = rows[i].kept;
        }
        assert_ok(stock_table(&stock, &err), err);
        for (int pass = 1; pass <= 2; pass++) {
            for (size_t k = 0; k < 2; k++) {
                assert_row_int(rows[i].name, stock.objects[k].synced.uses, pass * rows[i].uses[k]);
                assert_row_int(rows[i].name, stock.objects[k].kept, false);
            }
            assert_ok(hw_csv_table_begin(&stock.table, &err), err);
        }
        stock_release(&stock);
    }
}

static void a_pass_begins_where_the_table_does(void **state) {
    (void)state;
    HW_AUTO(hw_buf) gzip = {0};
    packed_gzip((hw_view){"a\n1\n", 4}, &gzip);
    for (int streamed = 0; streamed < 2; streamed++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock_add(&stock, "memory", streamed ? hw_buf_view(&gzip) : (hw_view){"a\n1\n", 4});
        assert_ok(stock_table(&stock, &err), err);
        struct hw_csv_table *table = &stock.table;
        hw_csv_input_add(&table->inputs.items[0], &(struct hw_csv_input_part){.rows = 5, .bytes = 6});
        if (streamed) {
            assert_ok(hw_csv_stream_open(&table->stream.text, &table->stream.stream, &err), err);
            assert_ok(hw_buf_append(&table->stream.rest, "rest", 4, &err), err);
            table->stream.offset = 3;
            table->stream.ended = true;
        }
        assert_ok(hw_csv_table_begin(table, &err), err);
        assert_int_equal(table->inputs.items[0].done.rows, 0);
        assert_int_equal(table->inputs.items[0].done.bytes, 2); /* the header */
        assert_int_equal(stock_parts(&stock), !streamed);
        assert_null(table->stream.stream.text);
        assert_int_equal(table->stream.rest.size, 0);
        assert_int_equal(table->stream.offset, 0);
        assert_false(table->stream.ended);
        /* to look, and once for all passes */
        assert_int_equal(stock.from[0].opens, streamed ? 2 : 1);
        assert_int_equal(memory_object_open_count(&stock.from[0]), streamed);
        stock_release(&stock);
    }
}

static void types_widen_to_what_was_seen(void **state) {
    (void)state;
    struct stock stock;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) before = {0};
    HW_AUTO(hw_buf) after = {0};
    stock_init(&stock);
    stock_add(&stock, "memory", hw_view_of("a,b\n1,2\n"));
    stock_add(&stock, "memory", hw_view_of("b\n3\n"));
    assert_ok(stock_table(&stock, &err), err);
    assert_string_equal(schema_text(&stock.table, &before), "a:int64 b:int64 ");
    const struct hw_field *fields = stock.table.layout.schema.fields;
    struct hw_csv_profile texts = HW_CSV_PROFILE_INIT;
    texts.seen = HW_SEEN_TEXT;
    hw_csv_profile_merge(&stock.table.profiles[1], &texts);
    assert_ok(hw_csv_table_widen(&stock.table, &err), err);
    assert_string_equal(schema_text(&stock.table, &after), "a:int64 b:text ");
    assert_true(stock.table.layout.schema.fields == fields); /* where it lies does not change */
    assert_int_equal(stock.table.inputs.items[1].form->columns->schema->fields[0].type.kind, HW_KIND_TEXT);
    stock_release(&stock);
}

/* ------ failures */

static void a_stream_that_cannot_be_opened_is_told(void **state) {
    (void)state;
    struct stock stock;
    struct hw_error err = HW_ERROR_INIT;
    stock_init(&stock);
    stock.csv.encoding = "latin1";
    stock_add(&stock, "memory", hw_view_of("a\n1\n"))->fail_on_open = 2;
    assert_int_equal(stock_table(&stock, &err), HW_ECHANGED);
    assert_string_equal(err.message, "injected open");
    stock_release(&stock);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *encoding;
        const char *schema;
        const char *texts[2];
    } rows[] = {
        {"inferred", NULL, NULL, {"a,b\n1,2\n", "b\n3\n"}},
        {"given",
         NULL,
         "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\", \"unique\": true}, "
         "{\"name\": \"b\", \"type\": \"text\"}]}",
         {"a,b\n1,2\n", "b\n3\n"}},
        {"a stream", "latin1", NULL, {"a,b\n1,2\n"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct stock stock;
            HW_AUTO(hw_arena) arena = {0};
            stock_init(&stock);
            stock.csv.encoding = rows[i].encoding;
            stock.options.history = true;
            if (rows[i].schema) {
                stock_schema(&stock, rows[i].schema);
            }
            arena = stock.arena; /* it was not allocated under the fault */
            stock.arena = (struct hw_arena){0};
            for (size_t k = 0; k < 2 && rows[i].texts[k]; k++) {
                stock_add(&stock, "memory", hw_view_of(rows[i].texts[k]));
            }
            alloc_fault_begin(&fault, successes);
            const enum hw_status status = stock_table(&stock, &err);
            stock_release(&stock);
            fired = alloc_fault_end(&fault);
            assert_row_int(rows[i].name, status, fired ? HW_ENOMEM : HW_OK);
            faults += fired;
        }
        assert_row_int(rows[i].name, faults > 30, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_decided),
        cmocka_unit_test(lacking_columns_are_noted),
        cmocka_unit_test(a_schema_that_does_not_fit_is_told),
        cmocka_unit_test(a_table_is_a_stream_or_is_cut),
        cmocka_unit_test(what_reports_and_constraints_need_is_made_where_they_are_wanted),
        cmocka_unit_test(objects_are_expected_by_the_parts_that_read_them),
        cmocka_unit_test(a_pass_begins_where_the_table_does),
        cmocka_unit_test(types_widen_to_what_was_seen),
        cmocka_unit_test(a_stream_that_cannot_be_opened_is_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

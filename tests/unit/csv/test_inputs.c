/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/inputs.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

#define KIB UINT64_C(1024)
#define MIB UINT64_C(1048576)

static struct hw_csv_inputs *inputs_begin(struct stock *stock) {
    stock_settle(stock);
    hw_csv_inputs_init(&stock->table.inputs, stock->objects, stock->count, &stock->inputs);
    return &stock->table.inputs;
}

/* Puts the inputs in order, and writes the columns: "a:int64 b:text ". */
static const char *columns_text(struct stock *stock, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_schema schema;
    struct hw_csv_profile *profiles = NULL;
    assert_ok(hw_csv_inputs_order(&stock->table.inputs, &schema, &profiles, &err), err);
    for (size_t i = 0; i < schema.count; i++) {
        char type[64];
        hw_type_format(hw_csv_profile_type(&profiles[i], HW_CSV_DECIMALS_EXACT), type, sizeof(type));
        assert_ok(hw_buf_printf(out, &err, "%s:%s ", schema.fields[i].name, type), err);
    }
    hw_free(profiles);
    return part_text(out);
}

/* ------ columns of several inputs */

struct columns_row {
    const char *name;
    const char *texts[4];
    const char *columns;
    const char *places[4]; /* digits: where the columns of each input stand in the table */
    const char *whole;     /* y or n of each input */
};

static const struct columns_row columns_rows[] = {
    {"one input", {"a,b\n1,x\n"}, "a:int64 b:text ", {"01"}, "y"},
    {"equal ones", {"a,b\n1,x\n", "a,b\n1.5,y\n"}, "a:double b:text ", {"01", "01"}, "yy"},
    {"another order", {"a,b\n1,x\n", "b,a\n2,2\n"}, "a:int64 b:text ", {"01", "10"}, "yn"},
    {"a column more", {"a\n1\n", "a,b\n2,true\n"}, "a:int64 b:boolean ", {"0", "01"}, "ny"},
    {"a column less", {"a,b\n1,x\n", "b\n2\n"}, "a:int64 b:text ", {"01", "1"}, "yn"},
    {"none in common", {"a\n1\n", "b\ntrue\n", "c\n2020-01-01\n"}, "a:int64 b:boolean c:date ", {"0", "1", "2"}, "nnn"},
    {"in the order in which they first appear",
     {"b,d\n1,1\n", "c,b,a\n1,1,1\n", "a,b,c,d\n1,1,1,1\n"},
     "b:int64 d:int64 c:int64 a:int64 ",
     {"01", "203", "3021"},
     "nnn"},
    {"a name twice is two names", {"a,a\n1,x\n", "a_2,a\ny,2\n"}, "a:int64 a_2:text ", {"01", "10"}, "yn"},
};

static void columns_compare(const struct columns_row *row, struct stock *stock) {
    const struct hw_csv_inputs *inputs = &stock->table.inputs;
    HW_AUTO(hw_buf) columns = {0};
    assert_row_text(row->name, columns_text(stock, &columns), row->columns);
    assert_row_int(row->name, inputs->count, strlen(row->whole));
    for (size_t i = 0; i < inputs->count; i++) {
        const struct hw_csv_input *input = &inputs->items[i];
        assert_row_int(row->name, input->object - stock->objects, i);
        assert_row_text(row->name, input->name, stock->from[i].name);
        assert_row_int(row->name, input->form->columns->whole, row->whole[i] == 'y');
        assert_row_int(row->name, input->form->columns->count, strlen(row->places[i]));
        for (size_t k = 0; k < input->form->columns->count; k++) {
            assert_row_int(row->name, input->form->columns->places[k], row->places[i][k] - '0');
        }
        for (size_t k = 0; k < i; k++) { /* equal headers share their columns */
            const bool equal = strcmp(row->places[i], row->places[k]) == 0;
            assert_row_int(row->name, input->form->columns == inputs->items[k].form->columns, equal);
        }
    }
}

static void columns_are_joined_by_name_in_any_order_of_looks(void **state) {
    (void)state;
    /* their order is not that of names */
    static const char *const names[] = {"d.csv", "c.csv", "b.csv", "a.csv"};
    for (size_t i = 0; i < COUNT_OF(columns_rows); i++) {
        const struct columns_row *row = &columns_rows[i];
        for (size_t turn = 0; turn < 2 * strlen(row->whole); turn++) {
            struct stock stock;
            const size_t count = strlen(row->whole);
            stock_init(&stock);
            for (size_t k = 0; k < count; k++) {
                stock_add(&stock, names[k], hw_view_of(row->texts[k]));
            }
            struct hw_csv_inputs *inputs = inputs_begin(&stock);
            for (size_t k = 0; k < count; k++) { /* every rotation, forwards and backwards */
                struct hw_error err = HW_ERROR_INIT;
                const size_t at = (k + turn / 2) % count;
                assert_ok(hw_csv_inputs_look(inputs, turn % 2 ? count - 1 - at : at, &err), err);
            }
            columns_compare(row, &stock);
            stock_release(&stock);
        }
    }
}

struct looker {
    struct hw_csv_inputs *inputs;
    size_t object;
    enum hw_status status;
};

static void *look_run(void *ctx) {
    struct looker *looker = ctx;
    looker->status = hw_csv_inputs_look(looker->inputs, looker->object, NULL);
    return NULL;
}

static void threads_look_at_once(void **state) {
    (void)state;
    for (int round = 0; round < 20; round++) {
        struct stock stock;
        pthread_t threads[STOCK_OBJECTS_MAX];
        struct looker lookers[STOCK_OBJECTS_MAX];
        char texts[STOCK_OBJECTS_MAX][64];
        HW_AUTO(hw_buf) columns = {0};
        stock_init(&stock);
        for (size_t i = 0; i < STOCK_OBJECTS_MAX; i++) {
            snprintf(texts[i], sizeof(texts[i]), "c%zu,all\n1,%s\n", i % 3, i == 5 ? "x" : "2");
            stock_add(&stock, "memory", hw_view_of(texts[i]));
        }
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        for (size_t i = 0; i < STOCK_OBJECTS_MAX; i++) {
            lookers[i] = (struct looker){inputs, i, HW_EFAILED};
            assert_int_equal(pthread_create(&threads[i], NULL, look_run, &lookers[i]), 0);
        }
        for (size_t i = 0; i < STOCK_OBJECTS_MAX; i++) {
            pthread_join(threads[i], NULL);
            assert_int_equal(lookers[i].status, HW_OK);
        }
        assert_string_equal(columns_text(&stock, &columns), "c0:int64 all:text c1:int64 c2:int64 ");
        stock_release(&stock);
    }
}

/* The notes of all inputs are counted, and those of the first are kept, in any order of looks. */
static void notes_are_kept(void **state) {
    (void)state;
    static const size_t looks[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) columns = {0};
        stock_init(&stock);
        stock.csv.header = HW_CSV_HEADER_AUTO;
        stock_add(&stock, "named", HW_VIEW("a,b\n1,2\n"));
        stock_add(&stock, "first", HW_VIEW("1,2\n3,4\n"));
        stock_add(&stock, "second", HW_VIEW("5,6\n7,8\n"));
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        for (size_t k = 0; k < COUNT_OF(looks[i]); k++) {
            assert_ok(hw_csv_inputs_look(inputs, looks[i][k], &err), err);
        }
        const struct hw_note *note = &inputs->synced.notes.of[HW_NOTE_NO_HEADER];
        assert_int_equal(note->texts, 2);
        assert_string_equal(note->source, "first");
        columns_text(&stock, &columns);
        stock_release(&stock);
    }
}

/* ------ members */

static void members_are_inputs(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"x.csv", {"a\n1\n", 4}, 0},
                                              {"y.tsv", {"b\n1\n", 4}, 0},
                                              {"z.csv", {"c\n1\n", 4}, 0}},
               3, &zip);
    static const struct {
        const char *name;
        const char *glob;
        bool one_member;
        size_t member;
        const char *want; /* names and columns of the inputs */
    } rows[] = {
        {"all", NULL, false, 0, "p/q.zip#x.csv=a p/q.zip#y.tsv=b p/q.zip#z.csv=c "},
        {"some", "*.csv", false, 0, "p/q.zip#x.csv=a p/q.zip#z.csv=c "},
        {"a single one has its object's name", "y*", false, 0, "p/q.zip=b "},
        {"one that was chosen", NULL, true, 2, "out of it=c "},
        {"one that was chosen, whatever its name", "y*", true, 2, "out of it=c "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        HW_AUTO(hw_buf) columns = {0};
        stock_init(&stock);
        stock.csv.zip_member = rows[i].glob;
        stock.inputs.one_member = rows[i].one_member;
        stock.inputs.member = rows[i].member;
        stock.inputs.name = "out of it";
        stock_add(&stock, "p/q.zip", hw_buf_view(&zip));
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        assert_ok(hw_csv_inputs_look(inputs, 0, &err), err);
        columns_text(&stock, &columns);
        for (size_t k = 0; k < inputs->count; k++) {
            const struct hw_csv_input *input = &inputs->items[k];
            const char *column = hw_intern_key(&inputs->synced.names, 0).data;
            assert_row_int(rows[i].name, input->form->columns->count, 1);
            /* "a:int64 " */
            column = (const char *)columns.data + 8 * input->form->columns->places[0];
            assert_ok(hw_buf_printf(&got, &err, "%s=%.1s ", input->name, column), err);
            assert_row_int(rows[i].name, input->cuttable, false);
        }
        assert_row_text(rows[i].name, part_text(&got), rows[i].want);
        stock_release(&stock);
    }
}

/* ------ what is kept */

static void small_remote_objects_stay_open(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes[3];
        bool local;
        uint64_t object_max;
        uint64_t all_max;
        const char *open; /* y: open after the look */
    } rows[] = {
        {"all fit", {100, 200, 300}, false, 300, 600, "yyy"},
        {"a byte too much together", {100, 200, 300}, false, 300, 599, "yyn"},
        {"a byte too large", {100, 200, 301}, false, 300, 1000, "yyn"},
        {"a large one leaves room for others", {500, 100, 100}, false, 300, 200, "nyy"},
        {"one that does not fit leaves room for a smaller one", {250, 200, 50}, false, 300, 300, "yny"},
        {"local ones", {100, 100, 100}, true, 300, 1000, "nnn"},
        {"nothing is kept", {100, 100, 100}, false, 0, 1000, "nnn"},
        {"no memory to keep anything", {100, 100, 100}, false, 300, 0, "nnn"},
        {"larger than all memory for them", {300, 10, 10}, false, 300, 20, "nyy"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        stock_init(&stock);
        stock.inputs.kept_object_bytes_max = rows[i].object_max;
        stock.inputs.kept_bytes_max = rows[i].all_max;
        stock_fill(&text, '1', 1000);
        text.data[3] = text.data[9] = '\n'; /* a column "111" */
        for (size_t k = 0; k < 3; k++) {
            stock_add(&stock, "memory", (hw_view){(const char *)text.data, rows[i].bytes[k]})->remote = !rows[i].local;
        }
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        for (size_t k = 0; k < 3; k++) {
            assert_ok(hw_csv_inputs_look(inputs, k, &err), err);
        }
        for (size_t k = 0; k < 3; k++) {
            assert_row_int(rows[i].name, stock.objects[k].kept, rows[i].open[k] == 'y');
            assert_row_int(rows[i].name, memory_object_open_count(&stock.from[k]), rows[i].open[k] == 'y');
        }
        stock_release(&stock);
    }
}

/* Of many objects each shows less: 32 MiB together, 8 KiB of one at least. */
static void many_objects_show_less_each(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t objects;
        uint64_t
            /*
             * bytes that are read of one of 4 MiB, of whose size a sample of its own is 128 KiB and
             * pieces
             */
            want;
    } rows[] = {
        {"one", 1, (128 + 8 * 16) * KIB},
        {"128 of them are worth a sample each", 128, (128 + 8 * 16) * KIB},
        {"a thousand", 1000, 33554},
        {"a hundred thousand", 100000, 8 * KIB},
    };
    HW_AUTO(hw_buf) text = {0};
    stock_fill(&text, '1', 4 * MIB);
    for (size_t i = 7; i < text.size; i += 8) {
        text.data[i] = '\n';
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock_add(&stock, "memory", hw_buf_view(&text));
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        inputs->objects_count = rows[i].objects;
        assert_ok(hw_csv_inputs_look(inputs, 0, &err), err);
        /* What says how the object is packed is read of its head, too. */
        assert_row_int(rows[i].name, stock.from[0].read_bytes - HW_PACKING_HEAD_BYTES, rows[i].want);
        stock_release(&stock);
    }
}

/* ------ checksums */

/* What stands before the rows is summed by itself. */
static void head_compare(const char *name, const struct hw_csv_input *input, hw_view text) {
    const enum hw_checksum_kind kind = input->checksum.kind;
    const uint32_t polynomial = kind == HW_CHECKSUM_CRC32 ? PACKED_CRC32 : PACKED_CRC32C;
    const uint32_t sum = packed_crc(polynomial, (hw_view){text.data, (size_t)input->body_offset});
    assert_row_int(name, input->head_sum, kind == HW_CHECKSUM_NONE ? 0 : sum);
    assert_row_int(name, input->done.sum, input->head_sum);
    assert_row_int(name, input->done.bytes, input->body_offset);
}

static void an_input_is_compared_where_its_store_keeps_a_checksum(void **state) {
    (void)state;
    HW_AUTO(hw_buf) gzip = {0};
    HW_AUTO(hw_buf) late = {0};
    packed_gzip((hw_view){"a\n1\n", 4}, &gzip);
    stock_fill(&late, 'x', 10000);
    stock_text(&late, "\na\n1\n"); /* rows from byte 10,003 */
    const struct {
        const char *name;
        hw_view text;
        bool wanted;
        bool summed;
        enum hw_checksum_kind kept;
        enum hw_checksum_kind proved_by;
        enum hw_checksum_kind want;
        int asked;
        uint64_t body;
    } rows[] = {
        {"kept", {"a\n1\n", 4}, true, true, HW_CHECKSUM_CRC32C, 0, HW_CHECKSUM_CRC32C, 1, 2},
        {"a body behind many bytes", hw_buf_view(&late), true, true, HW_CHECKSUM_CRC32C, 0, HW_CHECKSUM_CRC32C, 1,
         10003},
        {"a body behind many bytes, by another sum", hw_buf_view(&late), true, true, HW_CHECKSUM_CRC32, 0,
         HW_CHECKSUM_CRC32, 1, 10003},
        {"the store keeps none of this object", {"a\n1\n", 4}, true, true, HW_CHECKSUM_NONE, 0, HW_CHECKSUM_NONE, 1, 2},
        {"the store keeps none at all", {"a\n1\n", 4}, true, false, 0, 0, HW_CHECKSUM_NONE, 0, 2},
        {"not wanted", {"a\n1\n", 4}, false, true, HW_CHECKSUM_CRC32C, 0, HW_CHECKSUM_NONE, 0, 2},
        {"compared as it came",
         {"a\n1\n", 4},
         true,
         true,
         HW_CHECKSUM_CRC32C,
         HW_CHECKSUM_CRC32,
         HW_CHECKSUM_NONE,
         0,
         2},
        {"packed", hw_buf_view(&gzip), true, true, HW_CHECKSUM_CRC32C, 0, HW_CHECKSUM_NONE, 0, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) columns = {0};
        stock_init(&stock);
        stock.csv.skip_lines = rows[i].body > 2;
        stock.inputs.checksums = rows[i].wanted;
        struct memory_object *from = stock_add(&stock, "memory", rows[i].text);
        from->summed = rows[i].summed;
        from->checksum = (struct hw_checksum){rows[i].kept, 77};
        from->proved_by = rows[i].proved_by;
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        assert_ok(hw_csv_inputs_look(inputs, 0, &err), err);
        columns_text(&stock, &columns);
        const struct hw_csv_input *input = &inputs->items[0];
        assert_row_int(rows[i].name, input->body_offset, rows[i].body);
        assert_row_int(rows[i].name, input->checksum.kind, rows[i].want);
        assert_row_int(rows[i].name, input->form->proved_by, rows[i].proved_by);
        assert_row_int(rows[i].name, from->sums, rows[i].asked);
        head_compare(rows[i].name, input, rows[i].text);
        stock_release(&stock);
    }
}

/*
 * Parts are summed one by one, and proved together. "123456789" has the CRC-32C e3069283 (RFC
 * 3720's check value).
 */
static void an_input_is_proved_by_all_of_its_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *parts[3];
        enum hw_checksum_kind kind;
        uint64_t value;
        enum hw_status want;
    } rows[] = {
        {"all", {"3456", "789", ""}, HW_CHECKSUM_CRC32C, 0xe3069283, HW_OK},
        {"by CRC-32, whose check value is cbf43926", {"3", "45678", "9"}, HW_CHECKSUM_CRC32, 0xcbf43926, HW_OK},
        {"a byte differs", {"3456", "780", ""}, HW_CHECKSUM_CRC32C, 0xe3069283, HW_ECHECKSUM},
        {"the store's sum differs", {"3456", "789", ""}, HW_CHECKSUM_CRC32C, 0xe3069282, HW_ECHECKSUM},
        {"parts in another order", {"789", "3456", ""}, HW_CHECKSUM_CRC32C, 0xe3069283, HW_ECHECKSUM},
        {"a part is missing", {"3456", "", ""}, HW_CHECKSUM_CRC32C, 0xe3069283, HW_ECHECKSUM},
        {"there is none", {"3456", "", ""}, HW_CHECKSUM_NONE, 0, HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const uint32_t polynomial = rows[i].kind == HW_CHECKSUM_CRC32 ? PACKED_CRC32 : PACKED_CRC32C;
        struct hw_csv_input input = {
            .name = "a.csv",
            .bytes = 9,
            .body_offset = 2,
            .checksum = {rows[i].kind, rows[i].value},
            .head_sum = rows[i].kind ? packed_crc(polynomial, (hw_view){"12", 2}) : 0,
            .done = {.rows = 99, .bytes = 99, .sum = 99},
        };
        uint64_t bytes = 2;
        hw_csv_input_begin(&input);
        for (size_t k = 0; k < 3; k++) {
            const hw_view part = hw_view_of(rows[i].parts[k]);
            const uint64_t sum = rows[i].kind ? packed_crc(polynomial, part) : 0;
            hw_csv_input_add(&input, &(struct hw_csv_input_part){.rows = 10, .bytes = part.size, .sum = sum});
            bytes += part.size;
        }
        assert_row_int(rows[i].name, input.done.rows, 30);
        assert_row_int(rows[i].name, input.done.bytes, bytes);
        assert_row_int(rows[i].name, hw_csv_input_prove(&input, &err), rows[i].want);
        if (rows[i].want != HW_OK) {
            assert_row_says(rows[i].name, err.message, "of 9 bytes that were read have the crc32c ");
            assert_row_says(rows[i].name, err.message, "damaged on their way, or where it lies");
            assert_row_text(rows[i].name, err.object, "a.csv");
        }
    }
}

/* The sum of what was read is right, but the object is longer. */
static void an_input_is_proved_by_its_length(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_csv_input input = {
        .name = "a.csv",
        .bytes = 10,
        .checksum = {HW_CHECKSUM_CRC32C, 0xe3069283},
        .done = {.bytes = 9, .sum = 0xe3069283},
    };
    assert_int_equal(hw_csv_input_prove(&input, &err), HW_ECHECKSUM);
    assert_non_null(strstr(err.message, "the 9 of 10 bytes that were read"));
}

/* Inputs that are written alike share their form; what is a fact of each alone makes no other. */
static void forms_are_shared(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text; /* beside "a,b\n1,2\n" */
        bool shared;
    } rows[] = {
        {"the same", "a,b\n1,2\n", true},
        {"other rows, and more of them", "a,b\n3,4\n5,6\n", true},
        {"another delimiter", "a;b\n1;2\n", false},
        {"other columns", "a,c\n1,2\n", false},
        {"a line before the header", "\na,b\n1,2\n", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock_add(&stock, "a", hw_view_of("a,b\n1,2\n"));
        stock_add(&stock, "b", hw_view_of(rows[i].text));
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        assert_ok(hw_csv_inputs_look(inputs, 0, &err), err);
        assert_ok(hw_csv_inputs_look(inputs, 1, &err), err);
        const struct hw_csv_input *found = (const void *)inputs->synced.found.data;
        assert_row_int(rows[i].name, found[0].form == found[1].form, rows[i].shared);
        assert_row_int(rows[i].name, inputs->synced.form_numbers.count, rows[i].shared ? 1 : 2);
        stock_release(&stock);
    }
}

/* ------ types */

static void inputs_have_the_tables_types(void **state) {
    (void)state;
    struct stock stock;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) columns = {0};
    stock_init(&stock);
    stock_add(&stock, "a", hw_view_of("a,b\n"));
    stock_add(&stock, "b", hw_view_of("b\n"));
    struct hw_csv_inputs *inputs = inputs_begin(&stock);
    assert_ok(hw_csv_inputs_look(inputs, 0, &err), err);
    assert_ok(hw_csv_inputs_look(inputs, 1, &err), err);
    columns_text(&stock, &columns);
    struct hw_field fields[] = {{"a", {.kind = HW_KIND_DATE}, false}, {"b", {.kind = HW_KIND_INT64}, true}};
    struct hw_csv_constraint each[] = {{.unique = false}, {.unique = true}};
    const struct hw_schema schema = {fields, 2};
    struct hw_csv_constraints constraints = {each, true};
    for (int round = 0; round < 2; round++) { /* each time they are decided */
        fields[1].type.kind = round ? HW_KIND_TEXT : HW_KIND_INT64;
        assert_ok(hw_csv_inputs_set_types(inputs, &schema, &constraints, &err), err);
        const struct hw_csv_columns *whole = inputs->items[0].form->columns;
        const struct hw_csv_columns *some = inputs->items[1].form->columns;
        assert_true(whole->schema == &schema && whole->constraints == &constraints);
        assert_int_equal(some->schema->count, 1);
        assert_string_equal(some->schema->fields[0].name, "b");
        assert_int_equal(some->schema->fields[0].type.kind, fields[1].type.kind);
        assert_true(some->schema->fields[0].required && some->constraints->unique);
        assert_true(some->constraints->columns[0].unique);
    }
    stock_release(&stock);
}

/* ------ failures */

static void failures_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"x.csv", {"a\n1\n", 4}, 0}, {"y.csv", {"\"\n", 2}, 0}}, 2, &zip);
    const struct {
        const char *name;
        hw_view bytes;
        const char *glob;
        int fail_on_open;
        int fail_on_read;
        enum hw_status checksum_fault;
        enum hw_status want;
        const char *says;
        const char *object;
    } rows[] = {
        {"it cannot be opened", {"a\n", 2}, NULL, 1, 0, HW_OK, HW_ECHANGED, "injected open", ""},
        {"it cannot be read", {"a\n", 2}, NULL, 0, 2, HW_OK, HW_EIO, "injected read", "o"},
        {"its head cannot be summed", {"a\n", 2}, NULL, 0, 3, HW_OK, HW_EIO, "injected read", "o"},
        {"its checksum cannot be told", {"a\n", 2}, NULL, 0, 0, HW_ENETWORK, HW_ENETWORK, "injected checksum", "o"},
        {"nothing is in it", {"", 0}, NULL, 0, 0, HW_OK, HW_EDATA, "found no header", "o"},
        {"a bad member", hw_buf_view(&zip), NULL, 0, 0, HW_OK, HW_EDATA, "ends inside quotes", "o#y.csv"},
        {"a bad member alone", hw_buf_view(&zip), "y*", 0, 0, HW_OK, HW_EDATA, "ends inside quotes", "o"},
        {"no member", hw_buf_view(&zip), "z", 0, 0, HW_OK, HW_EDATA, "no member of the names asked for", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        stock_init(&stock);
        stock.csv.zip_member = rows[i].glob;
        stock.inputs.checksums = true;
        struct memory_object *from = stock_add(&stock, "o", rows[i].bytes);
        from->fail_on_open = rows[i].fail_on_open;
        from->fail_on_read = rows[i].fail_on_read;
        from->summed = true;
        from->checksum = (struct hw_checksum){HW_CHECKSUM_CRC32C, 1};
        from->checksum_fault = rows[i].checksum_fault;
        assert_row_int(rows[i].name, hw_csv_inputs_look(inputs_begin(&stock), 0, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].object);
        assert_row_int(rows[i].name, memory_object_open_count(from), 0);
        stock_release(&stock);
    }
}

/* Each object has HW_CSV_COLUMNS_MAX columns at most, and so have all together. */
static void a_table_has_so_many_columns(void **state) {
    (void)state;
    for (unsigned more = 0; more < 2; more++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        stock_init(&stock);
        for (unsigned i = 0; i < HW_CSV_COLUMNS_MAX - 1; i++) {
            assert_ok(hw_buf_printf(&text, &err, "%sc%u", i ? "," : "", i), err);
        }
        stock_add(&stock, "a", hw_buf_view(&text));
        stock_add(&stock, "b", hw_view_of(more ? "x,y\n" : "c0,y\n"));
        struct hw_csv_inputs *inputs = inputs_begin(&stock);
        assert_ok(hw_csv_inputs_look(inputs, 0, &err), err);
        assert_int_equal(hw_csv_inputs_look(inputs, 1, &err), more ? HW_ELIMIT : HW_OK);
        assert_string_equal(err.message,
                            more ? "all sources together have more than 16384 columns: --max-columns allows more" : "");
        stock_release(&stock);
    }
}

/* What other looks find does not depend on one that failed, as long as they are let. */
static void looks_check(const struct hw_csv_inputs *inputs) {
    const struct hw_csv_input *found = (const void *)inputs->synced.found.data;
    const size_t names = inputs->synced.profiles.size / sizeof(struct hw_csv_profile);
    for (size_t i = 0; i < inputs->synced.found.size / sizeof(*found); i++) {
        assert_non_null(found[i].form->columns);
        for (size_t k = 0; k < found[i].form->columns->count; k++) {
            assert_true(found[i].form->columns->places[k] < names);
        }
    }
}

static enum hw_status inputs_look_all(struct stock *stock, struct hw_error *err) {
    static const struct hw_csv_constraints none;
    struct hw_csv_inputs *inputs = inputs_begin(stock);
    struct hw_schema schema;
    struct hw_csv_profile *profiles = NULL;
    enum hw_status status = HW_OK;
    for (size_t i = 0; i < stock->count; i++) {
        const enum hw_status look = hw_csv_inputs_look(inputs, i, err);
        status = status != HW_OK ? status : look;
    }
    looks_check(inputs);
    HW_TRY(status);
    HW_TRY(hw_csv_inputs_order(inputs, &schema, &profiles, err));
    hw_free(profiles);
    return hw_csv_inputs_set_types(inputs, &schema, &none, err);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    bool fired = true;
    size_t faults = 0;
    packed_zip((const struct packed_member[]){{"x.csv", {"a,b\n1,2\n", 8}, 0}, {"y.csv", {"b\n1\n", 4}, 0}}, 2, &zip);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct stock stock;
        alloc_fault_begin(&fault, successes);
        stock_init(&stock);
        stock_add(&stock, "z", hw_buf_view(&zip));
        stock_add(&stock, "c", hw_view_of("c,a\n1,2\n"));
        const enum hw_status status = inputs_look_all(&stock, &err);
        stock_release(&stock);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        faults += fired;
    }
    assert_true(faults > 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_joined_by_name_in_any_order_of_looks),
        cmocka_unit_test(threads_look_at_once),
        cmocka_unit_test(notes_are_kept),
        cmocka_unit_test(members_are_inputs),
        cmocka_unit_test(small_remote_objects_stay_open),
        cmocka_unit_test(many_objects_show_less_each),
        cmocka_unit_test(an_input_is_compared_where_its_store_keeps_a_checksum),
        cmocka_unit_test(an_input_is_proved_by_all_of_its_bytes),
        cmocka_unit_test(an_input_is_proved_by_its_length),
        cmocka_unit_test(forms_are_shared),
        cmocka_unit_test(inputs_have_the_tables_types),
        cmocka_unit_test(failures_are_told),
        cmocka_unit_test(a_table_has_so_many_columns),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

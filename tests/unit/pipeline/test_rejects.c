/* SPDX-License-Identifier: Apache-2.0 */
/* The rejects file: its lines, when it is made, and what happens when it cannot be. */
#include "pipeline/rejects.h"

#include <stdio.h>

#include "fake_reader.h"
#include "store/store.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"

/* A store of one object, in memory. */
struct shelf {
    struct hw_store base;
    struct memory_sink sink;
    size_t opened;
    bool refuses;
    char key[64];
    char content_type[64];
};

static enum hw_status shelf_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                 struct hw_sink **out_sink, struct hw_error *err) {
    struct shelf *shelf = (struct shelf *)store;
    if (shelf->refuses) {
        return hw_fail(err, HW_EAUTH, "not allowed");
    }
    shelf->opened++;
    snprintf(shelf->key, sizeof(shelf->key), "%s", key);
    snprintf(shelf->content_type, sizeof(shelf->content_type), "%s", options->content_type);
    *out_sink = &shelf->sink.base;
    return HW_OK;
}

static struct shelf shelf_make(int fail_on_write) {
    static const struct hw_store_ops ops = {.sink_open = shelf_open};
    return (struct shelf){.base = {.ops = &ops, .root = "shelf/"}, .sink = memory_sink(fail_on_write)};
}

static const struct hw_table_input inputs[] = {{.name = "a.csv"}, {.name = "b \"two\".csv"}};

static struct hw_rejects rejects_make(struct shelf *shelf, struct fake_reader *reader, bool several) {
    *reader = (struct fake_reader){.inputs = inputs, .inputs_count = COUNT_OF(inputs)};
    fake_reader_init(reader, 2);
    return (struct hw_rejects){
        .store = &shelf->base, .key = "t.rejects.jsonl", .reader = &reader->base, .several = several};
}

static void list_add(struct hw_reject_list *list, const struct hw_reject *reject, const char *raw) {
    assert_int_equal(hw_buf_append(&list->data, reject, sizeof(*reject), NULL), HW_OK);
    assert_int_equal(hw_buf_append(&list->data, raw, reject->bytes, NULL), HW_OK);
    list->count++;
}

static const struct {
    const char *name;
    struct hw_reject reject;
    const char *raw;
    uint64_t records; /* accepted before */
    bool several;
    const char *want;
} lines[] = {
    {"plain",
     {4, 70, 0, 3, -1, 0},
     "1,2",
     0,
     false,
     "{\"line\":5,\"offset\":70,\"reason\":\"even\",\"raw\":\"1,2\"}\n"},
    {"of a column",
     {0, 0, 0, 1, 1, 1},
     "x",
     0,
     false,
     "{\"line\":1,\"offset\":0,\"reason\":\"odd\",\"column\":\"p\",\"raw\":\"x\"}\n"},
    {"behind other parts",
     {4, 70, 0, 1, 0, 0},
     "x",
     100,
     false,
     "{\"line\":105,\"offset\":70,\"reason\":\"even\",\"column\":\"k\",\"raw\":\"x\"}\n"},
    {"of several inputs the first",
     {0, 0, 0, 1, -1, 0},
     "x",
     0,
     true,
     "{\"source\":\"a.csv\",\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"x\"}\n"},
    {"of several inputs the second",
     {0, 0, 1, 1, -1, 0},
     "x",
     0,
     true,
     "{\"source\":\"b \\\"two\\\".csv\",\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"x\"}\n"},
    {"nothing in it",
     {0, 0, 0, 0, -1, 0},
     "",
     0,
     false,
     "{\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"\"}\n"},
    {"quotes and line breaks",
     {0, 0, 0, 6, -1, 0},
     "\"a\nb\"\\",
     0,
     false,
     "{\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"\\\"a\\nb\\\"\\\\\"}\n"},
    {"letters beyond ASCII",
     {0, 0, 0, 2, -1, 0},
     "\xc3\xa4",
     0,
     false,
     "{\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"\xc3\xa4\"}\n"},
    {"what is not UTF-8",
     {0, 0, 0, 4, -1, 0},
     "a\xff\xfe"
     "b",
     0,
     false,
     "\"raw_base64\":\"Yf/+Yg==\"}\n"},
};

/* The base64 is that of coreutils, the escapes are those of RFC 8259, section 7. */
static void a_reject_is_a_line_of_json(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_reader reader;
        struct shelf shelf = shelf_make(0);
        struct hw_rejects rejects = rejects_make(&shelf, &reader, lines[i].several);
        struct hw_reject_list list = {0};
        reader.base.records = lines[i].records;
        list_add(&list, &lines[i].reject, lines[i].raw);
        assert_ok(hw_rejects_write(&rejects, &list, &err), err);
        assert_int_equal(hw_buf_append(&shelf.sink.bytes, "", 1, NULL), HW_OK);
        if (strstr(lines[i].want, "raw_base64")) {
            assert_row_says(lines[i].name, (const char *)shelf.sink.bytes.data, lines[i].want);
            assert_row_says(lines[i].name, (const char *)shelf.sink.bytes.data, "\"raw\":\"a");
        } else {
            assert_row_text(lines[i].name, (const char *)shelf.sink.bytes.data, lines[i].want);
        }
        hw_rejects_release(&rejects);
        hw_buf_release(&list.data);
        hw_buf_release(&shelf.sink.bytes);
    }
}

/* The file is made once, at the first reject; who lets go of it does not finish it. */
static void the_file_is_made_once(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_reader reader;
    struct shelf shelf = shelf_make(0);
    struct hw_rejects rejects = rejects_make(&shelf, &reader, false);
    struct hw_reject_list list = {0};
    list_add(&list, &(struct hw_reject){.bytes = 1, .column = HW_REJECT_NO_COLUMN}, "a");
    list_add(&list, &(struct hw_reject){.line = 1, .bytes = 1, .column = HW_REJECT_NO_COLUMN}, "b");
    hw_rejects_release(&rejects); /* nothing was rejected */
    assert_int_equal(shelf.opened, 0);
    assert_ok(hw_rejects_write(&rejects, &list, &err), err);
    assert_ok(hw_rejects_write(&rejects, &list, &err), err);
    assert_int_equal(shelf.opened, 1);
    assert_string_equal(shelf.key, "t.rejects.jsonl");
    assert_string_equal(shelf.content_type, "application/x-ndjson");
    static const char want[] = "{\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"a\"}\n"
                               "{\"line\":2,\"offset\":0,\"reason\":\"even\",\"raw\":\"b\"}\n"
                               "{\"line\":1,\"offset\":0,\"reason\":\"even\",\"raw\":\"a\"}\n"
                               "{\"line\":2,\"offset\":0,\"reason\":\"even\",\"raw\":\"b\"}\n";
    assert_row_bytes("lines", shelf.sink.bytes.data, shelf.sink.bytes.size, want, sizeof(want) - 1);
    hw_rejects_release(&rejects);
    assert_null(rejects.sink);
    assert_true(shelf.sink.freed);
    assert_false(shelf.sink.finished);
    hw_buf_release(&list.data);
    hw_buf_release(&shelf.sink.bytes);
}

static void writing_may_fail(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool refuses;
        int fail_on_write;
        size_t no_memory_at; /* the allocation that fails, from 1; 0: none */
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"the store refuses", true, 0, 0, HW_EAUTH, "not allowed"},
        {"the sink fails", false, 1, 0, HW_EIO, ""},
        {"no memory for a line", false, 0, 1, HW_ENOMEM, "out of memory"},
        {"no memory for base64", false, 0, 2, HW_ENOMEM, "out of memory"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct fake_reader reader;
        struct shelf shelf = shelf_make(rows[i].fail_on_write);
        struct hw_rejects rejects = rejects_make(&shelf, &reader, false);
        struct hw_reject_list list = {0};
        shelf.refuses = rows[i].refuses;
        list_add(&list, &(struct hw_reject){.bytes = 1, .column = HW_REJECT_NO_COLUMN}, "\xff");
        alloc_fault_begin(&fault, rows[i].no_memory_at > 0 ? rows[i].no_memory_at - 1 : SIZE_MAX);
        const enum hw_status status = hw_rejects_write(&rejects, &list, &err);
        assert_row_int(rows[i].name, alloc_fault_end(&fault), rows[i].no_memory_at > 0);
        assert_row_int(rows[i].name, status, rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, shelf.sink.bytes.size, 0);
        hw_rejects_release(&rejects);
        hw_buf_release(&list.data);
        hw_buf_release(&shelf.sink.bytes);
    }
}

/* Shares count once the table has ended, numbers at once. */
static void more_rejects_than_allowed_fail(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t max;
        double ratio;
        uint64_t records;
        uint64_t rejected;
        bool ended;
        const char *says; /* NULL: they are allowed */
    } rows[] = {
        {"no limits", 0, 0, 10, 10, true, NULL},
        {"as many as allowed", 3, 0, 10, 3, true, NULL},
        {"one more", 3, 0, 10, 4, false, "4 records were rejected, at most 3 may be"},
        {"as large a share as allowed", 0, 0.25, 8, 2, true, NULL},
        {"a larger one", 0, 0.25, 8, 3, true, "3 of 8 records were rejected, at most 25 % may be"},
        {"a larger one so far", 0, 0.25, 8, 3, false, NULL},
        {"nothing at all", 1, 0.25, 0, 0, true, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_options csv = {.rejects_max = rows[i].max, .rejects_max_ratio = rows[i].ratio};
        assert_row_int(rows[i].name, hw_rejects_check(&csv, rows[i].records, rows[i].rejected, rows[i].ended, &err),
                       rows[i].says ? HW_EDATA : HW_OK);
        assert_row_text(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

static void a_table_has_a_good_record_or_none_at_all(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t records, rejected;
        const char *says; /* NULL: it may be */
    } rows[] = {
        {"no record", 0, 0, NULL},
        {"all good", 3, 0, NULL},
        {"one good", 3, 2, NULL},
        {"none good", 3, 3, "none of 3 records is good, so nothing is written but the rejects"},
        {"the only one is bad", 1, 1, "none of 1 record is good"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_table_reader reader = {.records = rows[i].records, .rejected = rows[i].rejected};
        assert_row_int(rows[i].name, hw_rejects_check_all(&reader, &err), rows[i].says ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_a_good_record_or_none_at_all),
        cmocka_unit_test(more_rejects_than_allowed_fail),
        cmocka_unit_test(a_reject_is_a_line_of_json),
        cmocka_unit_test(the_file_is_made_once),
        cmocka_unit_test(writing_may_fail),
    };
    return cmocka_run_group_tests_name("pipeline/rejects", tests, NULL, NULL);
}

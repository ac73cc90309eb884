/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/sync_plan.h"

#include <hawser/memory.h>

#include "support/rows.h"

static const struct hw_sync_options options = {.remove_extra = true};
static const struct hw_plan_head head = {"in/", "s3://b/", &options};

static struct hw_plan_writer *writer_make(struct hw_store *store) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sink *sink = NULL;
    struct hw_plan_writer *writer = NULL;
    assert_ok(store->ops->sink_open(store, "plan", NULL, &sink, &err), err);
    assert_ok(hw_plan_writer_new(sink, &head, &writer, &err), err);
    return writer;
}

static void actions_come_back_as_they_were(void **state) {
    (void)state;
    static const struct hw_plan_action actions[] = {
        {false, "a \"b\"\n\xc3\xa9", {true, 5, -7, ""}, {0}},
        {false, "b", {true, UINT64_C(5000000000000), 1, "e-2"}, {true, 0, 2, "f"}},
        {true, "c", {0}, {true, 1, 2, "g"}},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    struct hw_source *source = NULL;
    struct hw_plan_reader *reader = NULL;
    struct hw_plan_action got;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    struct hw_plan_writer *writer = writer_make(store);
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        assert_ok(hw_plan_writer_add(writer, &actions[i], &err), err);
    }
    const struct hw_plan_action odd = {.name = "\xff", .source = {.there = true}};
    assert_int_equal(hw_plan_writer_add(writer, &odd, &err), HW_EUSAGE);
    assert_ok(hw_plan_writer_finish(writer, &err), err);
    hw_plan_writer_free(writer);
    assert_ok(store->ops->source_open(store, "plan", NULL, &source, &err), err);
    assert_ok(hw_plan_reader_new(source, &head, &reader, &err), err);
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        assert_ok(hw_plan_reader_next(reader, &got, &err), err);
        assert_string_equal(got.name, actions[i].name);
        assert_int_equal(got.removes, actions[i].removes);
        const struct hw_plan_facts *sides[][2] = {{&got.source, &actions[i].source}, {&got.target, &actions[i].target}};
        for (size_t j = 0; j < COUNT_OF(sides); j++) {
            assert_int_equal(sides[j][0]->there, sides[j][1]->there);
            assert_int_equal(sides[j][0]->size, sides[j][1]->size);
            assert_int_equal(sides[j][0]->mtime_us, sides[j][1]->mtime_us);
            assert_string_equal(sides[j][0]->etag, sides[j][1]->etag ? sides[j][1]->etag : "");
        }
    }
    for (int i = 0; i < 2; i++) {
        assert_ok(hw_plan_reader_next(reader, &got, &err), err);
        assert_null(got.name);
    }
    hw_plan_reader_free(reader);
    source->ops->close(source);
    hw_memory_store_free(store);
}

/* The first line of a plan of `head`. */
#define QUOTE "\\\""
#define FLAG(name, value) "," QUOTE name QUOTE ":" value
#define HEAD                                                                                                           \
    "{\"sync_plan\":1,\"made\":\"x\",\"of\":\"{" QUOTE "source" QUOTE ":" QUOTE "in/" QUOTE "," QUOTE                  \
    "destination" QUOTE ":" QUOTE "s3://b/" QUOTE FLAG("delete", "true") FLAG("checksum", "false")                     \
        FLAG("size_only", "false") FLAG("preserve", "false") FLAG("no_follow_symlinks", "false") FLAG("include", "[]") \
            FLAG("exclude", "[]") "}\"}\n"
#define FACTS "{\"size\":1,\"mtime_us\":2,\"etag\":\"e\"}"
#define COPY "{\"op\":\"cp\",\"name\":\"a\",\"source\":" FACTS ",\"target\":null}\n"

static void what_is_no_plan_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"a plan", HEAD COPY "{\"actions\":1}\n", HW_OK, ""},
        {"without actions", HEAD "{\"actions\":0}\n", HW_OK, ""},
        {"nothing", "", HW_EDATA, "its end is missing"},
        {"no JSON", "plan\n", HW_EDATA, "a line is no JSON object"},
        {"a list", "[]\n", HW_EDATA, "a line is no JSON object"},
        {"another object", "{}\n", HW_EDATA, "that of no plan"},
        {"a later version", "{\"sync_plan\":2,\"of\":\"\"}\n", HW_EDATA, "that of no plan"},
        {"of other paths", "{\"sync_plan\":1,\"of\":\"else\"}\n", HW_EUSAGE, "other paths or options: else"},
        {"cut off", HEAD COPY, HW_EDATA, "its end is missing"},
        {"cut off in a line", HEAD COPY "{\"actions\":1}", HW_EDATA, "its end is missing"},
        {"one is missing", HEAD COPY "{\"actions\":2}\n", HW_EDATA, "not as many actions"},
        {"more behind the end", HEAD "{\"actions\":0}\n" COPY, HW_EDATA, "not as many actions"},
        {"another action", HEAD "{\"op\":\"mv\",\"name\":\"a\",\"source\":null,\"target\":" FACTS "}\n", HW_EDATA,
         "a line is no action"},
        {"a copy of nothing", HEAD "{\"op\":\"cp\",\"name\":\"a\",\"source\":null,\"target\":null}\n", HW_EDATA,
         "a line is no action"},
        {"a removal of nothing", HEAD "{\"op\":\"rm\",\"name\":\"a\",\"source\":null,\"target\":null}\n", HW_EDATA,
         "a line is no action"},
        {"facts that are none", HEAD "{\"op\":\"cp\",\"name\":\"a\",\"source\":{\"size\":-1},\"target\":null}\n",
         HW_EDATA, "a line is no action"},
        {"no name", HEAD "{\"op\":\"cp\",\"source\":" FACTS ",\"target\":null}\n", HW_EDATA, "a line is no action"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store = NULL;
        struct hw_source *source = NULL;
        struct hw_plan_reader *reader = NULL;
        struct hw_plan_action action = {.name = ""};
        assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
        assert_ok(hw_memory_store_put(store, "plan", rows[i].text, strlen(rows[i].text), &err), err);
        assert_ok(store->ops->source_open(store, "plan", NULL, &source, &err), err);
        enum hw_status status = hw_plan_reader_new(source, &head, &reader, &err);
        while (status == HW_OK && action.name) {
            status = hw_plan_reader_next(reader, &action, &err);
        }
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        hw_plan_reader_free(reader);
        source->ops->close(source);
        hw_memory_store_free(store);
    }
}

static void a_plan_that_is_not_finished_is_none(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    struct hw_source *source = NULL;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    hw_plan_writer_free(writer_make(store));
    assert_int_equal(store->ops->source_open(store, "plan", NULL, &source, &err), HW_ENOTFOUND);
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_come_back_as_they_were),
        cmocka_unit_test(what_is_no_plan_is_refused),
        cmocka_unit_test(a_plan_that_is_not_finished_is_none),
    };
    return cmocka_run_group_tests_name("transfer/sync_plan", tests, NULL, NULL);
}

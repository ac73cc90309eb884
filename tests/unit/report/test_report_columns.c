/* SPDX-License-Identifier: Apache-2.0 */
/* The report, read by a JSON parser. */
#include "report/report.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/object.h"
#include "support/memory_io.h"
#include "support/rows.h"

static const struct hw_type integer = {.kind = HW_KIND_INT64};

static const struct hw_convert_column column_facts[] = {
    {
        .name = "n\xc3\xa4me",
        .type = {.kind = HW_KIND_TEXT},
        .nulls = 3,
        .distinct = 5000000000,
        .min = "1",
        .max = "x \"y\"",
        .widened_from = &integer,
        .misfit = "x\n",
        .misfit_line = 7,
        .misfit_offset = 6000000000,
    },
    {.name = "never a value", .type = {.kind = HW_KIND_DATE}, .nulls = 4},
};
static struct hw_field fields[] = {
    {.name = "n\xc3\xa4me", .type = {.kind = HW_KIND_TEXT}},
    {.name = "never a value", .type = {.kind = HW_KIND_DATE}},
};
static const struct hw_schema schema = {fields, 2};
static const struct hw_convert_reject rejects[] = {{"below_min", 2}, {"duplicate", 1}};

/* The report of one object, parsed; the caller's to release. */
static json_t *report_of(const struct hw_convert_object *object) {
    struct hw_error err = HW_ERROR_INIT;
    struct memory_sink sink = memory_sink(0);
    struct hw_report *report;
    const struct hw_convert_result result = {.objects = 1, .rejected = object->rejected};
    assert_ok(hw_report_new(&sink.base, 0, &report, &err), err);
    assert_ok(hw_report_add(report, hw_object_report, object, &err), err);
    assert_ok(hw_report_finish(report, hw_object_sums_report, &(const struct hw_object_sums){HW_OK, &result}, &err),
              err);
    hw_report_free(report);
    json_t *root = json_loadb((const char *)sink.bytes.data, sink.bytes.size, JSON_REJECT_DUPLICATES, NULL);
    hw_buf_release(&sink.bytes);
    assert_non_null(root);
    return root;
}

/* A value by the names and positions that lead to it, as text; "-" where there is none. */
static const char *at(const json_t *json, const char *path) {
    static char text[256];
    char part[64];
    while (*path) {
        size_t bytes = strcspn(path, "/");
        memcpy(part, path, bytes);
        part[bytes] = '\0';
        json = part[0] >= '0' && part[0] <= '9' ? json_array_get(json, (size_t)(part[0] - '0'))
                                                : json_object_get(json, part);
        path += bytes + (path[bytes] == '/');
    }
    if (!json) {
        return "-";
    }
    char *dumped = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
    snprintf(text, sizeof(text), "%s", dumped);
    free(dumped); /* allowed: jansson's */
    return text;
}

static void columns_are_described(void **state) {
    (void)state;
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"objects/0/columns/0/name", "\"n\xc3\xa4me\""},
        {"objects/0/columns/0/type", "\"text\""},
        {"objects/0/columns/0/nulls", "3"},
        {"objects/0/columns/0/distinct_estimate", "5000000000"},
        {"objects/0/columns/0/min", "\"1\""},
        {"objects/0/columns/0/max", "\"x \\\"y\\\"\""},
        {"objects/0/columns/0/widened_from", "\"int64\""},
        {"objects/0/columns/0/widened_because", "{\"value\":\"x\\n\",\"line\":7,\"offset\":6000000000}"},
        {"objects/0/columns/1", "{\"name\":\"never a value\",\"type\":\"date\",\"nulls\":4,\"distinct_estimate\":0,"
                                "\"min\":null,\"max\":null}"},
        {"objects/0/columns/2", "-"},
        {"objects/0/rejected", "3"},
        {"objects/0/rejected_by_reason", "{\"below_min\":2,\"duplicate\":1}"},
    };
    const struct hw_convert_object object = {.source = "a.csv",
                                             .schema = &schema,
                                             .columns = 2,
                                             .column_facts = column_facts,
                                             .rejected = 3,
                                             .rejects = rejects,
                                             .rejects_count = COUNT_OF(rejects)};
    json_t *root = report_of(&object);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].path, at(root, rows[i].path), rows[i].want);
    }
    json_decref(root);
}

static void what_is_not_known_is_not_told(void **state) {
    (void)state;
    struct hw_convert_object object = {.source = "a.csv", .schema = &schema, .columns = 2};
    json_t *root = report_of(&object);
    assert_string_equal(at(root, "objects/0/columns/0"), "{\"name\":\"n\xc3\xa4me\",\"type\":\"text\"}");
    assert_string_equal(at(root, "objects/0/rejected_by_reason"), "{}");
    assert_string_equal(at(root, "objects/0/rejects_path"), "null");
    json_decref(root);
    object.schema = NULL;
    root = report_of(&object);
    assert_string_equal(at(root, "objects/0/columns"), "null");
    json_decref(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_described),
        cmocka_unit_test(what_is_not_known_is_not_told),
    };
    return cmocka_run_group_tests_name("report/report_columns", tests, NULL, NULL);
}

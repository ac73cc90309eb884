/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of one object, as bytes, and as a JSON parser reads it. */
#include "report/object.h"

#include <jansson.h>

#include "support/rows.h"

static struct hw_field fields[] = {{.name = "id", .type = {.kind = HW_KIND_INT64}},
                                   {.name = "", .type = {.kind = HW_KIND_TEXT}}};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};
static const struct hw_convert_column facts[] = {{.nulls = 1, .distinct = 2, .min = "1", .max = "3"},
                                                 {.nulls = 0, .distinct = 1, .min = "", .max = ""}};

struct row {
    const char *name;
    const char *type;
    struct hw_convert_object object;
    const char *want;
};

static void rows_check(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
        hw_object_write(&json, rows[i].type, &rows[i].object);
        assert_ok(hw_json_end_text(&json, &err), err);
        json_t *root = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
        assert_row_int(rows[i].name, root != NULL, true);
        json_decref(root);
        assert_ok(hw_buf_end_text(&out, &err), err);
        assert_row_text(rows[i].name, (const char *)out.data, rows[i].want);
    }
}

static void every_key_is_there(void **state) {
    (void)state;
    const struct hw_convert_output output = {
        .path = "out/a\nb.parquet", .format = "parquet", .bytes = 77, .sha256 = "aa", .crc64nvme = "bb", .etag = ""};
    const struct hw_convert_source sources[] = {{"x.csv", 4, 2}, {"y.csv", 5, 3}};
    const struct row rows[] = {
        {"all that may be known",
         "object",
         {.source = "in/a.csv",
          .outcome = HW_CONVERTED,
          .reason = HW_REASON_NEW,
          .source_bytes = UINT64_C(5000000000),
          .source_checksum = "crc32c",
          .rows_in = 3,
          .rows_out = 2,
          .rejected = 1,
          .columns = 2,
          .seconds = 0.25,
          .restarted = true,
          .bytes_left_out = 3,
          .limited = true,
          .schema = &schema,
          .column_facts = facts,
          .notes = &(struct hw_note){HW_NOTE_NO_HEADER, 2, "x.csv", "no names"},
          .notes_count = 1,
          .outputs = &output,
          .outputs_count = 1,
          .rejects_path = "out/a.rejects.jsonl",
          .rejects = &(struct hw_convert_reject){"below_min", 1},
          .rejects_count = 1,
          .sources = sources,
          .sources_count = 2},
         "{\"type\":\"object\",\"source\":\"in/a.csv\",\"outcome\":\"converted\",\"reason\":\"new\","
         "\"source_bytes\":5000000000,"
         "\"rows_in\":3,\"rows_out\":2,\"rejected\":1,\"rejected_by_reason\":{\"below_min\":1},\"seconds\":0.25,"
         "\"restarted\":true,\"bytes_left_out\":3,\"limited\":true,\"columns\":["
         "{\"name\":\"id\",\"type\":\"int64\",\"nulls\":1,\"distinct_estimate\":2,\"min\":\"1\",\"max\":\"3\"},"
         "{\"name\":\"\",\"type\":\"text\",\"nulls\":0,\"distinct_estimate\":1,\"min\":\"\",\"max\":\"\"}],"
         "\"notes\":[{\"kind\":\"no_header\",\"texts\":2,\"source\":\"x.csv\",\"text\":\"no names\"}],"
         "\"outputs\":[{\"path\":\"out/a\\nb.parquet\",\"format\":\"parquet\",\"bytes\":77,\"sha256\":\"aa\","
         "\"crc64nvme\":\"bb\",\"etag\":null}],\"source_checksum\":\"crc32c\","
         "\"rejects_path\":\"out/a.rejects.jsonl\",\"error\":null,\"sources_count\":2,\"sources\":["
         "{\"name\":\"x.csv\",\"bytes\":4,\"rows\":2},{\"name\":\"y.csv\",\"bytes\":5,\"rows\":3}]}\n"},
        {"nothing known",
         NULL,
         {.source = "a", .outcome = HW_SKIPPED, .reason = HW_REASON_CURRENT},
         "{\"source\":\"a\",\"outcome\":\"skipped\",\"reason\":\"up_to_date\",\"source_bytes\":0,"
         "\"rows_in\":0,\"rows_out\":0,\"rejected\":0,"
         "\"rejected_by_reason\":{},\"seconds\":0.0,\"restarted\":false,\"bytes_left_out\":0,"
         "\"limited\":false,\"columns\":null,\"notes\":[],\"outputs\":[],"
         "\"source_checksum\":null,\"rejects_path\":null,\"error\":null}\n"},
        {"a dry run, without facts",
         NULL,
         {.source = "a",
          .outcome = HW_PLANNED,
          .reason = HW_REASON_OPTIONS,
          .schema = &(struct hw_schema){fields, 1},
          .outputs = &(struct hw_convert_output){.path = "o", .format = "csv"},
          .outputs_count = 1},
         "{\"source\":\"a\",\"outcome\":\"planned\",\"reason\":\"options_changed\",\"source_bytes\":0,"
         "\"rows_in\":0,\"rows_out\":0,\"rejected\":0,"
         "\"rejected_by_reason\":{},\"seconds\":0.0,\"restarted\":false,\"bytes_left_out\":0,\"limited\":false,"
         "\"columns\":[{\"name\":\"id\",\"type\":\"int64\"}],\"notes\":[],"
         "\"outputs\":[{\"path\":\"o\",\"format\":\"csv\","
         "\"bytes\":0,\"sha256\":null,\"crc64nvme\":null,\"etag\":null}],"
         "\"source_checksum\":null,\"rejects_path\":null,\"error\":null}\n"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void errors_are_told_in_parts_and_whole(void **state) {
    (void)state;
    const struct hw_error error = {.status = HW_ESERVER,
                                   .http_status = 500,
                                   .offset = 17,
                                   .line = 8,
                                   .row = 6,
                                   .object = "in/b.csv",
                                   .column = "c",
                                   .s3_code = "InternalError",
                                   .request_id = "R1",
                                   .message = "went wrong"};

    const struct hw_error little = {.status = HW_EDATA,
                                    .offset = HW_NO_POSITION,
                                    .line = HW_NO_POSITION,
                                    .row = HW_NO_POSITION,
                                    .message = "ragged"};
    const struct row rows[] = {
        {"a failure that knows all",
         NULL,
         {.source = "caf\xe9.csv", .outcome = HW_CONVERT_FAILED, .error = &error},
         "{\"source\":\"caf\\\\xe9.csv\",\"outcome\":\"failed\",\"reason\":null,\"source_bytes\":0,"
         "\"rows_in\":0,\"rows_out\":0,"
         "\"rejected\":0,\"rejected_by_reason\":{},\"seconds\":0.0,\"restarted\":false,\"bytes_left_out\":0,"
         "\"limited\":false,\"columns\":null,"
         "\"notes\":[],\"outputs\":[],\"source_checksum\":null,\"rejects_path\":null,"
         "\"error\":{\"status\":\"HW_ESERVER\",\"message\":\"went wrong\",\"text\":\"in/b.csv: line 8: column "
         "\\\"c\\\": went wrong (byte offset 17) (HTTP 500, InternalError, request R1)\",\"line\":8,\"offset\":17,"
         "\"row\":6,\"column\":\"c\",\"http_status\":500,\"s3_code\":\"InternalError\",\"request_id\":\"R1\"}}\n"},
        {"a failure that knows little",
         NULL,
         {.source = "a", .outcome = HW_CONVERT_FAILED, .error = &little},
         "{\"source\":\"a\",\"outcome\":\"failed\",\"reason\":null,\"source_bytes\":0,\"rows_in\":0,\"rows_out\":0,"
         "\"rejected\":0,\"rejected_by_reason\":{},\"seconds\":0.0,\"restarted\":false,\"bytes_left_out\":0,"
         "\"limited\":false,\"columns\":null,"
         "\"notes\":[],\"outputs\":[],\"source_checksum\":null,\"rejects_path\":null,"
         "\"error\":{\"status\":\"HW_EDATA\",\"message\":\"ragged\",\"text\":\"ragged\",\"line\":null,"
         "\"offset\":null,\"row\":null,\"column\":null,\"http_status\":0,\"s3_code\":null,\"request_id\":null}}\n"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void sources_are_listed_up_to_a_limit(void **state) {
    (void)state;
    static struct hw_convert_source sources[HW_OBJECT_SOURCES_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        sources[i].name = "x";
    }
    const struct hw_convert_object object = {.source = "a", .sources = sources, .sources_count = COUNT_OF(sources)};
    const struct hw_convert_object unknown = {.source = "a", .sources_count = 7};
    const struct {
        const char *name;
        const struct hw_convert_object *object;
        size_t listed;
    } rows[] = {{"too many", &object, HW_OBJECT_SOURCES_MAX}, {"not known", &unknown, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
        hw_object_write(&json, NULL, rows[i].object);
        json_t *root = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
        assert_row_int(rows[i].name, json_array_size(json_object_get(root, "sources")), rows[i].listed);
        assert_row_int(rows[i].name, json_integer_value(json_object_get(root, "sources_count")),
                       rows[i].object->sources_count);
        json_decref(root);
    }
}

static void sums_are_keys_of_the_object_that_is_open(void **state) {
    (void)state;
    const struct hw_convert_result result = {.objects = 3,
                                             .converted = 1,
                                             .skipped = 1,
                                             .failed = 1,
                                             .not_tried = 7,
                                             .restarted = 8,
                                             .bytes_in = 10,
                                             .bytes_out = 4,
                                             .rows_in = 6,
                                             .rows_out = 5,
                                             .rejected = 1,
                                             .limited = 1,
                                             .junk_left_out = 2,
                                             .texts_left_out = 12,
                                             .seconds = 1.5};
    static const char want[] =
        "{\"status\":\"HW_EPARTIAL\",\"objects_total\":3,\"converted\":1,\"skipped\":1,\"failed\":1,"
        "\"not_tried\":7,\"bytes_in\":10,"
        "\"bytes_out\":4,\"rows_in\":6,\"rows_out\":5,\"rejected\":1,"
        "\"restarted\":8,\"limited\":1,\"junk_left_out\":2,\"txt_left_out\":12,\"seconds\":1.5}";
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_object_sums_write(&json, HW_EPARTIAL, &result);
    hw_json_object_end(&json);
    assert_row_bytes("sums", out.data, out.size, want, strlen(want));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_there),
        cmocka_unit_test(errors_are_told_in_parts_and_whole),
        cmocka_unit_test(sources_are_listed_up_to_a_limit),
        cmocka_unit_test(sums_are_keys_of_the_object_that_is_open),
    };
    return cmocka_run_group_tests_name("report/object", tests, NULL, NULL);
}

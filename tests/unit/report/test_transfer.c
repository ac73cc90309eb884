/* SPDX-License-Identifier: Apache-2.0 */
#include "report/transfer.h"

#include <jansson.h>

#include "core/error.h"
#include "support/rows.h"

static void every_key_is_there(void **state) {
    (void)state;
    struct hw_error error = HW_ERROR_INIT;
    error.status = HW_ENOTFOUND;
    const struct {
        const char *name;
        struct hw_transfer_object object;
        const char *want; /* but for the error */
    } rows[] = {
        {"copied",
         {.source = "s3://b/a\nb",
          .path = "out/a\nb",
          .size = UINT64_C(5000000000),
          .way = HW_TRANSFER_ON_SERVER,
          .proved_by = HW_CHECKSUM_CRC64NVME,
          .seconds = 0.5},
         "{\"op\":\"cp\",\"source\":\"s3://b/a\\nb\",\"path\":\"out/a\\nb\",\"size\":5000000000,\"status\":\"ok\","
         "\"reason\":null,\"way\":\"on-server\",\"proved_by\":\"crc64nvme\",\"seconds\":0.5,\"error\":null}\n"},
        {"over an older version",
         {.source = "a", .path = "s3://b/a", .size = 9, .delta = true, .bytes_sent = 5, .bytes_copied = 4},
         "{\"op\":\"cp\",\"source\":\"a\",\"path\":\"s3://b/a\",\"size\":9,\"status\":\"ok\",\"reason\":null,"
         "\"way\":\"through\",\"proved_by\":null,\"bytes_sent\":5,\"bytes_copied\":4,\"seconds\":0.0,"
         "\"error\":null}\n"},
        {"moved",
         {.op = HW_TRANSFER_MOVE, .source = "a", .path = "b", .size = 1},
         "{\"op\":\"mv\",\"source\":\"a\",\"path\":\"b\",\"size\":1,\"status\":\"ok\",\"reason\":null,"
         "\"way\":\"through\",\"proved_by\":null,\"seconds\":0.0,\"error\":null}\n"},
        {"removed",
         {.op = HW_TRANSFER_REMOVE, .source = "", .path = "b", .size = 1},
         "{\"op\":\"rm\",\"source\":\"\",\"path\":\"b\",\"size\":1,\"status\":\"ok\",\"reason\":null,"
         "\"way\":null,\"proved_by\":null,\"seconds\":0.0,\"error\":null}\n"},
        {"skipped",
         {.op = HW_TRANSFER_MOVE,
          .source = "a",
          .path = "b",
          .outcome = HW_TRANSFER_SKIPPED,
          .reason = HW_TRANSFER_NOT_NEWER},
         "{\"op\":\"mv\",\"source\":\"a\",\"path\":\"b\",\"size\":0,\"status\":\"skipped\",\"reason\":\"not-newer\","
         "\"way\":null,\"proved_by\":null,\"seconds\":0.0,\"error\":null}\n"},
        {"a dry run",
         {.op = HW_TRANSFER_REMOVE, .source = "", .path = "b", .outcome = HW_TRANSFER_PLANNED},
         "{\"op\":\"rm\",\"source\":\"\",\"path\":\"b\",\"size\":0,\"status\":\"would\",\"reason\":null,"
         "\"way\":null,\"proved_by\":null,\"seconds\":0.0,\"error\":null}\n"},
        {"failed",
         {.source = "a", .path = "b", .outcome = HW_TRANSFER_FAILED, .error = &error},
         "{\"op\":\"cp\",\"source\":\"a\",\"path\":\"b\",\"size\":0,\"status\":\"failed\",\"reason\":null,"
         "\"way\":null,\"proved_by\":null,\"seconds\":0.0,\"error\":{"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
        hw_transfer_object_write(&json, &rows[i].object);
        assert_ok(hw_json_end_text(&json, &err), err);
        json_t *root = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
        assert_row_int(rows[i].name, root != NULL, true);
        const json_t *told = json_object_get(root, "error");
        assert_row_int(rows[i].name, json_is_object(told), rows[i].object.error != NULL);
        json_decref(root);
        assert_ok(hw_buf_end_text(&out, &err), err);
        const size_t bytes = rows[i].object.error ? strlen(rows[i].want) : out.size;
        assert_row_bytes(rows[i].name, out.data, hw_min_size(out.size, bytes), rows[i].want, strlen(rows[i].want));
    }
}

/* Every operation, outcome, reason and checksum has its own word. */
static void every_value_has_a_word(void **state) {
    (void)state;
    static const char *const reasons[] = {
        [HW_TRANSFER_EXISTS] = "exists",       [HW_TRANSFER_SAME_SIZE] = "same-size",
        [HW_TRANSFER_NOT_NEWER] = "not-newer", [HW_TRANSFER_MARKER] = "folder-marker",
        [HW_TRANSFER_SAME] = "same",           [HW_TRANSFER_BELOW] = "below-destination",
    };
    static const char *const proofs[HW_CHECKSUM_KINDS] = {
        [HW_CHECKSUM_CRC64NVME] = "crc64nvme", [HW_CHECKSUM_CRC32C] = "crc32c", [HW_CHECKSUM_CRC32] = "crc32",
        [HW_CHECKSUM_SHA1] = "sha1",           [HW_CHECKSUM_SHA256] = "sha256", [HW_CHECKSUM_MD5] = "md5"};
    for (size_t i = 0; i < COUNT_OF(reasons) + COUNT_OF(proofs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
        const struct hw_transfer_object object = {.source = "a",
                                                  .path = "b",
                                                  .reason = (enum hw_transfer_reason)(i % COUNT_OF(reasons)),
                                                  .proved_by = (enum hw_checksum_kind)(i % COUNT_OF(proofs))};
        hw_transfer_object_write(&json, &object);
        assert_ok(hw_json_end_text(&json, &err), err);
        json_t *root = json_loadb((const char *)out.data, out.size, 0, NULL);
        const char *reason = json_string_value(json_object_get(root, "reason"));
        assert_true(reasons[object.reason] ? strcmp(reason, reasons[object.reason]) == 0 : reason == NULL);
        const char *proof = json_string_value(json_object_get(root, "proved_by"));
        assert_true(proofs[object.proved_by] ? strcmp(proof, proofs[object.proved_by]) == 0 : proof == NULL);
        json_decref(root);
        assert_int_equal(hw_transfer_reason_text(object.reason)[0] != '\0', object.reason != HW_TRANSFER_NO_REASON);
    }
    assert_string_equal(hw_transfer_reason_text(HW_TRANSFER_NO_REASON), "");
    assert_string_equal(hw_transfer_op_name(HW_TRANSFER_COPY), "cp");
    assert_string_equal(hw_transfer_op_name(HW_TRANSFER_MOVE), "mv");
    assert_string_equal(hw_transfer_op_name(HW_TRANSFER_REMOVE), "rm");
}

static void sums_are_keys(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    const struct hw_transfer_result result = {
        .objects = 10,
        .done = 1,
        .skipped = 2,
        .failed = 3,
        .not_tried = 4,
        .bytes = 5,
        .seconds = 0.25,
        .ways = {[HW_TRANSFER_THROUGH] = {6, 7, 0.5}, [HW_TRANSFER_ON_SERVER] = {8, 9, 0.75}}};
    hw_json_object_begin(&json, NULL);
    hw_transfer_sums_write(&json, HW_EPARTIAL, &result);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    json_t *got = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    json_t *want = json_pack("{s:s s:i s:i s:i s:i s:i s:i s:f s:{s:{s:i s:i s:f} s:{s:i s:i s:f}}}", "status",
                             hw_status_name(HW_EPARTIAL), "objects_total", 10, "done", 1, "skipped", 2, "failed", 3,
                             "not_tried", 4, "bytes", 5, "seconds", 0.25, "ways", "through", "objects", 6, "bytes", 7,
                             "object_seconds", 0.5, "on-server", "objects", 8, "bytes", 9, "object_seconds", 0.75);
    assert_true(json_equal(got, want));
    json_decref(got);
    json_decref(want);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_there),
        cmocka_unit_test(every_value_has_a_word),
        cmocka_unit_test(sums_are_keys),
    };
    return cmocka_run_group_tests_name("report/transfer", tests, NULL, NULL);
}

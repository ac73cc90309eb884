/* SPDX-License-Identifier: Apache-2.0 */
/* The findings of a file, and the errors that they make. */
#include "pipeline/verify_file.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static struct hw_store store = {.root = "mem://"};

static void names_are_copied(void **state) {
    (void)state;
    char path[] = "mem://p";
    char key[] = "a/b";
    char etag[] = "\"1\"";
    struct hw_object_info known = {.key = key, .etag = etag, .size = 7};
    struct hw_verify_file named = {0};
    struct hw_verify_file listed = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_verify_file_init(&named, &store, path, key, NULL, &err), err);
    assert_ok(hw_verify_file_init(&listed, &store, NULL, key, &known, &err), err);
    path[6] = key[0] = etag[1] = 'x';
    assert_string_equal(named.path, "mem://p");
    assert_string_equal(named.key, "a/b");
    assert_null(named.known.key);
    assert_int_equal(named.counts.rows, -1);
    assert_ptr_equal(named.store, &store);
    assert_string_equal(listed.path, "mem://a/b");
    assert_string_equal(listed.known.key, "a/b");
    assert_string_equal(listed.known.etag, "\"1\"");
    assert_int_equal(listed.known.size, 7);
    hw_verify_file_release(&named);
    hw_verify_file_release(&listed);
}

/* Tells a finding of each severity, whose texts change afterwards. */
static void findings_tell(struct hw_verify_file *file) {
    static const enum hw_severity severities[] = {HW_SEVERITY_INFO, HW_SEVERITY_ERROR, HW_SEVERITY_WARNING,
                                                  HW_SEVERITY_ERROR};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(severities); i++) {
        char code[8];
        char message[8];
        char column[8];
        snprintf(code, sizeof(code), "c.%zu", i);
        snprintf(message, sizeof(message), "m %zu", i);
        snprintf(column, sizeof(column), "a.%zu", i);
        const struct hw_finding finding = {.level = HW_VERIFY_PAGES,
                                           .severity = severities[i],
                                           .code = code,
                                           .message = message,
                                           .column = i > 0 ? column : NULL,
                                           .row_group = 3,
                                           .page = 4,
                                           .offset = 5};
        assert_ok(hw_verify_file_found(file, &finding, &err), err);
        code[0] = message[0] = column[0] = '\0';
    }
}

static void findings_are_counted_and_kept(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t findings_max;
        bool errors_only;
        const char *want;
    } rows[] = {
        {"all", 10, false, "c.0 m 0 -; c.1 m 1 a.1; c.2 m 2 a.2; c.3 m 3 a.3; "},
        {"so many", 4, false, "c.0 m 0 -; c.1 m 1 a.1; c.2 m 2 a.2; c.3 m 3 a.3; "},
        {"fewer than there are", 3, false, "c.0 m 0 -; c.1 m 1 a.1; c.2 m 2 a.2; "},
        {"none", 0, false, ""},
        {"errors", 10, true, "c.1 m 1 a.1; c.3 m 3 a.3; "},
        {"the first error", 1, true, "c.1 m 1 a.1; "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) kept = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_verify_file file = {.findings_max = rows[i].findings_max, .errors_only = rows[i].errors_only};
        findings_tell(&file);
        assert_row_int(rows[i].name, file.counts.errors, 2);
        assert_row_int(rows[i].name, file.counts.warnings, 1);
        assert_row_int(rows[i].name, file.counts.infos, 1);
        for (size_t k = 0; k < hw_verify_file_findings(&file); k++) {
            const struct hw_finding *finding = hw_verify_file_finding(&file, k);
            assert_ok(hw_buf_printf(&kept, &err, "%s %s %s; ", finding->code, finding->message,
                                    finding->column ? finding->column : "-"),
                      err);
            assert_row_int(rows[i].name, finding->row_group, 3);
            assert_row_int(rows[i].name, finding->page, 4);
            assert_row_int(rows[i].name, finding->offset, 5);
        }
        assert_row_bytes(rows[i].name, kept.data, kept.size, rows[i].want, strlen(rows[i].want));
        hw_verify_file_release(&file);
    }
}

static void missing_memory_is_told(void **state) {
    (void)state;
    struct alloc_fault fault;
    const struct hw_object_info known = {.key = "k", .etag = "e"};
    const struct hw_finding finding = {.code = "c", .message = "m", .column = "a"};
    /* The arena takes one block for all of the texts, the findings another. */
    for (size_t successes = 0; successes < 3; successes++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_verify_file file = {.findings_max = 10};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_verify_file_init(&file, &store, NULL, "k", &known, &err);
        status = status ? status : hw_verify_file_found(&file, &finding, &err);
        hw_verify_file_release(&file);
        assert_int_equal(alloc_fault_end(&fault), successes < 2);
        assert_int_equal(status, successes < 2 ? HW_ENOMEM : HW_OK);
    }
}

static void a_finding_makes_an_error(void **state) {
    (void)state;
    static const struct {
        int64_t row_group;
        const char *column;
        int64_t page;
        int64_t offset;
        const char *want;
    } rows[] = {
        {-1, NULL, -1, -1, "it is bad"},
        {-1, NULL, -1, 0, "it is bad"},
        {-1, NULL, 0, 9, "page 0: it is bad"},
        {-1, "a.b", -1, 9, "column a.b: it is bad"},
        {0, NULL, -1, 9, "row group 0: it is bad"},
        {-1, "a.b", 0, 9, "column a.b, page 0: it is bad"},
        {2, NULL, 0, 9, "row group 2, page 0: it is bad"},
        {2, "a.b", -1, 9, "row group 2, column a.b: it is bad"},
        {2, "a.b", 7, 81234, "row group 2, column a.b, page 7: it is bad"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error error = HW_ERROR_INIT;
        const struct hw_finding finding = {.severity = HW_SEVERITY_WARNING,
                                           .code = "x",
                                           .message = "it is bad",
                                           .row_group = rows[i].row_group,
                                           .column = rows[i].column,
                                           .page = rows[i].page,
                                           .offset = rows[i].offset};
        hw_finding_error(&finding, &error);
        assert_string_equal(error.message, rows[i].want);
        assert_row_int(rows[i].want, error.status, HW_EDATA);
        assert_row_int(rows[i].want, error.offset, rows[i].offset);
        assert_string_equal(error.object, "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_copied),
        cmocka_unit_test(findings_are_counted_and_kept),
        cmocka_unit_test(missing_memory_is_told),
        cmocka_unit_test(a_finding_makes_an_error),
    };
    return cmocka_run_group_tests_name("pipeline/verify_file", tests, NULL, NULL);
}

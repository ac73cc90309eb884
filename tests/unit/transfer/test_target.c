/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/target.h"

#include <stdio.h>

#include <hawser/memory.h>

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/scratch.h"

/* A set that has the store mem:// of the program's own, and S3 at a port where nobody listens. */
struct places {
    struct hw_store *memory;
    struct hw_store_options options;
    struct hw_store_set set;
};

static void places_open(struct places *places) {
    struct hw_error err = HW_ERROR_INIT;
    *places = (struct places){0};
    assert_ok(hw_memory_store_new("mem://", NULL, &places->memory, &err), err);
    places->options = (struct hw_store_options){
        .endpoint_url = "http://127.0.0.1:1", .no_sign_request = true, .stores = &places->memory, .stores_count = 1};
    places->set.options = &places->options;
}

static void places_close(struct places *places) {
    hw_store_set_release(&places->set);
    hw_memory_store_free(places->memory);
}

static void a_destination_is_an_object_or_a_folder(void **state) {
    (void)state;
    static const struct {
        const char *text; /* %s: the scratch folder */
        bool several;
        bool folder;
        const char *key; /* without the scratch folder */
        const char *says;
    } rows[] = {
        {"mem://a/b", false, false, "a/b", NULL},
        {"mem://a/b", true, true, "a/b/", NULL},
        {"mem://a/b/", false, true, "a/b/", NULL},
        {"mem://a/b/", true, true, "a/b/", NULL},
        {"mem://", false, true, "", NULL},
        {"mem://", true, true, "", NULL},
        {"s3://bucket", false, true, "", NULL},
        {"s3://bucket/", true, true, "", NULL},
        {"s3://bucket/k", false, false, "k", NULL},
        {"s3://bucket/k", true, true, "k/", NULL},
        {"%sout", false, false, "out", NULL},
        {"%sout", true, true, "out/", NULL},
        {"%sout/", false, true, "out/", NULL},
        {"%sthere", false, true, "there/", NULL},
        {"%sthere/file", false, false, "there/file", NULL},
        {"http://127.0.0.1:1/x", false, false, NULL, "is only read"},
        {"nowhere://a", false, false, NULL, "unknown scheme"},
        {"s3:///k", false, false, NULL, "bucket"},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "there/file", "x", 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_target target = {0};
        struct places places;
        char text[600];
        const size_t cut = rows[i].text[0] == '%' ? strlen(scratch.folder) - 1 : 0;
        places_open(&places);
        snprintf(text, sizeof(text), cut > 0 ? "%s%s" : "%.0s%s", scratch.folder, rows[i].text + (cut > 0 ? 2 : 0));
        assert_row_int(rows[i].text, hw_target_open(&target, text, rows[i].several, &places.set, &err),
                       rows[i].says ? HW_EUSAGE : HW_OK);
        if (rows[i].says) {
            assert_row_says(rows[i].text, err.message, rows[i].says);
            assert_row_text(rows[i].text, err.object, text);
            assert_row_int(rows[i].text, target.key == NULL, true);
        } else {
            assert_row_int(rows[i].text, target.folder, rows[i].folder);
            assert_row_text(rows[i].text, target.key + cut, rows[i].key);
            assert_row_text(rows[i].text, target.text, text);
            /* Links are followed in the folders that the destination names. */
            const char *name = strrchr(target.key, '/');
            assert_row_int(rows[i].text, target.kept_bytes, name ? name + 1 - target.key : 0);
        }
        hw_target_release(&target);
        places_close(&places);
    }
    scratch_remove(&scratch);
}

/* Only a service copies parts. */
static void delta_is_for_services(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool delta;
        enum hw_status want;
    } rows[] = {
        {"s3://bucket/k", true, HW_OK}, {"s3://bucket/k", false, HW_OK}, {"mem://k", true, HW_EUSAGE},
        {"mem://k", false, HW_OK},      {"/k", true, HW_EUSAGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_target target = {0};
        struct places places;
        places_open(&places);
        assert_ok(hw_target_open(&target, rows[i].text, false, &places.set, &err), err);
        assert_row_int(rows[i].text, hw_target_delta_check(&target, rows[i].delta, &err), rows[i].want);
        assert_row_says(rows[i].text, err.message, rows[i].want ? "delta is for destinations on S3" : "");
        assert_row_text(rows[i].text, err.object, rows[i].want ? rows[i].text : "");
        hw_target_release(&target);
        places_close(&places);
    }
}

#define BYTES_16 "0123456789abcdef"
#define BYTES_255                                                                                               \
    BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 BYTES_16 \
        BYTES_16 BYTES_16 BYTES_16 "0123456789abcde"

/* Names that no file may have are refused below a folder; objects of a bucket may have them. */
static void names_of_files_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *says; /* NULL: a file may have it */
    } rows[] = {
        {"a", NULL},
        {"a/b", NULL},
        {"...", NULL},
        {"a/..b/c", NULL},
        {".hidden", NULL},
        {"hawser-x", NULL},
        {"a b+%&?#\"'", NULL},
        {"-rf", NULL},
        {"\xc3\xa9/\xe6\x97\xa5", NULL},
        {"a\nb", NULL},
        {BYTES_255, NULL},
        {"d/" BYTES_255 "/e", NULL},
        {"..", "has the name \".\" or \"..\" in it"},
        {"../x", "has the name \".\" or \"..\" in it"},
        {"a/../../x", "has the name \".\" or \"..\" in it"},
        {"a/..", "has the name \".\" or \"..\" in it"},
        {"./a", "has the name \".\" or \"..\" in it"},
        {"a/./b", "has the name \".\" or \"..\" in it"},
        {"/etc/passwd", "has an empty name"},
        {"a//b", "has an empty name"},
        {"a/", "has an empty name"},
        {"", "has an empty name"},
        {"/", "has an empty name"},
        {BYTES_255 "f", "has a name of more than 255 bytes in it"},
        {"d/" BYTES_255 "f/e", "has a name of more than 255 bytes in it"},
        {".hawser-x", "has the name of a temporary file in it"},
        {"a/.hawser-/b", "has the name of a temporary file in it"},
    };
    struct hw_store files = {.root = "", .files = true};
    struct hw_store bucket = {.root = "s3://b/"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_target folder = {.store = &files, .key = (char[]){"out/"}, .folder = true};
        const struct hw_target prefix = {.store = &bucket, .key = (char[]){"p/"}, .folder = true};
        char want[600];
        char *key = NULL;
        assert_row_int(rows[i].name, hw_target_key(&folder, rows[i].name, &key, &err),
                       rows[i].says ? HW_EUNSUPPORTED : HW_OK);
        snprintf(want, sizeof(want), "out/%s", rows[i].name);
        assert_row_text(rows[i].name, rows[i].says ? err.message : key, rows[i].says ? err.message : want);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].name, key == NULL, rows[i].says != NULL);
        hw_free(key);
        assert_ok(hw_target_key(&prefix, rows[i].name, &key, &err), err);
        snprintf(want, sizeof(want), "p/%s", rows[i].name);
        assert_row_text(rows[i].name, key, want);
        hw_free(key);
    }
}

/* The name of one object is what the user says, whatever the source is called. */
static void one_object_is_called_as_its_destination(void **state) {
    (void)state;
    struct hw_store files = {.root = "", .files = true};
    const struct hw_target target = {.store = &files, .key = (char[]){"../out"}};
    struct hw_error err = HW_ERROR_INIT;
    char *key = NULL;
    assert_ok(hw_target_key(&target, "..", &key, &err), err);
    assert_string_equal(key, "../out");
    hw_free(key);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    struct places places;
    places_open(&places);
    for (; status == HW_ENOMEM && allowed < 50; allowed++) {
        struct hw_target target = {0};
        struct alloc_fault fault;
        char *key = NULL;
        alloc_fault_begin(&fault, allowed);
        status = hw_target_open(&target, "mem://a/", false, &places.set, NULL);
        status = status ? status : hw_target_key(&target, "b", &key, NULL);
        hw_free(key);
        hw_target_release(&target);
        hw_store_set_release(&places.set);
        alloc_fault_end(&fault);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 4);
    places_close(&places);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_destination_is_an_object_or_a_folder),
        cmocka_unit_test(delta_is_for_services),
        cmocka_unit_test(names_of_files_are_checked),
        cmocka_unit_test(one_object_is_called_as_its_destination),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("transfer/target", tests, NULL, NULL);
}

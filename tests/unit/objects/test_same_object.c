/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/same_object.h"

#include <stdlib.h>
#include <unistd.h>

#include <hawser/memory.h>

#include "objects/store_set.h"
#include "support/rows.h"
#include "support/scratch.h"

static struct hw_store *place(struct hw_store_set *set, const char *path, char **out_key) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_location) location = {0};
    struct hw_store *store = NULL;
    assert_ok(hw_location_parse(path, set->options, &location, &err), err);
    assert_ok(hw_store_set_get(set, &location, &store, &err), err);
    *out_key = strdup(location.key);
    return store;
}

static bool same(struct hw_store_set *ones, const char *one, struct hw_store_set *others, const char *other) {
    char *keys[2];
    struct hw_store *one_store = place(ones, one, &keys[0]);
    struct hw_store *other_store = place(others, other, &keys[1]);
    const bool found = hw_same_object(one_store, keys[0], other_store, keys[1]);
    free(keys[0]);
    free(keys[1]);
    return found;
}

/* Two sides, as the two of a copy. */
static void names_of_services_are_compared(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        const char *endpoint_url; /* of the other side */
        bool want;
    } rows[] = {
        {"s3://bucket/k", "s3://bucket/k", "http://127.0.0.1:1", true},
        {"s3://bucket/k", "s3://bucket/k", "http://127.0.0.1:2", false},
        {"s3://bucket/k", "s3://bucket/k", NULL, false},
        {"s3://bucket/k", "s3://bucket/l", "http://127.0.0.1:1", false},
        {"s3://bucket/k", "s3://other/k", "http://127.0.0.1:1", false},
        {"s3://bucket/k", "mem://k", "http://127.0.0.1:1", false},
        {"s3://bucket/k", "k", "http://127.0.0.1:1", false},
        {"mem://k", "mem://k", NULL, true},
        {"mem://k", "mem://l", NULL, false},
        {"mem://k", "k", NULL, false},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory = NULL;
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_store_options one = {
            .endpoint_url = "http://127.0.0.1:1", .no_sign_request = true, .stores = &memory, .stores_count = 1};
        struct hw_store_options other = one;
        other.endpoint_url = rows[i].endpoint_url;
        struct hw_store_set ones = {.options = &one};
        struct hw_store_set others = {.options = &other};
        assert_row_int(rows[i].other, same(&ones, rows[i].one, &others, rows[i].other), rows[i].want);
        hw_store_set_release(&ones);
        hw_store_set_release(&others);
    }
    hw_memory_store_free(memory);
}

static void files_are_the_same_whatever_leads_to_them(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        bool want;
    } rows[] = {
        {"d/a", "d/a", true},  {"d/a", "d/../d/a", true},   {"d/a", "link/a", true},
        {"d/a", "b", true},    {"d/a", "hard", true},       {"b", "link/a", true},
        {"d/a", "d/c", false}, {"d/a", "d/missing", false}, {"missing", "missing", false},
    };
    const struct hw_store_options options = {0};
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "d/a", "x", 1);
    scratch_write(&scratch, "d/c", "x", 1);
    assert_int_equal(symlink("d", scratch_path(&scratch, "link")), 0);
    assert_int_equal(symlink("d/a", scratch_path(&scratch, "b")), 0);
    assert_int_equal(link(scratch_path(&scratch, "d/a"), scratch_path(&scratch, "hard")), 0);
    char before[4096];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(scratch.folder), 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store_set ones = {.options = &options};
        struct hw_store_set others = {.options = &options};
        assert_row_int(rows[i].other, same(&ones, rows[i].one, &others, rows[i].other), rows[i].want);
        /* One of them as an absolute path. */
        const char *path = scratch_path(&scratch, rows[i].other);
        assert_row_int(rows[i].other, same(&ones, rows[i].one, &others, path), rows[i].want);
        hw_store_set_release(&ones);
        hw_store_set_release(&others);
    }
    assert_int_equal(chdir(before), 0);
    scratch_remove(&scratch);
}

/* The name of one folder below the other; NULL: it is not below. */
static const char *below(struct hw_store_set *outers, const char *outer, struct hw_store_set *inners, const char *inner,
                         struct hw_buf *name) {
    char *keys[2];
    struct hw_error err = HW_ERROR_INIT;
    bool found;
    const struct hw_folder one = {place(outers, outer, &keys[0]), keys[0]};
    const struct hw_folder other = {place(inners, inner, &keys[1]), keys[1]};
    assert_ok(hw_folder_below(&one, &other, name, &found, &err), err);
    free(keys[0]);
    free(keys[1]);
    return found ? (const char *)name->data : NULL;
}

static void prefixes_lie_below_each_other(void **state) {
    (void)state;
    static const struct {
        const char *outer, *inner;
        const char *endpoint_url; /* of the other side */
        const char *want;         /* NULL: not below */
    } rows[] = {
        {"mem://p/", "mem://p/q/", NULL, "q/"},
        {"mem://p/", "mem://p/", NULL, ""},
        {"mem://", "mem://p/", NULL, "p/"},
        {"mem://p/q/", "mem://p/", NULL, NULL},
        {"mem://p/", "mem://pq/", NULL, NULL},
        {"s3://bucket/p/", "s3://bucket/p/q/", "http://127.0.0.1:1", "q/"},
        {"s3://bucket/p/", "s3://bucket/p/q/", "http://127.0.0.1:2", NULL},
        {"s3://bucket/p/", "s3://other/p/q/", "http://127.0.0.1:1", NULL},
        {"s3://bucket/p/", "p/q/", "http://127.0.0.1:1", NULL},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory = NULL;
    HW_AUTO(hw_buf) name = {0};
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_store_options one = {
            .endpoint_url = "http://127.0.0.1:1", .no_sign_request = true, .stores = &memory, .stores_count = 1};
        struct hw_store_options other = one;
        other.endpoint_url = rows[i].endpoint_url;
        struct hw_store_set ones = {.options = &one};
        struct hw_store_set others = {.options = &other};
        const char *got = below(&ones, rows[i].outer, &others, rows[i].inner, &name);
        assert_row_text(rows[i].inner, got ? got : "not below", rows[i].want ? rows[i].want : "not below");
        hw_store_set_release(&ones);
        hw_store_set_release(&others);
    }
    hw_memory_store_free(memory);
}

static void folders_lie_below_each_other_whatever_leads_to_them(void **state) {
    (void)state;
    static const struct {
        const char *outer, *inner;
        const char *want; /* NULL: not below */
    } rows[] = {
        {"d/", "d/e/", "e/"},      {"d/", "d/", ""},           {"d/", "link/", ""},
        {"link/", "d/e/", "e/"},   {"d/", "link/e/", "e/"},    {"d/", "d/new/er/", "new/er/"},
        {"d/e/", "d/", NULL},      {"d/", "de/", NULL},        {"", "d/", "d/"},
        {"d/", "e/../d/e/", NULL}, {"d/", "de/../d/e/", "e/"}, {"missing/", "missing/x/", "x/"},
    };
    const struct hw_store_options options = {0};
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) name = {0};
    char before[4096];
    scratch_write(&scratch, "d/e/a", "x", 1);
    scratch_write(&scratch, "de/a", "x", 1);
    assert_int_equal(symlink("d", scratch_path(&scratch, "link")), 0);
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(scratch.folder), 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store_set ones = {.options = &options};
        struct hw_store_set others = {.options = &options};
        const char *outer = rows[i].outer[0] ? rows[i].outer : scratch.folder;
        const char *want = rows[i].want ? rows[i].want : "not below";
        const char *got = below(&ones, outer, &others, rows[i].inner, &name);
        assert_row_text(rows[i].inner, got ? got : "not below", want);
        /* One of them as an absolute path. */
        got = below(&ones, outer, &others, scratch_path(&scratch, rows[i].inner), &name);
        assert_row_text(rows[i].inner, got ? got : "not below", want);
        hw_store_set_release(&ones);
        hw_store_set_release(&others);
    }
    assert_int_equal(chdir(before), 0);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_services_are_compared),
        cmocka_unit_test(files_are_the_same_whatever_leads_to_them),
        cmocka_unit_test(prefixes_lie_below_each_other),
        cmocka_unit_test(folders_lie_below_each_other_whatever_leads_to_them),
    };
    return cmocka_run_group_tests_name("objects/same_object", tests, NULL, NULL);
}

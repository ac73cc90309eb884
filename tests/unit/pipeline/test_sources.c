/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/sources.h"

#include <hawser/memory.h>
#include <stdio.h>

#include "core/buf.h"
#include "support/rows.h"

static void any_source_may_be_the_remote_one(void **state) {
    (void)state;
    struct hw_store local = {.remote = false};
    struct hw_store remote = {.remote = true};
    struct {
        const char *name;
        struct hw_store *sources[2]; /* NULL: standard input */
        size_t count;
        bool want;
    } rows[] = {
        {"all local", {&local, &local}, 2, false},
        {"the first source", {&remote, &local}, 2, true},
        {"the last source", {&local, &remote}, 2, true},
        {"standard input first", {NULL, &remote}, 2, true},
        {"standard input", {NULL}, 1, false},
        {"no sources", {NULL}, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_source_place places[2] = {{.store = rows[i].sources[0]}, {.store = rows[i].sources[1]}};
        const struct hw_sources sources = {.places = places, .count = rows[i].count};
        assert_row_int(rows[i].name, hw_sources_remote(&sources), rows[i].want);
    }
}

static enum hw_status place_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                  struct hw_error *err) {
    (void)err;
    assert_string_equal(info->key, "rows");
    assert_string_equal(info->etag, "");
    assert_int_equal(info->size, 0);
    *(const struct hw_source_place **)ctx = place;
    return HW_OK;
}

static void a_stream_is_one_source(void **state) {
    (void)state;
    struct hw_batch_stream stream = {0};
    struct hw_sources sources = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_source_place *found = NULL;
    const struct hw_sources_listener listener = {.ctx = &found, .found = place_found};
    assert_ok(hw_sources_open_batches(&sources, &stream, "rows", &err), err);
    assert_int_equal(sources.count, 1);
    assert_false(sources.several);
    assert_false(hw_sources_remote(&sources));
    assert_ok(hw_sources_list(&sources, &listener, &err), err);
    assert_ptr_equal(found->batches, &stream);
    assert_null(found->store);
    assert_string_equal(found->base, "rows");
    hw_sources_release(&sources);
}

static void a_source_must_be_named(void **state) {
    (void)state;
    struct hw_sources sources = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_sources_open(&sources, NULL, 0, &(struct hw_convert_options){0}, &err), HW_EUSAGE);
    assert_string_equal(err.message, "no source is named");
    hw_sources_release(&sources);
}

/* What is found, with what outputs keep of a key, each with a space behind it. */
struct found {
    struct hw_buf text;
    char missing[256];
};

static enum hw_status found_add(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                struct hw_error *err) {
    return hw_buf_printf(&((struct found *)ctx)->text, err, "%s ", info->key + place->base_at);
}

static enum hw_status missing_keep(void *ctx, const struct hw_error *error, struct hw_error *err) {
    struct found *found = ctx;
    (void)err;
    snprintf(found->missing, sizeof(found->missing), "%.100s: %.140s", error->object, error->message);
    return HW_OK;
}

/* The program's own store has all that a folder or a bucket has. */
static void sources_find_objects(void **state) {
    (void)state;
    static const char *const keys[] = {"raw/a.csv",     "raw/b.txt",       "raw/c.pdf",   "raw/_d.csv",
                                       "raw/x/e.csv",   "raw/x/y/f.CSV",   "raw/[1].csv", "raw/1.csv",
                                       "raw/[x]/g.csv", "raw/x/.git/h.csv"};
    static const struct {
        const char *name;
        const char *sources[2];
        const char *want;
        const char *missing; /* "": nothing is */
        uint64_t junk, texts;
        bool all;
    } rows[] = {
        {"a folder", {"mem://raw/"}, "1.csv [1].csv [x]/g.csv a.csv x/e.csv x/y/f.CSV ", "", 2, 1, false},
        {"all of it",
         {"mem://raw/"},
         "1.csv [1].csv [x]/g.csv _d.csv a.csv b.txt x/.git/h.csv x/e.csv x/y/f.CSV ",
         "",
         0,
         0,
         true},
        {"an object", {"mem://raw/_d.csv"}, "_d.csv ", "", 0, 0, false},
        {"a glob", {"mem://raw/*.csv"}, "1.csv [1].csv _d.csv a.csv ", "", 0, 0, false},
        {"a glob of texts", {"mem://raw/*.txt"}, "b.txt ", "", 0, 0, false},
        {"through folders", {"mem://raw/**/*.csv"}, "1.csv [1].csv [x]/g.csv _d.csv a.csv x/e.csv ", "", 0, 0, false},
        {"alternatives", {"mem://raw/{x/e,a}.csv"}, "a.csv x/e.csv ", "", 0, 0, false},
        {"a name that could be a glob", {"mem://raw/[1].csv"}, "[1].csv ", "", 0, 0, false},
        {"a folder that could be a glob", {"mem://raw/[x]/"}, "g.csv ", "", 0, 0, false},
        {"a glob of folders", {"mem://raw/[xz]/"}, "x/e.csv x/y/f.CSV ", "", 1, 0, false},
        {"an escape", {"mem://raw/\\[x\\]/*"}, "g.csv ", "", 0, 0, false},
        {"nothing but escapes", {"mem://raw/a\\.csv"}, "a.csv ", "", 0, 0, false},
        {"two", {"mem://raw/a.csv", "mem://raw/x/"}, "a.csv e.csv y/f.CSV ", "", 1, 0, false},
        {"none", {"mem://raw/z*"}, "", "mem://raw/z*: found no objects", 0, 0, false},
        {"no such folder", {"mem://none/"}, "", "mem://none/: found no objects", 0, 0, false},
        {"a folder of junk", {"mem://raw/x/"}, "e.csv y/f.CSV ", "", 1, 0, false},
    };
    struct hw_store *store = NULL;
    struct hw_error none = HW_ERROR_INIT;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &none), none);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_ok(hw_memory_store_put(store, keys[i], "a\n", 2, &none), none);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_sources sources = {0};
        struct hw_left_out left_out = {0};
        struct found found = {0};
        const struct hw_convert_options options = {.all_files = rows[i].all,
                                                   .source_store = {.stores = &store, .stores_count = 1}};
        const struct hw_sources_listener listener = {&found, found_add, missing_keep, &left_out};
        const size_t count = rows[i].sources[1] ? 2 : 1;
        assert_ok(hw_sources_open(&sources, rows[i].sources, count, &options, &err), err);
        assert_ok(hw_sources_list(&sources, &listener, &err), err);
        assert_row_bytes(rows[i].name, found.text.data, found.text.size, rows[i].want, strlen(rows[i].want));
        assert_row_text(rows[i].name, found.missing, rows[i].missing);
        assert_row_int(rows[i].name, left_out.junk, rows[i].junk);
        assert_row_int(rows[i].name, left_out.texts, rows[i].texts);
        hw_buf_release(&found.text);
        hw_sources_release(&sources);
    }
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_source_may_be_the_remote_one),
        cmocka_unit_test(a_stream_is_one_source),
        cmocka_unit_test(a_source_must_be_named),
        cmocka_unit_test(sources_find_objects),
    };
    return cmocka_run_group_tests_name("pipeline/sources", tests, NULL, NULL);
}

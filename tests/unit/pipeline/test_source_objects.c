/* SPDX-License-Identifier: Apache-2.0 */
/* A source of the plan as it is opened: whether it still is the version that the plan has found. */
#include "pipeline/source_objects.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/memory_io.h"
#include "support/rows.h"

/* A store of one object, in memory, that remembers what it was told of it. */
struct shelf {
    struct hw_store base;
    struct memory_source source;
    struct hw_source_ops ops;
    bool refuses;
    size_t opened, closed;
    struct hw_object_info known;
};

static struct shelf *current; /* A source knows no store. */

static void shelf_source_close(struct hw_source *source) {
    (void)source;
    current->closed++;
}

static enum hw_status shelf_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                 struct hw_source **out_source, struct hw_error *err) {
    struct shelf *shelf = (struct shelf *)store;
    assert_string_equal(key, "a.csv");
    if (shelf->refuses) {
        return hw_fail(err, HW_ENOTFOUND, "no such object");
    }
    shelf->opened++;
    shelf->known = *known;
    *out_source = &shelf->source.base;
    return HW_OK;
}

static void shelf_make(struct shelf *shelf, hw_view bytes) {
    static const struct hw_store_ops ops = {.source_open = shelf_open};
    *shelf = (struct shelf){.base = {.ops = &ops, .root = "shelf/"}, .source = memory_source(bytes, 0)};
    shelf->ops = *shelf->source.base.ops;
    shelf->ops.close = shelf_source_close;
    shelf->source.base.ops = &shelf->ops;
    current = shelf;
}

/*
 * A version is what the plan has found: the ETag where both have one, else the time; and the size
 * in any case.
 */
static void a_pinned_object_is_the_version_of_the_plan(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool remote;
        const char *planned_etag, *etag;
        uint64_t planned_bytes; /* it has 4 */
        int64_t planned_us, us; /* of the last change */
        bool same;
    } rows[] = {
        {"the same ETag", true, "\"x\"", "\"x\"", 4, 0, 0, true},
        {"another ETag", true, "\"x\"", "\"y\"", 4, 0, 0, false},
        {"the same ETag, whatever the time", true, "\"x\"", "\"x\"", 4, 1000000, 5000000, true},
        {"another ETag at the same time", true, "\"x\"", "\"y\"", 4, 1000000, 1000000, false},
        {"the same ETag, another size", true, "\"x\"", "\"x\"", 5, 0, 0, false},
        {"no ETag in the plan, the same time", true, "", "\"y\"", 4, 1000000, 1000000, true},
        {"no ETag at the object, the same time", true, "\"x\"", "", 4, 1000000, 1000000, true},
        {"remote, the same second", true, "", "", 4, 1000000, 1999999, true},
        {"remote, the next second", true, "", "", 4, 1000000, 2000000, false},
        {"remote, another size", true, "", "", 3, 1000000, 1000000, false},
        {"remote, a size that the server told only at the end", true, "", "", 0, 0, 0, true},
        {"remote, such a size and another ETag", true, "\"x\"", "\"y\"", 0, 0, 0, false},
        {"local, no size is none that is not known", false, "", "", 0, 0, 0, false},
        {"local, the same time", false, "", "", 4, 1000001, 1000001, true},
        {"local, another microsecond", false, "", "", 4, 1000000, 1000001, false},
        {"local, another size", false, "", "", 3, 1000000, 1000000, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int pinned = 0; pinned < 3; pinned++) {
            struct hw_error err = HW_ERROR_INIT;
            struct hw_source *source = NULL;
            struct hw_source_objects objects;
            const struct hw_convert_options options = {.one_schema = pinned == 2};
            struct shelf shelf;
            shelf_make(&shelf, HW_VIEW("text"));
            shelf.source.base.remote = rows[i].remote;
            shelf.source.base.etag = rows[i].etag;
            shelf.source.base.mtime_us = rows[i].us;
            const struct hw_plan_object other = {.store = &shelf.base, .name = "shelf/b.csv", .etag = "\"b\""};
            const struct hw_plan_object planned = {
                .store = &shelf.base,
                .key = "a.csv",
                .name = "shelf/a.csv",
                .bytes = rows[i].planned_bytes,
                .mtime_us = rows[i].planned_us,
                .etag = rows[i].planned_etag,
            };
            HW_AUTO(hw_object_list) list = {0};
            assert_ok(hw_object_list_add(&list, &other, &err), err);
            assert_ok(hw_object_list_add(&list, &planned, &err), err);
            const size_t number = pinned == 1;
            const bool merged = pinned == 1;
            hw_source_objects_init(&objects, &options, merged ? NULL : &planned, merged ? &list : NULL);
            assert_row_int(rows[i].name, objects.base.count, merged ? 2 : 1);
            /* what is opened once may be any version */
            const bool want = rows[i].same || pinned == 0;
            assert_row_text(rows[i].name, objects.base.ops->name(&objects.base, number), "shelf/a.csv");
            assert_row_int(rows[i].name, objects.base.ops->once(&objects.base, number), false);
            assert_row_int(rows[i].name, objects.base.ops->open(&objects.base, number, &source, &err),
                           want ? HW_OK : HW_ECHANGED);
            assert_row_says(rows[i].name, err.message, want ? "" : "the object was changed while it was read");
            assert_row_int(rows[i].name, source == &shelf.source.base, want);
            /* what is not handed out is closed */
            assert_row_int(rows[i].name, shelf.closed, !want);
            assert_row_text(rows[i].name, shelf.known.key, "a.csv");
            assert_row_text(rows[i].name, shelf.known.etag, rows[i].planned_etag);
            assert_row_int(rows[i].name, shelf.known.size, rows[i].planned_bytes);
            assert_row_int(rows[i].name, shelf.known.mtime_us, rows[i].planned_us);
        }
    }
}

static void a_store_may_refuse(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_source *source = NULL;
    struct hw_source_objects objects;
    const struct hw_convert_options options = {0};
    struct shelf shelf;
    shelf_make(&shelf, HW_VIEW("text"));
    shelf.refuses = true;
    const struct hw_plan_object planned = {.store = &shelf.base, .key = "a.csv", .name = "a.csv", .etag = ""};
    hw_source_objects_init(&objects, &options, &planned, NULL);
    assert_int_equal(objects.base.ops->open(&objects.base, 0, &source, &err), HW_ENOTFOUND);
    assert_string_equal(err.message, "no such object");
    assert_int_equal(objects.base.ops->open(&objects.base, 0, &source, NULL), HW_ENOTFOUND);
    assert_null(source);
    assert_int_equal(shelf.closed, 0);
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

/* Standard input is no version of anything: it comes once, and is kept. */
static void standard_input_comes_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool stopped;
        bool folder; /* nothing can be read of one */
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"it comes", false, false, HW_OK, ""},
        {"stopped", true, false, HW_ECANCELLED, "stopped"},
        {"it cannot be read", false, true, HW_EIO, "cannot read"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int ends[2];
        char text[4];
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source = NULL;
        struct hw_source_objects objects;
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], "text", 4), 4);
        close(ends[1]);
        if (rows[i].folder) {
            close(ends[0]);
            ends[0] = open("/", O_RDONLY | O_DIRECTORY);
        }
        const struct hw_convert_options options = {.input_fd = ends[0], .cancelled = rows[i].stopped ? always : NULL};
        const struct hw_plan_object planned = {.name = "-", .etag = "", .bytes = 7};
        HW_AUTO(hw_object_list) list = {0};
        assert_ok(hw_object_list_add(&list, &planned, &err), err);
        hw_source_objects_init(&objects, &options, NULL, &list);
        assert_row_int(rows[i].name, objects.base.ops->once(&objects.base, 0), true);
        assert_row_int(rows[i].name, objects.base.ops->open(&objects.base, 0, &source, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (source) {
            assert_ok(source->ops->read_at(source, 0, text, 4, &err), err);
            assert_memory_equal(text, "text", 4);
            assert_int_equal(source->size, 4);
            source->ops->close(source);
        }
        close(ends[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pinned_object_is_the_version_of_the_plan),
        cmocka_unit_test(a_store_may_refuse),
        cmocka_unit_test(standard_input_comes_once),
    };
    return cmocka_run_group_tests_name("pipeline/source_objects", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "core/buf.h"
#include "support/memory_io.h"
#include "support/rows.h"

/* A store that has one object in memory and takes one. */
struct memory_store {
    struct hw_store base;
    struct memory_source source;
    struct memory_sink sink;
    struct hw_sink_options options;
    int closes;
};

static struct memory_store *opened;

static void count_close(struct hw_source *source) {
    (void)source;
    opened->closes++;
}

static enum hw_status memory_open(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                  struct hw_source **out_source, struct hw_error *err) {
    struct memory_store *store = (struct memory_store *)base;
    static struct hw_source_ops ops;
    (void)known;
    if (strcmp(key, "there") != 0) {
        return hw_fail(err, HW_ENOTFOUND, "no such key");
    }
    opened = store;
    ops = *store->source.base.ops;
    ops.close = count_close;
    store->source.base.ops = &ops;
    *out_source = &store->source.base;
    return HW_OK;
}

static enum hw_status memory_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                       struct hw_sink **out_sink, struct hw_error *err) {
    struct memory_store *store = (struct memory_store *)base;
    if (strcmp(key, "there") != 0) {
        return hw_fail(err, HW_EIO, "no such folder");
    }
    store->options = *options;
    *out_sink = &store->sink.base;
    return HW_OK;
}

static const struct hw_store_ops memory_ops = {.source_open = memory_open, .sink_open = memory_sink_open};

static void read_all_takes_up_to_the_limit(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
        hw_view bytes;
        size_t limit;
        int fail_on_read;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"all of it", "there", HW_VIEW_INIT("abc"), 3, 0, HW_OK, ""},
        {"empty", "there", HW_VIEW_INIT(""), 0, 0, HW_OK, ""},
        {"beyond the limit", "there", HW_VIEW_INIT("abc"), 2, 0, HW_ELIMIT,
         "3 bytes are more than the 2 that are read at once"},
        {"not there", "gone", HW_VIEW_INIT("abc"), 3, 0, HW_ENOTFOUND, "no such key"},
        {"read fails", "there", HW_VIEW_INIT("abc"), 3, 1, HW_EIO, "injected"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_store store = {.base = {.ops = &memory_ops},
                                     .source = memory_source(rows[i].bytes, rows[i].fail_on_read)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {.limit = 77};
        assert_int_equal(hw_buf_append_text(&out, "old", &err), HW_OK);
        hw_view want = rows[i].want == HW_OK ? rows[i].bytes : HW_VIEW("old");

        assert_row_int(rows[i].name, hw_store_read_all(&store.base, rows[i].key, rows[i].limit, &out, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_bytes(rows[i].name, out.data, out.size, want.data, want.size);
        assert_row_int(rows[i].name, out.limit, 77);
        assert_row_int(rows[i].name, store.closes, rows[i].want != HW_ENOTFOUND);
    }
}

static void write_all_publishes_or_aborts(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
        int fail_on_write;
        enum hw_status want;
        bool finished;
    } rows[] = {
        {"published", "there", 0, HW_OK, true},
        {"write fails", "there", 1, HW_EIO, false},
        {"cannot open", "gone", 0, HW_EIO, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_store store = {.base = {.ops = &memory_ops}, .sink = memory_sink(rows[i].fail_on_write)};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_store_write_all(&store.base, rows[i].key, "text/plain", "abc", 3, &err),
                       rows[i].want);
        assert_row_int(rows[i].name, store.sink.finished, rows[i].finished);
        assert_row_int(rows[i].name, store.sink.freed, strcmp(rows[i].key, "there") == 0);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, store.sink.bytes.data, store.sink.bytes.size, "abc", 3);
            assert_row_text(rows[i].name, store.options.content_type, "text/plain");
            assert_row_int(rows[i].name, store.options.size_hint, 3);
        }
        hw_buf_release(&store.sink.bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_all_takes_up_to_the_limit),
        cmocka_unit_test(write_all_publishes_or_aborts),
    };
    return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}

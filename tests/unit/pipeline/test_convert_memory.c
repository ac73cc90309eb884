/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole runs in little memory: what waits, what is refused, and that all else is as with plenty of
 * memory.
 */
#include <hawser/convert.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "conversions.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "zip_write.h"

enum { OBJECTS = 6, PLENTY_MIB = 2048 };

/* What a run told of its objects. */
struct told {
    size_t converted, failed, restarted;
    struct hw_convert_result result;
    struct hw_error err;
    struct hw_error object_err; /* of the last one that failed */
    atomic_int *stop;           /* not 0: the run is to end. NULL: it is not */
};

static void object_told(void *ctx, const struct hw_convert_object *object) {
    struct told *told = ctx;
    told->converted += object->outcome == HW_CONVERTED;
    told->failed += object->outcome == HW_CONVERT_FAILED;
    told->restarted += object->restarted;
    told->object_err = object->error ? *object->error : told->object_err;
}

static bool told_stop(void *ctx) {
    const struct told *told = ctx;
    return told->stop && atomic_load(told->stop) != 0;
}

/* Converts what is in in/ to CSV in `out`. */
static enum hw_status run(const struct scratch *scratch, const char *out, struct hw_convert_options options,
                          struct told *told) {
    char source[1024];
    const char *const sources[] = {source};
    snprintf(source, sizeof(source), "%sin/", scratch->folder);
    told->err = told->object_err = (struct hw_error)HW_ERROR_INIT;
    options.formats = options.formats ? options.formats : HW_FORMAT_CSV;
    options.on_object = object_told;
    options.cancelled = told_stop;
    options.ctx = told;
    return hw_convert(sources, 1, scratch_path(scratch, out), &options, &told->result, &told->err);
}

/* Compares an output of a run with that of the run in plenty of memory. */
static void same_as_with_plenty(const struct scratch *scratch, const char *row, const char *name) {
    HW_AUTO(hw_buf) plenty = {0};
    HW_AUTO(hw_buf) little = {0};
    char path[128];
    snprintf(path, sizeof(path), "plenty/%s", name);
    assert_row_int(row, corpus_read(scratch_path(scratch, path), &plenty), true);
    snprintf(path, sizeof(path), "little/%s", name);
    assert_row_int(row, corpus_read(scratch_path(scratch, path), &little), true);
    assert_row_int(row, plenty.size > 0, true);
    assert_row_bytes(row, little.data, little.size, plenty.data, plenty.size);
}

/* `rows` rows that CSV writes as they are. */
static void rows_fill(struct hw_buf *text, size_t rows, uint64_t seed) {
    char line[64];
    assert_int_equal(hw_buf_append_text(text, "id,name\n", NULL), HW_OK);
    for (size_t i = 0; i < rows; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        snprintf(line, sizeof(line), "%zu,word %" PRIu64 "\n", i, seed >> 40);
        assert_int_equal(hw_buf_append_text(text, line, NULL), HW_OK);
    }
}

/*
 * A zstd file whose frame asks for a window of 2 to the power of `window_log`, however short it is.
 */
static void zstd_write(const struct scratch *scratch, const char *name, int window_log, hw_view text) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    HW_AUTO(hw_buf) packed = {0};
    ZSTD_outBuffer out;
    ZSTD_inBuffer in = {text.data, text.size, 0};
    assert_int_equal(hw_buf_reserve(&packed, ZSTD_compressBound(text.size), NULL), HW_OK);
    out = (ZSTD_outBuffer){packed.data, ZSTD_compressBound(text.size), 0};
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    /* The size is not known to the encoder, so the frame tells the window that was asked for. */
    assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush)));
    assert_int_equal(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0);
    scratch_write(scratch, name, packed.data, out.pos);
    ZSTD_freeCCtx(context);
}

static void objects_write(const struct scratch *scratch, int window_log) {
    char name[32];
    for (size_t i = 0; i < OBJECTS; i++) {
        HW_AUTO(hw_buf) text = {0};
        rows_fill(&text, 3000 + i, i + 1);
        snprintf(name, sizeof(name), "in/%zu.csv.zst", i);
        zstd_write(scratch, name, window_log, hw_buf_view(&text));
    }
}

static void objects_wait_for_memory(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int window_log;
        struct hw_convert_options options;
    } rows[] = {
        {"windows of 16 MiB, jobs as usual", 24, {.memory_bytes = HW_MIB(64), .threads = 3}},
        {"windows of 32 MiB, of which one fits", 25, {.memory_bytes = HW_MIB(64), .threads = 4, .jobs = 6}},
        {"windows of 16 MiB, many jobs", 24, {.memory_bytes = HW_MIB(64), .threads = 4, .jobs = 64}},
        {"small windows, least memory", 17, {.memory_bytes = HW_MIB(16), .threads = 4, .jobs = 64}},
        {"the least that the window needs", 17, {.memory_bytes = HW_MIB(14), .threads = 4, .jobs = 64}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct told told = {0};
        char name[32];
        objects_write(&scratch, rows[i].window_log);
        const struct hw_convert_options plenty = {.memory_bytes = HW_MIB(PLENTY_MIB), .threads = 2};
        assert_ok(run(&scratch, "plenty/", plenty, &told), told.err);
        told = (struct told){0};
        assert_ok(run(&scratch, "little/", rows[i].options, &told), told.err);
        assert_row_int(rows[i].name, told.converted, OBJECTS);
        for (size_t k = 0; k < OBJECTS; k++) {
            snprintf(name, sizeof(name), "%zu.csv", k);
            same_as_with_plenty(&scratch, rows[i].name, name);
        }
        scratch_remove(&scratch);
    }
}

static void what_never_fits_fails_alone(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    rows_fill(&text, 1000, 1);
    for (uint32_t threads = 1; threads <= 4; threads += 3) {
        struct scratch scratch = scratch_make();
        struct told told = {0};
        objects_write(&scratch, 17);
        zstd_write(&scratch, "in/3b.csv.zst", 27, hw_buf_view(&text));
        assert_int_equal(run(&scratch, "little/",
                             (struct hw_convert_options){.memory_bytes = HW_MIB(64), .threads = threads}, &told),
                         HW_EPARTIAL);
        assert_int_equal(told.converted, OBJECTS);
        assert_int_equal(told.failed, 1);
        assert_int_equal(told.object_err.status, HW_ELIMIT);
        assert_non_null(strstr(told.object_err.object, "3b.csv.zst"));
        assert_non_null(strstr(told.object_err.message, "a window of 128 MiB to unpack it"));
        const char *give = strstr(told.object_err.message, "give --memory ");
        assert_non_null(give);
        uint64_t mib = strtoull(give + strlen("give --memory "), NULL, 10);
        told = (struct told){0};
        assert_ok(run(&scratch, "little/", (struct hw_convert_options){.memory_bytes = HW_MIB(mib), .threads = threads},
                      &told),
                  told.err);
        assert_true(scratch_holds(&scratch, "little/3b.csv", text.data, text.size));
        scratch_remove(&scratch);
    }
}

/* ------ long records */

/* Counts what is allocated, from any thread. */
struct counter {
    atomic_size_t now, most;
};

static void *counter_resize(void *ctx, void *block, size_t bytes) {
    struct counter *counter = ctx;
    const size_t before = malloc_usable_size(block);
    void *fresh = NULL;
    if (bytes == 0) {
        free(block);
    } else if (!(fresh = realloc(block, bytes))) {
        return NULL;
    }
    const size_t after = malloc_usable_size(fresh);
    const size_t now = atomic_fetch_add(&counter->now, after - before) + after - before;
    for (size_t most = atomic_load(&counter->most); now > most;) {
        if (atomic_compare_exchange_weak(&counter->most, &most, now)) {
            break;
        }
    }
    return fresh;
}

/*
 * Short rows, then records of `bytes`; where that is wanted, a value behind the second widens a
 * column of numbers.
 */
static void long_fill(struct hw_buf *text, size_t bytes, size_t count, bool widens) {
    char *field = malloc(bytes + 1);
    for (size_t i = 0; i < bytes; i++) {
        field[i] = (char)('a' + i * 7 % 13);
    }
    field[bytes] = '\0';
    rows_fill(text, 20000, bytes);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hw_buf_append_text(text, "7,", NULL), HW_OK);
        assert_int_equal(hw_buf_append(text, field, bytes - i, NULL), HW_OK);
        assert_int_equal(hw_buf_append_text(text, widens && i == 1 ? "\nx,widens\n" : "\n8,short\n", NULL), HW_OK);
    }
    free(field);
}

/* Writes the text to in/a.csv, in/b.csv and so on, or packed. */
static void long_write(const struct scratch *scratch, size_t objects, bool packed, hw_view text) {
    for (size_t i = 0; i < objects; i++) {
        char name[32];
        snprintf(name, sizeof(name), "in/%c.csv%s", 'a' + (int)i, packed ? ".gz" : "");
        if (packed) {
            packed_write(scratch, name, HW_CODEC_GZIP, text);
        } else {
            scratch_write(scratch, name, text.data, text.size);
        }
    }
}

static void long_check(const struct scratch *scratch, const char *row, size_t objects, hw_view text) {
    for (size_t i = 0; i < objects; i++) {
        char name[32];
        snprintf(name, sizeof(name), "little/%c.csv", 'a' + (int)i);
        assert_row_int(row, scratch_holds(scratch, name, text.data, text.size), true);
    }
}

/*
 * In 64 MiB a record of one format has 64 / 10 = 6.4 MiB, which workers share: half, a third, a
 * quarter of that.
 */
static void long_records_come_right(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes, count;
        bool packed, widens;
        uint64_t row_group_bytes;
        size_t objects;
    } rows[] = {
        {"plain", 3 << 20, 6, false, false, HW_KIB(512), 1},
        {"plain, widens", 3 << 20, 6, false, true, HW_KIB(512), 1},
        {"plain, whole row groups", 3 << 20, 6, false, false, 0, 1},
        {"plain, just within", (6 << 20) + (300 << 10), 3, false, false, HW_MIB(1), 1},
        {"gzip", 3 << 20, 6, true, false, HW_KIB(512), 1},
        {"gzip, widens", 3 << 20, 6, true, true, 0, 1},
        {"gzip, just within", (6 << 20) + (300 << 10), 3, true, false, 0, 1},
        {"plain, several objects", 3 << 20, 3, false, false, 0, 4},
        {"gzip, several objects", (6 << 20) + (300 << 10), 3, true, false, 0, 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) text = {0};
        struct scratch scratch = scratch_make();
        long_fill(&text, rows[i].bytes, rows[i].count, rows[i].widens);
        long_write(&scratch, rows[i].objects, rows[i].packed, hw_buf_view(&text));
        for (uint32_t threads = 1; threads <= 4; threads += threads) {
            struct told told = {0};
            char name[64];
            snprintf(name, sizeof(name), "%s, %u threads", rows[i].name, threads);
            const struct hw_convert_options little = {.memory_bytes = HW_MIB(64),
                                                      .threads = threads,
                                                      .overwrite = HW_OVERWRITE_REPLACE,
                                                      .row_group_bytes = rows[i].row_group_bytes};
            struct counter counter = {0};
            hw_allocator_set(&(struct hw_allocator){counter_resize, &counter});
            assert_ok(run(&scratch, "little/", little, &told), told.err);
            hw_allocator_set(NULL);
            /*
             * Streams also keep the text in which a record's end is looked for: that is within what
             * the program may have.
             */
            assert_row_int(name, atomic_load(&counter.most) <= HW_MIB(rows[i].packed ? 64 + 32 : 64), true);
            assert_row_int(name, told.restarted, rows[i].widens ? rows[i].objects : 0);
            long_check(&scratch, name, rows[i].objects, hw_buf_view(&text));
        }
        scratch_remove(&scratch);
    }
}

/* Its line and its offset are told, and bad rows that are rejected do not make it a reject. */
static void too_long_a_record_is_told_of(void **state) {
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        HW_AUTO(hw_buf) text = {0};
        struct scratch scratch = scratch_make();
        struct told told = {0};
        char name[64];
        const bool packed = i & 1;
        snprintf(name, sizeof(name), "%s, %s, %u threads", packed ? "gzip" : "plain", i & 2 ? "reject" : "fail",
                 i & 4 ? 4 : 1);
        rows_fill(&text, 300000, 1); /* beyond what is looked at first */
        const size_t offset = text.size;
        long_fill(&text, 7 << 20, 1, false);
        const size_t head = strlen("id,name\n");
        memmove(text.data + offset, text.data + offset + head, text.size - offset - head);
        text.size -= head;
        long_write(&scratch, 1, packed, hw_buf_view(&text));
        const struct hw_convert_options little = {
            .memory_bytes = HW_MIB(64), .threads = i & 4 ? 4 : 1, .csv = {.bad_rows_reject = (i & 2) != 0}};
        assert_row_int(name, run(&scratch, "little/", little, &told), HW_ELIMIT);
        assert_row_says(name, told.object_err.message, "a record is longer than 6 MiB, the most that --memory allows");
        assert_row_int(name, told.object_err.line, 1 + 300000 + 20000 + 1);
        assert_row_int(name, told.object_err.offset, text.size - strlen("\n8,short\n") - (7 << 20) - 2);
        assert_row_int(name, strstr(scratch_names(&scratch), "little/a") == NULL, true);
        scratch_remove(&scratch);
    }
}

/* ------ footers */

/* A footer of Parquet keeps facts of each column of each row group until the file ends. */
static void a_footer_that_grows_too_large_is_told_of(void **state) {
    (void)state;
    enum { COLUMNS = 100, ROWS = 400 };
    struct scratch scratch = scratch_make();
    struct told told = {0};
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i <= ROWS; i++) {
        for (size_t k = 0; k < COLUMNS; k++) {
            char field[32];
            snprintf(field, sizeof(field), "%s%zu%s", i > 0 ? "" : "c", i * k + 1, k + 1 < COLUMNS ? "," : "\n");
            assert_int_equal(hw_buf_append_text(&text, field, NULL), HW_OK);
        }
    }
    scratch_write(&scratch, "in/a.csv", text.data, text.size);
    struct hw_convert_options options = {
        .memory_bytes = 1, .threads = 2, .row_group_bytes = 300, .formats = HW_FORMAT_PARQUET};
    assert_int_equal(run(&scratch, "little/", options, &told), HW_ELIMIT);
    assert_non_null(strstr(told.object_err.message, "what the footer says of the row groups so far takes 1 MiB"));
    assert_non_null(strstr(told.object_err.message, "give more memory, larger row groups, or a --max-file-bytes"));
    options.row_group_bytes = 0;
    assert_ok(run(&scratch, "little/", options, &told), told.err);
    options = (struct hw_convert_options){.memory_bytes = HW_MIB(PLENTY_MIB),
                                          .row_group_bytes = 300,
                                          .formats = HW_FORMAT_PARQUET,
                                          .overwrite = HW_OVERWRITE_REPLACE};
    assert_ok(run(&scratch, "little/", options, &told), told.err);
    assert_int_equal(told.result.rows_out, ROWS);
    scratch_remove(&scratch);
}

/* ------ members */

/*
 * Members that are put off until there is memory do not meet their own names when they begin again.
 */
static void members_that_wait_are_done(void **state) {
    (void)state;
    static const char *const members[] = {"a.csv", "b.csv", "c.csv", "d/e.csv", NULL};
    struct scratch scratch = scratch_make();
    struct told told = {0};
    HW_AUTO(hw_buf) text = {0};
    rows_fill(&text, 60000, 3);
    char name[64];
    for (size_t i = 0; i < OBJECTS; i++) {
        snprintf(name, sizeof(name), "in/%zu.zip", i);
        zip_write(&scratch, name, members, hw_buf_view(&text));
    }
    const struct hw_convert_options little = {.memory_bytes = HW_MIB(20), .threads = 4, .jobs = 64};
    assert_ok(run(&scratch, "little/", little, &told), told.err);
    assert_int_equal(told.converted, OBJECTS * 4);
    for (size_t i = 0; i < OBJECTS; i++) {
        for (size_t k = 0; members[k]; k++) {
            snprintf(name, sizeof(name), "little/%zu/%s", i, members[k]);
            assert_row_int(name, scratch_holds(&scratch, name, text.data, text.size), true);
        }
    }
    scratch_remove(&scratch);
}

/* ------ a stop */

struct stopping {
    atomic_int stop;
    unsigned after_ms;
};

static void *stop_later(void *arg) {
    struct stopping *stopping = arg;
    hw_clock_sleep_ms(stopping->after_ms);
    atomic_store(&stopping->stop, 1);
    return NULL;
}

/*
 * Some objects are in work and the others wait for memory: all of that ends soon, and leaves
 * nothing.
 */
static void a_stop_ends_those_who_wait(void **state) {
    (void)state;
    for (unsigned after_ms = 0; after_ms <= 60; after_ms += 20) {
        struct scratch scratch = scratch_make();
        struct stopping stopping = {.after_ms = after_ms};
        struct told told = {.stop = &stopping.stop};
        pthread_t thread;
        HW_AUTO(hw_buf) text = {0};
        char name[32];
        rows_fill(&text, 400000, 5);
        for (size_t i = 0; i < OBJECTS; i++) {
            snprintf(name, sizeof(name), "in/%zu.csv.zst", i);
            zstd_write(&scratch, name, 25, hw_buf_view(&text));
        }
        const struct hw_convert_options little = {
            .memory_bytes = HW_MIB(64), .threads = 4, .jobs = 6, .formats = HW_FORMAT_PARQUET};
        assert_int_equal(pthread_create(&thread, NULL, stop_later, &stopping), 0);
        const int64_t begin_us = hw_clock_monotonic_us();
        enum hw_status status = run(&scratch, "little/", little, &told);
        const int64_t took_us = hw_clock_monotonic_us() - begin_us;
        pthread_join(thread, NULL);
        assert_int_equal(status, HW_ECANCELLED);
        assert_true(told.converted < OBJECTS);
        assert_true(took_us < 20 * 1000000);
        assert_null(strstr(scratch_names(&scratch), ".part"));
        scratch_remove(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_wait_for_memory),
        cmocka_unit_test(what_never_fits_fails_alone),
        cmocka_unit_test(long_records_come_right),
        cmocka_unit_test(too_long_a_record_is_told_of),
        cmocka_unit_test(a_footer_that_grows_too_large_is_told_of),
        cmocka_unit_test(members_that_wait_are_done),
        cmocka_unit_test(a_stop_ends_those_who_wait),
    };
    quick_io();
    return cmocka_run_group_tests_name("pipeline/convert_memory", tests, NULL, NULL);
}

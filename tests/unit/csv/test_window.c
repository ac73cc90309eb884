/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/window.h"

#include "support/alloc_fault.h"
#include "unit/csv/field.h"
#include "unit/csv/memory_object.h"

enum { TEXT_BYTES = 200000, KIB = 1024 };

/* A text whose bytes tell where they stand, and a window on it. */
struct view {
    char text[TEXT_BYTES];
    struct memory_object object;
    struct hw_source *source;
    struct hw_csv_stream stream;
    struct hw_csv_window window;
};

static int view_setup(void **state) {
    struct hw_error err = HW_ERROR_INIT;
    struct view *view = calloc(1, sizeof(*view));
    assert_non_null(view);
    for (uint32_t i = 0; i < TEXT_BYTES; i++) {
        view->text[i] = (char)(i * 2654435761u >> 24);
    }
    memory_object_init(&view->object, "memory", (hw_view){view->text, TEXT_BYTES});
    assert_ok(memory_object_open(&view->object.base, 0, &view->source, &err), err);
    *state = view;
    return 0;
}

static int view_teardown(void **state) {
    struct view *view = *state;
    hw_csv_window_release(&view->window);
    hw_csv_stream_release(&view->stream);
    view->source->ops->close(view->source);
    free(view);
    return 0;
}

/* Begins the text anew at `offset`, in a buffer that has been in use. */
static void view_begin(struct view *view, enum hw_csv_window_kind kind, uint64_t offset) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_csv_text text = hw_csv_text_of(view->source, &(struct hw_csv_wrapping){0}, NULL, 0, NULL);
    HW_AUTO(hw_buf) before = {0};
    bool end;
    hw_csv_stream_release(&view->stream);
    hw_csv_window_begin(&view->window, kind, offset, kind == HW_CSV_WINDOW_STREAM ? UINT64_MAX : TEXT_BYTES);
    assert_int_equal(view->window.own_end, UINT64_MAX);
    assert_int_equal(hw_csv_window_have(&view->window), 0);
    if (kind == HW_CSV_WINDOW_STREAM) {
        assert_ok(hw_csv_stream_open(&text, &view->stream, &err), err);
        assert_ok(hw_csv_stream_read(&view->stream, (size_t)offset, &before, &end, &err), err);
    }
    view->window.source = view->source;
    view->window.stream = &view->stream;
    memory_object_restart(&view->object);
}

/* What is there is the text's, and the margins around it can be read. */
static void view_check(const char *name, const struct view *view) {
    const struct hw_csv_window *window = &view->window;
    const char *data = hw_csv_window_data(window);
    const size_t have = hw_csv_window_have(window);
    unsigned sum = 0;
    assert_row_int(name, window->offset + have <= TEXT_BYTES, true);
    if (!window->buf.data) { /* nothing was asked for so far */
        assert_row_int(name, have, 0);
        return;
    }
    assert_row_bytes(name, data, have, view->text + window->offset, have);
    assert_row_int(name, window->filled + 2 * HW_CSV_BLOCK_MARGIN <= window->buf.capacity, true);
    for (size_t i = 0; i < HW_CSV_BLOCK_MARGIN; i++) {
        sum += (unsigned char)data[-1 - (int)i] + (unsigned char)data[have + i];
    }
    assert_row_int(name, sum <= 2 * HW_CSV_BLOCK_MARGIN * 255, true);
}

static void fill(const char *name, struct view *view, size_t wanted) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_csv_window_fill(&view->window, wanted, &err), err);
    view_check(name, view);
}

/* ------ filling */

static void a_window_is_filled_as_far_as_is_wanted(void **state) {
    struct view *view = *state;
    static const enum hw_csv_window_kind kinds[] = {HW_CSV_WINDOW_SOURCE, HW_CSV_WINDOW_STREAM};
    static const struct {
        const char *name;
        uint64_t offset;
        size_t wanted, skip, wanted_more;
        size_t have; /* in the end */
    } rows[] = {
        {"nothing", 0, 0, 0, 0, 0},
        {"some", 0, 100, 0, 0, 100},
        {"some from anywhere", 777, 100, 0, 0, 100},
        {"more", 0, 100, 0, 1000, 1000},
        {"more, some of it consumed", 10, 100, 30, 100, 100},
        {"more, all of it consumed", 10, 100, 100, 100, 100},
        {"enough is there", 10, 100, 30, 70, 70},
        {"less is wanted than is there", 10, 100, 30, 7, 70},
        {"up to the end", 0, TEXT_BYTES, 0, TEXT_BYTES, TEXT_BYTES},
        {"beyond the end", 0, TEXT_BYTES + 1, 0, 0, TEXT_BYTES},
        {"beyond the end, some of it consumed", 0, 100, 50, TEXT_BYTES, TEXT_BYTES - 50},
        {"from the end", TEXT_BYTES, 10, 0, 10, 0},
        {"the last byte", TEXT_BYTES - 1, 10, 0, 10, 1},
    };
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            view_begin(view, kinds[kind], rows[i].offset);
            fill(rows[i].name, view, rows[i].wanted);
            hw_csv_window_skip(&view->window, rows[i].skip);
            view_check(rows[i].name, view);
            fill(rows[i].name, view, rows[i].wanted_more);
            assert_row_int(rows[i].name, hw_csv_window_have(&view->window), rows[i].have);
            assert_row_int(rows[i].name, view->window.offset, rows[i].offset + rows[i].skip);
        }
    }
}

/* Any sequence of fills and skips shows the text in order. */
static void a_window_goes_along_a_text(void **state) {
    struct view *view = *state;
    struct dice dice = {3};
    for (int round = 0; round < 200; round++) {
        const uint64_t begin = dice_roll(&dice, TEXT_BYTES);
        view_begin(view, round % 2 ? HW_CSV_WINDOW_SOURCE : HW_CSV_WINDOW_STREAM, begin);
        view->source->remote = round % 3 == 0;
        view->window.remote_read_bytes = dice_roll(&dice, 30000);
        view->window.own_end = begin + dice_roll(&dice, TEXT_BYTES);
        while (view->window.offset < TEXT_BYTES) {
            const size_t wanted = 1 + dice_roll(&dice, 40000);
            const uint64_t at = view->window.offset + hw_csv_window_have(&view->window);
            const bool own = view->window.kind == HW_CSV_WINDOW_SOURCE && at < view->window.own_end;
            fill("along", view, wanted);
            const size_t have = hw_csv_window_have(&view->window);
            const uint64_t end = hw_min_size(view->window.offset + wanted, TEXT_BYTES);
            const uint64_t own_end = own ? view->window.own_end + HW_CSV_LAST_RECORD_BYTES : UINT64_MAX;
            assert_true(view->window.offset + have >= hw_min_size(end, own_end));
            hw_csv_window_skip(&view->window, 1 + dice_roll(&dice, have));
        }
        fill("the end", view, 100);
        assert_int_equal(hw_csv_window_have(&view->window), 0);
        view->source->remote = false;
    }
}

/* ------ how much is read */

static void a_window_reads_what_is_of_use(void **state) {
    struct view *view = *state;
    static const struct {
        const char *name;
        bool remote;
        size_t remote_read_bytes;
        uint64_t own_end; /* 0: nowhere */
        uint64_t offset;
        size_t wanted;
        uint64_t read_end; /* of what is read; it begins at `offset` */
        int reads;
    } rows[] = {
        {"local: what is wanted", false, 64 * KIB, 0, 0, 1000, 1000, 1},
        {"remote: a lot at once", true, 64 * KIB, 0, 0, 1000, 64 * KIB, 1},
        {"remote: more where more is wanted", true, 1000, 0, 0, 2000, 2000, 1},
        {"remote: no size given", true, 0, 0, 0, 2000, 2000, 1},
        {"remote: as far as the text goes", true, 1 << 20, 0, 100, 10, TEXT_BYTES, 1},
        {"remote: as far as the part's last record may reach", true, 64 * KIB, 10000, 0, 1000, 10000 + 8 * KIB, 1},
        {"remote: the last record may reach as far as is read", true, 10000 + 8 * KIB, 10000, 0, 1000, 10000 + 8 * KIB,
         1},
        {"remote: a bit more than that", true, 22000, 10000, 0, 1000, 10000 + 8 * KIB, 1},
        {"remote: the part ends behind what is read", true, 1000, 10000, 0, 10, 1000, 1},
        {"remote: from the part's end only what is wanted", true, 64 * KIB, 10000, 10000, 1000, 11000, 1},
        {"remote: behind the part's end", true, 64 * KIB, 10000, 12000, 1000, 13000, 1},
        {"local: the last record only", false, 0, 10000, 0, 100000, 10000 + 8 * KIB, 1},
        {"nothing is wanted", true, 64 * KIB, 0, 0, 0, 0, 0},
        {"at the text's end", true, 64 * KIB, 0, TEXT_BYTES, 100, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        view_begin(view, HW_CSV_WINDOW_SOURCE, rows[i].offset);
        view->source->remote = rows[i].remote;
        view->window.remote_read_bytes = rows[i].remote_read_bytes;
        view->window.own_end = rows[i].own_end ? rows[i].own_end : UINT64_MAX;
        assert_ok(hw_csv_window_fill(&view->window, rows[i].wanted, &err), err);
        assert_row_int(rows[i].name, view->object.reads, rows[i].reads);
        assert_row_int(rows[i].name, view->object.read_end, rows[i].read_end);
        view_check(rows[i].name, view);
        view->source->remote = false;
    }
}

/* Bytes that are there are not read again. */
static void no_byte_is_read_twice(void **state) {
    struct view *view = *state;
    view_begin(view, HW_CSV_WINDOW_SOURCE, 0);
    view->source->remote = true;
    view->window.remote_read_bytes = 10000;
    for (int i = 0; i < 100; i++) {
        fill("step", view, 1500);
        hw_csv_window_skip(&view->window, 1000);
    }
    /* 100,000 bytes are consumed; up to 10,000 more are there. */
    assert_in_range(view->object.read_bytes, 100000, 110000);
    assert_int_equal(view->object.read_bytes, view->object.read_end);
    assert_in_range(view->object.reads, 10, 12);
    view->source->remote = false;
}

/* ------ what is put */

static void bytes_are_put_before_a_stream(void **state) {
    struct view *view = *state;
    static const size_t puts[] = {0, 1, 63, 5000};
    for (size_t i = 0; i < COUNT_OF(puts); i++) {
        struct hw_error err = HW_ERROR_INIT;
        /* the stream is there, the window begins before it */
        view_begin(view, HW_CSV_WINDOW_STREAM, 5000);
        view->window.offset = 5000 - puts[i];
        assert_ok(hw_csv_window_put(&view->window, view->text + 5000 - puts[i], puts[i], &err), err);
        assert_int_equal(hw_csv_window_have(&view->window), puts[i]);
        view_check("put", view);
        fill("more", view, puts[i] + 100);
        assert_int_equal(hw_csv_window_have(&view->window), puts[i] + 100);
        hw_csv_window_skip(&view->window, puts[i]);
        fill("all", view, TEXT_BYTES);
        assert_int_equal(view->window.offset, 5000);
        assert_int_equal(view->window.text_bytes, TEXT_BYTES);
    }
}

static void the_end_of_a_stream_is_known_once_it_is_read(void **state) {
    struct view *view = *state;
    static const struct {
        const char *name;
        size_t wanted;
        uint64_t text_bytes;
    } rows[] = {
        {"long before", 1000, UINT64_MAX},
        {"all bytes: there could be more", TEXT_BYTES, UINT64_MAX},
        {"a byte more", TEXT_BYTES + 1, TEXT_BYTES},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        view_begin(view, HW_CSV_WINDOW_STREAM, 0);
        fill(rows[i].name, view, rows[i].wanted);
        assert_row_int(rows[i].name, view->window.text_bytes, rows[i].text_bytes);
        const int reads = view->object.reads;
        fill(rows[i].name, view, TEXT_BYTES + 100);
        assert_row_int(rows[i].name, view->window.text_bytes, TEXT_BYTES);
        assert_row_int(rows[i].name, view->object.reads > reads, rows[i].wanted < TEXT_BYTES);
    }
}

static void what_is_in_memory_is_all_there_is(void **state) {
    struct view *view = *state;
    struct hw_error err = HW_ERROR_INIT;
    view_begin(view, HW_CSV_WINDOW_MEMORY, 100);
    assert_ok(hw_csv_window_put(&view->window, view->text + 100, 50, &err), err);
    fill("memory", view, 1000);
    assert_int_equal(hw_csv_window_have(&view->window), 50);
    hw_csv_window_skip(&view->window, 50);
    fill("memory", view, 1000);
    assert_int_equal(hw_csv_window_have(&view->window), 0);
    assert_int_equal(view->object.reads, 0);
}

/* ------ failures */

static void a_failing_read_is_told(void **state) {
    struct view *view = *state;
    for (int kind = 0; kind < 2; kind++) {
        for (int at = 1; at <= 2; at++) {
            struct hw_error err = HW_ERROR_INIT;
            view_begin(view, kind ? HW_CSV_WINDOW_STREAM : HW_CSV_WINDOW_SOURCE, 0);
            view->object.fail_on_read = at;
            enum hw_status status = hw_csv_window_fill(&view->window, 100, &err);
            assert_int_equal(status, at == 1 ? HW_EIO : HW_OK);
            hw_csv_window_skip(&view->window, at == 1 ? 0 : 40);
            status = status == HW_OK ? hw_csv_window_fill(&view->window, 100, &err) : status;
            assert_int_equal(status, HW_EIO);
            assert_string_equal(err.message, "injected read");
            assert_int_equal(err.offset, at == 1 ? 0 : 100);
            /* What was there is there, and the same call goes well once the fault is gone. */
            view_check("kept", view);
            assert_int_equal(hw_csv_window_have(&view->window), at == 1 ? 0 : 60);
            fill("again", view, 100);
            assert_int_equal(hw_csv_window_have(&view->window), 100);
        }
        view->object.fail_on_read = 0;
    }
}

static void want_of_memory_is_told(void **state) {
    struct view *view = *state;
    for (int kind = 0; kind < 3; kind++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            view_begin(view, kind == 1 ? HW_CSV_WINDOW_STREAM : HW_CSV_WINDOW_SOURCE, 0);
            hw_csv_window_release(&view->window);
            alloc_fault_begin(&fault, successes);
            enum hw_status status = kind == 2 ? hw_csv_window_put(&view->window, view->text, 100, &err)
                                              : hw_csv_window_fill(&view->window, 100000, &err);
            hw_csv_window_release(&view->window);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            faults += fired;
        }
        assert_true(faults >= 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_is_filled_as_far_as_is_wanted),
        cmocka_unit_test(a_window_goes_along_a_text),
        cmocka_unit_test(a_window_reads_what_is_of_use),
        cmocka_unit_test(no_byte_is_read_twice),
        cmocka_unit_test(bytes_are_put_before_a_stream),
        cmocka_unit_test(the_end_of_a_stream_is_known_once_it_is_read),
        cmocka_unit_test(what_is_in_memory_is_all_there_is),
        cmocka_unit_test(a_failing_read_is_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, view_setup, view_teardown);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/object.h"

#include "support/alloc_fault.h"
#include "unit/csv/memory_object.h"
#include "unit/csv/packed.h"

static void open_count(const char *name, struct memory_object *from, int opens, int open) {
    assert_row_int(name, from->opens, opens);
    assert_row_int(name, memory_object_open_count(from), open);
}

/* What is done with an object, letter by letter, and how often it is opened meanwhile. */
static void an_object_is_open_as_long_as_it_is_used_or_expected(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool once;
        const char *steps; /* t take, g give, + expect a use, - a use has ended */
        int opens;
        int open;
    } rows[] = {
        {"nothing", false, "", 0, 0},
        {"one use", false, "tg", 1, 0},
        {"in use", false, "t", 1, 1},
        {"two users at once", false, "ttg", 1, 1},
        {"two users at once, both gone", false, "ttgg", 1, 0},
        {"one after the other", false, "tgtg", 2, 0},
        {"expected", false, "+tg", 1, 1},
        {"expected twice, used once", false, "++t-g", 1, 1},
        {"expected twice, used twice", false, "++t-gt-g", 1, 0},
        {"looked at meanwhile", false, "+tgt-g", 1, 0},
        {"an expected use ends at its give", false, "+t-gtg", 2, 0},
        {"a use more than was expected", false, "+t-gt-g", 2, 0},
        {"expected again below 0", false, "t-g+tg", 2, 0},
        {"expected only: nothing opens it", false, "++", 0, 0},
        {"once", true, "tg", 1, 1},
        {"once, many users", true, "tgtgttgg", 1, 1},
        {"once, more uses than expected", true, "+t-gt-g", 1, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct memory_object from;
        struct hw_csv_object object;
        struct hw_csv_text text;
        memory_object_init(&from, "a.csv", (hw_view){"a\n1\n", 4});
        from.once = rows[i].once;
        hw_csv_object_init(&object, &from.base, 0);
        for (const char *step = rows[i].steps; *step; step++) {
            if (*step == 't') {
                assert_ok(hw_csv_object_take(&object, NULL, &text, &err), err);
            } else if (*step == 'g') {
                hw_csv_object_give(&object, &text);
            } else {
                hw_csv_object_expect(&object, *step == '+' ? 1 : -1);
            }
        }
        open_count(rows[i].name, &from, rows[i].opens, rows[i].open);
        hw_csv_object_release(&object); /* closes it, whoever used it */
        open_count(rows[i].name, &from, rows[i].opens, 0);
    }
}

static void what_is_taken_says_how_it_is_written(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zstd = {0};
    HW_AUTO(hw_buf) zip = {0};
    const struct packed_member members[] = {{"a", {"1", 1}, false}, {"b", {"2", 1}, false}, {"c", {"3", 1}, false}};
    packed_zstd((hw_view){"a\n1\n", 4}, 12, &zstd);
    packed_zip(members, 3, &zip);
    const struct {
        const char *name;
        hw_view bytes;
        const char *encoding;
        enum hw_packing packing;
        size_t members;
        uint64_t window; /* 4 KiB in the frame; 256 times its 13 bytes are less */
        bool cuttable;
    } rows[] = {
        {"plain", {"a\n1\n", 4}, NULL, HW_PACKING_NONE, 1, 0, true},
        {"latin1", {"a\n1\n", 4}, "latin1", HW_PACKING_NONE, 1, 0, false},
        {"utf8 where asked", {"a\n1\n", 4}, "UTF_8", HW_PACKING_NONE, 1, 0, true},
        {"a mark of UTF-8",
         {"\xef\xbb\xbf"
          "a\n1\n",
          7},
         "latin1",
         HW_PACKING_NONE,
         1,
         0,
         true},
        {"a mark of UTF-16",
         {"\xff\xfe"
          "a\0\n\0",
          6},
         NULL,
         HW_PACKING_NONE,
         1,
         0,
         false},
        {"zstd", hw_buf_view(&zstd), NULL, HW_PACKING_ZSTD, 1, 4096, false},
        {"zip", hw_buf_view(&zip), NULL, HW_PACKING_ZIP, 3, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct memory_object from;
        struct hw_csv_object object;
        struct hw_csv_text text;
        memory_object_init(&from, "a.csv", rows[i].bytes);
        hw_csv_object_init(&object, &from.base, 0);
        assert_row_int(rows[i].name, object.bytes, 0);
        assert_ok(hw_csv_object_take(&object, rows[i].encoding, &text, &err), err);
        assert_row_int(rows[i].name, object.bytes, rows[i].bytes.size);
        assert_row_int(rows[i].name, object.members, rows[i].members);
        assert_row_int(rows[i].name, text.wrapping.packing, rows[i].packing);
        assert_row_int(rows[i].name, text.encoding == rows[i].encoding, true);
        assert_row_int(rows[i].name, text.wrapping.window_bytes, rows[i].window);
        assert_row_int(rows[i].name, text.cuttable, rows[i].cuttable);
        assert_row_int(rows[i].name, text.member, 0);
        assert_row_int(rows[i].name, text.zip != NULL, rows[i].packing == HW_PACKING_ZIP);
        hw_csv_object_give(&object, &text);
        hw_csv_object_release(&object);
    }
}

static void member_compare(const struct hw_csv_text *text, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_csv_stream) stream = {0};
    HW_AUTO(hw_buf) got = {0};
    bool end;
    assert_ok(hw_csv_stream_open(text, &stream, &err), err);
    assert_ok(hw_csv_stream_read(&stream, 100, &got, &end, &err), err);
    assert_row_bytes(want, got.data, got.size, want, strlen(want));
}

/* Users of a ZIP at once have a directory each, which is opened again only where none is free. */
static void users_of_a_zip_do_not_meet(void **state) {
    (void)state;
    enum { USERS = 3 };
    static const char *const texts[USERS] = {"one", "two", "three"};
    struct hw_error err = HW_ERROR_INIT;
    struct memory_object from;
    struct hw_csv_object object;
    struct hw_csv_text users[USERS];
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"a", {"one", 3}, 0}, {"b", {"two", 3}, 0}, {"c", {"three", 5}, 0}},
               USERS, &zip);
    memory_object_init(&from, "a.zip", hw_buf_view(&zip));
    hw_csv_object_init(&object, &from.base, 0);
    hw_csv_object_expect(&object, 1);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < USERS; i++) {
            assert_ok(hw_csv_object_take(&object, NULL, &users[i], &err), err);
            users[i].member = i;
        }
        assert_true(users[0].zip != users[1].zip && users[1].zip != users[2].zip && users[0].zip != users[2].zip);
        assert_int_equal(object.synced.opened->zips_count, 0);
        for (size_t i = 0; i < USERS; i++) {
            member_compare(&users[i], texts[i]);
        }
        for (size_t i = 0; i < USERS; i++) {
            hw_csv_object_give(&object, &users[round == 1 ? i : USERS - 1 - i]);
        }
        assert_int_equal(object.synced.opened->zips_count, USERS);
        assert_int_equal(object.synced.opened->zips_capacity, USERS);
    }
    open_count("zip", &from, 1, 1);
    hw_csv_object_expect(&object, -1);
    assert_ok(hw_csv_object_take(&object, NULL, &users[0], &err), err);
    hw_csv_object_give(&object, &users[0]);
    open_count("zip", &from, 1, 0);
    assert_null(object.synced.opened); /* the directories have gone with their source */
    assert_ok(hw_csv_object_take(&object, NULL, &users[0], &err), err);
    member_compare(&users[0], "one");
    hw_csv_object_give(&object, &users[0]);
    hw_csv_object_release(&object);
}

static void an_object_that_fails_to_open_is_closed(void **state) {
    (void)state;
    HW_AUTO(hw_buf) empty = {0};
    packed_zip(NULL, 0, &empty);
    const struct {
        const char *name;
        hw_view bytes;
        int fail_on_open;
        int fail_on_read;
        int opens;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"the store refuses", {"a\n", 2}, 1, 0, 0, HW_ECHANGED, "injected open"},
        {"its head cannot be read", {"a\n", 2}, 0, 1, 1, HW_EIO, "injected read"},
        {"a ZIP without a directory", {"PK\3\4 and 22 more bytes, at least", 33}, 0, 0, 1, HW_EDATA, "zip"},
        {"a ZIP that is too short", {"PK\3\4", 4}, 0, 0, 1, HW_EDATA, "a ZIP is longer than 4 bytes"},
        {"a ZIP without files", hw_buf_view(&empty), 0, 0, 1, HW_EDATA, "a ZIP without files"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_object from;
        struct hw_csv_object object;
        memory_object_init(&from, "a.csv", rows[i].bytes);
        from.fail_on_open = rows[i].fail_on_open;
        from.fail_on_read = rows[i].fail_on_read;
        hw_csv_object_init(&object, &from.base, 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_csv_text text = {.member = 9};
        assert_row_int(rows[i].name, hw_csv_object_take(&object, NULL, &text, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, text.member, 9);
        open_count(rows[i].name, &from, rows[i].opens, 0);
        if (rows[i].fail_on_open || rows[i].fail_on_read) { /* what has gone by is tried again */
            assert_ok(hw_csv_object_take(&object, NULL, &text, &err), err);
            open_count(rows[i].name, &from, rows[i].opens + 1, 1);
            hw_csv_object_give(&object, &text);
        }
        hw_csv_object_release(&object);
        open_count(rows[i].name, &from, from.opens, 0);
    }
}

/* The second user's directory cannot be read: the first one goes on. */
static void a_user_that_fails_leaves_the_others_alone(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct memory_object from;
    struct hw_csv_object object;
    struct hw_csv_text first, second;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip(&(struct packed_member){"a", {"one", 3}, 0}, 1, &zip);
    memory_object_init(&from, "a.zip", hw_buf_view(&zip));
    hw_csv_object_init(&object, &from.base, 0);
    assert_ok(hw_csv_object_take(&object, NULL, &first, &err), err);
    from.fail_on_read = from.reads + 1;
    assert_int_equal(hw_csv_object_take(&object, NULL, &second, &err), HW_EIO);
    open_count("still open", &from, 1, 1);
    member_compare(&first, "one");
    hw_csv_object_give(&object, &first);
    open_count("closed", &from, 1, 0);
    hw_csv_object_release(&object);
}

/* ------ threads */

struct crowd {
    struct hw_csv_object *object;
    atomic_int faults;
};

static void *crowd_run(void *ctx) {
    struct crowd *crowd = ctx;
    for (int i = 0; i < 200; i++) {
        struct hw_csv_text text;
        HW_AUTO(hw_csv_stream) stream = {0};
        HW_AUTO(hw_buf) got = {0};
        bool end;
        if (hw_csv_object_take(crowd->object, NULL, &text, NULL) != HW_OK) {
            atomic_fetch_add(&crowd->faults, 1);
            continue;
        }
        text.member = (size_t)i % 2;
        const bool good = hw_csv_stream_open(&text, &stream, NULL) == HW_OK &&
                          hw_csv_stream_read(&stream, 10, &got, &end, NULL) == HW_OK && got.size == 3 &&
                          memcmp(got.data, i % 2 ? "two" : "one", 3) == 0;
        atomic_fetch_add(&crowd->faults, !good);
        hw_csv_stream_release(&stream);
        hw_csv_object_give(crowd->object, &text);
    }
    return NULL;
}

static void threads_share_an_object(void **state) {
    (void)state;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    struct memory_object from;
    struct hw_csv_object object;
    struct crowd crowd = {.object = &object};
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"a", {"one", 3}, 0}, {"b", {"two", 3}, 0}}, 2, &zip);
    memory_object_init(&from, "a.zip", hw_buf_view(&zip));
    hw_csv_object_init(&object, &from.base, 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_run, &crowd), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(crowd.faults, 0);
    open_count("nobody is left", &from, from.opens, 0);
    hw_csv_object_release(&object);
}

/* Two users of an object at once. */
static enum hw_status object_use(struct memory_object *from, struct hw_error *err) {
    struct hw_csv_object object;
    struct hw_csv_text first, second;
    hw_csv_object_init(&object, &from->base, 0);
    enum hw_status status = hw_csv_object_take(&object, NULL, &first, err);
    if (status == HW_OK) {
        status = hw_csv_object_take(&object, NULL, &second, err);
        if (status == HW_OK) {
            hw_csv_object_give(&object, &second);
        }
        hw_csv_object_give(&object, &first);
    }
    hw_csv_object_release(&object);
    return status;
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip(&(struct packed_member){"a", {"one", 3}, 0}, 1, &zip);
    for (int packed = 0; packed < 2; packed++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct memory_object from;
            struct hw_error err = HW_ERROR_INIT;
            memory_object_init(&from, "a", packed ? hw_buf_view(&zip) : (hw_view){"a\n", 2});
            alloc_fault_begin(&fault, successes);
            const enum hw_status status = object_use(&from, &err);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            assert_int_equal(memory_object_open_count(&from), 0);
            faults += fired;
        }
        assert_true(faults >= (packed ? 6 : 1));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_open_as_long_as_it_is_used_or_expected),
        cmocka_unit_test(what_is_taken_says_how_it_is_written),
        cmocka_unit_test(users_of_a_zip_do_not_meet),
        cmocka_unit_test(an_object_that_fails_to_open_is_closed),
        cmocka_unit_test(a_user_that_fails_leaves_the_others_alone),
        cmocka_unit_test(threads_share_an_object),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

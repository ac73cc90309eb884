/* SPDX-License-Identifier: Apache-2.0 */
#include "net/ranges.h"

#include "core/alloc.h"
#include "support/rows.h"

enum { PART_BYTES = 100, OBJECT_BYTES = 1003 };

/* An object in memory. Ranges come when they are waited for. */
struct made_object {
    uint8_t bytes[OBJECT_BYTES];
    size_t started;
    size_t under_way;
    size_t under_way_max;
    /* The range that fails, counted from 1; 0: none. */
    size_t fail_at;
};

struct made_get {
    struct made_object *object;
    uint64_t offset;
    size_t bytes;
    void *data;
    size_t number;
};

static enum hw_status made_start(void *ctx, void *get, uint64_t offset, size_t bytes, void *data,
                                 struct hw_error *err) {
    struct made_object *object = ctx;
    (void)err;
    object->started++;
    object->under_way++;
    object->under_way_max = object->under_way > object->under_way_max ? object->under_way : object->under_way_max;
    *(struct made_get *)get = (struct made_get){object, offset, bytes, data, object->started};
    return HW_OK;
}

static enum hw_status made_wait(void *get, struct hw_error *err) {
    struct made_get *made = get;
    if (made->number == made->object->fail_at) {
        return hw_fail(err, HW_ECHANGED, "another version");
    }
    memcpy(made->data, made->object->bytes + made->offset, made->bytes);
    return HW_OK;
}

static void made_release(void *get) {
    struct made_get *made = get;
    if (made->object) {
        made->object->under_way--;
    }
    *made = (struct made_get){0};
}

static const struct hw_ranges_ops ops = {sizeof(struct made_get), made_start, made_wait, made_release};

static struct hw_ranges *ranges_make(struct made_object *object) {
    struct hw_ranges *ranges = NULL;
    struct hw_error err = HW_ERROR_INIT;
    uint8_t *first = hw_alloc(PART_BYTES);
    assert_non_null(first);
    for (size_t i = 0; i < OBJECT_BYTES; i++) {
        object->bytes[i] = (uint8_t)(i * 7 % 251);
    }
    memcpy(first, object->bytes, PART_BYTES);
    const struct hw_ranges_object described = {&ops, object, OBJECT_BYTES, PART_BYTES, first, PART_BYTES};
    assert_ok(hw_ranges_new(&described, &ranges, &err), err);
    return ranges;
}

static const struct {
    const char *name;
    bool in_order;
    size_t step;
    size_t started_min;
    size_t started_max;
} rows[] = {
    {"small steps in order, each window once", true, 7, 10, 10},
    {"small steps in no order ask for each", false, 7, 129, 131},
    {"all at once", false, OBJECT_BYTES, 10, 10},
    {"all at once in order", true, OBJECT_BYTES, 10, 10},
};

static void bytes_are_those_of_the_object(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made_object object = {0};
        struct hw_ranges *ranges = ranges_make(&object);
        struct hw_error err = HW_ERROR_INIT;
        uint8_t back[OBJECT_BYTES] = {0};
        if (rows[i].in_order) {
            hw_ranges_in_order(ranges);
        }
        for (size_t at = 0, step; at < OBJECT_BYTES; at += step) {
            step = OBJECT_BYTES - at < rows[i].step ? OBJECT_BYTES - at : rows[i].step;
            assert_ok(hw_ranges_read_at(ranges, at, back + at, step, &err), err);
        }
        assert_row_bytes(rows[i].name, back, OBJECT_BYTES, object.bytes, OBJECT_BYTES);
        assert_row_int(rows[i].name, object.started >= rows[i].started_min, true);
        assert_row_int(rows[i].name, object.started <= rows[i].started_max, true);
        assert_row_int(rows[i].name, object.under_way_max <= HW_RANGES_AT_ONCE, true);
        hw_ranges_free(ranges);
        assert_row_int(rows[i].name, object.under_way, 0);
    }
}

static void faults_are_told_and_nothing_stays(void **state) {
    (void)state;
    struct made_object object = {.fail_at = 3};
    struct hw_ranges *ranges = ranges_make(&object);
    struct hw_error err = HW_ERROR_INIT;
    uint8_t back[OBJECT_BYTES];
    assert_int_equal(hw_ranges_read_at(ranges, 0, back, OBJECT_BYTES, &err), HW_ECHANGED);
    assert_int_equal(object.under_way, 0);
    assert_int_equal(hw_ranges_read_at(ranges, OBJECT_BYTES - 1, back, 2, &err), HW_EIO);
    assert_row_says("beyond", err.message, "reaches beyond the object's 1003");
    assert_int_equal(hw_ranges_read_at(ranges, UINT64_MAX, back, 1, &err), HW_EIO);
    hw_ranges_free(ranges);
}

/* What is expected, what is then read, and the ranges that were asked for before and in all. */
static const struct {
    const char *name;
    uint64_t offset, bytes;
    uint64_t forgotten, forgotten_bytes;
    uint64_t read_at;
    size_t read_bytes;
    size_t started_before, started;
    size_t under_way; /* in the end, as long as nobody has read all of it */
} expectations[] = {
    {"all of it is read", 200, 50, 0, 0, 200, 50, 1, 1, 0},
    {"a part of it is read", 200, 50, 0, 0, 210, 30, 1, 1, 0},
    {"more is read", 200, 50, 0, 0, 200, 80, 1, 2, 0},
    {"nothing of it is read", 200, 50, 0, 0, 300, 10, 1, 2, 1},
    {"it begins later", 200, 50, 0, 0, 190, 20, 1, 2, 1},
    {"more than one range", 200, 250, 0, 0, 200, 250, 3, 3, 0},
    {"it is forgotten", 200, 250, 200, 250, 200, 250, 3, 6, 0},
    {"a part is forgotten, so that the rest is read past it", 200, 250, 300, 50, 200, 250, 3, 5, 1},
    {"it reaches beyond the end", 900, 1000, 0, 0, 900, 103, 2, 2, 0},
    {"it begins beyond the end", 2000, 10, 0, 0, 0, 10, 0, 0, 0},
    {"the first window has it", 10, 20, 0, 0, 10, 20, 0, 0, 0},
    {"it has no bytes", 200, 0, 0, 0, 0, 10, 0, 0, 0},
    {"it has more than can be", 200, UINT64_MAX, 0, 0, 200, 803, 9, 9, 0},
};

static void expected_bytes_are_fetched_before(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(expectations); i++) {
        struct made_object object = {0};
        struct hw_ranges *ranges = ranges_make(&object);
        struct hw_error err = HW_ERROR_INIT;
        uint8_t back[OBJECT_BYTES] = {0};
        const uint64_t at = expectations[i].read_at;
        const size_t bytes = expectations[i].read_bytes;
        hw_ranges_expect(ranges, expectations[i].offset, expectations[i].bytes);
        assert_row_int(expectations[i].name, object.started, expectations[i].started_before);
        hw_ranges_forget(ranges, expectations[i].forgotten, expectations[i].forgotten_bytes);
        assert_ok(hw_ranges_read_at(ranges, at, back, bytes, &err), err);
        assert_row_bytes(expectations[i].name, back, bytes, object.bytes + at, bytes);
        assert_row_int(expectations[i].name, object.started, expectations[i].started);
        assert_row_int(expectations[i].name, object.under_way, expectations[i].under_way);
        hw_ranges_free(ranges);
        assert_row_int(expectations[i].name, object.under_way, 0);
    }
}

/* Nobody is told before the bytes are read; then they are asked for once more. */
static void a_fault_of_expected_bytes_is_told_once(void **state) {
    (void)state;
    struct made_object object = {.fail_at = 1};
    struct hw_ranges *ranges = ranges_make(&object);
    struct hw_error err = HW_ERROR_INIT;
    uint8_t back[50];
    hw_ranges_expect(ranges, 200, 50);
    assert_int_equal(hw_ranges_read_at(ranges, 200, back, 50, &err), HW_ECHANGED);
    assert_ok(hw_ranges_read_at(ranges, 200, back, 50, &err), err);
    assert_memory_equal(back, object.bytes + 200, 50);
    hw_ranges_free(ranges);
    assert_int_equal(object.under_way, 0);
}

static void no_more_is_expected_than_can_be(void **state) {
    (void)state;
    struct made_object object = {0};
    struct hw_ranges *ranges = ranges_make(&object);
    for (uint64_t at = PART_BYTES; at < OBJECT_BYTES; at += 10) {
        hw_ranges_expect(ranges, at, 10);
    }
    assert_int_equal(object.under_way, HW_RANGES_EXPECTED);
    hw_ranges_free(ranges);
    assert_int_equal(object.under_way, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_bytes_are_fetched_before), cmocka_unit_test(a_fault_of_expected_bytes_is_told_once),
        cmocka_unit_test(no_more_is_expected_than_can_be),   cmocka_unit_test(bytes_are_those_of_the_object),
        cmocka_unit_test(faults_are_told_and_nothing_stays),
    };
    return cmocka_run_group_tests_name("net/ranges", tests, NULL, NULL);
}

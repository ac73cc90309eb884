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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_those_of_the_object),
        cmocka_unit_test(faults_are_told_and_nothing_stays),
    };
    return cmocka_run_group_tests_name("net/ranges", tests, NULL, NULL);
}

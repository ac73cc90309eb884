/* SPDX-License-Identifier: Apache-2.0 */
#include "store/memory_objects.h"

#include <stdio.h>

#include "core/alloc.h"
#include "support/rows.h"

static const struct hw_memory_condition anything;

/* Makes an object of a copy of `text`, which was charged. */
static struct hw_memory_object *object_of(struct hw_memory_objects *objects, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_memory_object *object = NULL;
    assert_ok(hw_memory_charge(objects, strlen(text), &err), err);
    assert_ok(hw_memory_object_new(hw_strdup(text), strlen(text), false, &object, &err), err);
    return object;
}

static void put(struct hw_memory_objects *objects, const char *key, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_objects_put(objects, key, object_of(objects, text), &anything, &err), err);
}

static bool holds(struct hw_memory_objects *objects, const char *key, const char *text) {
    struct hw_memory_object *object = hw_memory_objects_find(objects, key);
    const bool same = object && object->bytes == strlen(text) && memcmp(object->data, text, object->bytes) == 0;
    if (object) {
        hw_memory_object_drop(object);
    }
    return same;
}

/* A thousand keys that come in another order are found, and follow each other by their bytes. */
static void keys_are_in_order(void **state) {
    (void)state;
    enum { COUNT = 1000, STEP = 617 /* prime to COUNT, so that every number comes once */ };
    struct hw_memory_objects objects;
    char key[16];
    hw_memory_objects_init(&objects, 0);
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof(key), "%04d", i * STEP % COUNT);
        put(&objects, key, key);
    }
    for (int i = 0; i < COUNT; i += 3) {
        snprintf(key, sizeof(key), "%04d", i);
        assert_true(holds(&objects, key, key));
        hw_memory_objects_remove(&objects, key);
        assert_false(holds(&objects, key, key));
    }
    char *last = hw_strdup("");
    bool after = false;
    for (int i = 0; i < COUNT; i++) {
        struct hw_memory_object *object = NULL;
        char *found = NULL;
        if (i % 3 == 0) {
            continue; /* removed */
        }
        snprintf(key, sizeof(key), "%04d", i);
        assert_int_equal(hw_memory_objects_next(&objects, last, after, &found, &object, NULL), HW_OK);
        assert_non_null(object);
        assert_string_equal(found, key);
        hw_memory_object_drop(object);
        hw_free(last);
        last = found;
        after = true;
    }
    struct hw_memory_object *end = (struct hw_memory_object *)(void *)key;
    assert_int_equal(hw_memory_objects_next(&objects, last, true, &last, &end, NULL), HW_OK);
    assert_null(end);
    hw_free(last);
    hw_memory_objects_release(&objects);
}

static void conditions_are_held(void **state) {
    (void)state;
    struct hw_memory_objects objects;
    hw_memory_objects_init(&objects, 0);
    put(&objects, "there", "old");
    struct hw_memory_object *old = hw_memory_objects_find(&objects, "there");
    const struct {
        const char *name, *key;
        struct hw_memory_condition condition;
        enum hw_status want;
    } rows[] = {
        {"new where one is", "there", {.create_only = true}, HW_EEXISTS},
        {"another version", "there", {.if_match = "0"}, HW_ECHANGED},
        {"a version of none", "new", {.if_match = old->etag}, HW_ECHANGED},
        {"new where none is", "new", {.create_only = true}, HW_OK},
        {"the version that is there", "there", {.if_match = old->etag}, HW_OK},
        {"the version that was there", "there", {.if_match = old->etag}, HW_ECHANGED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_memory_object *object = object_of(&objects, "new");
        assert_row_int(rows[i].name, hw_memory_objects_put(&objects, rows[i].key, object, &rows[i].condition, &err),
                       rows[i].want);
        if (rows[i].want != HW_OK) {
            hw_memory_object_drop(object);
            hw_memory_uncharge(&objects, 3);
        }
        assert_row_int(rows[i].name, holds(&objects, rows[i].key, "new"), rows[i].want == HW_OK || i == 5);
    }
    assert_memory_equal(old->data, "old", 3); /* whoever has it keeps it */
    hw_memory_object_drop(old);
    hw_memory_objects_release(&objects);
}

static void bytes_are_limited(void **state) {
    (void)state;
    struct hw_memory_objects objects;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_memory_object *lent = NULL;
    hw_memory_objects_init(&objects, 10);
    put(&objects, "a", "123456");
    assert_int_equal(hw_memory_charge(&objects, 5, &err), HW_ELIMIT);
    assert_row_says("message", err.message, "more than the 10 bytes");
    assert_int_equal(hw_memory_charge(&objects, UINT64_MAX, &err), HW_ELIMIT);
    put(&objects, "a", "1234"); /* the first one's bytes are given back */
    put(&objects, "b", "123456");
    hw_memory_objects_remove(&objects, "b");
    hw_memory_objects_remove(&objects, "b");
    put(&objects, "b", "12345");
    assert_int_equal(hw_memory_charge(&objects, 2, &err), HW_ELIMIT);
    assert_ok(hw_memory_object_new("0123456789", 10, true, &lent, &err), err);
    /* it is not ours */
    assert_ok(hw_memory_objects_put(&objects, "b", lent, &anything, &err), err);
    hw_memory_objects_remove(&objects, "b");
    assert_ok(hw_memory_charge(&objects, 6, &err), err);
    hw_memory_objects_release(&objects);
}

/* The ETag is the CRC-64/NVME of "123456789", as its definition has it, and the length. */
static void etags_are_made_of_the_bytes(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_memory_object *object = NULL;
    assert_ok(hw_memory_object_new("123456789", 9, true, &object, &err), err);
    assert_string_equal(object->etag, "ae8b14860a799888-9");
    hw_memory_object_drop(object);
}

enum { THREADS = 4, ROUNDS = 2000 };

static void *put_and_find(void *ctx) {
    struct hw_memory_objects *objects = ctx;
    for (int i = 0; i < ROUNDS; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i % 17);
        put(objects, key, key);
        struct hw_memory_object *object = hw_memory_objects_find(objects, key);
        if (object) {
            assert_memory_equal(object->data, key, object->bytes);
            hw_memory_object_drop(object);
        }
        if (i % 5 == 0) {
            hw_memory_objects_remove(objects, key);
        }
    }
    return NULL;
}

static void threads_share_them(void **state) {
    (void)state;
    struct hw_memory_objects objects;
    pthread_t threads[THREADS];
    hw_memory_objects_init(&objects, 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, put_and_find, &objects), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    hw_memory_objects_release(&objects);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_in_order),  cmocka_unit_test(conditions_are_held),
        cmocka_unit_test(bytes_are_limited),  cmocka_unit_test(etags_are_made_of_the_bytes),
        cmocka_unit_test(threads_share_them),
    };
    return cmocka_run_group_tests_name("store/memory_objects", tests, NULL, NULL);
}

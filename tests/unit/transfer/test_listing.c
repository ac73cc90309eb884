/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/listing.h"

#include <stdio.h>

#include "unit/transfer/listed_store.h"

enum { MANY = 7001 };

/* A listing of a store of this program. */
struct reading {
    struct listed_store store;
    struct hw_store *stores[1];
    struct hw_store_options options;
    struct hw_store_set set;
    struct hw_expand expand;
    struct hw_listing *listing;
    struct hw_error error;
};

static void reading_start(struct reading *reading, const char *path, const struct listed_object *objects, size_t count,
                          size_t fails_at, enum hw_status fails_with, const struct hw_filter *filter) {
    *reading = (struct reading){.error = HW_ERROR_INIT};
    listed_store_init(&reading->store, "listed://", objects, count);
    reading->store.fails_at = fails_at;
    reading->store.status = fails_with;
    reading->stores[0] = &reading->store.base;
    reading->options = (struct hw_store_options){.stores = reading->stores, .stores_count = 1};
    reading->set.options = &reading->options;
    assert_ok(hw_expand_open(&reading->expand, path, &reading->set, NULL, &reading->error), reading->error);
    assert_ok(hw_listing_start(&reading->expand, filter, &reading->listing, &reading->error), reading->error);
}

static void reading_end(struct reading *reading) {
    hw_listing_free(reading->listing);
    hw_expand_release(&reading->expand);
    hw_store_set_release(&reading->set);
    listed_store_release(&reading->store);
}

static const struct listed_object few[] = {{"p/a", 1, 5}, {"p/b/c", 2, 6}, {"p/d", 3, 7}, {"q", 4, 8}};

static void objects_are_handed_out(void **state) {
    (void)state;
    static const char *const only_b[] = {"b/"};
    static const char *const none[] = {"z"};
    static const struct {
        const char *name;
        const char *path;
        struct hw_filter filter;
        const char *want; /* names and sizes */
        bool some;
    } rows[] = {
        {"all", "listed://", {0}, "p/a:1 p/b/c:2 p/d:3 q:4 ", true},
        {"those of a prefix", "listed://p/", {0}, "a:1 b/c:2 d:3 ", true},
        {"those that match", "listed://p/*c", {0}, "b/c:2 ", true},
        {"those that a filter takes", "listed://p/", {.include = only_b, .include_count = 1}, "b/c:2 ", true},
        {"a filter that takes none", "listed://p/", {.include = none, .include_count = 1}, "", true},
        {"nothing there", "listed://r/", {0}, "", false},
        {"nothing that matches", "listed://p/*z", {0}, "", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_expanded object;
        char got[200] = "";
        reading_start(&reading, rows[i].path, few, COUNT_OF(few), 0, HW_OK, &rows[i].filter);
        do {
            assert_ok(hw_listing_next(reading.listing, &object, &reading.error), reading.error);
            const size_t used = strlen(got);
            if (object.name) {
                snprintf(got + used, sizeof(got) - used, "%s:%" PRIu64 " ", object.name, object.info->size);
            }
        } while (object.name);
        assert_row_text(rows[i].name, got, rows[i].want);
        assert_row_int(rows[i].name, hw_listing_some(reading.listing), rows[i].some);
        /* The end stays the end. */
        assert_ok(hw_listing_next(reading.listing, &object, &reading.error), reading.error);
        assert_null(object.name);
        reading_end(&reading);
    }
}

static struct listed_object *many_make(char (**out_keys)[16]) {
    struct listed_object *objects = hw_alloc_zero(MANY, sizeof(*objects));
    char(*keys)[16] = hw_alloc_zero(MANY, sizeof(*keys));
    assert_non_null(objects);
    assert_non_null(keys);
    for (size_t i = 0; i < MANY; i++) {
        snprintf(keys[i], sizeof(keys[i]), "k%06zu", i);
        objects[i] = (struct listed_object){keys[i], i, (int64_t)i};
    }
    *out_keys = keys;
    return objects;
}

/* More than the blocks that are fetched ahead. */
static void long_listings_come_whole(void **state) {
    (void)state;
    char(*keys)[16];
    struct listed_object *objects = many_make(&keys);
    struct reading reading;
    struct hw_expanded object;
    reading_start(&reading, "listed://", objects, MANY, 0, HW_OK, NULL);
    for (size_t i = 0; i < MANY; i++) {
        assert_ok(hw_listing_next(reading.listing, &object, &reading.error), reading.error);
        assert_string_equal(object.name, keys[i]);
        assert_int_equal(object.info->size, i);
        assert_int_equal(object.info->mtime_us, i);
    }
    assert_ok(hw_listing_next(reading.listing, &object, &reading.error), reading.error);
    assert_null(object.name);
    reading_end(&reading);
    hw_free(objects);
    hw_free(keys);
}

static void a_listing_may_be_left_in_the_middle(void **state) {
    (void)state;
    static const size_t reads[] = {0, 1, 1000, 1001, MANY};
    char(*keys)[16];
    struct listed_object *objects = many_make(&keys);
    for (size_t i = 0; i < COUNT_OF(reads); i++) {
        struct reading reading;
        struct hw_expanded object;
        reading_start(&reading, "listed://", objects, MANY, 0, HW_OK, NULL);
        for (size_t n = 0; n < reads[i]; n++) {
            assert_ok(hw_listing_next(reading.listing, &object, &reading.error), reading.error);
            assert_non_null(object.name);
        }
        reading_end(&reading);
    }
    hw_listing_free(NULL);
    hw_free(objects);
    hw_free(keys);
}

static const struct listed_object back[] = {{"a", 1, 1}, {"c", 1, 1}, {"b", 1, 1}};
static const struct listed_object twice[] = {{"a", 1, 1}, {"b", 1, 1}, {"b", 1, 1}};

static void failures_come_in_the_place_of_the_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const struct listed_object *objects;
        size_t count, fails_at;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"at the beginning", few, COUNT_OF(few), 1, HW_ESERVER, "breaks off"},
        {"at the end", few, COUNT_OF(few), COUNT_OF(few) + 1, HW_ESERVER, "breaks off"},
        {"a key that goes back", back, COUNT_OF(back), 0, HW_EPROTOCOL, "goes back to \"b\""},
        {"a key that comes twice", twice, COUNT_OF(twice), 0, HW_EPROTOCOL, "goes back to \"b\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_expanded object;
        reading_start(&reading, "listed://", rows[i].objects, rows[i].count, rows[i].fails_at, HW_ESERVER, NULL);
        for (int again = 0; again < 2; again++) {
            assert_row_int(rows[i].name, hw_listing_next(reading.listing, &object, &reading.error), rows[i].want);
            assert_row_says(rows[i].name, reading.error.message, rows[i].says);
        }
        reading_end(&reading);
    }
}

/* A store's own "not found" is a failure, though it is none that there are no objects. */
static void not_found_is_no_end(void **state) {
    (void)state;
    char(*keys)[16];
    struct listed_object *objects = many_make(&keys);
    struct reading reading;
    struct hw_expanded object;
    reading_start(&reading, "listed://", objects, MANY, 2500, HW_ENOTFOUND, NULL);
    for (size_t i = 0; i < 2000; i++) {
        assert_ok(hw_listing_next(reading.listing, &object, &reading.error), reading.error);
    }
    assert_int_equal(hw_listing_next(reading.listing, &object, &reading.error), HW_ENOTFOUND);
    reading_end(&reading);
    hw_free(objects);
    hw_free(keys);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_handed_out),
        cmocka_unit_test(long_listings_come_whole),
        cmocka_unit_test(a_listing_may_be_left_in_the_middle),
        cmocka_unit_test(failures_come_in_the_place_of_the_end),
        cmocka_unit_test(not_found_is_no_end),
    };
    return cmocka_run_group_tests_name("transfer/listing", tests, NULL, NULL);
}

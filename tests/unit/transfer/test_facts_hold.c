/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/facts_hold.h"

#include <stdio.h>

#include "support/rows.h"
#include "unit/transfer/fake_store.h"

static void an_object_is_known_by_its_facts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *etag; /* of the object that is there; NULL: there is none */
        struct hw_object_info facts;
        bool expected;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"the same ETag", "e", {"k", 3, 1, "e"}, true, HW_OK, ""},
        {"another ETag", "f", {"k", 3, 7, "e"}, true, HW_ECHANGED, "the target was changed"},
        {"another size", "e", {"k", 4, 7, "e"}, true, HW_ECHANGED, "the target was changed"},
        {"the same time", "", {"k", 3, 7, ""}, true, HW_OK, ""},
        {"another time", "", {"k", 3, 8, ""}, true, HW_ECHANGED, "the target was changed"},
        {"it has come", "e", {0}, false, HW_ECHANGED, "the target is there"},
        {"it is gone", NULL, {"k", 3, 7, "e"}, true, HW_ECHANGED, "the target is gone"},
        {"none, as before", NULL, {0}, false, HW_OK, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_store store;
        fake_store_init(&store, "fake://");
        if (rows[i].etag) {
            store.version = (struct fake_version){.bytes = {"abc", 3}, .etag = rows[i].etag, .mtime_us = 7};
        } else {
            store.fault = (struct fake_fault){FAKE_STAT, 1, 9, HW_ENOTFOUND};
        }
        assert_row_int(rows[i].name,
                       hw_facts_hold(&store.base, "k", rows[i].expected ? &rows[i].facts : NULL, "target", &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        fake_store_release(&store);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_object_is_known_by_its_facts)};
    return cmocka_run_group_tests_name("transfer/facts_hold", tests, NULL, NULL);
}

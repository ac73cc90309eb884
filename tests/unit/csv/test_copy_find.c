/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/copy_find.h"

#include <stdio.h>

#include "support/rows.h"

enum { SIZE_MAX_TRIED = 3 * HW_COPY_FIND_MARGIN };

/* Texts of every size with the byte at every place, before their end and behind it. */
static void the_first_byte_is_found_and_what_is_before_it_copied(void **state) {
    (void)state;
    char text[SIZE_MAX_TRIED + HW_COPY_FIND_MARGIN];
    char out[SIZE_MAX_TRIED + HW_COPY_FIND_MARGIN];
    for (size_t size = 0; size <= SIZE_MAX_TRIED; size++) {
        for (size_t place = 0; place < size + HW_COPY_FIND_MARGIN; place++) {
            char row[64];
            snprintf(row, sizeof(row), "%zu bytes, first at %zu", size, place);
            for (size_t i = 0; i < size + HW_COPY_FIND_MARGIN; i++) {
                text[i] = i < place || i % 3 ? (char)('#' + i % 90) : '"';
            }
            text[place] = '"';
            memset(out, 0, sizeof(out));
            size_t want = place < size ? place : size;
            assert_row_int(row, hw_copy_find(out, text, size, '"'), want);
            size_t copied = want + (place < size);
            assert_row_bytes(row, out, copied, text, copied);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_byte_is_found_and_what_is_before_it_copied),
    };
    return cmocka_run_group_tests_name("csv/copy_find", tests, NULL, NULL);
}

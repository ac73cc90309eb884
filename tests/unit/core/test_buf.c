/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buf.h"

#include "support/rows.h"

/*
 * memchr and memcmp may not get a null pointer, even for no bytes; who is given a view does not
 * ask.
 */
static void a_view_of_nothing_points_somewhere(void **state) {
    (void)state;
    struct hw_buf fresh = {0};
    struct hw_buf released = {0};
    struct hw_buf cleared = {0};
    assert_int_equal(hw_buf_append_text(&released, "text", NULL), HW_OK);
    hw_buf_release(&released);
    assert_int_equal(hw_buf_append_text(&cleared, "text", NULL), HW_OK);
    hw_buf_clear(&cleared);
    const struct {
        const char *name;
        const struct hw_buf *buf;
    } rows[] = {{"fresh", &fresh}, {"released", &released}, {"cleared", &cleared}};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_view view = hw_buf_view(rows[i].buf);
        assert_row_int(rows[i].name, view.data != NULL, true);
        assert_row_int(rows[i].name, view.size, 0);
    }
    hw_buf_release(&cleared);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_view_of_nothing_points_somewhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

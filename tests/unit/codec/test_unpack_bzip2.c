/* SPDX-License-Identifier: Apache-2.0 */
/* Members are made by libbz2. */
#include "codec/unpack.h"

#include <bzlib.h>

#include "unpack_members.h"

static void put_packed(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    unsigned size = (unsigned)(bytes + bytes / 100 + 600);
    assert_ok(hw_buf_reserve(out, size, &err), err);
    char *from = (char *)(uintptr_t)data; /* libbz2 does not write there */
    char *to = (char *)out->data + out->size;
    assert_int_equal(BZ2_bzBuffToBuffCompress(to, &size, from, (unsigned)bytes, 1, 0, 0), BZ_OK);
    out->size += size;
}

static const struct members_format format = {
    .packing = HW_PACKING_BZIP2,
    .name = "bzip2",
    .member = "member",
    .put = put_packed,
    .checked = false,
    /*
     * The level, where the block fits a smaller one too; the bits that fill up the last byte; the
     * first byte of the padding.
     */
    .harmless_max = 4 * (8 + 7) + 8,
};

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMBERS_TESTS,
    };
    return cmocka_run_group_tests_name("codec/unpack_bzip2", tests, NULL, NULL);
}

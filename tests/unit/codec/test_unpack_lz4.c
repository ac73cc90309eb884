/* SPDX-License-Identifier: Apache-2.0 */
/* Frames are made by liblz4. */
#include "codec/unpack.h"

#include <lz4frame.h>

#include "unpack_members.h"

static void put_packed(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    const LZ4F_preferences_t preferences = {
        .frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled, .contentSize = bytes}};
    const size_t room = LZ4F_compressFrameBound(bytes, &preferences);
    assert_ok(hw_buf_reserve(out, room, &err), err);
    const size_t size = LZ4F_compressFrame(out->data + out->size, room, data, bytes, &preferences);
    assert_false(LZ4F_isError(size));
    out->size += size;
}

static const struct members_format format = {
    .packing = HW_PACKING_LZ4,
    .name = "lz4",
    .member = "frame",
    .put = put_packed,
    .checked = false,
    /* The first byte of the padding, and a flag that no reader needs. */
    .harmless_max = 8 + 4 * 8,
};

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMBERS_TESTS,
    };
    return cmocka_run_group_tests_name("codec/unpack_lz4", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A ZIP whose members are stored and all alike. */
#ifndef HW_TESTS_ZIP_WRITE_H
#define HW_TESTS_ZIP_WRITE_H

#include <libdeflate.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/scratch.h"

static inline void zip_put(struct hw_buf *out, uint64_t value, size_t bytes) {
    assert_int_equal(hw_buf_append(out, &value, bytes, NULL), HW_OK);
}

/*
 * What a member's header and its entry in the directory have in common, then its name (APPNOTE
 * 4.3.7, 4.3.12).
 */
static inline void zip_header(struct hw_buf *out, bool directory, const char *name, hw_view text, uint64_t at) {
    zip_put(out, directory ? 0x02014b50 : 0x04034b50, 4);
    zip_put(out, 20, directory ? 2 : 0);
    zip_put(out, 20, 2);
    zip_put(out, 0, 2 + 2);
    zip_put(out, 0x5a21a000, 4);
    zip_put(out, libdeflate_crc32(0, text.data, text.size), 4);
    zip_put(out, text.size, 4);
    zip_put(out, text.size, 4);
    zip_put(out, strlen(name), 2);
    zip_put(out, 0, 2);
    zip_put(out, 0, directory ? 8 : 0);
    zip_put(out, 0, directory ? 2 : 0);
    zip_put(out, at, directory ? 4 : 0);
    assert_int_equal(hw_buf_append_text(out, name, NULL), HW_OK);
}

/* `members` ends with NULL; each holds `text`. `zip` is empty. */
static inline void zip_make(struct hw_buf *zip, const char *const *members, hw_view text) {
    HW_AUTO(hw_buf) directory = {0};
    size_t count = 0;
    for (; members[count]; count++) {
        zip_header(&directory, true, members[count], text, zip->size);
        zip_header(zip, false, members[count], text, 0);
        assert_int_equal(hw_buf_append(zip, text.data, text.size, NULL), HW_OK);
    }
    uint64_t directory_at = zip->size;
    assert_int_equal(hw_buf_append(zip, directory.data, directory.size, NULL), HW_OK);
    zip_put(zip, 0x06054b50, 4); /* 4.3.16 */
    zip_put(zip, 0, 4);
    zip_put(zip, count, 2);
    zip_put(zip, count, 2);
    zip_put(zip, directory.size, 4);
    zip_put(zip, directory_at, 4);
    zip_put(zip, 0, 2);
}

static inline void zip_write(const struct scratch *scratch, const char *path, const char *const *members,
                             hw_view text) {
    HW_AUTO(hw_buf) zip = {0};
    zip_make(&zip, members, text);
    scratch_write(scratch, path, zip.data, zip.size);
}

#endif

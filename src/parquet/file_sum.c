/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_sum.h"

#include <stdio.h>

#include "codec/checksum.h"

static const char before_name[] = "crc64nvme=";
static const char footer_name[] = ";footer=";
enum { BEFORE_DIGITS = 16, BEFORE_AT = sizeof(before_name) - 1, NAME_AT = BEFORE_AT + BEFORE_DIGITS };

_Static_assert(NAME_AT + sizeof(footer_name) - 1 == HW_FILE_SUM_FOOTER_AT, "the digits of the footer's sum");
_Static_assert(HW_FILE_SUM_FOOTER_AT + HW_FILE_SUM_FOOTER_DIGITS == HW_FILE_SUM_BYTES, "the bytes of the value");

void hw_file_sum_write(const struct hw_file_sum *sum, char out[HW_FILE_SUM_BYTES + 1]) {
    snprintf(out, HW_FILE_SUM_BYTES + 1, "%s%016" PRIx64 "%s%08" PRIx32, before_name, sum->before, footer_name,
             sum->footer);
}

/* Reads lower-case hexadecimal digits; false where there are others. */
static bool digits_read(const char *digits, size_t count, uint64_t *out) {
    static const char all[] = "0123456789abcdef";
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        const char *at = memchr(all, digits[i], sizeof(all) - 1);
        if (!at) {
            return false;
        }
        value = value << 4 | (uint64_t)(at - all);
    }
    *out = value;
    return true;
}

bool hw_file_sum_read(hw_view value, struct hw_file_sum *out_sum) {
    uint64_t before;
    uint64_t footer;
    if (value.size != HW_FILE_SUM_BYTES || memcmp(value.data, before_name, BEFORE_AT) != 0 ||
        memcmp(value.data + NAME_AT, footer_name, sizeof(footer_name) - 1) != 0 ||
        !digits_read(value.data + BEFORE_AT, BEFORE_DIGITS, &before) ||
        !digits_read(value.data + HW_FILE_SUM_FOOTER_AT, HW_FILE_SUM_FOOTER_DIGITS, &footer)) {
        return false;
    }
    *out_sum = (struct hw_file_sum){.before = before, .footer = (uint32_t)footer};
    return true;
}

uint32_t hw_file_sum_footer(hw_view footer, size_t digits_at) {
    const size_t behind = digits_at + HW_FILE_SUM_FOOTER_DIGITS;
    uint32_t sum = hw_crc32c(0, footer.data, digits_at);
    sum = hw_crc32c(sum, "00000000", HW_FILE_SUM_FOOTER_DIGITS);
    return hw_crc32c(sum, footer.data + behind, footer.size - behind);
}

bool hw_file_sum_within(hw_view footer) {
    /* The key, the head of the field that follows, and the beginning of its value. */
    static const char pattern[] = HW_FILE_SUM_KEY "\x18\x2a"
                                                  "crc64nvme=";
    return memmem(footer.data, footer.size, pattern, sizeof(pattern) - 1) != NULL;
}

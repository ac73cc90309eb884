/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/checksum.h"

#include "core/view.h"
#include "support/rows.h"

#define DIGITS HW_VIEW_INIT("123456789")
#define EMPTY HW_VIEW_INIT("")

/* Bit by bit, from the polynomial: the definition. */
static uint32_t crc32_bitwise(const uint8_t *data, size_t bytes) {
    uint32_t state = UINT32_MAX;
    for (size_t i = 0; i < bytes; i++) {
        state ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            state = (state >> 1) ^ (state & 1 ? 0xedb88320 : 0);
        }
    }
    return ~state;
}

static void crc32_is_the_one_of_gzip(void **state) {
    (void)state;
    uint8_t data[300];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 167 + 13);
    }
    assert_int_equal(hw_crc32(0, "123456789", 9), 0xcbf43926); /* the check value of the CRC catalogue */
    for (size_t bytes = 0; bytes <= sizeof(data); bytes++) {
        assert_int_equal(hw_crc32(0, data, bytes), crc32_bitwise(data, bytes));
        assert_int_equal(hw_crc32(hw_crc32(0, data, bytes), data + bytes, sizeof(data) - bytes),
                         crc32_bitwise(data, sizeof(data)));
    }
}

/* From the test vectors of other implementations of xxHash. */
static const struct {
    const char *name;
    hw_view data;
    uint64_t seed;
    uint64_t want;
} xxh64_rows[] = {
    {"empty", EMPTY, 0, 0xef46db3751d8e999u},
    {"empty, seed 1", EMPTY, 1, 0xd5afba1336a3be4bu},
    {"a", HW_VIEW_INIT("a"), 0, 0xd24ec4f1a98c6e5bu},
    {"asdf", HW_VIEW_INIT("asdf"), 0, 0x415872f599cea71eu},
    {"63 bytes", HW_VIEW_INIT("Call me Ishmael. Some years ago--never mind how long precisely-"), 0,
     0x02a2e85470d6fd96u},
};

static void xxh64_has_the_known_values(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(xxh64_rows); i++) {
        uint64_t got = hw_xxh64(xxh64_rows[i].data.data, xxh64_rows[i].data.size, xxh64_rows[i].seed);
        assert_row_int(xxh64_rows[i].name, got, xxh64_rows[i].want);
    }
}

static void hex_is_lower_case(void **state) {
    (void)state;
    char out[13];
    hw_hex((const uint8_t *)"\x00\x09\xab\xff\x10\x7f", 6, out);
    assert_string_equal(out, "0009abff107f");
    hw_hex(NULL, 0, out);
    assert_string_equal(out, "");
}

/* Python's base64 of the big-endian bytes; the second is S3's own example for "123456789". */
static const struct {
    const char *name;
    uint64_t crc;
    const char *text;
} base64_rows[] = {
    {"zero", 0, "AAAAAAAAAAA="},
    {"123456789", 0xae8b14860a799888u, "rosUhgp5mIg="},
    {"all ones", UINT64_MAX, "//////////8="},
};

static void base64_of_a_crc(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(base64_rows); i++) {
        char text[HW_BASE64_CRC64_BYTES];
        uint64_t crc = 1;
        hw_crc64nvme_base64(base64_rows[i].crc, text);
        assert_row_text(base64_rows[i].name, text, base64_rows[i].text);
        assert_row_int(base64_rows[i].name, hw_crc64nvme_from_base64(text, &crc), true);
        assert_row_int(base64_rows[i].name, crc, base64_rows[i].crc);
    }
}

static const char *const not_base64_rows[] = {
    "",
    "rosUhgp5mIg",    /* no padding */
    "rosUhgp5mIg==",  /* too much of it */
    "rosUhgp5mIgA",   /* nine bytes */
    "rosUhgp5mA==",   /* seven bytes */
    "rosUhgp5mIh=",   /* stray bits after the last byte */
    "rosUhgp5m-g=",   /* the URL alphabet */
    " rosUhgp5mI=",   /* a blank */
    "rosUhgp5mIg=\n", /* a newline */
    "rosU=gp5mIg=",   /* padding inside */
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff=",
};

static void what_is_no_base64_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(not_base64_rows); i++) {
        uint64_t crc = 7;
        assert_row_int(not_base64_rows[i], hw_crc64nvme_from_base64(not_base64_rows[i], &crc), false);
        assert_row_int(not_base64_rows[i], crc, 7);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_is_the_one_of_gzip),
        cmocka_unit_test(xxh64_has_the_known_values),
        cmocka_unit_test(hex_is_lower_case),
        cmocka_unit_test(base64_of_a_crc),
        cmocka_unit_test(what_is_no_base64_is_refused),
    };
    return cmocka_run_group_tests_name("codec/checksum", tests, NULL, NULL);
}

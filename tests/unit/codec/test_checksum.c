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
    /* the check value of the CRC catalogue */
    assert_int_equal(hw_crc32(0, "123456789", 9), 0xcbf43926);
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

/*
 * Python's base64 of the big-endian bytes. Values of "123456789" are the check values of the CRC
 * catalogue.
 */
static const struct {
    const char *name;
    struct hw_checksum checksum;
    const char *text;
} base64_rows[] = {
    {"zero", {HW_CHECKSUM_CRC64NVME, 0}, "AAAAAAAAAAA="},
    {"123456789", {HW_CHECKSUM_CRC64NVME, 0xae8b14860a799888u}, "rosUhgp5mIg="},
    {"all ones", {HW_CHECKSUM_CRC64NVME, UINT64_MAX}, "//////////8="},
    {"123456789 by CRC-32C", {HW_CHECKSUM_CRC32C, 0xe3069283u}, "4waSgw=="},
    {"123456789 by CRC-32", {HW_CHECKSUM_CRC32, 0xcbf43926u}, "y/Q5Jg=="},
};

static void base64_of_a_checksum(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(base64_rows); i++) {
        const struct hw_checksum *checksum = &base64_rows[i].checksum;
        char text[HW_CHECKSUM_TEXT_BYTES];
        struct hw_checksum back = {0};
        assert_row_text(base64_rows[i].name, hw_checksum_text(checksum, text), base64_rows[i].text);
        assert_row_int(base64_rows[i].name, hw_checksum_parse(checksum->kind, hw_view_of(text), &back), true);
        assert_row_int(base64_rows[i].name, back.kind, checksum->kind);
        assert_row_int(base64_rows[i].name, back.value == checksum->value, true);
    }
}

static const struct {
    enum hw_checksum_kind kind;
    const char *name;
    uint64_t digits; /* of "123456789" */
} kind_rows[] = {
    {HW_CHECKSUM_NONE, "none", 0},
    {HW_CHECKSUM_CRC64NVME, "crc64nvme", 0xae8b14860a799888u},
    {HW_CHECKSUM_CRC32C, "crc32c", 0xe3069283u},
    {HW_CHECKSUM_CRC32, "crc32", 0xcbf43926u},
};

static void checksums_of_parts_make_that_of_the_whole(void **state) {
    (void)state;
    uint8_t data[300];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 167 + 13);
    }
    for (size_t i = 0; i < COUNT_OF(kind_rows); i++) {
        const enum hw_checksum_kind kind = kind_rows[i].kind;
        const char *name = kind_rows[i].name;
        const uint64_t whole = hw_checksum_add(kind, 0, data, sizeof(data));
        assert_row_text(name, hw_checksum_name(kind), name);
        assert_row_int(name, hw_checksum_add(kind, 0, "123456789", 9) == kind_rows[i].digits, true);
        for (size_t cut = 0; cut <= sizeof(data); cut++) {
            const uint64_t first = hw_checksum_add(kind, 0, data, cut);
            const uint64_t second = hw_checksum_add(kind, 0, data + cut, sizeof(data) - cut);
            assert_row_int(name, hw_checksum_combine(kind, first, second, sizeof(data) - cut) == whole, true);
            assert_row_int(name, hw_checksum_add(kind, first, data + cut, sizeof(data) - cut) == whole, true);
        }
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
        struct hw_checksum checksum = {HW_CHECKSUM_CRC64NVME, 7};
        hw_view text = hw_view_of(not_base64_rows[i]);
        assert_row_int(not_base64_rows[i], hw_checksum_parse(HW_CHECKSUM_CRC64NVME, text, &checksum), false);
        assert_row_int(not_base64_rows[i], checksum.value, 7);
    }
    struct hw_checksum checksum = {0};
    /* of eight bytes */
    assert_false(hw_checksum_parse(HW_CHECKSUM_CRC32, HW_VIEW("rosUhgp5mIg="), &checksum));
    /* of four */
    assert_false(hw_checksum_parse(HW_CHECKSUM_CRC64NVME, HW_VIEW("y/Q5Jg=="), &checksum));
    /* of two parts */
    assert_false(hw_checksum_parse(HW_CHECKSUM_CRC32, HW_VIEW("y/Q5Jg==-2"), &checksum));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_is_the_one_of_gzip),
        cmocka_unit_test(xxh64_has_the_known_values),
        cmocka_unit_test(hex_is_lower_case),
        cmocka_unit_test(base64_of_a_checksum),
        cmocka_unit_test(checksums_of_parts_make_that_of_the_whole),
        cmocka_unit_test(what_is_no_base64_is_refused),
    };
    return cmocka_run_group_tests_name("codec/checksum", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/checksum.h"

#include "core/bytes_text.h"
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

/* RFC 1950 has the sums; 0x11e60398 is what Wikipedia's article has for its example. */
static void adler32_is_the_one_of_zlib(void **state) {
    (void)state;
    assert_int_equal(hw_adler32(1, "", 0), 1);
    assert_int_equal(hw_adler32(1, "Wikipedia", 9), 0x11e60398);
    assert_int_equal(hw_adler32(hw_adler32(1, "Wiki", 4), "pedia", 5), 0x11e60398);
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
    {"zero", {.kind = HW_CHECKSUM_CRC64NVME, .value = 0}, "AAAAAAAAAAA="},
    {"123456789", {.kind = HW_CHECKSUM_CRC64NVME, .value = 0xae8b14860a799888u}, "rosUhgp5mIg="},
    {"all ones", {.kind = HW_CHECKSUM_CRC64NVME, .value = UINT64_MAX}, "//////////8="},
    {"123456789 by CRC-32C", {.kind = HW_CHECKSUM_CRC32C, .value = 0xe3069283u}, "4waSgw=="},
    {"123456789 by CRC-32", {.kind = HW_CHECKSUM_CRC32, .value = 0xcbf43926u}, "y/Q5Jg=="},
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
        struct hw_checksum checksum = {.kind = HW_CHECKSUM_CRC64NVME, .value = 7};
        hw_view text = hw_view_of(not_base64_rows[i]);
        assert_row_int(not_base64_rows[i], hw_checksum_parse(HW_CHECKSUM_CRC64NVME, text, &checksum), false);
        assert_row_int(not_base64_rows[i], checksum.value, 7);
    }
    struct hw_checksum checksum = {0};
    /* of eight bytes */
    assert_false(hw_checksum_parse(HW_CHECKSUM_CRC32, HW_VIEW("rosUhgp5mIg="), &checksum));
    /* of four */
    assert_false(hw_checksum_parse(HW_CHECKSUM_CRC64NVME, HW_VIEW("y/Q5Jg=="), &checksum));
    assert_false(hw_checksum_parse(HW_CHECKSUM_NONE, HW_VIEW(""), &checksum));
    static const char *const no_parts[] = {"y/Q5Jg==-",   "y/Q5Jg==-0",  "y/Q5Jg==-02", "y/Q5Jg==2", "y/Q5Jg==-123456",
                                           "y/Q5Jg== -2", "y/Q5Jg==-2 ", "-2",          "2"};
    for (size_t i = 0; i < COUNT_OF(no_parts); i++) {
        assert_row_int(no_parts[i], hw_checksum_parse(HW_CHECKSUM_CRC32, hw_view_of(no_parts[i]), &checksum), false);
    }
}

/*
 * What Python's hashlib and zlib make of "123456789", and of the values of "12345" and "6789" one
 * after the other. That of CRC-64/NVME is given for one part only: S3 has no other of its kind.
 */
static const struct {
    enum hw_checksum_kind kind;
    const char *algorithm;
    const char *header;
    const char *element;
    const char *whole;
    const char *parts;
} text_rows[] = {
    {HW_CHECKSUM_CRC32, "CRC32", "x-amz-checksum-crc32", "ChecksumCRC32", "y/Q5Jg==", "4zspdQ==-2"},
    {HW_CHECKSUM_SHA1, "SHA1", "x-amz-checksum-sha1", "ChecksumSHA1",
     "98O8HYCOBHMq32eZZczDTKeuNEE=", "UGmj5L5/K7lmsIeci6hTqydwTCs=-2"},
    {HW_CHECKSUM_SHA256, "SHA256", "x-amz-checksum-sha256", "ChecksumSHA256",
     "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=", "/wiQ+jHXUUcr18tTEaeru5H1cBgrYDQGvfxkGFLzgl4=-2"},
    {HW_CHECKSUM_MD5, "MD5", "Content-MD5", "", "JfnnlDI7RTiF9RgfG2JNCw==", NULL},
    {HW_CHECKSUM_CRC64NVME, "CRC64NVME", "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME", "rosUhgp5mIg=", NULL},
    {HW_CHECKSUM_CRC32C, "CRC32C", "x-amz-checksum-crc32c", "ChecksumCRC32C", "4waSgw==", NULL},
};

static void every_kind_has_the_names_and_texts_of_s3(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(text_rows); i++) {
        const enum hw_checksum_kind kind = text_rows[i].kind;
        const char *name = text_rows[i].algorithm;
        char text[HW_CHECKSUM_TEXT_BYTES];
        struct hw_checksum_run run;
        struct hw_checksum checksum;
        struct hw_checksum back = {0};
        assert_row_text(name, hw_checksum_algorithm(kind), name);
        assert_row_text(name, hw_checksum_header(kind), text_rows[i].header);
        assert_row_text(name, hw_checksum_element(kind), text_rows[i].element);
        hw_checksum_run_init(&run, kind);
        hw_checksum_run_add(&run, "12345", 5);
        hw_checksum_run_add(&run, "", 0);
        hw_checksum_run_add(&run, "6789", 4);
        hw_checksum_run_final(&run, &checksum);
        assert_row_text(name, hw_checksum_text(&checksum, text), text_rows[i].whole);
        assert_row_int(name, hw_checksum_parse(kind, hw_view_of(text), &back), true);
        assert_row_int(name, hw_checksum_equal(&back, &checksum), true);
        back = hw_checksum_of(kind, "12345678", 8);
        assert_row_int(name, hw_checksum_equal(&back, &checksum), false);
        if (!text_rows[i].parts) {
            continue;
        }
        const struct hw_checksum first = hw_checksum_of(kind, "12345", 5);
        const struct hw_checksum second = hw_checksum_of(kind, "6789", 4);
        hw_checksum_run_init(&run, kind);
        hw_checksum_compose_add(&run, &first);
        hw_checksum_compose_add(&run, &second);
        hw_checksum_run_final(&run, &checksum);
        checksum.parts = 2;
        assert_row_text(name, hw_checksum_text(&checksum, text), text_rows[i].parts);
        assert_row_int(name, hw_checksum_parse(kind, hw_view_of(text), &back), true);
        assert_row_int(name, hw_checksum_equal(&back, &checksum), true);
        back.parts = 3;
        assert_row_int(name, hw_checksum_equal(&back, &checksum), false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adler32_is_the_one_of_zlib),   cmocka_unit_test(crc32_is_the_one_of_gzip),
        cmocka_unit_test(xxh64_has_the_known_values),   cmocka_unit_test(hex_is_lower_case),
        cmocka_unit_test(base64_of_a_checksum),         cmocka_unit_test(checksums_of_parts_make_that_of_the_whole),
        cmocka_unit_test(what_is_no_base64_is_refused), cmocka_unit_test(every_kind_has_the_names_and_texts_of_s3),
    };
    return cmocka_run_group_tests_name("codec/checksum", tests, NULL, NULL);
}

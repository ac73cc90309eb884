/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/tagging.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define K128                                                           \
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" \
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
#define E16                                                            \
    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" \
    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
#define E128 E16 E16 E16 E16 E16 E16 E16 E16

static const struct {
    const char *text;
    enum hw_status want;
    const char *says; /* the encoded tags, or words of the message */
} rows[] = {
    {"a=1", HW_OK, "a=1"},
    {"a=1&b=", HW_OK, "a=1&b="},
    {"a b=c+d/e", HW_OK, "a%20b=c%2Bd%2Fe"},
    {"a%20b=%26%3d", HW_OK, "a%20b=%26%3D"},
    {"a=b=c", HW_OK, "a=b%3Dc"},
    {"caf\xc3\xa9=\xc3\xa9", HW_OK, "caf%C3%A9=%C3%A9"},
    {"a=1&A=2", HW_OK, "a=1&A=2"},
    {"a=0&b=1&c=2&d=3&e=4&f=5&g=6&h=7&i=8&j=9", HW_OK, "a=0&b=1&c=2&d=3&e=4&f=5&g=6&h=7&i=8&j=9"},
    {K128 "=" K128 K128, HW_OK, K128 "=" K128 K128},
    {"a=0&b=1&c=2&d=3&e=4&f=5&g=6&h=7&i=8&j=9&k=10", HW_EUSAGE, "more than 10 tags"},
    {"", HW_EUSAGE, "the tag \"\" has no '='"},
    {"a", HW_EUSAGE, "the tag \"a\" has no '='"},
    {"a=1&", HW_EUSAGE, "the tag \"\" has no '='"},
    {"=1", HW_EUSAGE, "the tag \"=1\" has no name"},
    {"a=1&b=2&%61=3", HW_EUSAGE, "the tag \"%61=3\" has the name of an earlier one"},
    {"a=%4", HW_EUSAGE, "has a '%' without two hexadecimal digits"},
    {"%zz=1", HW_EUSAGE, "has a '%' without two hexadecimal digits"},
    {"a=1%0a", HW_EUSAGE, "has a control byte"},
    {"a\x7f=1", HW_EUSAGE, "has a control byte"},
    {"aws:x=1", HW_EUSAGE, "begins with aws:"},
    {K128 "k=1", HW_EUSAGE, "a name of more than 128 characters"},
    {"a=" K128 K128 "k", HW_EUSAGE, "a value of more than 256 characters"},
};

static void tags_are_encoded_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].text, hw_s3_tagging_encode(rows[i].text, &out, &err), rows[i].want);
        if (rows[i].want == HW_OK) {
            assert_row_text(rows[i].text, (const char *)out.data, rows[i].says);
        } else {
            assert_row_says(rows[i].text, err.message, rows[i].says);
            assert_row_int(rows[i].text, out.size, 0);
        }
    }
    /* Characters count, not bytes. */
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_tagging_encode(E128 "=" E128 E128, &out, &err), err);
}

#define TAG(key, value) "<Tag><Key>" key "</Key><Value>" value "</Value></Tag>"
#define TEN      \
    TAG("a", "") \
    TAG("b", "") TAG("c", "") TAG("d", "") TAG("e", "") TAG("f", "") TAG("g", "") TAG("h", "") TAG("i", "") TAG("j", "")
static const struct {
    const char *name;
    const char *body;
    enum hw_status want;
    const char *says;
} replies[] = {
    {"two", "<Tagging><TagSet>" TAG("a b", "&amp;=") TAG("c", "") "</TagSet></Tagging>", HW_OK, "a%20b=%26%3D&c="},
    {"no value", "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", HW_OK, "a="},
    {"none", "<Tagging><TagSet/></Tagging>", HW_OK, ""},
    {"ten", "<Tagging><TagSet>" TEN "</TagSet></Tagging>", HW_OK, "a=&b=&c=&d=&e=&f=&g=&h=&i=&j="},
    {"eleven", "<Tagging><TagSet>" TEN TAG("k", "") "</TagSet></Tagging>", HW_EPROTOCOL, "more than 10 tags"},
    {"no name", "<Tagging><TagSet><Tag><Value>a</Value></Tag></TagSet></Tagging>", HW_EPROTOCOL, "without a name"},
    {"cut", "<Tagging><TagSet>" TAG("a", "1"), HW_EPROTOCOL, ""},
};

static void replies_are_read_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        HW_AUTO(hw_http_response) response = s3_response(200, "", replies[i].body);
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(replies[i].name, hw_s3_tagging_read(&response, &out, &err), replies[i].want);
        if (replies[i].want == HW_OK) {
            assert_row_text(replies[i].name, (const char *)out.data, replies[i].says);
        } else {
            assert_row_says(replies[i].name, err.message, replies[i].says);
            assert_row_int(replies[i].name, out.size, 0);
        }
    }
}

static void a_document_brings_the_tags_back(void **state) {
    (void)state;
    HW_AUTO(hw_buf) xml = {0};
    HW_AUTO(hw_buf) back = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_tagging_write("a%3C%26=%22&b=", &xml, &err), err);
    assert_string_equal((const char *)xml.data,
                        "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>"
                        "<Tag><Key>a&lt;&amp;</Key><Value>&quot;</Value></Tag><Tag><Key>b</Key><Value></Value></Tag>"
                        "</TagSet></Tagging>");
    HW_AUTO(hw_http_response) response = s3_response(200, "", (const char *)xml.data);
    assert_ok(hw_s3_tagging_read(&response, &back, &err), err);
    assert_string_equal((const char *)back.data, "a%3C%26=%22&b=");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_encoded_or_refused),
        cmocka_unit_test(replies_are_read_or_refused),
        cmocka_unit_test(a_document_brings_the_tags_back),
    };
    return cmocka_run_group_tests_name("s3/tagging", tests, NULL, NULL);
}

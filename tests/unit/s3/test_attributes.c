/* SPDX-License-Identifier: Apache-2.0 */
/* The documents have the shape of the examples in the API reference of GetObjectAttributes. */
#include "s3/attributes.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define PART(number, size, more) "<Part><PartNumber>" number "</PartNumber><Size>" size "</Size>" more "</Part>"
#define DOCUMENT(root, inner)                                                                                     \
    "<?xml version=\"1.0\"?>\n<" root " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><ETag>e-3</ETag>" inner \
    "<ObjectSize>300</ObjectSize></" root ">"
#define SHA1 "<ChecksumSHA1>98O8HYCOBHMq32eZZczDTKeuNEE=</ChecksumSHA1>"
#define FIRST                                                                                   \
    DOCUMENT("GetObjectAttributesResponse",                                                     \
             "<Checksum><ChecksumSHA1>UGmj5L5/K7lmsIeci6hTqydwTCs=-3</ChecksumSHA1></Checksum>" \
             "<ObjectParts><PartsCount>3</PartsCount><IsTruncated>true</IsTruncated>"           \
             "<NextPartNumberMarker>2</NextPartNumberMarker>" PART("1", "100", SHA1)            \
                 PART("2", "150", SHA1) "</ObjectParts>")
#define SECOND                                                                                \
    DOCUMENT("GetObjectAttributesOutput", "<ObjectParts><TotalPartsCount>3</TotalPartsCount>" \
                                          "<IsTruncated>false</IsTruncated>" PART("5", "50", SHA1) "</ObjectParts>")
#define PLAIN DOCUMENT("GetObjectAttributesResponse", "")

static const struct {
    const char *name;
    struct http_reply first;
    struct http_reply then;
    enum hw_status want;
    bool told;
    size_t parts;
    size_t gets;
    const char *says;
} rows[] = {
    {"whole", {.status = 200, .body = PLAIN}, {0}, HW_OK, true, 0, 1, ""},
    {"parts on two pages", {.status = 200, .body = FIRST}, {.status = 200, .body = SECOND}, HW_OK, true, 3, 2, ""},
    {"replaced in between",
     {.status = 200, .body = FIRST},
     {.status = 200,
      .body = "<GetObjectAttributesResponse><ETag>f</ETag><ObjectSize>1</ObjectSize></GetObjectAttributesResponse>"},
     HW_ECHANGED,
     false,
     0,
     2,
     "replaced while it was asked for"},
    {"a page that is cut, once",
     {.status = 200, .body = "<GetObjectAttributesResponse><ObjectSize>3"},
     {.status = 200, .body = PLAIN},
     HW_OK,
     true,
     0,
     2,
     ""},
    {"not implemented",
     {.status = 501, .body = "<Error><Code>NotImplemented</Code></Error>", .times = -1},
     {0},
     HW_OK,
     false,
     0,
     0,
     ""},
    {"not allowed",
     {.status = 405, .body = "<Error><Code>MethodNotAllowed</Code></Error>"},
     {0},
     HW_OK,
     false,
     0,
     1,
     ""},
    {"the object itself",
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = "a,b\n1,2\n"},
     {0},
     HW_OK,
     false,
     0,
     1,
     ""},
    {"an XML object", {.status = 200, .headers = "ETag: \"e\"\r\n", .body = "<html/>"}, {0}, HW_OK, false, 0, 1, ""},
    {"no object",
     {.status = 404, .body = "<Error><Code>NoSuchKey</Code></Error>"},
     {0},
     HW_ENOTFOUND,
     false,
     0,
     1,
     "not found"},
    {"refused",
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     {0},
     HW_EAUTH,
     false,
     0,
     1,
     "refused"},
    {"an error in a 200, once",
     {.status = 200, .body = "<Error><Code>InternalError</Code></Error>"},
     {.status = 200, .body = PLAIN},
     HW_OK,
     true,
     0,
     2,
     ""},
    {"parts out of order",
     {.status = 200,
      .body = DOCUMENT("GetObjectAttributesResponse",
                       "<ObjectParts>" PART("2", "1", "") PART("2", "1", "") "</ObjectParts>"),
      .times = -1},
     {0},
     HW_EPROTOCOL,
     false,
     0,
     3,
     "part 2 comes after part 2"},
    {"a number that is none",
     {.status = 200,
      .body = DOCUMENT("GetObjectAttributesResponse", "<ObjectParts>" PART("10001", "1", "") "</ObjectParts>"),
      .times = -1},
     {0},
     HW_EPROTOCOL,
     false,
     0,
     3,
     "\"10001\" is no number of a part"},
    {"a size that is none",
     {.status = 200,
      .body = DOCUMENT("GetObjectAttributesResponse", "<ObjectParts>" PART("1", "-1", "") "</ObjectParts>"),
      .times = -1},
     {0},
     HW_EPROTOCOL,
     false,
     0,
     3,
     "\"-1\" is no size of a part"},
    {"a checksum that is none",
     {.status = 200,
      .body = DOCUMENT("GetObjectAttributesResponse", "<Checksum><ChecksumCRC32>x</ChecksumCRC32></Checksum>"),
      .times = -1},
     {0},
     HW_EPROTOCOL,
     false,
     0,
     3,
     "\"x\" is not a CRC32"},
};

static void attributes_are_told_or_not(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {rows[i].first, rows[i].then};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_attributes attributes = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_s3_object_attributes(fixture.client, "k", NULL, &attributes, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, rows[i].want ? err.message : "", rows[i].says);
        assert_row_int(rows[i].name, attributes.told, rows[i].told);
        assert_row_int(rows[i].name, attributes.parts_count, rows[i].parts);
        if (rows[i].gets > 0) {
            assert_row_int(rows[i].name, http_server_count(fixture.server, "GET /bucket/k?attributes= "), rows[i].gets);
        }
        if (rows[i].told) {
            assert_row_text(rows[i].name, attributes.etag, "e-3");
            assert_row_int(rows[i].name, attributes.size, 300);
        }
        if (rows[i].parts == 3) {
            assert_int_equal(attributes.parts_total, 3);
            assert_int_equal(attributes.parts[1].size, 150);
            assert_int_equal(attributes.parts[2].number, 5);
            assert_int_equal(attributes.parts[2].checksum.kind, HW_CHECKSUM_SHA1);
            assert_int_equal(attributes.checksum.parts, 3);
            assert_row_says("the next page", http_server_head(fixture.server, "GET ", 1),
                            "x-amz-part-number-marker: 2\r\n");
        }
        hw_s3_attributes_release(&attributes);
        s3_fixture_close(&fixture);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(attributes_are_told_or_not)};
    return cmocka_run_group_tests_name("s3/attributes", tests, environment_set, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "net/xml.h"

#include "core/buf.h"
#include "core/limits.h"
#include "support/rows.h"

/* Notes what the table's rows are told: "<" for begin, "[text]" for end. */
static enum hw_status note_begin(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    return hw_buf_append_text(ctx, "<", err);
}

static enum hw_status note_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "[%.*s]", (int)text.size, text.data ? text.data : "");
}

static enum hw_status stop(void *ctx, hw_view text, struct hw_error *err) {
    (void)ctx;
    (void)text;
    return hw_fail(err, HW_ENOTFOUND, "stopped by a row");
}

static const struct hw_xml_row table[] = {
    {"R/Item", note_begin, NULL},
    {"R/Item/Key", NULL, note_end},
    {"R/Token", NULL, note_end},
    {"R/Stop", stop, NULL},
};

static const struct {
    const char *name;
    hw_view xml;
    enum hw_status want;
    const char *noted;
    const char *says;
} rows[] = {
    {"paths", HW_VIEW_INIT("<R><Item><Key>a</Key><Other>x</Other></Item><Item><Key>b</Key></Item><Token>t</Token></R>"),
     HW_OK, "<[a]<[b][t]", ""},
    {"the same name elsewhere", HW_VIEW_INIT("<R><Key>a</Key><X><Item><Key>b</Key></Item></X></R>"), HW_OK, "", ""},
    {"entities and CDATA", HW_VIEW_INIT("<R><Token>a&amp;b&lt;&quot;&#65;&#x42;<![CDATA[<c>]]></Token></R>"), HW_OK,
     "[a&b<\"AB<c>]", ""},
    {"a namespace", HW_VIEW_INIT("<R xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Token>t</Token></R>"), HW_OK,
     "[t]", ""},
    {"a namespace with a prefix", HW_VIEW_INIT("<s:R xmlns:s=\"urn:x\"><s:Token>t</s:Token></s:R>"), HW_OK, "[t]", ""},
    {"an empty element", HW_VIEW_INIT("<R><Token/></R>"), HW_OK, "[]", ""},
    {"white space before",
     HW_VIEW_INIT(" \r\n\n  <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R><Token>t</Token></R>\n"), HW_OK, "[t]", ""},
    {"nothing", HW_VIEW_INIT(""), HW_EPROTOCOL, "", "not XML: no element found"},
    {"white space only", HW_VIEW_INIT("  \n "), HW_EPROTOCOL, "", "not XML: no element found"},
    {"cut off", HW_VIEW_INIT("<R><Token>t</Token>"), HW_EPROTOCOL, "[t]", "not XML: no element found"},
    {"mismatched", HW_VIEW_INIT("<R><Token>t</Tokem></R>"), HW_EPROTOCOL, "", "not XML: mismatched tag"},
    {"HTML", HW_VIEW_INIT("<html><body><br></body></html>"), HW_EPROTOCOL, "", "not XML: mismatched tag"},
    {"a document type", HW_VIEW_INIT("<!DOCTYPE R [<!ENTITY a \"aaaa\">]><R><Token>&a;</Token></R>"), HW_EPROTOCOL, "",
     "document type, which is refused"},
    {"an external document type", HW_VIEW_INIT("<!DOCTYPE R SYSTEM \"file:///etc/passwd\"><R/>"), HW_EPROTOCOL, "",
     "document type, which is refused"},
    {"an unknown entity", HW_VIEW_INIT("<R><Token>&a;</Token></R>"), HW_EPROTOCOL, "", "not XML: undefined entity"},
    {"no UTF-8", HW_VIEW_INIT("<R><Token>\xff</Token></R>"), HW_EPROTOCOL, "", "not XML: not well-formed"},
    {"two roots", HW_VIEW_INIT("<R/><R/>"), HW_EPROTOCOL, "", "not XML: junk after document element"},
    {"a row stops", HW_VIEW_INIT("<R><Token>t</Token><Stop/><Token>u</Token></R>"), HW_ENOTFOUND, "[t]",
     "stopped by a row"},
    {"16 deep",
     HW_VIEW_INIT("<R><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
                  "</a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></R>"),
     HW_OK, "", ""},
    {"17 deep", HW_VIEW_INIT("<R><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"), HW_ELIMIT, "",
     "nested deeper than 16"},
};

static void reply_is_read_by_the_table_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) noted = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_xml_parse(rows[i].xml, table, COUNT_OF(table), &noted, &err), rows[i].want);
        assert_row_bytes(rows[i].name, noted.data, noted.size, rows[i].noted, strlen(rows[i].noted));
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void reply_beyond_a_limit_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) xml = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_resize(&xml, HW_XML_REPLY_BYTES_MAX + 1, &err), err);
    memset(xml.data, ' ', xml.size);
    memcpy(xml.data, "<R>", 3);
    memcpy(xml.data + xml.size - 5, "</R> ", 5);
    assert_int_equal(hw_xml_parse(hw_buf_view(&xml), NULL, 0, NULL, &err), HW_ELIMIT);
    assert_row_says("size", err.message, "longer than 8388608");
    xml.size--;
    assert_ok(hw_xml_parse(hw_buf_view(&xml), NULL, 0, NULL, &err), err);

    memset(xml.data, 'n', xml.size);
    xml.data[0] = '<';
    xml.data[1200] = '>';
    assert_int_equal(hw_xml_parse(hw_buf_view(&xml), NULL, 0, NULL, &err), HW_ELIMIT);
    assert_row_says("name", err.message, "names of an XML reply are longer than 1024");
}

static void roots_are_found(void **state) {
    (void)state;
    static const char *const texts[][2] = {
        {"<a/>", "a"},
        {"<a>", "a"},
        {"  \n<?xml version='1.0'?>\n<!-- <b> --> <a b='c'>", "a"},
        {"\xef\xbb\xbf<?xml version='1.0'?><a/>", "a"},
        {"<s:a xmlns:s='u'>", "a"},
        {"", ""},
        {"a", ""},
        {"<?xml", "?xml"},
        {"<!DOCTYPE html><html>", "!DOCTYPE"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        hw_view root = hw_xml_root_name(hw_view_of(texts[i][0]));
        assert_row_bytes(texts[i][0], root.data, root.size, texts[i][1], strlen(texts[i][1]));
    }
    assert_int_equal(hw_xml_root_name((hw_view){NULL, 0}).size, 0);
}

static void escape_leaves_no_markup(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_xml_escape(HW_VIEW("\"a\"<b>&'c\xc3\xa9"), &out, &err), err);
    assert_row_bytes("escaped", out.data, out.size, "&quot;a&quot;&lt;b&gt;&amp;&apos;c\xc3\xa9", 36);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply_is_read_by_the_table_or_refused),
        cmocka_unit_test(reply_beyond_a_limit_is_refused),
        cmocka_unit_test(roots_are_found),
        cmocka_unit_test(escape_leaves_no_markup),
    };
    return cmocka_run_group_tests_name("net/xml", tests, NULL, NULL);
}

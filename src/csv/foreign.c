/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/foreign.h"

#include <ctype.h>
#include <strings.h>

#include "codec/unpack_zip.h"
#include "csv/json_look.h"

/* Whether the bytes behind a magic are those of its format too. */
typedef bool proof_fn(hw_view head);

static bool proof_none(hw_view head);
static bool proof_nul(hw_view head);
static bool proof_avro(hw_view head);
static bool proof_pdf(hw_view head);

#define SHEET "save the sheet as CSV (UTF-8) there"
#define ARCHIVE "unpack it first"

static const struct {
    size_t at;
    hw_view magic;
    proof_fn *proof;
    const char *what;
    const char *advice;
} byte_rows[] = {
    {0, HW_VIEW_INIT("PAR1"), proof_nul, "a Parquet file", "named .parquet and not packed it is read as one"},
    {0, HW_VIEW_INIT("PARE"), proof_nul, "an encrypted Parquet file", "such files cannot be read"},
    {0, HW_VIEW_INIT("Obj\x01"), proof_avro, "an Avro file", "named .avro and not packed it is read as one"},
    {0, HW_VIEW_INIT("ORC"), proof_nul, "an ORC file", "pyarrow writes it as CSV or Parquet"},
    {0, HW_VIEW_INIT("ARROW1\0\0"), proof_none, "an Arrow or Feather file", "pyarrow writes it as CSV or Parquet"},
    {0, HW_VIEW_INIT("FEA1"), proof_nul, "a Feather file", "pyarrow writes it as CSV or Parquet"},
    {0, HW_VIEW_INIT("\xff\xff\xff\xff"), proof_nul, "an Arrow stream", "pyarrow writes it as CSV or Parquet"},
    {0, HW_VIEW_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), proof_none, "an old Excel or Office file", SHEET},
    {0, HW_VIEW_INIT("SQLite format 3\0"), proof_none, "an SQLite database", "sqlite3 -header -csv writes a table"},
    {0, HW_VIEW_INIT("%PDF-"), proof_pdf, "a PDF", "it holds pages, and no records"},
    {0, HW_VIEW_INIT("7z\xbc\xaf\x27\x1c"), proof_none, "a 7z archive", ARCHIVE},
    {0, HW_VIEW_INIT("Rar!\x1a\x07"), proof_none, "a RAR archive", ARCHIVE},
    {0, HW_VIEW_INIT("\x1f\x9d"), proof_none, "packed by compress (.Z)", "gzip -d unpacks it"},
    {0, HW_VIEW_INIT("\x02\x21\x4c\x18"), proof_none, "packed by lz4 in its old format", "lz4 -d unpacks it"},
    {0, HW_VIEW_INIT("\xff\x06\0\0sNaPpY"), proof_none, "packed by snappy", ARCHIVE},
    {0, HW_VIEW_INIT("\x89LZO\0\r\n\x1a\n"), proof_none, "packed by lzop", "lzop -d unpacks it"},
    {257, HW_VIEW_INIT("ustar"), proof_nul, "a tar archive", ARCHIVE},
};

static enum hw_status foreign_fail(const char *what, const char *advice, struct hw_error *err) {
    return hw_fail_at(err, HW_EDATA, 0, "this is %s, expected CSV: %s", what, advice);
}

enum hw_status hw_csv_foreign_bytes(hw_view head, struct hw_error *err) {
    for (size_t i = 0; i < COUNT_OF(byte_rows); i++) {
        const size_t at = byte_rows[i].at;
        if (head.size < at || !hw_view_starts((hw_view){head.data + at, head.size - at}, byte_rows[i].magic)) {
            continue;
        }
        if (byte_rows[i].proof(head)) {
            return foreign_fail(byte_rows[i].what, byte_rows[i].advice, err);
        }
    }
    return HW_OK;
}

static bool proof_none(hw_view head) {
    (void)head;
    return true;
}

/* Texts hold no NUL, and the headers of binary formats do. */
static bool proof_nul(hw_view head) {
    return memchr(head.data, '\0', head.size) != NULL;
}

/* The header holds the schema under a name of its own (Avro 1.11, Object Container Files). */
static bool proof_avro(hw_view head) {
    return memmem(head.data, head.size, "avro.", strlen("avro.")) != NULL;
}

/* The version ends the line, and objects follow (ISO 32000-1, 7.5.2). */
static bool proof_pdf(hw_view head) {
    static const size_t version_at = sizeof("%PDF-") - 1;
    const char *version = head.data + version_at;
    return head.size > version_at + 3 && isdigit((unsigned char)version[0]) && version[1] == '.' &&
           isdigit((unsigned char)version[2]) && (version[3] == '\r' || version[3] == '\n') &&
           memmem(head.data, head.size, " obj", strlen(" obj")) != NULL;
}

/* ------ texts */

static hw_view start_skip(hw_view text);
static bool html_starts(hw_view text);
static bool xml_starts(hw_view text);
static bool s3_error_starts(hw_view text);

enum hw_status hw_csv_foreign_text(hw_view head, bool whole, struct hw_error *err) {
    const hw_view text = start_skip(head);
    if (html_starts(text)) {
        return foreign_fail("an HTML page", "a server may have sent an error or a form to log in instead of the data",
                            err);
    }
    if (s3_error_starts(text)) {
        return foreign_fail("an error reply of S3", "fetch the object once more", err);
    }
    if (xml_starts(text)) {
        return foreign_fail("XML", "write its records as CSV first", err);
    }
    switch (hw_json_look(text, whole)) {
    case HW_JSON_LOOK_DOCUMENT:
        return foreign_fail("JSON", "jq -r with @csv writes CSV", err);
    case HW_JSON_LOOK_LINES:
        return foreign_fail("JSON Lines", "jq -r with @csv writes CSV", err);
    default:
        return HW_OK;
    }
}

/* Returns what follows a mark and blanks. */
static hw_view start_skip(hw_view text) {
    const hw_view mark = HW_VIEW("\xef\xbb\xbf");
    const size_t bytes = hw_view_starts(text, mark) ? mark.size : 0;
    return hw_view_trim((hw_view){text.data + bytes, text.size - bytes});
}

/* Returns whether a text starts so, in letters of any case. */
static bool starts_any_case(hw_view text, const char *start) {
    const size_t bytes = strlen(start);
    return text.size >= bytes && strncasecmp(text.data, start, bytes) == 0;
}

/*
 * Returns whether the tag with which the text starts is followed by another one, which only blanks
 * may keep apart: a CSV has a delimiter there, or text.
 */
static bool tag_follows(hw_view text) {
    const char *end = memchr(text.data, '>', text.size);
    if (!end) {
        return false;
    }
    const size_t bytes = (size_t)(end - text.data) + 1;
    const hw_view rest = hw_view_trim((hw_view){text.data + bytes, text.size - bytes});
    return rest.size > 0 && rest.data[0] == '<';
}

static bool html_starts(hw_view text) {
    if (starts_any_case(text, "<!doctype html")) {
        return tag_follows(text);
    }
    const size_t bytes = strlen("<html");
    return starts_any_case(text, "<html") && text.size > bytes &&
           (hw_blank(text.data[bytes]) || text.data[bytes] == '>') && tag_follows(text) &&
           memmem(text.data, text.size, "</", strlen("</")) != NULL;
}

static bool xml_starts(hw_view text) {
    const size_t bytes = strlen("<?xml");
    return hw_view_starts(text, HW_VIEW("<?xml")) && text.size > bytes && hw_blank(text.data[bytes]) &&
           tag_follows(text);
}

/* S3 sends its errors so, after the line that says XML, or without it. */
static bool s3_error_starts(hw_view text) {
    if (xml_starts(text)) {
        const char *end = memchr(text.data, '>', text.size);
        const size_t bytes = (size_t)(end - text.data) + 1;
        text = hw_view_trim((hw_view){text.data + bytes, text.size - bytes});
    }
    return hw_view_starts(text, HW_VIEW("<Error><Code>"));
}

/* ------ members of a ZIP */

enum hw_status hw_csv_foreign_zip(struct hw_zip *zip, struct hw_error *err) {
    /* Each kind of document has a member of the one name, and one whose name starts so. */
    static const struct {
        const char *name;
        const char *start;
        const char *what;
        const char *advice;
    } rows[] = {
        {"[Content_Types].xml", "xl/", "an Excel workbook", SHEET},
        {"[Content_Types].xml", "word/", "a Word document", "it holds no records"},
        {"[Content_Types].xml", "ppt/", "a PowerPoint document", "it holds no records"},
        {"mimetype", "content.xml", "an OpenDocument file", SHEET},
    };
    const size_t count = hw_zip_count(zip);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool named = false;
        bool started = false;
        for (size_t k = 0; k < count; k++) {
            const char *name = hw_zip_member(zip, k)->name;
            named |= strcmp(name, rows[i].name) == 0;
            started |= strncmp(name, rows[i].start, strlen(rows[i].start)) == 0;
        }
        if (named && started) {
            return foreign_fail(rows[i].what, rows[i].advice, err);
        }
    }
    return HW_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "net/xml.h"

#include <limits.h>

#include <expat.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"

enum { PATH_BYTES_MAX = 1024 };

/* Expat puts this byte, which is never part of a name, between a namespace and a name. */
#define NAMESPACE_END '\x1f'

struct parse {
    XML_Parser parser;
    const struct hw_xml_row *rows;
    size_t rows_count;
    void *ctx;
    struct hw_error *err;
    enum hw_status status;
    unsigned depth;
    size_t path_bytes;
    char path[PATH_BYTES_MAX];
    /* The text of the innermost element, as far as it has come. */
    struct hw_buf text;
};

static void element_begins(void *ctx, const XML_Char *name, const XML_Char **attributes);
static void element_ends(void *ctx, const XML_Char *name);
static void text_arrived(void *ctx, const XML_Char *text, int bytes);
static void doctype_begins(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                           int internal);

static const XML_Memory_Handling_Suite memory_suite = {hw_alloc, hw_realloc, hw_free};

enum hw_status hw_xml_parse(hw_view xml, const struct hw_xml_row *rows, size_t rows_count, void *ctx,
                            struct hw_error *err) {
    static const XML_Char separator[] = {NAMESPACE_END, '\0'};

    if (xml.size > HW_XML_REPLY_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "an XML reply of %zu bytes is longer than %zu", xml.size,
                       (size_t)HW_XML_REPLY_BYTES_MAX);
    }
    static_assert(HW_XML_REPLY_BYTES_MAX <= INT_MAX, "expat counts in int");
    while (xml.size > 0 && strchr(" \t\r\n", xml.data[0])) {
        /* Some services send white space while they work, to keep the connection alive. */
        xml.data++;
        xml.size--;
    }
    struct parse parse = {
        .rows = rows, .rows_count = rows_count, .ctx = ctx, .err = err, .text.limit = HW_XML_REPLY_BYTES_MAX};
    parse.parser = XML_ParserCreate_MM(NULL, &memory_suite, separator);
    if (!parse.parser) {
        return hw_fail_nomem(err, sizeof(parse));
    }
    XML_SetUserData(parse.parser, &parse);
    XML_SetElementHandler(parse.parser, element_begins, element_ends);
    XML_SetCharacterDataHandler(parse.parser, text_arrived);
    XML_SetStartDoctypeDeclHandler(parse.parser, doctype_begins);

    enum XML_Status parsed = XML_Parse(parse.parser, xml.size > 0 ? xml.data : "", (int)xml.size, XML_TRUE);
    enum XML_Error code = XML_GetErrorCode(parse.parser);
    int64_t offset = (int64_t)XML_GetCurrentByteIndex(parse.parser);
    XML_ParserFree(parse.parser);
    hw_buf_release(&parse.text);
    if (parse.status) {
        return parse.status;
    }
    if (parsed == XML_STATUS_OK) {
        return HW_OK;
    }
    if (code == XML_ERROR_NO_MEMORY) {
        return hw_fail(err, HW_ENOMEM, "out of memory parsing XML");
    }
    return hw_fail_at(err, HW_EPROTOCOL, offset < 0 ? 0 : offset, "not XML: %s", XML_ErrorString(code));
}

/* Ends the parse with the status that `parse->err` tells about. */
static void parse_stop(struct parse *parse, enum hw_status status) {
    if (parse->status == HW_OK && status != HW_OK) {
        parse->status = status;
        XML_StopParser(parse->parser, XML_FALSE);
    }
}

static const struct hw_xml_row *row_find(const struct parse *parse) {
    hw_view path = {parse->path, parse->path_bytes};
    for (size_t i = 0; i < parse->rows_count; i++) {
        if (hw_view_equal(hw_view_of(parse->rows[i].path), path)) {
            return &parse->rows[i];
        }
    }
    return NULL;
}

static void element_begins(void *ctx, const XML_Char *name, const XML_Char **attributes) {
    struct parse *parse = ctx;
    (void)attributes;
    if (parse->status) {
        /* Expat may still hand out elements that it has scanned. */
        return;
    }
    const char *colon = strchr(name, NAMESPACE_END);
    hw_view local = hw_view_of(colon ? colon + 1 : name);
    if (++parse->depth > HW_XML_DEPTH_MAX) {
        parse_stop(parse, hw_fail(parse->err, HW_ELIMIT, "an XML reply is nested deeper than %d", HW_XML_DEPTH_MAX));
        return;
    }
    size_t slash = parse->path_bytes > 0 ? 1 : 0;
    if (local.size + slash > PATH_BYTES_MAX - parse->path_bytes) {
        parse_stop(parse, hw_fail(parse->err, HW_ELIMIT, "the names of an XML reply are longer than %d bytes",
                                  PATH_BYTES_MAX));
        return;
    }
    if (slash) {
        parse->path[parse->path_bytes++] = '/';
    }
    memcpy(parse->path + parse->path_bytes, local.data, local.size);
    parse->path_bytes += local.size;
    hw_buf_clear(&parse->text);

    const struct hw_xml_row *row = row_find(parse);
    if (row && row->begin) {
        parse_stop(parse, row->begin(parse->ctx, (hw_view){"", 0}, parse->err));
    }
}

static void element_ends(void *ctx, const XML_Char *name) {
    struct parse *parse = ctx;
    (void)name;
    if (parse->status) {
        return;
    }
    const struct hw_xml_row *row = row_find(parse);
    if (row && row->end) {
        parse_stop(parse, row->end(parse->ctx, hw_buf_view(&parse->text), parse->err));
    }
    hw_buf_clear(&parse->text);
    parse->depth--;
    while (parse->path_bytes > 0 && parse->path[--parse->path_bytes] != '/') {
    }
}

static void text_arrived(void *ctx, const XML_Char *text, int bytes) {
    struct parse *parse = ctx;
    if (parse->status == HW_OK) {
        parse_stop(parse, hw_buf_append(&parse->text, text, (size_t)bytes, parse->err));
    }
}

static void doctype_begins(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                           int internal) {
    struct parse *parse = ctx;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    parse_stop(parse, hw_fail(parse->err, HW_EPROTOCOL, "an XML reply has a document type, which is refused"));
}

/* Skips `begin` and all up to `end`. Returns false if the text does not begin so. */
static bool part_skip(hw_view *text, hw_view begin, hw_view end) {
    const char *found = hw_view_starts(*text, begin) ? memmem(text->data, text->size, end.data, end.size) : NULL;
    if (!found) {
        return false;
    }
    size_t skipped = (size_t)(found - text->data) + end.size;
    *text = hw_view_trim((hw_view){text->data + skipped, text->size - skipped});
    return true;
}

hw_view hw_xml_root_name(hw_view text) {
    const hw_view mark = HW_VIEW("\xef\xbb\xbf");
    text = hw_view_trim(text);
    if (hw_view_starts(text, mark)) {
        text = (hw_view){text.data + mark.size, text.size - mark.size};
    }
    while (part_skip(&text, HW_VIEW("<?"), HW_VIEW("?>")) || part_skip(&text, HW_VIEW("<!--"), HW_VIEW("-->"))) {
    }
    if (!hw_view_starts(text, HW_VIEW("<"))) {
        return HW_VIEW("");
    }
    size_t begin = 1;
    size_t end = 1;
    for (; end < text.size && !hw_blank(text.data[end]) && text.data[end] != '/' && text.data[end] != '>'; end++) {
        begin = text.data[end] == ':' ? end + 1 : begin;
    }
    return (hw_view){text.data + begin, end - begin};
}

enum hw_status hw_xml_escape(hw_view text, struct hw_buf *out, struct hw_error *err) {
    static const char *const entities[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&apos;",
    };
    for (size_t i = 0; i < text.size; i++) {
        const char *entity = entities[(unsigned char)text.data[i]];
        if (entity) {
            HW_TRY(hw_buf_append_text(out, entity, err));
        } else {
            HW_TRY(hw_buf_append_byte(out, (uint8_t)text.data[i], err));
        }
    }
    return HW_OK;
}

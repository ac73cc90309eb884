/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/encoding.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

/* Names without - and _, in small letters. */
static const struct {
    const char *plain;
    enum hw_csv_coding coding;
} coding_names[] = {
    {"utf8", HW_CSV_CODING_UTF8},
    {"utf16", HW_CSV_CODING_UTF16},
    {"utf16le", HW_CSV_CODING_UTF16LE},
    {"utf16be", HW_CSV_CODING_UTF16BE},
    {"utf32", HW_CSV_CODING_UTF32},
    {"utf32le", HW_CSV_CODING_UTF32LE},
    {"utf32be", HW_CSV_CODING_UTF32BE},
    {"latin1", HW_CSV_CODING_WINDOWS_1252},
    {"iso88591", HW_CSV_CODING_WINDOWS_1252},
    {"windows1252", HW_CSV_CODING_WINDOWS_1252},
    {"cp1252", HW_CSV_CODING_WINDOWS_1252},
};

/* What is known of each coding; `order` is 'l' or 'b' where the name says one. */
static const struct {
    const char *iconv_name;
    char order;
} coding_rows[] = {
    [HW_CSV_CODING_UTF8] = {"UTF-8", '\0'},      [HW_CSV_CODING_UTF16] = {"UTF-16LE", '\0'},
    [HW_CSV_CODING_UTF16LE] = {"UTF-16LE", 'l'}, [HW_CSV_CODING_UTF16BE] = {"UTF-16BE", 'b'},
    [HW_CSV_CODING_UTF32] = {"UTF-32LE", '\0'},  [HW_CSV_CODING_UTF32LE] = {"UTF-32LE", 'l'},
    [HW_CSV_CODING_UTF32BE] = {"UTF-32BE", 'b'}, [HW_CSV_CODING_WINDOWS_1252] = {"CP1252", '\0'},
    [HW_CSV_CODING_NAMED] = {NULL, '\0'},
};

/* Writes a name without - and _, in small letters, and ends it with NUL. */
static void name_plain(const char *name, char out[HW_CSV_ENCODING_NAME_BYTES_MAX + 1]) {
    size_t used = 0;
    for (; *name != '\0' && used < HW_CSV_ENCODING_NAME_BYTES_MAX; name++) {
        if (*name != '-' && *name != '_') {
            out[used++] = (char)tolower((unsigned char)*name);
        }
    }
    out[used] = '\0';
}

struct hw_csv_encoding hw_csv_encoding_of(const char *name) {
    char plain[HW_CSV_ENCODING_NAME_BYTES_MAX + 1];
    if (!name) {
        return (struct hw_csv_encoding){HW_CSV_CODING_UTF8, "utf-8"};
    }
    name_plain(name, plain);
    for (size_t i = 0; i < COUNT_OF(coding_names); i++) {
        if (strcmp(plain, coding_names[i].plain) == 0) {
            return (struct hw_csv_encoding){coding_names[i].coding, name};
        }
    }
    return (struct hw_csv_encoding){HW_CSV_CODING_NAMED, name};
}

/* Returns whether a name has only such bytes as names have: in a slash, iconv sees orders. */
static bool name_proper(const char *name) {
    const size_t bytes = strnlen(name, HW_CSV_ENCODING_NAME_BYTES_MAX + 1);
    for (size_t i = 0; i < bytes; i++) {
        const unsigned char byte = (unsigned char)name[i];
        if (byte >= 0x80 || (!isalnum(byte) && !strchr("-_.:+()", byte))) {
            return false;
        }
    }
    return bytes > 0 && bytes <= HW_CSV_ENCODING_NAME_BYTES_MAX;
}

enum hw_status hw_csv_encoding_check(const char *name, struct hw_error *err) {
    const struct hw_csv_encoding encoding = hw_csv_encoding_of(name);
    char quoted[HW_QUOTE_BYTES];
    if (encoding.coding != HW_CSV_CODING_NAMED) {
        return HW_OK;
    }
    iconv_t converter = hw_csv_encoding_converter(&encoding);
    if (converter != (iconv_t)-1) {
        iconv_close(converter);
        return HW_OK;
    }
    return hw_fail(err, HW_EUSAGE, "%s is the name of no encoding that is known here: iconv --list prints the names",
                   hw_quote(name, strnlen(name, HW_QUOTE_BYTES), quoted, sizeof(quoted)));
}

struct hw_csv_mark hw_csv_mark_find(const void *data, size_t bytes) {
    /* The mark of UTF-32LE begins with that of UTF-16LE, so it comes first. */
    static const struct {
        struct hw_csv_mark mark;
        const char *data;
    } rows[] = {
        {{4, HW_CSV_CODING_UTF32LE}, "\xff\xfe\0\0"}, {{4, HW_CSV_CODING_UTF32BE}, "\0\0\xfe\xff"},
        {{3, HW_CSV_CODING_UTF8}, "\xef\xbb\xbf"},    {{2, HW_CSV_CODING_UTF16LE}, "\xff\xfe"},
        {{2, HW_CSV_CODING_UTF16BE}, "\xfe\xff"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (bytes >= rows[i].mark.bytes && memcmp(data, rows[i].data, rows[i].mark.bytes) == 0) {
            return rows[i].mark;
        }
    }
    return (struct hw_csv_mark){0};
}

enum hw_status hw_csv_encoding_decide(const char *asked, struct hw_csv_mark mark, struct hw_csv_encoding *out_encoding,
                                      struct hw_error *err) {
    const struct hw_csv_encoding encoding = hw_csv_encoding_of(asked);
    const char asked_order = coding_rows[encoding.coding].order;
    const char mark_order = coding_rows[mark.coding].order;
    if (mark.bytes == 0) {
        *out_encoding = encoding;
        return HW_OK;
    }
    if (asked_order != '\0' && mark_order != '\0' && asked_order != mark_order) {
        return hw_fail_at(err, HW_EDATA, 0,
                          "the text begins with the byte order mark of %s, and --encoding says %s: without the option "
                          "the mark counts",
                          coding_rows[mark.coding].iconv_name, asked);
    }
    *out_encoding = (struct hw_csv_encoding){mark.coding, coding_rows[mark.coding].iconv_name};
    return HW_OK;
}

/* Opens the converter of a name as it stands, or as iconv may know it. */
static iconv_t named_open(const char *name) {
    char plain[HW_CSV_ENCODING_NAME_BYTES_MAX + 1];
    char spelled[HW_CSV_ENCODING_NAME_BYTES_MAX + 8];
    /* How iconv spells what begins so: "windows1251" is its CP1251. */
    static const struct {
        const char *plain;
        const char *spelled;
    } starts[] = {{"windows", "CP"}, {"win", "CP"}, {"koi8", "KOI8-"}, {"iso8859", "ISO-8859-"}, {"shift", "S"}};
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter != (iconv_t)-1) {
        return converter;
    }
    name_plain(name, plain);
    converter = iconv_open("UTF-8", plain);
    for (size_t i = 0; converter == (iconv_t)-1 && i < COUNT_OF(starts); i++) {
        const size_t bytes = strlen(starts[i].plain);
        if (strncmp(plain, starts[i].plain, bytes) == 0) {
            snprintf(spelled, sizeof(spelled), "%s%s", starts[i].spelled, plain + bytes);
            converter = iconv_open("UTF-8", spelled);
        }
    }
    return converter;
}

iconv_t hw_csv_encoding_converter(const struct hw_csv_encoding *encoding) {
    const char *name = coding_rows[encoding->coding].iconv_name;
    if (name) {
        return iconv_open("UTF-8", name);
    }
    return name_proper(encoding->name) ? named_open(encoding->name) : (iconv_t)-1;
}

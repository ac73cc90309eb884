/* SPDX-License-Identifier: Apache-2.0 */
#include "core/object_name.h"

#include <strings.h>

#include "core/shown_name.h"

/* An ending, and what it says. */
struct ending {
    hw_view text;
    enum hw_name_format format;
    char delimiter;
};

static const struct ending own_endings[] = {
    {HW_VIEW_INIT(".csv"), HW_NAME_CSV, ','},    {HW_VIEW_INIT(".tsv"), HW_NAME_CSV, '\t'},
    {HW_VIEW_INIT(".tab"), HW_NAME_CSV, '\t'},   {HW_VIEW_INIT(".psv"), HW_NAME_CSV, '|'},
    {HW_VIEW_INIT(".txt"), HW_NAME_TEXT, 0},     {HW_VIEW_INIT(".parquet"), HW_NAME_PARQUET, 0},
    {HW_VIEW_INIT(".parq"), HW_NAME_PARQUET, 0}, {HW_VIEW_INIT(".pq"), HW_NAME_PARQUET, 0},
    {HW_VIEW_INIT(".avro"), HW_NAME_AVRO, 0},    {HW_VIEW_INIT(""), HW_NAME_UNKNOWN, 0},
};

/* Endings of packed objects: of these CSV is read, and written with a codec. */
static const struct {
    hw_view text;
    const char *codec; /* NULL: CSV is only read */
} packings[] = {
    {HW_VIEW_INIT(".gz"), "gzip"},   {HW_VIEW_INIT(".gzip"), "gzip"}, {HW_VIEW_INIT(".zst"), "zstd"},
    {HW_VIEW_INIT(".zstd"), "zstd"}, {HW_VIEW_INIT(".bz2"), NULL},    {HW_VIEW_INIT(".xz"), NULL},
    {HW_VIEW_INIT(".lz4"), NULL},    {HW_VIEW_INIT(".zip"), NULL},
};

/* Formats and packings that are not written. */
static const hw_view foreign_endings[] = {
    HW_VIEW_INIT(".7z"),      HW_VIEW_INIT(".accdb"),  HW_VIEW_INIT(".arrow"),   HW_VIEW_INIT(".arrows"),
    HW_VIEW_INIT(".br"),      HW_VIEW_INIT(".bson"),   HW_VIEW_INIT(".db"),      HW_VIEW_INIT(".dbf"),
    HW_VIEW_INIT(".dta"),     HW_VIEW_INIT(".duckdb"), HW_VIEW_INIT(".feather"), HW_VIEW_INIT(".h5"),
    HW_VIEW_INIT(".hdf5"),    HW_VIEW_INIT(".htm"),    HW_VIEW_INIT(".html"),    HW_VIEW_INIT(".ipc"),
    HW_VIEW_INIT(".json"),    HW_VIEW_INIT(".jsonl"),  HW_VIEW_INIT(".mdb"),     HW_VIEW_INIT(".ndjson"),
    HW_VIEW_INIT(".ods"),     HW_VIEW_INIT(".orc"),    HW_VIEW_INIT(".pdf"),     HW_VIEW_INIT(".pickle"),
    HW_VIEW_INIT(".pkl"),     HW_VIEW_INIT(".rar"),    HW_VIEW_INIT(".rds"),     HW_VIEW_INIT(".sas7bdat"),
    HW_VIEW_INIT(".sav"),     HW_VIEW_INIT(".snappy"), HW_VIEW_INIT(".sql"),     HW_VIEW_INIT(".sqlite"),
    HW_VIEW_INIT(".sqlite3"), HW_VIEW_INIT(".tar"),    HW_VIEW_INIT(".tgz"),     HW_VIEW_INIT(".xls"),
    HW_VIEW_INIT(".xlsb"),    HW_VIEW_INIT(".xlsm"),   HW_VIEW_INIT(".xlsx"),    HW_VIEW_INIT(".xml"),
    HW_VIEW_INIT(".yaml"),    HW_VIEW_INIT(".yml"),
};

/* Returns whether a name ends so; a name that is nothing but an ending has none. */
static bool name_ends(hw_view name, hw_view ending) {
    const size_t before = name.size > ending.size ? name.size - ending.size : 0;
    return ending.size == 0 || (before > 0 && name.data[before - 1] != '/' &&
                                strncasecmp(name.data + before, ending.data, ending.size) == 0);
}

/* Returns the number of the packing that the name ends in; COUNT_OF(packings): in none. */
static size_t packing_find(hw_view name) {
    size_t i = 0;
    while (i < COUNT_OF(packings) && !name_ends(name, packings[i].text)) {
        i++;
    }
    return i;
}

static hw_view foreign_find(hw_view name) {
    for (size_t i = 0; i < COUNT_OF(foreign_endings); i++) {
        if (name_ends(name, foreign_endings[i])) {
            return (hw_view){name.data + name.size - foreign_endings[i].size, foreign_endings[i].size};
        }
    }
    return (hw_view){name.data + name.size, 0};
}

static hw_view view_cut(hw_view name, size_t bytes) {
    return (hw_view){name.data, name.size - bytes};
}

/* Returns a name without the endings of all its packings. */
static hw_view unpacked_name(hw_view name) {
    for (size_t i; (i = packing_find(name)) < COUNT_OF(packings);) {
        name = view_cut(name, packings[i].text.size);
    }
    return name;
}

struct hw_name_facts hw_name_look(const char *name) {
    const struct hw_shown_name shown = hw_shown_name(name);
    const hw_view whole = {name, (size_t)(shown.rest.data - name) + shown.rest.size};
    const size_t packing = packing_find(whole);
    const bool packed = packing < COUNT_OF(packings);
    const hw_view plain = unpacked_name(whole);
    const bool once = packed && plain.size + packings[packing].text.size == whole.size;
    const struct ending *ending = own_endings;
    while (!name_ends(plain, ending->text)) {
        ending++; /* The last one ends every name. */
    }
    const bool text = ending->format == HW_NAME_CSV || ending->format == HW_NAME_TEXT;
    const bool cut = text || (!packed && ending->format != HW_NAME_UNKNOWN);
    struct hw_name_facts facts = {.format = ending->format, .base = cut ? view_cut(plain, ending->text.size) : plain};
    facts.ending = (hw_view){whole.data + facts.base.size, whole.size - facts.base.size};
    if (packed && strcasecmp(packings[packing].text.data, ".zip") == 0) {
        facts.format = HW_NAME_ZIP;
    } else if (packed && !text) {
        facts.format = HW_NAME_FOREIGN;
    } else if (text) {
        facts.delimiter = ending->delimiter;
        facts.codec = once ? packings[packing].codec : NULL;
        const bool read = packed && !facts.codec && facts.format == HW_NAME_CSV;
        facts.format = read ? HW_NAME_CSV_READ : facts.format;
    } else if (ending->format == HW_NAME_UNKNOWN) {
        facts.ending = foreign_find(whole);
        facts.format = facts.ending.size > 0 ? HW_NAME_FOREIGN : HW_NAME_UNKNOWN;
    }
    return facts;
}

bool hw_name_is_csv(const char *name) {
    const enum hw_name_format format = hw_name_look(name).format;
    return format == HW_NAME_CSV || format == HW_NAME_CSV_READ || format == HW_NAME_ZIP;
}

bool hw_name_is_text(const char *name) {
    return hw_name_look(name).format == HW_NAME_TEXT;
}

static bool junk(hw_view name) {
    const bool hidden =
        name.data[0] == '.' && !hw_view_equal(name, HW_VIEW(".")) && !hw_view_equal(name, HW_VIEW(".."));
    const bool partition = memchr(name.data, '=', name.size) != NULL;
    return hidden || (name.data[0] == '_' && !partition) || hw_view_starts(name, HW_VIEW("~$"));
}

bool hw_name_is_junk(const char *path) {
    bool found = false;
    for (const char *at = path; *at && !found;) {
        const size_t bytes = strcspn(at, "/");
        found = bytes > 0 && junk((hw_view){at, bytes});
        at += bytes + (at[bytes] == '/');
    }
    return found;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_read.h"

#include "parquet/statistics_read.h"
#include "parquet/thrift_type.h"

static const struct hw_thrift_needs head_needs = {
    .name = "PageHeader",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3),
    .names = (const char *const[]){[1] = "type", "uncompressed_page_size", "compressed_page_size"},
};
static const struct hw_thrift_needs v1_needs = {
    .name = "DataPageHeader",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3) | HW_THRIFT_ID(4),
    .names =
        (const char *const[]){[1] = "num_values", "encoding", "definition_level_encoding", "repetition_level_encoding"},
};
static const struct hw_thrift_needs dictionary_needs = {
    .name = "DictionaryPageHeader",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2),
    .names = (const char *const[]){[1] = "num_values", "encoding"},
};
static const struct hw_thrift_needs v2_needs = {
    .name = "DataPageHeaderV2",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3) | HW_THRIFT_ID(4) | HW_THRIFT_ID(5) | HW_THRIFT_ID(6),
    .names = (const char *const[]){[1] = "num_values",
                                   "num_nulls",
                                   "num_rows",
                                   "encoding",
                                   "definition_levels_byte_length",
                                   "repetition_levels_byte_length"},
};

/* The most fields that a struct of a page type has. */
enum { FIELDS_MAX = 8 };

/* A header as it is read. */
struct draft {
    /* What all types have. */
    int32_t type;
    uint32_t uncompressed;
    uint32_t compressed;
    bool has_crc;
    uint32_t crc;
    /* What the struct of each type says, and whether it is there. */
    struct hw_page_head heads[HW_PAGE_TYPE_COUNT];
    bool there[HW_PAGE_TYPE_COUNT];
};

static enum hw_status head_parse(struct hw_thrift_reader *in, struct hw_page_head *out_head);
static void draft_read(struct hw_thrift_reader *in, struct draft *draft);
static bool struct_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct draft *draft);
static bool v1_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_page_head *head);
static bool dictionary_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field,
                            struct hw_page_head *head);
static bool v2_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_page_head *head);
static bool count_read(struct hw_thrift_reader *in, const struct hw_thrift_needs *needs,
                       const struct hw_thrift_field *field, uint32_t *out);
static void levels_check(struct hw_thrift_reader *in, const struct hw_page_head *head);

/* The struct of each type that has one which says something: what reads a field of it. */
static const struct {
    const char *name;
    const struct hw_thrift_needs *needs;
    bool (*read)(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_page_head *head);
} structs[HW_PAGE_TYPE_COUNT] = {
    [HW_PAGE_DATA] = {"data_page_header", &v1_needs, v1_read},
    [HW_PAGE_DICTIONARY] = {"dictionary_page_header", &dictionary_needs, dictionary_read},
    [HW_PAGE_DATA_V2] = {"data_page_header_v2", &v2_needs, v2_read},
};

/* The field of PageHeader that is the struct of page type 0; those of the other types follow. */
enum { FIELD_OF_TYPE_0 = 5 };

enum hw_status hw_page_head_read(hw_view bytes, uint64_t at, struct hw_page_head *out_head, bool *out_more,
                                 struct hw_error *err) {
    struct hw_thrift_reader in;
    struct hw_error found = HW_ERROR_INIT;
    struct hw_page_head head;

    hw_thrift_reader_init(&in, bytes, at, &found);
    enum hw_status status = head_parse(&in, &head);
    if (status && in.cut && bytes.size < HW_PAGE_HEAD_BYTES_MAX) {
        *out_more = true;
        return HW_OK;
    }
    if (status) {
        hw_error_prefix(&found, "page header");
        return hw_error_pass(err, status, &found);
    }
    *out_more = false;
    *out_head = head;
    return HW_OK;
}

static enum hw_status head_parse(struct hw_thrift_reader *in, struct hw_page_head *out_head) {
    struct draft draft = {0};
    draft_read(in, &draft);
    if (draft.type < 0 || draft.type >= HW_PAGE_TYPE_COUNT) {
        hw_thrift_reader_fail(in, HW_EUNSUPPORTED, "page type %" PRId32 " is not known", draft.type);
    }
    HW_TRY(in->status);
    if (structs[draft.type].name && !draft.there[draft.type]) {
        hw_thrift_reader_fail(in, HW_EDATA, "PageHeader ends without %s", structs[draft.type].name);
    }
    struct hw_page_head head = draft.heads[draft.type];
    head.header_bytes = hw_thrift_reader_used(in);
    head.type = (enum hw_page_type)draft.type;
    head.uncompressed = draft.uncompressed;
    head.compressed = draft.compressed;
    head.has_crc = draft.has_crc;
    head.crc = draft.crc;
    levels_check(in, &head);
    *out_head = head;
    return in->status;
}

/* PageHeader */
static void draft_read(struct hw_thrift_reader *in, struct draft *draft) {
    struct hw_thrift_field field;
    int32_t crc = 0;
    uint32_t seen = 0;
    for (size_t i = 0; i < HW_PAGE_TYPE_COUNT; i++) {
        draft->heads[i] = (struct hw_page_head){.packed = true, .statistics = HW_NO_STATISTICS};
    }
    while (hw_thrift_field(in, &field)) {
        bool read = false;
        switch (field.id) {
        case 1:
            read = hw_thrift_read_i32(in, &field, &draft->type);
            break;
        case 2:
            read = count_read(in, &head_needs, &field, &draft->uncompressed);
            break;
        case 3:
            read = count_read(in, &head_needs, &field, &draft->compressed);
            break;
        case 4:
            draft->has_crc |= hw_thrift_read_i32(in, &field, &crc);
            break;
        default:
            if (!struct_read(in, &field, draft)) {
                hw_thrift_skip(in, &field);
            }
        }
        seen |= hw_thrift_seen(&field, read);
    }
    draft->crc = (uint32_t)crc;
    hw_thrift_need(in, &head_needs, seen);
}

/* Reads the struct of a page type, and returns whether the field is one. */
static bool struct_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct draft *draft) {
    int type = field->id - FIELD_OF_TYPE_0;
    if (type < 0 || type >= HW_PAGE_TYPE_COUNT || !structs[type].name || field->type != HW_THRIFT_STRUCT) {
        return false;
    }
    struct hw_thrift_field member;
    uint32_t seen = 0;
    hw_thrift_read_struct(in, field);
    while (hw_thrift_field(in, &member)) {
        seen |= hw_thrift_seen(&member, structs[type].read(in, &member, &draft->heads[type]));
    }
    hw_thrift_need(in, structs[type].needs, seen);
    draft->there[type] = true;
    return true;
}

/* DataPageHeader */
static bool v1_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_page_head *head) {
    switch (field->id) {
    case 1:
        return count_read(in, &v1_needs, field, &head->values);
    case 2:
        return hw_thrift_read_i32(in, field, &head->encoding);
    case 3:
        return hw_thrift_read_i32(in, field, &head->def_encoding);
    case 4:
        return hw_thrift_read_i32(in, field, &head->rep_encoding);
    case 5:
        head->has_statistics |= hw_statistics_read(in, field, &head->statistics);
        return true;
    default:
        hw_thrift_skip(in, field);
        return false;
    }
}

/* DictionaryPageHeader */
static bool dictionary_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field,
                            struct hw_page_head *head) {
    switch (field->id) {
    case 1:
        return count_read(in, &dictionary_needs, field, &head->values);
    case 2:
        return hw_thrift_read_i32(in, field, &head->encoding);
    default:
        hw_thrift_skip(in, field);
        return false;
    }
}

/* DataPageHeaderV2 */
static bool v2_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_page_head *head) {
    uint32_t *const counts[FIELDS_MAX] = {
        [1] = &head->values, &head->nulls, &head->rows, [5] = &head->def_bytes, &head->rep_bytes,
    };
    switch (field->id) {
    case 1:
    case 2:
    case 3:
    case 5:
    case 6:
        return count_read(in, &v2_needs, field, counts[field->id]);
    case 4:
        return hw_thrift_read_i32(in, field, &head->encoding);
    case 7:
        return hw_thrift_read_bool(in, field, &head->packed);
    case 8:
        head->has_statistics |= hw_statistics_read(in, field, &head->statistics);
        return true;
    default:
        hw_thrift_skip(in, field);
        return false;
    }
}

/* Reads a number that is never negative. */
static bool count_read(struct hw_thrift_reader *in, const struct hw_thrift_needs *needs,
                       const struct hw_thrift_field *field, uint32_t *out) {
    int32_t value;
    if (!hw_thrift_read_i32(in, field, &value)) {
        return false;
    }
    if (value < 0) {
        hw_thrift_reader_fail(in, HW_EDATA, "%s of %s is %" PRId32, needs->names[field->id], needs->name, value);
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* The levels of v2 lie before the values and are never compressed. */
static void levels_check(struct hw_thrift_reader *in, const struct hw_page_head *head) {
    uint64_t levels = (uint64_t)head->def_bytes + head->rep_bytes;
    if (levels > head->compressed || levels > head->uncompressed) {
        hw_thrift_reader_fail(in, HW_EDATA,
                              "levels of %" PRIu64 " bytes are in a page of %" PRIu32 " bytes, %" PRIu32 " unpacked",
                              levels, head->compressed, head->uncompressed);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/values_check.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/count.h"
#include "core/hash_set.h"
#include "core/json_read.h"
#include "parquet/bloom_read.h"
#include "parquet/column_dictionary.h"
#include "parquet/key_check.h"
#include "parquet/leaf_convert.h"
#include "parquet/sort_check.h"
#include "parquet/stats_check.h"

/* Values that are decoded at once, and the bytes that their texts may have. */
enum { VALUES_AT_ONCE = 4096 };
#define TEXT_BYTES HW_MIB(1)
/* Distinct values are counted up to so many. */
enum { DISTINCT_MAX = 1 << 20 };

struct hw_values_check {
    struct hw_page_visitor visitor;
    struct hw_check_report *report;
    size_t page_bytes_max;
    struct hw_value_reader reader;
    struct hw_column_dictionary dictionary;
    struct hw_leaf_rows rows;
    /* The chunk. */
    const struct hw_chunk_walk *walk;
    const struct hw_column_index *index;
    hw_view filter;
    bool has_dictionary;
    /* Data pages that came before. */
    size_t pages;
    /* A page could not be decoded, so that nothing is said of all values. */
    bool damaged;
    uint64_t entries;
    uint64_t values;
    /* The values of a page, and of all pages. */
    struct hw_value_span page_span;
    struct hw_value_span span;
    struct hw_sort_check sort;
    struct hw_key_check keys;
    struct hw_hash_set distinct;
    bool count_distinct;
    /* Told once a chunk. */
    bool missed;
    bool json_told;
};

static enum hw_status dictionary_check(void *ctx, const struct hw_page *page);
static enum hw_status page_check(void *ctx, const struct hw_page *page, const struct hw_page_levels *levels,
                                 hw_view values, const struct hw_page_found *found);

enum hw_status hw_values_check_new(struct hw_check_report *report, size_t page_bytes_max,
                                   struct hw_values_check **out_check, struct hw_error *err) {
    struct hw_values_check *check = hw_alloc_zero(1, sizeof(*check));
    if (!check) {
        return hw_fail_nomem(err, sizeof(*check));
    }
    check->visitor = (struct hw_page_visitor){dictionary_check, page_check, check};
    check->report = report;
    check->page_bytes_max = page_bytes_max;
    *out_check = check;
    return HW_OK;
}

void hw_values_check_free(struct hw_values_check *check) {
    if (!check) {
        return;
    }
    hw_value_reader_release(&check->reader);
    hw_column_dictionary_release(&check->dictionary);
    hw_leaf_rows_release(&check->rows);
    hw_value_span_release(&check->page_span);
    hw_value_span_release(&check->span);
    hw_buf_release(&check->sort.last);
    hw_hash_set_release(&check->distinct);
    hw_free(check);
}

const struct hw_page_visitor *hw_values_check_visitor(const struct hw_values_check *check) {
    return &check->visitor;
}

enum hw_status hw_values_check_begin(struct hw_values_check *check, const struct hw_chunk_walk *walk,
                                     const struct hw_column_index *index, hw_view filter) {
    const int64_t distinct = walk->chunk->statistics.distinct;
    check->walk = walk;
    check->index = index;
    check->filter = filter;
    check->has_dictionary = check->damaged = check->missed = check->json_told = false;
    check->pages = 0;
    check->entries = check->values = 0;
    check->reader.leaf = walk->leaf;
    check->reader.page_bytes_max = check->page_bytes_max;
    check->count_distinct = distinct >= 0 && distinct <= DISTINCT_MAX;
    hw_value_span_clear(&check->span);
    hw_sort_check_begin(&check->sort, walk->group, walk->leaf);
    hw_key_check_begin(&check->keys, &check->report->file.schema, walk->leaf);
    hw_hash_set_release(&check->distinct);
    check->distinct = (struct hw_hash_set){0};
    return HW_OK;
}

/* ------ faults */

static const char *const codes[] = {
    [HW_VALUE_LOOK_DECODE] = "value.decode",
    [HW_VALUE_LOOK_INDEX] = "dictionary.index",
    [HW_VALUE_LOOK_RANGE] = "value.range",
    [HW_VALUE_LOOK_UTF8] = "value.utf8",
};

static enum hw_status failure_tell(struct hw_values_check *check, const struct hw_page *page, enum hw_status status,
                                   const struct hw_error *fault) {
    check->damaged = true;
    if (hw_check_is_finding(status)) {
        return hw_check_tell(check->report, HW_SEVERITY_ERROR, codes[check->reader.look], (int64_t)page->at, "%s",
                             fault->message);
    }
    if (status == HW_EUNSUPPORTED || status == HW_ELIMIT) {
        hw_check_unread(check->report, status, fault);
        return HW_OK;
    }
    return hw_error_pass(check->report->err, status, fault);
}

/* ------ single values */

/* The bytes of a value as PLAIN has them, for a filter; false where they are not known. */
static bool plain_of(const struct hw_read_leaf *leaf, hw_view value, uint8_t out[8], hw_view *out_plain) {
    const uint8_t *bytes = (const uint8_t *)value.data;
    int32_t word;
    switch (leaf->form) {
    case HW_LEAF_SAME:
    case HW_LEAF_TIME:
        *out_plain = value;
        return leaf->physical != HW_PHYSICAL_BOOLEAN;
    case HW_LEAF_NARROW:
        word = value.size == 1 ? bytes[0] : bytes[0] | bytes[1] << 8;
        word = leaf->field->type.kind == HW_KIND_INT8    ? (int8_t)word
               : leaf->field->type.kind == HW_KIND_INT16 ? (int16_t)word
                                                         : word;
        hw_store_le32(out, (uint32_t)word);
        *out_plain = (hw_view){(const char *)out, sizeof(word)};
        return true;
    case HW_LEAF_INT_DECIMAL:
        /* The lowest bytes of a decimal are the integer that it was. */
        *out_plain = (hw_view){value.data, leaf->width};
        return true;
    default:
        return false;
    }
}

static void filter_ask(struct hw_values_check *check) {
    uint8_t room[8];
    for (size_t i = 0; i < check->rows.count && !check->missed; i++) {
        hw_view plain;
        if (!plain_of(check->walk->leaf, hw_value_at(&check->rows, i), room, &plain)) {
            return;
        }
        check->missed = !hw_bloom_may_have(check->filter, plain.data, plain.size);
    }
}

static void distinct_add(struct hw_values_check *check) {
    for (size_t i = 0; i < check->rows.count && check->count_distinct; i++) {
        const hw_view value = hw_value_at(&check->rows, i);
        const uint64_t hash = hw_xxh64(value.data, value.size, 0);
        const bool added = hw_hash_set_add(&check->distinct, hash);
        /* One for which there is no memory would count again the next time. */
        const bool kept = !added || hw_hash_set_has(&check->distinct, hash);
        check->count_distinct = kept && check->distinct.count <= DISTINCT_MAX;
    }
}

static bool is_json(const struct hw_read_leaf *leaf) {
    return leaf->element->logical.kind == HW_LOGICAL_JSON ||
           (leaf->element->logical.kind == HW_LOGICAL_NONE && leaf->element->converted == HW_CONVERTED_JSON);
}

static enum hw_status json_check(struct hw_values_check *check, const struct hw_page *page) {
    for (size_t i = 0; i < check->rows.count && !check->json_told; i++) {
        json_error_t fault;
        json_t *json = hw_json_load(hw_value_at(&check->rows, i), JSON_DECODE_ANY | JSON_ALLOW_NUL, &fault);
        if (!json) {
            check->json_told = true;
            HW_TRY(hw_check_tell(check->report, HW_SEVERITY_WARNING, "value.json", (int64_t)page->at,
                                 "a value is no JSON: %s", fault.text));
        }
        json_decref(json);
    }
    return HW_OK;
}

/* Looks at the values that were decoded last. */
static enum hw_status rows_check(struct hw_values_check *check, const struct hw_page *page) {
    const struct hw_read_leaf *leaf = check->walk->leaf;
    struct hw_error *err = check->report->err;
    if (hw_value_has_order(leaf)) {
        HW_TRY(hw_value_span_add(&check->page_span, leaf, &check->rows, err));
        HW_TRY(hw_sort_check_values(&check->sort, &check->rows, err));
    }
    if (check->filter.data) {
        filter_ask(check);
    }
    if (check->count_distinct) {
        distinct_add(check);
    }
    return is_json(leaf) ? json_check(check, page) : HW_OK;
}

/* ------ pages */

static enum hw_status dictionary_check(void *ctx, const struct hw_page *page) {
    struct hw_values_check *check = ctx;
    struct hw_error fault = HW_ERROR_INIT;
    check->report->level = HW_VERIFY_VALUES;
    enum hw_status status = hw_column_dictionary_load(&check->dictionary, page, &check->reader, &fault);
    check->has_dictionary = status == HW_OK;
    status = status ? failure_tell(check, page, status, &fault) : HW_OK;
    check->report->level = HW_VERIFY_PAGES;
    return status;
}

static enum hw_status keys_check(struct hw_values_check *check, const struct hw_page *page,
                                 const struct hw_page_levels *levels, uint64_t entries);
static enum hw_status page_decode(struct hw_values_check *check, const struct hw_page *page, hw_view values,
                                  const struct hw_page_found *found);
static enum hw_status page_compare(struct hw_values_check *check, const struct hw_page *page,
                                   const struct hw_page_found *found);

static enum hw_status page_check(void *ctx, const struct hw_page *page, const struct hw_page_levels *levels,
                                 hw_view values, const struct hw_page_found *found) {
    struct hw_values_check *check = ctx;
    const bool damaged = check->damaged;
    struct hw_error *err = check->report->err;
    check->report->level = HW_VERIFY_VALUES;
    check->damaged = false;
    hw_value_span_clear(&check->page_span);
    enum hw_status status = hw_sort_check_nulls(&check->sort, levels, found->entries, found->values, err);
    status = status ? status : keys_check(check, page, levels, found->entries);
    status = status ? status : page_decode(check, page, values, found);
    if (status == HW_OK && !check->damaged) {
        status = page_compare(check, page, found);
    }
    if (status == HW_OK && hw_value_has_order(check->walk->leaf)) {
        status = hw_value_span_join(&check->span, check->walk->leaf, &check->page_span, err);
    }
    check->pages++;
    check->entries += found->entries;
    check->values += found->values;
    check->damaged = check->damaged || damaged;
    check->report->level = HW_VERIFY_PAGES;
    return status;
}

static enum hw_status keys_check(struct hw_values_check *check, const struct hw_page *page,
                                 const struct hw_page_levels *levels, uint64_t entries) {
    uint64_t nulls;
    HW_TRY(hw_key_check_page(&check->keys, levels, entries, &nulls, check->report->err));
    return nulls > 0 ? hw_check_tell(check->report, HW_SEVERITY_ERROR, "value.null", (int64_t)page->at,
                                     "%s of its map %s null, which the format does not allow", HW_COUNT(nulls, "key"),
                                     hw_plural(nulls, "is", "are"))
                     : HW_OK;
}

static enum hw_status page_decode(struct hw_values_check *check, const struct hw_page *page, hw_view values,
                                  const struct hw_page_found *found) {
    struct hw_value_reader *reader = &check->reader;
    const struct hw_dictionary_values *dictionary = check->has_dictionary ? &check->dictionary.values : NULL;
    struct hw_error fault = HW_ERROR_INIT;
    if (!dictionary && hw_encoding_is_dictionary(page->head.encoding)) {
        /* It is damaged or missing, which was told. */
        check->damaged = true;
        return HW_OK;
    }
    enum hw_status status =
        hw_value_reader_begin(reader, page->head.encoding, (size_t)found->values, values, dictionary, &fault);
    for (uint64_t left = found->values; status == HW_OK && left > 0; left -= check->rows.count) {
        const size_t step = (size_t)hw_clamp(left, 0, VALUES_AT_ONCE);
        bool full = false;
        status = hw_leaf_rows_clear(&check->rows, hw_leaf_width(check->walk->leaf), &fault);
        status = status ? status : hw_value_reader_take(reader, step, TEXT_BYTES, &check->rows, &full, &fault);
        if (status == HW_OK) {
            HW_TRY(rows_check(check, page));
        }
    }
    return status ? failure_tell(check, page, status, &fault) : HW_OK;
}

/* Returns whether the format defines an order for the bounds of the leaf: newer files tell one. */
static bool is_legacy(const struct hw_values_check *check) {
    const struct hw_parquet_meta *meta = &check->report->file.meta;
    const size_t column = check->walk->leaf->column;
    return !meta->column_orders || column >= meta->column_orders_count || meta->column_orders[column] != 1;
}

static enum hw_status page_compare(struct hw_values_check *check, const struct hw_page *page,
                                   const struct hw_page_found *found) {
    const struct hw_stats_facts facts = {
        .leaf = check->walk->leaf,
        .span = &check->page_span,
        .nulls = found->entries - found->values,
        .at = (int64_t)page->at,
        .legacy = is_legacy(check),
    };
    const struct hw_column_index *index = check->index;
    const size_t i = check->pages;
    if (page->head.has_statistics) {
        HW_TRY(hw_stats_check(check->report, &facts, &page->head.statistics));
    }
    if (!index || i >= index->pages_count || index->null_pages[i]) {
        return HW_OK;
    }
    if (index->nans && hw_value_has_order(facts.leaf) && index->nans[i] != (int64_t)facts.span->nans) {
        HW_TRY(hw_check_tell(check->report, HW_SEVERITY_ERROR, "index.nulls", facts.at,
                             "the column index says that it has %" PRId64 " NaNs, but it has %" PRIu64, index->nans[i],
                             facts.span->nans));
    }
    return hw_index_bounds_check(check->report, &facts, index->mins[i], index->maxs[i]);
}

/* ------ the chunk */

static enum hw_status chunk_compare(struct hw_values_check *check) {
    const struct hw_parquet_statistics *statistics = &check->walk->chunk->statistics;
    const struct hw_stats_facts facts = {
        .leaf = check->walk->leaf,
        .span = &check->span,
        .nulls = check->entries - check->values,
        .at = -1,
        .legacy = is_legacy(check),
    };
    if (check->missed) {
        HW_TRY(hw_check_tell(check->report, HW_SEVERITY_ERROR, "bloom.miss", check->walk->chunk->bloom_offset,
                             "the bloom filter does not have a value of the column chunk"));
    }
    if (check->sort.broken) {
        HW_TRY(hw_check_tell(check->report, HW_SEVERITY_ERROR, "sort.order", -1,
                             "the rows are not sorted by it, though the row group says so"));
    }
    if (check->damaged || check->walk->damaged) {
        return HW_OK;
    }
    if (check->count_distinct && statistics->distinct != (int64_t)check->distinct.count) {
        HW_TRY(hw_check_tell(check->report, HW_SEVERITY_ERROR, "stats.distinct", -1,
                             "the statistics tell of %" PRId64 " distinct values, but there are %zu",
                             statistics->distinct, check->distinct.count));
    }
    return hw_stats_check(check->report, &facts, statistics);
}

enum hw_status hw_values_check_end(struct hw_values_check *check) {
    check->report->level = HW_VERIFY_VALUES;
    const enum hw_status status = chunk_compare(check);
    check->report->level = HW_VERIFY_PAGES;
    check->walk = NULL;
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/element_tree.h"

#include "core/limits.h"
#include "core/utf8.h"

static enum hw_status root_check(const struct hw_parquet_element *root, struct hw_error *err);
static enum hw_status element_check(const struct hw_parquet_element *element, size_t number, struct hw_error *err);
static enum hw_status ends_find(const struct hw_parquet_meta *meta, uint32_t *ends, struct hw_error *err);

enum hw_status hw_element_tree_make(const struct hw_parquet_meta *meta, struct hw_arena *arena,
                                    struct hw_element_tree *out_tree, struct hw_error *err) {
    const size_t count = meta->elements_count;
    if (count == 0) {
        return hw_fail(err, HW_EDATA, "the schema has no elements");
    }
    if (count > HW_PARQUET_ELEMENTS_MAX) {
        return hw_fail(err, HW_ELIMIT, "the schema has %zu elements, more than %u", count, HW_PARQUET_ELEMENTS_MAX);
    }
    HW_TRY(root_check(&meta->elements[0], err));
    for (size_t i = 1; i < count; i++) {
        HW_TRY(element_check(&meta->elements[i], i, err));
    }
    uint32_t *ends = hw_arena_alloc(arena, count * sizeof(*ends));
    if (!ends) {
        return hw_fail_nomem(err, count * sizeof(*ends));
    }
    HW_TRY(ends_find(meta, ends, err));
    *out_tree = (struct hw_element_tree){.elements = meta->elements, .count = count, .ends = ends};
    return HW_OK;
}

static enum hw_status root_check(const struct hw_parquet_element *root, struct hw_error *err) {
    if (!hw_element_is_group(root)) {
        return hw_fail(err, HW_EDATA, "the root of the schema has a type, so it is no group of columns");
    }
    if (root->children_count < 0) {
        return hw_fail(err, HW_EDATA, "the root of the schema says that it has %" PRId32 " columns",
                       root->children_count);
    }
    return HW_OK;
}

/* Fails for an element, which it names by its number too, as names may repeat. */
static enum hw_status element_fail(const struct hw_parquet_element *element, size_t number, const char *reason,
                                   struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EDATA, "element %zu of the schema, %s, %s", number,
                   hw_quote(element->name.data, element->name.size, quoted, sizeof(quoted)), reason);
}

static enum hw_status element_check(const struct hw_parquet_element *element, size_t number, struct hw_error *err) {
    const bool group = hw_element_is_group(element);
    const hw_view name = element->name;
    if (element->children_count < 0) {
        return element_fail(element, number, "has fewer than no children", err);
    }
    if (group && element->children_count == 0) {
        return element_fail(element, number, "has neither a type nor children", err);
    }
    if (!group && element->children_count > 0) {
        return element_fail(element, number, "has both a type and children", err);
    }
    if (!group && element->physical >= HW_PHYSICAL_COUNT) {
        return element_fail(element, number, "has a physical type that Parquet does not have", err);
    }
    if (element->repetition < 0 || element->repetition >= HW_REPETITION_COUNT) {
        return element_fail(element, number, "is neither required nor optional nor repeated", err);
    }
    if (element->physical == HW_PHYSICAL_FIXED && element->type_length <= 0) {
        return element_fail(element, number, "is a FIXED_LEN_BYTE_ARRAY without a length", err);
    }
    if (name.size > 0 && (!hw_utf8_all(name.data, name.size) || memchr(name.data, '\0', name.size))) {
        return element_fail(element, number, "has a name that is not UTF-8 or holds a NUL", err);
    }
    return HW_OK;
}

/*
 * Goes from the last element to the first, so that the ends of an element's children are known when
 * it comes to the element. Each element is taken as a child once, so this takes linear time.
 */
static enum hw_status ends_find(const struct hw_parquet_meta *meta, uint32_t *ends, struct hw_error *err) {
    const size_t count = meta->elements_count;
    for (size_t i = count; i-- > 0;) {
        const struct hw_parquet_element *element = &meta->elements[i];
        size_t end = i + 1;
        for (int32_t child = 0; child < element->children_count; child++) {
            if (end >= count) {
                return i == 0 ? hw_fail(err, HW_EDATA,
                                        "the root of the schema says that it has %" PRId32
                                        " columns, but there are %" PRId32,
                                        element->children_count, child)
                              : element_fail(element, i, "says that it has more children than there are elements", err);
            }
            end = ends[end];
        }
        ends[i] = (uint32_t)end;
    }
    if (ends[0] != count) {
        return hw_fail(err, HW_EDATA, "element %" PRIu32 " of the schema is no child of any other", ends[0]);
    }
    return HW_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/row_group.h"

#include "core/alloc.h"

enum {
    POOL_GROUPS_MAX = 8,
    /* The pages for which there is room at first, unless there are fewer columns. */
    PAGES_MIN = 16,
    /* About the bytes of a chunk and of a page in the footer, without their bounds. */
    FOOTER_CHUNK_BYTES = 160,
    FOOTER_PAGE_BYTES = 24,
};

static void row_group_give_back(struct hw_encoded *encoded);
static void row_group_destroy(struct hw_row_group *group);

static const struct hw_encoded_ops row_group_ops = {row_group_give_back};

void hw_row_group_pool_init(struct hw_row_group_pool *pool, size_t columns, size_t counts) {
    *pool = (struct hw_row_group_pool){.columns = columns, .counts = counts};
    pool->segments = hw_segment_pool_shared();
    pthread_mutex_init(&pool->synced.lock, NULL);
}

void hw_row_group_pool_release(struct hw_row_group_pool *pool) {
    while (pool->synced.free) {
        struct hw_row_group *group = pool->synced.free;
        pool->synced.free = group->next;
        row_group_destroy(group);
    }
    pthread_mutex_destroy(&pool->synced.lock);
    hw_segment_pool_unshare();
}

enum hw_status hw_row_group_new(struct hw_row_group_pool *pool, struct hw_row_group **out_group, struct hw_error *err) {
    pthread_mutex_lock(&pool->synced.lock);
    struct hw_row_group *group = pool->synced.free;
    if (group) {
        pool->synced.free = group->next;
        pool->synced.count--;
    }
    pthread_mutex_unlock(&pool->synced.lock);
    if (!group) {
        group = hw_alloc_zero(1, sizeof(*group));
        if (!group) {
            return hw_fail_nomem(err, sizeof(*group));
        }
        group->base.ops = &row_group_ops;
        group->pool = pool;
        group->chunks_count = pool->columns;
        hw_page_log_init(&group->log, pool->segments);
        group->chunks = hw_alloc_zero(pool->columns, sizeof(*group->chunks));
        group->level_counts = hw_alloc_zero(pool->counts, sizeof(*group->level_counts));
        if (!group->chunks || !group->level_counts) {
            row_group_destroy(group);
            return hw_fail_nomem(err, pool->columns * sizeof(*group->chunks));
        }
    }
    hw_row_group_clear(group);
    *out_group = group;
    return HW_OK;
}

void hw_row_group_clear(struct hw_row_group *group) {
    hw_page_log_clear(&group->log);
    hw_buf_clear(&group->bounds);
    group->pages_count = 0;
    group->base.rows = 0;
    for (size_t i = 0; i < group->pool->counts; i++) {
        group->level_counts[i] = 0;
    }
    for (size_t i = 0; i < group->chunks_count; i++) {
        hw_buf_release(&group->chunks[i].bloom);
        group->chunks[i] = (struct hw_chunk_facts){.first_page = HW_NO_PAGE, .last_page = HW_NO_PAGE};
    }
}

size_t hw_row_group_held(const struct hw_row_group *group) {
    size_t blooms = 0;
    for (size_t i = 0; i < group->chunks_count; i++) {
        blooms += group->chunks[i].bloom.capacity;
    }
    return sizeof(*group) + hw_page_log_held(&group->log) + group->pages_capacity * sizeof(*group->pages) +
           group->bounds.capacity + blooms + group->chunks_count * sizeof(*group->chunks) +
           group->pool->counts * sizeof(*group->level_counts);
}

size_t hw_row_group_file_bytes(const struct hw_row_group *group) {
    size_t blooms = 0;
    for (size_t i = 0; i < group->chunks_count; i++) {
        blooms += group->chunks[i].bloom.size;
    }
    return (size_t)group->log.size + 2 * group->bounds.size + blooms + group->chunks_count * FOOTER_CHUNK_BYTES +
           group->pages_count * FOOTER_PAGE_BYTES;
}

enum hw_status hw_row_group_add_page(struct hw_row_group *group, size_t column, const struct hw_page_facts *page,
                                     const struct hw_bounds *bounds, struct hw_error *err) {
    struct hw_chunk_facts *chunk = &group->chunks[column];

    if (group->pages_count == group->pages_capacity) {
        /* Most small row groups have one page a column. */
        size_t capacity = hw_max_size(group->pages_capacity * 2, hw_min_size(group->chunks_count, PAGES_MIN));
        struct hw_page_facts *pages = hw_realloc_array(group->pages, capacity, sizeof(*pages));
        if (!pages) {
            return hw_fail_nomem(err, capacity * sizeof(*pages));
        }
        group->pages = pages;
        group->pages_capacity = capacity;
    }
    uint32_t index = (uint32_t)group->pages_count;
    struct hw_page_facts *added = &group->pages[index];
    *added = *page;
    added->next = HW_NO_PAGE;
    added->bounds_at = (uint32_t)group->bounds.size;
    added->bounded = bounds->min.state == HW_BOUND_KNOWN && bounds->max.state == HW_BOUND_KNOWN;
    if (added->bounded) {
        added->min_size = bounds->min.size;
        added->max_size = bounds->max.size;
        HW_TRY(hw_buf_append(&group->bounds, bounds->min.data, bounds->min.size, err));
        HW_TRY(hw_buf_append(&group->bounds, bounds->max.data, bounds->max.size, err));
    }
    group->pages_count++;
    if (chunk->last_page == HW_NO_PAGE) {
        chunk->first_page = index;
    } else {
        group->pages[chunk->last_page].next = index;
    }
    chunk->last_page = index;
    return HW_OK;
}

static void row_group_give_back(struct hw_encoded *encoded) {
    struct hw_row_group *group = (struct hw_row_group *)encoded;
    struct hw_row_group_pool *pool = group->pool;

    hw_row_group_clear(group);
    pthread_mutex_lock(&pool->synced.lock);
    bool keep = pool->synced.count < POOL_GROUPS_MAX;
    if (keep) {
        group->next = pool->synced.free;
        pool->synced.free = group;
        pool->synced.count++;
    }
    pthread_mutex_unlock(&pool->synced.lock);
    if (!keep) {
        row_group_destroy(group);
    }
}

static void row_group_destroy(struct hw_row_group *group) {
    hw_page_log_release(&group->log);
    hw_free(group->pages);
    hw_buf_release(&group->bounds);
    hw_free(group->chunks);
    hw_free(group->level_counts);
    hw_free(group);
}

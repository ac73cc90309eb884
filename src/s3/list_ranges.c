/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_ranges.h"

#include "core/alloc.h"

enum {
    /* Pages that wait for those before them, for each that is under way. */
    PAGES_WAITING = 3,
    /* Pages that one range has waiting, unless it is the first one. */
    PAGES_OF_RANGE = 4,
    /* A part that a range is cut into has about so many pages. */
    PAGES_OF_PART = 2,
    /* What is left of a range is estimated after so many pages. */
    PAGES_BEFORE_CUT = 2,
    EMPTY_PAGES_MAX = 1000,
    /* So often is looked whether the listing is still wanted. */
    WAIT_MS = 100,
};

enum range_state {
    RANGE_IDLE, /* Its next page can be asked for. */
    RANGE_UNDER_WAY,
    RANGE_ENDED, /* All of its pages have come. */
};

struct page_waiting {
    struct hw_s3_list_page page;
    /* The entries in front of the end of the range. */
    size_t count;
    struct page_waiting *next;
};

/* The keys behind one and in front of another. */
struct range {
    enum range_state state;
    struct hw_s3_list_step step;
    char *start_after; /* owned; NULL of the first, which goes on by its token */
    char *end;         /* owned; NULL of the last */
    struct page_waiting *first;
    struct page_waiting *last;
    unsigned pages;
    /* The pages that have come. */
    unsigned come;
    unsigned empty_pages;
    struct range *next;
};

struct listing {
    struct hw_s3_client *client;
    const struct hw_s3_list_ranges *given;
    struct hw_call_queue queue;
    /* In the order of their keys. */
    struct range *ranges;
    unsigned at_once_max;
    unsigned under_way;
    unsigned waiting;
    /* A range has begun where it was asked to. */
    bool heeded;
    /* No range is cut any more, because the service does not heed where one begins. */
    bool single;
};

static enum hw_status listing_run(struct listing *listing, hw_s3_entry_fn *each, void *ctx, struct hw_error *err);

static struct page_waiting *page_take(struct range *range) {
    struct page_waiting *page = range->first;
    range->first = page->next;
    range->last = range->first ? range->last : NULL;
    range->pages--;
    return page;
}

static void page_free(struct page_waiting *page) {
    hw_s3_list_page_release(&page->page);
    hw_free(page);
}

static void range_free(struct listing *listing, struct range *range) {
    listing->under_way -= range->state == RANGE_UNDER_WAY;
    hw_s3_list_step_release(&range->step);
    while (range->first) {
        listing->waiting--;
        page_free(page_take(range));
    }
    hw_free(range->start_after);
    hw_free(range->end);
    hw_free(range);
}

/* Takes over what the listing has come to. */
static enum hw_status first_make(struct listing *listing, struct hw_error *err) {
    struct hw_s3_list_step *step = listing->given->step;
    struct range *range = hw_alloc_zero(1, sizeof(*range));
    if (!range) {
        return hw_fail_nomem(err, sizeof(*range));
    }
    range->step.params = step->params;
    range->step.token = step->token;
    range->step.last_key = step->last_key;
    step->token = step->last_key = (struct hw_buf){0};
    range->come = listing->given->pages;
    listing->ranges = range;
    return HW_OK;
}

enum hw_status hw_s3_list_ranges_run(struct hw_s3_client *client, const struct hw_s3_list_ranges *ranges,
                                     hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    const unsigned most = ranges->at_once_max;
    struct listing listing = {
        .client = client, .given = ranges, .at_once_max = most < HW_S3_LIST_RANGES_MAX ? most : HW_S3_LIST_RANGES_MAX};
    hw_call_queue_init(&listing.queue);
    enum hw_status status = first_make(&listing, err);
    status = status ? status : listing_run(&listing, each, ctx, err);
    while (listing.ranges) {
        struct range *range = listing.ranges;
        listing.ranges = range->next;
        range_free(&listing, range);
    }
    hw_call_queue_release(&listing.queue);
    return status;
}

/* ------ cutting */

/* Puts a range behind another one, which then ends where it begins. */
static enum hw_status range_cut(struct range *range, const struct hw_buf *cut, struct hw_error *err) {
    struct range *made = hw_alloc_zero(1, sizeof(*made));
    char *end = hw_strdup((const char *)cut->data);
    char *start_after = hw_strdup((const char *)cut->data);
    if (!made || !end || !start_after) {
        hw_free(made);
        hw_free(end);
        hw_free(start_after);
        return hw_fail_nomem(err, sizeof(*made));
    }
    made->step.params = range->step.params;
    made->step.params.start_after = start_after;
    made->step.guessed = true;
    made->start_after = start_after;
    made->end = range->end;
    made->next = range->next;
    range->end = end;
    range->next = made;
    return HW_OK;
}

static struct hw_s3_list_gap gap_of(const struct range *range) {
    const char *prefix = range->step.params.prefix;
    return (struct hw_s3_list_gap){
        .after = (const char *)range->step.last_key.data,
        .end = range->end,
        .prefix_bytes = prefix ? strlen(prefix) : 0,
    };
}

/* Returns how many bytes two keys begin with. */
static size_t common_bytes(const char *a, const char *b) {
    size_t bytes = 0;
    while (a[bytes] && a[bytes] == b[bytes]) {
        bytes++;
    }
    return bytes;
}

/*
 * Cuts where a number in the last key would carry: `folder-0003/x` in front of `folder-001`,
 * `folder-01`, `folder-1` and `folder.`. The characters that the keys so far have in common are
 * raised, the last ones if there are many.
 */
static enum hw_status carries_cut(const struct listing *listing, struct range *first, struct hw_error *err) {
    HW_AUTO(hw_buf) cut = {0};
    HW_AUTO(hw_buf) after = {0};
    HW_TRY(hw_buf_append(&after, first->step.last_key.data, first->step.last_key.size, err));
    HW_TRY(hw_buf_end_text(&after, err));
    struct hw_s3_list_gap gap = gap_of(first);
    gap.after = (const char *)after.data;
    const size_t common = common_bytes(listing->given->first_key, gap.after);
    const size_t most = listing->at_once_max - 1;
    for (size_t at = hw_max_size(gap.prefix_bytes, common > most ? common - most : 0); at < common; at++) {
        gap.end = first->end;
        HW_TRY(hw_s3_list_carry(&gap, at, &cut, err));
        if (cut.size > 0) {
            HW_TRY(range_cut(first, &cut, err));
        }
    }
    return HW_OK;
}

/* Returns in how many parts a range is worth being cut, by how far its pages have come. */
static unsigned parts_of(const struct listing *listing, const struct range *range, const struct hw_s3_list_gap *gap) {
    const struct hw_s3_list_gap whole = {
        .after = range->start_after ? range->start_after : listing->given->first_key,
        .end = range->end,
        .prefix_bytes = gap->prefix_bytes,
    };
    const double pages = range->come * hw_s3_list_left(listing->given->alphabet, &whole, gap->after);
    const unsigned most = listing->at_once_max - listing->under_way + 1;
    const double parts = pages / PAGES_OF_PART;
    return parts < most ? (unsigned)parts : most;
}

/* Cuts a range that has gone on. Returns whether it was. */
static enum hw_status parts_cut(struct listing *listing, struct range *range, bool *out_cut, struct hw_error *err) {
    HW_AUTO(hw_buf) cut = {0};
    /* The end is that of the last part later on, and stays as long as that. */
    const struct hw_s3_list_gap gap = gap_of(range);
    const unsigned parts = parts_of(listing, range, &gap);
    for (unsigned part = parts; part > 1; part--) {
        HW_TRY(hw_s3_list_cut(listing->given->alphabet, &gap, part - 1, parts, &cut, err));
        if (cut.size > 0 && (!range->end || strcmp((const char *)cut.data, range->end) < 0)) {
            HW_TRY(range_cut(range, &cut, err));
            *out_cut = true;
        }
    }
    return HW_OK;
}

/* ------ asking */

/*
 * `place` is the number of ranges before this one. The later it comes, the more room it leaves for
 * those before it, whose pages are wanted first.
 */
static bool may_ask(const struct listing *listing, const struct range *range, unsigned place) {
    const unsigned most = listing->at_once_max * (1 + PAGES_WAITING);
    const unsigned left = 2 * place < most ? most - 2 * place : 0;
    const unsigned room = left > listing->at_once_max ? left : listing->at_once_max;
    return range->state == RANGE_IDLE &&
           (place == 0 || (listing->waiting + listing->under_way < room && range->pages < PAGES_OF_RANGE));
}

/* Asks for pages, those of the first ranges first. */
static enum hw_status idle_ask(struct listing *listing, struct hw_error *err) {
    unsigned place = 0;
    for (struct range *range = listing->ranges; range && listing->under_way < listing->at_once_max; place++) {
        if (may_ask(listing, range, place)) {
            HW_TRY(hw_s3_list_step_start(&range->step, listing->client, &listing->queue, err));
            range->state = RANGE_UNDER_WAY;
            listing->under_way++;
        }
        range = range->next;
    }
    return HW_OK;
}

/* Asks for pages, and cuts ranges, the first ones first, as long as more could be asked for. */
static enum hw_status pages_ask(struct listing *listing, struct hw_error *err) {
    HW_TRY(idle_ask(listing, err));
    for (struct range *range = listing->ranges; range && !listing->single; range = range->next) {
        bool cut = false;
        if (listing->under_way >= listing->at_once_max) {
            break;
        }
        if (range->state != RANGE_ENDED && range->come >= PAGES_BEFORE_CUT) {
            HW_TRY(parts_cut(listing, range, &cut, err));
        }
        HW_TRY(cut ? idle_ask(listing, err) : HW_OK);
    }
    return HW_OK;
}

/* ------ pages that come */

/* What is behind the end of the range is that of the next one. */
static size_t entries_before(const struct hw_s3_list_page *page, const char *end) {
    size_t count = page->entries_count;
    while (end && count > 0 && strcmp(page->entries[count - 1].key, end) > 0) {
        count--;
    }
    return count;
}

static enum hw_status page_keep(struct listing *listing, struct range *range, struct hw_s3_list_page *page,
                                struct hw_error *err) {
    const size_t count = entries_before(page, range->end);
    const bool beyond = count < page->entries_count;
    range->state = page->page.truncated && !beyond ? RANGE_IDLE : RANGE_ENDED;
    range->empty_pages = page->entries_count > 0 ? 0 : range->empty_pages + 1;
    range->come += page->entries_count > 0;
    if (range->empty_pages > EMPTY_PAGES_MAX) {
        hw_s3_list_page_release(page);
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: %d pages in a row without an object", EMPTY_PAGES_MAX);
    }
    struct page_waiting *kept = count > 0 ? hw_alloc_zero(1, sizeof(*kept)) : NULL;
    if (!kept) {
        hw_s3_list_page_release(page);
        return count > 0 ? hw_fail_nomem(err, sizeof(*kept)) : HW_OK;
    }
    kept->page = *page;
    kept->count = count;
    if (range->last) {
        range->last->next = kept;
    } else {
        range->first = kept;
    }
    range->last = kept;
    range->pages++;
    listing->waiting++;
    return HW_OK;
}

/* Drops all ranges but the first, which then goes on to the end by its tokens. */
static void ranges_join(struct listing *listing) {
    struct range *first = listing->ranges;
    while (first->next) {
        struct range *range = first->next;
        first->next = range->next;
        range_free(listing, range);
    }
    if (first->last) {
        first->last->count = first->last->page.entries_count;
    }
    if (first->state == RANGE_ENDED && first->step.token.size > 0) {
        first->state = RANGE_IDLE;
    }
    hw_free(first->end);
    first->end = NULL;
    listing->single = true;
}

static enum hw_status page_come(struct listing *listing, struct range *range, struct hw_error *err) {
    struct hw_s3_list_page page;
    struct hw_error fault = HW_ERROR_INIT;
    range->state = RANGE_IDLE;
    listing->under_way--;
    const enum hw_status status = hw_s3_list_step_wait(&range->step, &page, &fault);
    const struct range *first = listing->ranges;
    const bool goes_on = first->start_after == NULL && (first->state != RANGE_ENDED || first->last);
    if (status == HW_EUNSUPPORTED && goes_on) {
        /* Nothing of the later ranges was handed out yet. */
        ranges_join(listing);
        return HW_OK;
    }
    listing->heeded = listing->heeded || (status == HW_OK && range->start_after);
    return status ? hw_error_pass(err, status, &fault) : page_keep(listing, range, &page, err);
}

/* ------ handing out */

/* The first range stays until it is known that the others begin where they were asked to. */
static bool first_waits(const struct listing *listing) {
    const struct range *first = listing->ranges;
    return !listing->heeded && !first->start_after && first->state == RANGE_ENDED && first->next;
}

static enum hw_status ready_hand_out(struct listing *listing, hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    struct range *range = listing->ranges;
    while (range && (range->first || range->state == RANGE_ENDED) && !first_waits(listing)) {
        if (range->first) {
            struct page_waiting *page = page_take(range);
            enum hw_status status = HW_OK;
            listing->waiting--;
            for (size_t i = 0; status == HW_OK && i < page->count; i++) {
                status = each(ctx, &page->page.entries[i], err);
            }
            page_free(page);
            HW_TRY(status);
            HW_TRY(pages_ask(listing, err));
            continue;
        }
        listing->ranges = range->next;
        range_free(listing, range);
        range = listing->ranges;
    }
    return HW_OK;
}

/* Waits for a page of any range. */
static enum hw_status next_wait(struct listing *listing, struct range **out_range, struct hw_error *err) {
    const struct hw_call_end *end = NULL;
    while (!end) {
        if (hw_s3_client_cancelled(listing->client)) {
            return hw_fail(err, HW_ECANCELLED, "ListObjectsV2: stopped");
        }
        end = hw_call_queue_next(&listing->queue, WAIT_MS);
    }
    struct range *range = listing->ranges;
    while (range->next && end->ctx != &range->step.call) {
        range = range->next;
    }
    *out_range = range;
    return HW_OK;
}

static enum hw_status listing_run(struct listing *listing, hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    HW_TRY(carries_cut(listing, listing->ranges, err));
    while (listing->ranges) {
        struct range *range = NULL;
        HW_TRY(pages_ask(listing, err));
        HW_TRY(next_wait(listing, &range, err));
        HW_TRY(page_come(listing, range, err));
        HW_TRY(ready_hand_out(listing, each, ctx, err));
    }
    return HW_OK;
}

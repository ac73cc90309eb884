/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/stats_check.h"

#include "parquet/stat_value.h"

/* A bound, and which one it is. */
struct bound {
    const char *code;
    const char *what;
    hw_view bytes;
    bool least;
    /* It is told that a value has it. */
    bool exact;
};

static enum hw_status bound_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                  const struct bound *bound);
static enum hw_status old_bounds_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                       const struct hw_parquet_statistics *statistics);
static enum hw_status counts_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                   const struct hw_parquet_statistics *statistics);

enum hw_status hw_stats_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                              const struct hw_parquet_statistics *statistics) {
    const struct bound bounds[] = {
        {"stats.min", "the minimum of the statistics", statistics->min, true, statistics->min_exact == HW_TOLD_TRUE},
        {"stats.max", "the maximum of the statistics", statistics->max, false, statistics->max_exact == HW_TOLD_TRUE},
    };
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        HW_TRY(bound_check(report, facts, &bounds[i]));
    }
    HW_TRY(old_bounds_check(report, facts, statistics));
    return counts_check(report, facts, statistics);
}

/* The older fields have the order of signed numbers, which only such values share. */
static enum hw_status old_bounds_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                       const struct hw_parquet_statistics *statistics) {
    struct hw_stats_facts legacy = *facts;
    const enum hw_kind kind = facts->leaf->field->type.kind;
    const bool numbers = facts->leaf->physical >= HW_PHYSICAL_INT32 && facts->leaf->physical <= HW_PHYSICAL_DOUBLE &&
                         (kind < HW_KIND_UINT8 || kind > HW_KIND_UINT64);
    const struct bound bounds[] = {
        {"stats.legacy", "the old minimum of the statistics", statistics->old_min, true, false},
        {"stats.legacy", "the old maximum of the statistics", statistics->old_max, false, false},
    };
    legacy.legacy = true;
    for (size_t i = 0; numbers && i < COUNT_OF(bounds); i++) {
        HW_TRY(bound_check(report, &legacy, &bounds[i]));
    }
    return HW_OK;
}

enum hw_status hw_index_bounds_check(struct hw_check_report *report, const struct hw_stats_facts *facts, hw_view min,
                                     hw_view max) {
    const struct bound bounds[] = {
        {"index.bounds", "the minimum in the column index", min, true, false},
        {"index.bounds", "the maximum in the column index", max, false, false},
    };
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        HW_TRY(bound_check(report, facts, &bounds[i]));
    }
    return HW_OK;
}

/* ------ bounds */

static enum hw_status bound_tell(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                 const struct bound *bound, const char *fault) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_stat_text value;
    HW_TRY(hw_stat_text(facts->leaf, bound->bytes, &text, &value, report->err));
    const int shown = (int)hw_min_size(value.size, 60);
    return hw_check_tell(report, facts->legacy ? HW_SEVERITY_WARNING : HW_SEVERITY_ERROR,
                         facts->legacy ? "stats.legacy" : bound->code, facts->at, "%s is %.*s%s, %s", bound->what,
                         shown, shown > 0 ? (const char *)text.data + value.at : "", value.size > 60 ? ".." : "",
                         fault);
}

/* Returns what is wrong with a bound that was brought to the form of values; NULL: nothing is. */
static const char *bound_fault(const struct hw_stats_facts *facts, const struct bound *bound, hw_view value) {
    const struct hw_value_span *span = facts->span;
    const hw_view end = hw_buf_view(bound->least ? &span->min : &span->max);
    const int order = hw_leaf_value_compare(facts->leaf, value, end);
    if (bound->least ? order > 0 : order < 0) {
        return bound->least ? "but there is a value below it" : "but there is a value above it";
    }
    return bound->exact && order != 0 ? "which no value has, though it is said to be exact" : NULL;
}

static enum hw_status bound_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                  const struct bound *bound) {
    struct hw_leaf_rows value = {0};
    struct hw_error fault = HW_ERROR_INIT;
    if (!bound->bytes.data || !hw_value_has_order(facts->leaf) || !facts->span->any) {
        return HW_OK;
    }
    enum hw_status status = hw_value_of_bound(facts->leaf, bound->bytes, &value, &fault);
    if (hw_check_is_finding(status)) {
        status = hw_check_tell(report, facts->legacy ? HW_SEVERITY_WARNING : HW_SEVERITY_ERROR, bound->code, facts->at,
                               "%s is no value of the column: %s", bound->what, fault.message);
    } else if (status) {
        status = hw_error_pass(report->err, status, &fault);
    } else {
        const char *wrong = bound_fault(facts, bound, hw_value_at(&value, 0));
        status = wrong ? bound_tell(report, facts, bound, wrong) : HW_OK;
    }
    hw_leaf_rows_release(&value);
    return status;
}

/* ------ counts */

/* Empty lists are nulls for some writers only. */
static enum hw_status counts_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                   const struct hw_parquet_statistics *statistics) {
    const int64_t nulls = (int64_t)facts->nulls;
    const int64_t told = statistics->nulls;
    if (told != HW_META_ABSENT && (told < 0 || told > nulls || (facts->leaf->rep_max == 0 && told != nulls))) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "stats.nulls", facts->at,
                             "the statistics tell of %" PRId64 " nulls, but there are %" PRId64, told, nulls));
    }
    if (statistics->nans != HW_META_ABSENT && hw_value_has_order(facts->leaf) &&
        statistics->nans != (int64_t)facts->span->nans) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "stats.nulls", facts->at,
                             "the statistics tell of %" PRId64 " NaNs, but there are %" PRIu64, statistics->nans,
                             facts->span->nans);
    }
    return HW_OK;
}

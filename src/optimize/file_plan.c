/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/file_plan.h"

#include "optimize/bloom_columns.h"
#include "optimize/chunk_pairs.h"
#include "core/limits.h"
#include "optimize/changes_check.h"
#include "optimize/column_names.h"
#include "optimize/element_changes.h"
#include "parquet/arrow_dictionaries.h"
#include "parquet/leaf_raw.h"

/* A plan that is being made. */
struct making {
    struct hw_file_plan *plan;
    const struct hw_file_plan_options *options;
    const struct hw_read_file *const *files;
    size_t files_count;
    /* Files with different leaves, and for each file the number of the one that has the same. */
    const struct hw_read_file **kinds;
    size_t kinds_count;
    size_t *kind_of;
    /* The file whose schema the output has. */
    const struct hw_read_file *file;
    struct hw_element_tree tree;
    struct hw_element_change *changes;
    bool *kept;
    /* For each element: the mask that is at it or above it; all 0: there is none. */
    struct hw_mask *masks;
    struct hw_error *err;
};

static enum hw_status changes_make(struct making *making);
static enum hw_status kinds_find(struct making *making);
static enum hw_status columns_make(struct making *making);
static enum hw_status sort_make(struct making *making);
static enum hw_status pairs_make(struct making *making);

enum hw_status hw_file_plan_make(struct hw_file_plan *plan, const struct hw_read_file *const *files, size_t files_count,
                                 const struct hw_file_plan_options *options, struct hw_error *err) {
    struct making making = {
        .plan = plan,
        .options = options,
        .files = files,
        .files_count = files_count,
        .file = options->like ? options->like : files[0],
        .err = err,
    };
    HW_TRY(hw_element_tree_make(&making.file->meta, &plan->arena, &making.tree, err));
    HW_TRY(changes_make(&making));
    HW_TRY(hw_tree_copy(&plan->tree, making.file, making.changes, err));
    HW_TRY(kinds_find(&making));
    HW_TRY(columns_make(&making));
    const struct hw_bloom_columns blooms = {
        .like = making.file,
        .tree = &making.tree,
        .files = files,
        .files_count = files_count,
        .asked = options->bloom,
        .asked_count = options->bloom_count,
    };
    HW_TRY(hw_bloom_columns_choose(&blooms, plan->columns, plan->tree.count, &plan->blooms_lost, err));
    HW_TRY(sort_make(&making));
    HW_TRY(pairs_make(&making));
    HW_TRY(hw_arrow_dictionaries_mark(&plan->tree, &plan->pairs.pairs, err));
    const struct hw_row_cuts_options cuts = {
        .files = files,
        .files_count = files_count,
        .numbers = making.kind_of,
        .columns = plan->columns,
        .columns_count = plan->tree.count,
        .rows = options->rows,
        .group_rows = options->group_rows,
        .group_bytes = options->group_bytes,
        .sorted = options->sort_count > 0,
    };
    HW_TRY(hw_row_cuts_make(&plan->cuts, &cuts, err));
    plan->chunk_pairs_lost = hw_chunk_pairs_lost(plan->columns, plan->tree.count, &plan->cuts, plan->sorts);
    return HW_OK;
}

void hw_file_plan_release(struct hw_file_plan *plan) {
    hw_row_cuts_release(&plan->cuts);
    hw_tree_release(&plan->tree);
    hw_arena_release(&plan->arena);
}

/* ------ what the options change */

static enum hw_status masks_apply(struct making *making);
static enum hw_status types_apply(struct making *making);
static enum hw_status drops_apply(struct making *making);
static enum hw_status renames_apply(struct making *making);
static enum hw_status selection_apply(struct making *making);

static enum hw_status changes_make(struct making *making) {
    const size_t bytes = making->tree.count * sizeof(*making->changes);
    making->changes = hw_arena_alloc(&making->plan->arena, bytes);
    making->kept = hw_arena_alloc(&making->plan->arena, making->tree.count * sizeof(*making->kept));
    making->masks = hw_arena_alloc(&making->plan->arena, making->tree.count * sizeof(*making->masks));
    if (!making->changes || !making->kept || !making->masks) {
        return hw_fail_nomem(making->err, bytes);
    }
    memset(making->changes, 0, bytes);
    memset(making->masks, 0, making->tree.count * sizeof(*making->masks));
    for (size_t i = 1; making->options->optional && i < making->tree.count; i++) {
        making->changes[i].optional = making->options->optional[i];
    }
    HW_TRY(masks_apply(making));
    HW_TRY(types_apply(making));
    if (!making->options->columns) {
        return HW_OK;
    }
    HW_TRY(drops_apply(making));
    HW_TRY(renames_apply(making));
    HW_TRY(making->options->columns->select_count > 0 ? selection_apply(making) : HW_OK);
    return hw_changes_check(&making->tree, making->changes, making->err);
}

static enum hw_status named_twice(const struct making *making, const char *name, const char *option) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(making->err, HW_EUSAGE, "the column %s is named twice (%s)",
                   hw_quote(name, strlen(name), quoted, sizeof(quoted)), option);
}

/* Returns the repetition that an element has in the output. */
static int32_t repetition_of(const struct making *making, size_t element) {
    return hw_element_repetition(&making->tree.elements[element], &making->changes[element]);
}

/* Returns the levels of an element, those of the groups above it included. */
static struct hw_mask levels_of(const struct making *making, size_t element) {
    const struct hw_element_tree *tree = &making->tree;
    struct hw_mask levels = {0};
    for (size_t i = 1; i <= element; i++) {
        const bool above = element < tree->ends[i];
        levels.def = (uint8_t)(levels.def + (above && repetition_of(making, i) != HW_REPETITION_REQUIRED));
        levels.rep = (uint8_t)(levels.rep + (above && hw_element_is_repeated(&tree->elements[i])));
    }
    return levels;
}

static enum hw_status masks_apply(struct making *making) {
    const struct hw_file_plan_options *options = making->options;
    for (size_t i = 0; i < options->mask_count; i++) {
        size_t element;
        HW_TRY(hw_column_name_find(&making->tree, options->mask[i], "--mask", &element, making->err));
        if (repetition_of(making, element) != HW_REPETITION_OPTIONAL) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(making->err, HW_EUSAGE, "the column %s is never null, so that --mask cannot make it so",
                           hw_quote(options->mask[i], strlen(options->mask[i]), quoted, sizeof(quoted)));
        }
        const struct hw_mask mask = levels_of(making, element);
        for (size_t below = element; below < making->tree.ends[element]; below++) {
            /* Of two the outer one counts. */
            const bool outer = making->masks[below].def == 0 || mask.def < making->masks[below].def;
            making->masks[below] = outer ? mask : making->masks[below];
        }
    }
    return HW_OK;
}

static struct hw_narrowing narrowing_of(const struct making *making, const struct hw_read_file *file, size_t leaf) {
    const struct hw_file_plan_options *options = making->options;
    struct hw_narrowing narrowing = {0};
    if (options->narrowings) {
        narrowing = options->narrowings[leaf];
    }
    const bool storage = narrowing.to == HW_NARROW_NONE && options->storage;
    return storage ? hw_narrow_storage(&file->schema.leaves[leaf]) : narrowing;
}

static enum hw_status types_apply(struct making *making) {
    const struct hw_read_schema *schema = &making->file->schema;
    for (size_t i = 0; i < schema->leaves_count; i++) {
        const struct hw_parquet_element *element = schema->leaves[i].element;
        const struct hw_narrowing narrowing = narrowing_of(making, making->file, i);
        if (narrowing.to == HW_NARROW_NONE) {
            continue;
        }
        struct hw_element_type *type = hw_arena_alloc(&making->plan->arena, sizeof(*type));
        if (!type) {
            return hw_fail_nomem(making->err, sizeof(*type));
        }
        hw_narrow_type(&narrowing, element, type);
        making->changes[element - making->file->meta.elements].type = type;
    }
    return HW_OK;
}

static enum hw_status drops_apply(struct making *making) {
    const struct hw_columns_options *columns = making->options->columns;
    for (size_t i = 0; i < columns->drop_count; i++) {
        size_t element;
        HW_TRY(hw_column_name_find(&making->tree, columns->drop[i], "--drop", &element, making->err));
        if (making->changes[element].dropped) {
            return named_twice(making, columns->drop[i], "--drop");
        }
        making->changes[element].dropped = true;
    }
    return HW_OK;
}

static enum hw_status renames_apply(struct making *making) {
    const struct hw_columns_options *columns = making->options->columns;
    for (size_t i = 0; i < columns->renames_count; i++) {
        size_t element;
        HW_TRY(hw_column_name_find(&making->tree, columns->renames[i].from, "--rename", &element, making->err));
        if (making->changes[element].name) {
            return named_twice(making, columns->renames[i].from, "--rename");
        }
        making->changes[element].name = columns->renames[i].to;
    }
    return HW_OK;
}

/* Marks the elements that are selected: those that were named, with all below and above them. */
static void element_keep(const struct hw_element_tree *tree, size_t element, bool *kept) {
    for (size_t i = 0; i < tree->count; i++) {
        const bool above = i <= element && element < tree->ends[i];
        const bool below = element <= i && i < tree->ends[element];
        kept[i] |= above || below;
    }
}

/* Columns stay where they are among those that are taken. */
static enum hw_status selection_apply(struct making *making) {
    const struct hw_columns_options *columns = making->options->columns;
    const size_t count = making->tree.count;
    bool *kept = making->kept;
    memset(kept, 0, count * sizeof(*kept));
    for (size_t i = 0; i < columns->select_count; i++) {
        size_t element;
        HW_TRY(hw_column_name_find(&making->tree, columns->select[i], "--select", &element, making->err));
        if (kept[element]) {
            return named_twice(making, columns->select[i], "--select");
        }
        element_keep(&making->tree, element, kept);
    }
    for (size_t i = 1; i < count; i++) {
        making->changes[i].dropped |= !kept[i];
    }
    return HW_OK;
}

/* ------ columns and metadata */

/* Returns whether levels and values of two files are stored in the same way. */
static bool leaves_are_same(const struct hw_read_file *a, const struct hw_read_file *b) {
    bool same = true;
    for (size_t i = 0; same && i < a->meta.elements_count; i++) {
        same = a->meta.elements[i].repetition == b->meta.elements[i].repetition;
    }
    for (size_t i = 0; same && i < a->schema.leaves_count; i++) {
        const struct hw_read_leaf *left = &a->schema.leaves[i], *right = &b->schema.leaves[i];
        same = left->physical == right->physical && left->width == right->width;
    }
    return same;
}

/* Most files have the same leaves, so that few are kept, however many files there are. */
static enum hw_status kinds_find(struct making *making) {
    const size_t count = making->files_count;
    making->kinds = hw_arena_alloc(&making->plan->arena, count * sizeof(*making->kinds));
    making->kind_of = hw_arena_alloc(&making->plan->arena, count * sizeof(*making->kind_of));
    if (!making->kinds || !making->kind_of) {
        return hw_fail_nomem(making->err, count * sizeof(*making->kinds));
    }
    for (size_t i = 0; i < count; i++) {
        size_t kind = 0;
        while (kind < making->kinds_count && !leaves_are_same(making->files[i], making->kinds[kind])) {
            kind++;
        }
        if (kind == making->kinds_count) {
            making->kinds[making->kinds_count++] = making->files[i];
        }
        making->kind_of[i] = kind;
    }
    return HW_OK;
}

static enum hw_status column_leaves(struct making *making, struct hw_rewrite_column *column);
static enum hw_status levels_lift(struct making *making, const struct hw_leaf *write, struct hw_rewrite_leaf *leaf,
                                  const struct hw_read_file *file);

static enum hw_status columns_make(struct making *making) {
    struct hw_file_plan *plan = making->plan;
    const size_t count = plan->tree.count;
    plan->columns = hw_arena_alloc(&plan->arena, count * sizeof(*plan->columns));
    if (!plan->columns) {
        return hw_fail_nomem(making->err, count * sizeof(*plan->columns));
    }
    for (size_t i = 0; i < count; i++) {
        struct hw_rewrite_column *column = &plan->columns[i];
        column->write = &plan->tree.leaves[i];
        HW_TRY(column_leaves(making, column));
        struct hw_read_leaf written = making->file->schema.leaves[column->write->column];
        column->mask = making->masks[written.element - making->file->meta.elements];
        written.physical = column->write->physical;
        written.width = column->write->width;
        written.def_max = column->write->def_max;
        hw_leaf_raw(&written, &column->written_field, &column->written);
    }
    return HW_OK;
}

/* Finds out what each kind of files has of a column. */
static enum hw_status column_leaves(struct making *making, struct hw_rewrite_column *column) {
    const struct hw_leaf *write = column->write;
    struct hw_rewrite_leaf *leaves = hw_arena_alloc(&making->plan->arena, making->kinds_count * sizeof(*leaves));
    if (!leaves) {
        return hw_fail_nomem(making->err, making->kinds_count * sizeof(*leaves));
    }
    for (size_t i = 0; i < making->kinds_count; i++) {
        struct hw_rewrite_leaf *leaf = &leaves[i];
        leaf->source = &making->kinds[i]->schema.leaves[write->column];
        leaf->narrowing = narrowing_of(making, making->kinds[i], write->column);
        hw_leaf_raw(leaf->source, &leaf->field, &leaf->read);
        HW_TRY(levels_lift(making, write, leaf, making->kinds[i]));
    }
    column->leaves = leaves;
    return HW_OK;
}

/*
 * A source that has elements required which the output has optional lacks levels. Its level d says
 * that the first d of its elements that count are there, and the next one is not: in the output as
 * many more are there as count in between.
 */
static enum hw_status levels_lift(struct making *making, const struct hw_leaf *write, struct hw_rewrite_leaf *leaf,
                                  const struct hw_read_file *file) {
    const size_t element = (size_t)(leaf->source->element - file->meta.elements);
    uint8_t source = 0, output = 0;
    leaf->lifted = NULL;
    if (leaf->source->def_max == write->def_max) {
        return HW_OK;
    }
    uint8_t *lifted = hw_arena_alloc(&making->plan->arena, (size_t)leaf->source->def_max + 1);
    if (!lifted) {
        return hw_fail_nomem(making->err, leaf->source->def_max);
    }
    for (size_t i = 1; i <= element; i++) {
        const bool above = element < making->tree.ends[i];
        if (above && file->meta.elements[i].repetition != HW_REPETITION_REQUIRED) {
            lifted[source++] = output;
        }
        output = (uint8_t)(output + (above && repetition_of(making, i) != HW_REPETITION_REQUIRED));
    }
    lifted[source] = output;
    leaf->lifted = lifted;
    return HW_OK;
}

static enum hw_status sort_make(struct making *making) {
    struct hw_file_plan *plan = making->plan;
    const struct hw_file_plan_options *options = making->options;
    const struct hw_sort_output output = {making->file, &making->tree, plan->columns, plan->tree.count};
    const size_t room = hw_max_size(options->sort_count, HW_SORT_COLUMNS_MAX);
    plan->sort = hw_arena_alloc(&plan->arena, room * sizeof(*plan->sort));
    if (!plan->sort) {
        return hw_fail_nomem(making->err, room * sizeof(*plan->sort));
    }
    plan->sort_count = options->sort_count;
    plan->sorts = options->sort_count > 0;
    if (options->sort_count == 0) {
        plan->sort_count = hw_sort_columns_claimed(&output, making->files, making->files_count, plan->sort);
    }
    return hw_sort_columns_named(&output, options->sort, options->sort_count, plan->sort, making->err);
}

static enum hw_status left_out_add(struct making *making, const struct hw_edited_pairs *merged);

/* What pairs say of columns follows the changes of these. */
static enum hw_status pairs_make(struct making *making) {
    struct hw_file_plan *plan = making->plan;
    const struct hw_file_plan_options *options = making->options;
    const struct hw_plan_pairs pairs = {
        .files = making->files,
        .names = options->names,
        .files_count = making->files_count,
        .rows = options->rows,
        .rule = options->metadata,
        .masks = options->mask_count > 0,
        .digest = options->digest,
    };
    const struct hw_column_change *changes;
    struct hw_edited_pairs merged;
    size_t count;
    HW_TRY(hw_plan_pairs_make(&pairs, &plan->arena, &merged, making->err));
    hw_tree_copy_kept(&making->tree, making->changes, making->kept);
    HW_TRY(hw_element_changes_tell(&making->tree, making->changes, making->kept, &plan->arena, &changes, &count,
                                   making->err));
    HW_TRY(hw_pairs_edit(&merged.pairs, changes, count, &plan->arena, &plan->pairs, making->err));
    return merged.left_out_count > 0 ? left_out_add(making, &merged) : HW_OK;
}

/* Pairs that were left out before any was edited are told first. */
static enum hw_status left_out_add(struct making *making, const struct hw_edited_pairs *merged) {
    struct hw_edited_pairs *pairs = &making->plan->pairs;
    const size_t count = merged->left_out_count + pairs->left_out_count;
    struct hw_pair_left_out *items = hw_arena_alloc(&making->plan->arena, count * sizeof(*items));
    if (!items) {
        return hw_fail_nomem(making->err, count * sizeof(*items));
    }
    for (size_t i = 0; i < count; i++) {
        const size_t behind = i - merged->left_out_count;
        items[i] = i < merged->left_out_count ? merged->left_out[i] : pairs->left_out[behind];
    }
    pairs->left_out = items;
    pairs->left_out_count = count;
    return HW_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemas and arrays of the Arrow C Data Interface as another library would make them, which count
 * their releases.
 */
#ifndef HW_TESTS_TABLE_ARROW_MAKE_H
#define HW_TESTS_TABLE_ARROW_MAKE_H

#include <stdlib.h>

#include <hawser/arrow.h>

#include "support/rows.h"

enum { MADE_CHILDREN_MAX = 8 };

/* A node with room for children; all of it is static memory of the test. */
struct made_schema {
    struct ArrowSchema node;
    struct ArrowSchema *children[MADE_CHILDREN_MAX];
};

struct made_array {
    struct ArrowArray node;
    const void *buffers[3];
    struct ArrowArray *children[MADE_CHILDREN_MAX];
};

static inline void made_schema_release(struct ArrowSchema *schema) {
    schema->release = NULL;
}

/* Counts in the int that private_data points to. */
static inline void made_array_release(struct ArrowArray *array) {
    if (array->private_data) {
        ++*(int *)array->private_data;
    }
    array->release = NULL;
}

static inline struct ArrowSchema *made_schema_init(struct made_schema *made, const char *format, const char *name) {
    *made = (struct made_schema){
        .node = {.format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = made_schema_release}};
    made->node.children = made->children;
    return &made->node;
}

static inline void made_schema_add(struct made_schema *made, struct ArrowSchema *child) {
    assert_true(made->node.n_children < MADE_CHILDREN_MAX);
    made->children[made->node.n_children++] = child;
}

static inline struct ArrowArray *made_array_init(struct made_array *made, int64_t length, int64_t buffers) {
    *made = (struct made_array){.node = {.length = length, .n_buffers = buffers, .release = made_array_release}};
    made->node.buffers = made->buffers;
    made->node.children = made->children;
    return &made->node;
}

static inline void made_array_add(struct made_array *made, struct ArrowArray *child) {
    assert_true(made->node.n_children < MADE_CHILDREN_MAX);
    made->children[made->node.n_children++] = child;
}

#endif

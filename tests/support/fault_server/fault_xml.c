/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/document.h"
#include "support/fault_server/faults.h"

enum { DEEP_ELEMENTS = 200000, BOMB_LEVELS = 12 };

static bool is_xml(const struct call *call) {
    return !call->reply.blob && call->reply.body.size > 5 && strncmp(call->reply.body.data, "<?xml", 5) == 0;
}

static void text_replace(struct text *text, const char *from, const char *to) {
    size_t from_bytes = strlen(from), to_bytes = strlen(to);
    const char *found = text->data && from_bytes ? strstr(text->data, from) : NULL;
    while (found) {
        size_t at = (size_t)(found - text->data);
        text_splice(text, at, from_bytes, to, to_bytes);
        found = strstr(text->data + at + to_bytes, from);
    }
}

/* Arguments "from" and "to"; a row's parameters where there are none. */
void xml_replace(struct call *call, const char *a, const char *b) {
    if (is_xml(call)) {
        text_replace(&call->reply.body, fault_text(call->fault, "from", a), fault_text(call->fault, "to", b));
    }
}

/* Replaces every element of a name, or removes it where `value` is NULL. */
static void elements_become(struct text *text, const char *name, const char *value) {
    struct text open = {0}, close = {0}, whole = {0};
    text_printf(&open, "<%s>", name);
    text_printf(&close, "</%s>", name);
    if (value) {
        text_printf(&whole, "%s%s%s", open.data, value, close.data);
    }
    const char *found = strstr(text->data, open.data);
    while (found) {
        size_t at = (size_t)(found - text->data);
        const char *end = strstr(found, close.data);
        if (!end) {
            break;
        }
        text_splice(text, at, (size_t)(end - found) + close.size, text_of(&whole), whole.size);
        found = strstr(text->data + at + whole.size, open.data);
    }
    text_release(&open);
    text_release(&close);
    text_release(&whole);
}

void xml_drop(struct call *call, const char *a, const char *b) {
    (void)b;
    if (is_xml(call)) {
        elements_become(&call->reply.body, fault_text(call->fault, "name", a), NULL);
    }
}

void xml_set(struct call *call, const char *a, const char *b) {
    if (is_xml(call)) {
        elements_become(&call->reply.body, fault_text(call->fault, "name", a), fault_text(call->fault, "value", b));
    }
}

/* Calls of both walk the <Contents> of a listing. */
static void contents_rewrite(struct call *call, bool reverse) {
    struct text out = {0}, inside = {0};
    struct text *items = NULL;
    size_t count = 0;
    const char *at = text_of(&call->reply.body), *first = strstr(at, "<Contents>");
    if (!first || !is_xml(call)) {
        return;
    }
    size_t head = (size_t)(first - at);
    while (element_next(&at, "Contents", &inside)) {
        items = must_resize(items, (count + 1) * sizeof(*items));
        items[count++] = inside;
        inside = (struct text){0};
    }
    text_add(&out, call->reply.body.data, head);
    for (size_t i = 0; i < count; i++) {
        const char *item = text_of(&items[reverse ? count - 1 - i : i]);
        text_printf(&out, "<Contents>%s</Contents>", item);
        if (!reverse) {
            text_printf(&out, "<Contents>%s</Contents>", item);
        }
    }
    text_puts(&out, at);
    for (size_t i = 0; i < count; i++) {
        text_release(&items[i]);
    }
    free(items);
    text_release(&call->reply.body);
    call->reply.body = out;
}

void xml_doubled(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    contents_rewrite(call, false);
}

void xml_reversed(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    contents_rewrite(call, true);
}

/* The document ends after two thirds, and the length agrees. */
void xml_cut(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct text *body = &call->reply.body;
    if (is_xml(call)) {
        body->size = body->size * 2 / 3;
        body->data[body->size] = '\0';
    }
}

/* There is always a next page, and it is the same one. */
void xml_token_loops(struct call *call, const char *a, const char *b) {
    (void)b;
    if (is_xml(call)) {
        elements_become(&call->reply.body, "NextContinuationToken", NULL);
        elements_become(&call->reply.body, "IsTruncated", a);
        text_replace(&call->reply.body, "</ListBucketResult>",
                     "<NextContinuationToken>fs1-00</NextContinuationToken></ListBucketResult>");
    }
}

static void document(struct call *call, int status) {
    reply_become(&call->reply, status);
    reply_header(&call->reply, "Content-Type", "application/xml");
    reply_header(&call->reply, "x-amz-request-id", "%s", call->request_id);
}

/* No object, and always another page. */
void xml_empty_page(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    document(call, 200);
    text_printf(
        &call->reply.body,
        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>%s</NextContinuationToken></ListBucketResult>",
        call->request_id);
}

/* A document type with entities that grow by ten each. */
void xml_bomb(struct call *call, const char *a, const char *b) {
    (void)b;
    document(call, 200);
    struct text *body = &call->reply.body;
    text_puts(body, "<!DOCTYPE x [<!ENTITY e0 \"aaaaaaaaaa\">");
    for (int level = 1; level < BOMB_LEVELS; level++) {
        text_printf(body, "<!ENTITY e%d \"", level);
        for (int i = 0; i < 10; i++) {
            text_printf(body, "&e%d;", level - 1);
        }
        text_puts(body, "\">");
    }
    text_printf(body, "]><%s><Name>&e%d;</Name></%s>", a, BOMB_LEVELS - 1, a);
}

void xml_deep(struct call *call, const char *a, const char *b) {
    document(call, 200);
    text_printf(&call->reply.body, "<%s>", a);
    for (int i = 0; i < DEEP_ELEMENTS; i++) {
        text_puts(&call->reply.body, b);
    }
}

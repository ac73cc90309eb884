/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/json_edit.h"

#include "core/buf.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "core/utf8_valid.h"
#include "core/whole_number.h"
#include "table/value_json.h"

/* The number of no value. */
static const uint32_t NONE = UINT32_MAX;

/* A text on the way to its values. */
struct parser {
    hw_view text;
    struct hw_arena *arena;
    struct hw_error *err;
    struct hw_json_node *nodes;
    size_t count;
    size_t nodes_max;
    size_t at;
    /* The object or list that is open, how many are, and whether it has no value yet. */
    uint32_t open;
    size_t depth;
    bool fresh;
};

static enum hw_status nodes_make(struct parser *parser);
static enum hw_status value_begin(struct parser *parser);
static enum hw_status key_read(struct parser *parser, struct hw_json_node *node);
static enum hw_status node_add(struct parser *parser, const struct hw_json_node *node);
static enum hw_status scalar_read(struct parser *parser, struct hw_json_node *node);
static bool word_take(struct parser *parser);
static bool number_take(struct parser *parser);
static size_t digits_take(struct parser *parser);
static bool byte_take(struct parser *parser, char byte);
static enum hw_status text_read(struct parser *parser, hw_view *out_text);
static bool escape_take(struct parser *parser);
static enum hw_status unescape(struct parser *parser, hw_view raw, hw_view *out_text);
static size_t escape_decode(const char *at, size_t left, char **to);
static uint32_t hex_read(const char *digits);
static enum hw_status values_end(struct parser *parser);
static void blanks_skip(struct parser *parser);
static char peek(const struct parser *parser);
static enum hw_status unexpected(const struct parser *parser);

enum hw_status hw_json_edit_read(hw_view text, struct hw_arena *arena, struct hw_json_edit *out, struct hw_error *err) {
    struct parser parser = {.text = text.data ? text : HW_VIEW(""), .arena = arena, .err = err, .open = NONE};
    if (text.size > HW_FILE_PAIRS_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "%zu bytes of JSON are more than %" PRIu64, text.size, HW_FILE_PAIRS_BYTES_MAX);
    }
    if (!hw_utf8_valid(parser.text, &parser.at)) {
        return hw_fail_at(err, HW_EDATA, parser.at, "byte %zu of the JSON is no UTF-8", parser.at);
    }
    parser.at = 0;
    HW_TRY(nodes_make(&parser));
    do {
        HW_TRY(value_begin(&parser));
        HW_TRY(values_end(&parser));
    } while (parser.open != NONE);
    *out = (struct hw_json_edit){.text = text, .arena = arena, .nodes = parser.nodes, .count = parser.count};
    return HW_OK;
}

/* Each value but the first stands behind a comma or the beginning of an object or a list. */
static enum hw_status nodes_make(struct parser *parser) {
    size_t count = 1;
    for (size_t i = 0; i < parser->text.size; i++) {
        const char byte = parser->text.data[i];
        count += byte == ',' || byte == '[' || byte == '{';
    }
    parser->nodes_max = hw_min_size(count, HW_PAIR_JSON_NODES_MAX);
    parser->nodes = hw_arena_alloc(parser->arena, parser->nodes_max * sizeof(*parser->nodes));
    return parser->nodes ? HW_OK : hw_fail_nomem(parser->err, parser->nodes_max * sizeof(*parser->nodes));
}

/* Reads a number, a word or a text, or the beginning of an object or a list. */
static enum hw_status value_begin(struct parser *parser) {
    struct hw_json_node node = {.parent = parser->open};
    blanks_skip(parser);
    if (parser->open != NONE && parser->nodes[parser->open].kind == HW_JSON_OBJECT) {
        HW_TRY(key_read(parser, &node));
    }
    const char first = peek(parser);
    node.begin = (uint32_t)parser->at;
    parser->fresh = first == '{' || first == '[';
    if (!parser->fresh) {
        HW_TRY(scalar_read(parser, &node));
        return node_add(parser, &node);
    }
    if (++parser->depth > HW_PAIR_JSON_DEPTH_MAX) {
        return hw_fail(parser->err, HW_ELIMIT, "JSON is nested more than %u deep", HW_PAIR_JSON_DEPTH_MAX);
    }
    parser->at++;
    node.kind = first == '{' ? HW_JSON_OBJECT : HW_JSON_LIST;
    HW_TRY(node_add(parser, &node));
    parser->open = (uint32_t)(parser->count - 1);
    return HW_OK;
}

static enum hw_status key_read(struct parser *parser, struct hw_json_node *node) {
    node->key_begin = (uint32_t)parser->at;
    HW_TRY(text_read(parser, &node->key));
    node->key_end = (uint32_t)parser->at;
    blanks_skip(parser);
    if (!byte_take(parser, ':')) {
        return unexpected(parser);
    }
    blanks_skip(parser);
    return HW_OK;
}

static enum hw_status node_add(struct parser *parser, const struct hw_json_node *node) {
    if (parser->count == parser->nodes_max) {
        return hw_fail(parser->err, HW_ELIMIT, "JSON has more than %u values", HW_PAIR_JSON_NODES_MAX);
    }
    parser->nodes[parser->count] = *node;
    parser->nodes[parser->count].end = (uint32_t)parser->at;
    parser->nodes[parser->count].end_node = (uint32_t)parser->count + 1;
    parser->count++;
    return HW_OK;
}

static enum hw_status scalar_read(struct parser *parser, struct hw_json_node *node) {
    if (peek(parser) == '"') {
        node->kind = HW_JSON_TEXT;
        return text_read(parser, &node->text);
    }
    node->kind = HW_JSON_WORD;
    if (word_take(parser)) {
        return HW_OK;
    }
    node->kind = HW_JSON_NUMBER;
    return number_take(parser) ? HW_OK : unexpected(parser);
}

static bool word_take(struct parser *parser) {
    static const hw_view words[] = {HW_VIEW_INIT("true"), HW_VIEW_INIT("false"),    HW_VIEW_INIT("null"),
                                    HW_VIEW_INIT("NaN"),  HW_VIEW_INIT("Infinity"), HW_VIEW_INIT("-Infinity")};
    const hw_view left = {parser->text.data + parser->at, parser->text.size - parser->at};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (hw_view_starts(left, words[i])) {
            parser->at += words[i].size;
            return true;
        }
    }
    return false;
}

static bool number_take(struct parser *parser) {
    byte_take(parser, '-');
    if (!byte_take(parser, '0') && digits_take(parser) == 0) {
        return false;
    }
    if (byte_take(parser, '.') && digits_take(parser) == 0) {
        return false;
    }
    if (!byte_take(parser, 'e') && !byte_take(parser, 'E')) {
        return true;
    }
    if (!byte_take(parser, '-')) {
        byte_take(parser, '+');
    }
    return digits_take(parser) > 0;
}

static size_t digits_take(struct parser *parser) {
    const size_t before = parser->at;
    while (peek(parser) >= '0' && peek(parser) <= '9') {
        parser->at++;
    }
    return parser->at - before;
}

static bool byte_take(struct parser *parser, char byte) {
    const bool there = peek(parser) == byte;
    parser->at += there;
    return there;
}

static enum hw_status text_read(struct parser *parser, hw_view *out_text) {
    if (!byte_take(parser, '"')) {
        return unexpected(parser);
    }
    const size_t begin = parser->at;
    while (!byte_take(parser, '"')) {
        /* The end of the text looks like a NUL, which stands in no text either. */
        if ((unsigned char)peek(parser) < ' ' || (peek(parser) == '\\' && !escape_take(parser))) {
            return unexpected(parser);
        }
        parser->at++;
    }
    const hw_view raw = {parser->text.data + begin, parser->at - 1 - begin};
    if (memchr(raw.data, '\\', raw.size)) {
        return unescape(parser, raw, out_text);
    }
    *out_text = raw;
    return HW_OK;
}

/* Goes to the last byte of an escape. */
static bool escape_take(struct parser *parser) {
    parser->at++;
    if (peek(parser) != 'u') {
        return peek(parser) != '\0' && strchr("\"\\/bfnrt", peek(parser));
    }
    for (size_t i = 0; i < 4; i++) {
        parser->at++;
        if (peek(parser) == '\0' || !strchr("0123456789abcdefABCDEF", peek(parser))) {
            return false;
        }
    }
    return true;
}

/* What is written with escapes is never shorter than what it means. */
static enum hw_status unescape(struct parser *parser, hw_view raw, hw_view *out_text) {
    char *text = hw_arena_alloc(parser->arena, raw.size);
    char *to = text;
    if (!text) {
        return hw_fail_nomem(parser->err, raw.size);
    }
    for (size_t at = 0; at < raw.size;) {
        if (raw.data[at] == '\\') {
            at += escape_decode(raw.data + at, raw.size - at, &to);
        } else {
            *to++ = raw.data[at++];
        }
    }
    *out_text = (hw_view){text, (size_t)(to - text)};
    return HW_OK;
}

/* Writes the character of an escape, or of a surrogate pair. Returns the size of the escape. */
static size_t escape_decode(const char *at, size_t left, char **to) {
    static const char escapes[] = "\"\\/bfnrt";
    static const char characters[] = "\"\\/\b\f\n\r\t";
    if (at[1] != 'u') {
        *(*to)++ = characters[strchr(escapes, at[1]) - escapes];
        return 2;
    }
    uint32_t code = hex_read(at + 2);
    const bool high = code >= 0xd800 && code < 0xdc00;
    const uint32_t low = high && left >= 12 && at[6] == '\\' && at[7] == 'u' ? hex_read(at + 8) : 0;
    const bool pair = low >= 0xdc00 && low < 0xe000;
    if (pair) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xd800 && code < 0xe000) {
        code = 0xfffd; /* half a pair is no character, and in no name */
    }
    *to += hw_utf8_encode(code, *to);
    return pair ? 12 : 6;
}

static uint32_t hex_read(const char *digits) {
    uint32_t code = 0;
    for (size_t i = 0; i < 4; i++) {
        const char digit = digits[i];
        code = code << 4 | (uint32_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    return code;
}

/* Goes on to the next value, or to the end, and ends the objects and lists on the way. */
static enum hw_status values_end(struct parser *parser) {
    for (;;) {
        blanks_skip(parser);
        if (parser->open == NONE) {
            return parser->at == parser->text.size ? HW_OK : unexpected(parser);
        }
        struct hw_json_node *open = &parser->nodes[parser->open];
        if (!byte_take(parser, open->kind == HW_JSON_OBJECT ? '}' : ']')) {
            return parser->fresh || byte_take(parser, ',') ? HW_OK : unexpected(parser);
        }
        open->end = (uint32_t)parser->at;
        open->end_node = (uint32_t)parser->count;
        parser->open = open->parent;
        parser->depth--;
        parser->fresh = false;
    }
}

static void blanks_skip(struct parser *parser) {
    while (hw_blank(peek(parser))) {
        parser->at++;
    }
}

/* Returns the next byte; NUL behind the end. */
static char peek(const struct parser *parser) {
    return parser->at < parser->text.size ? parser->text.data[parser->at] : '\0';
}

static enum hw_status unexpected(const struct parser *parser) {
    if (parser->at >= parser->text.size) {
        return hw_fail_at(parser->err, HW_EDATA, parser->at, "the JSON ends too early, after %zu bytes", parser->at);
    }
    char quoted[16];
    return hw_fail_at(parser->err, HW_EDATA, parser->at, "%s in JSON, at byte %zu",
                      hw_quote(parser->text.data + parser->at, 1, quoted, sizeof(quoted)), parser->at);
}

struct hw_json_node *hw_json_first(const struct hw_json_edit *edit, const struct hw_json_node *node) {
    const bool has = node && node->end_node > (size_t)(node - edit->nodes) + 1;
    return has ? &edit->nodes[node - edit->nodes + 1] : NULL;
}

struct hw_json_node *hw_json_next(const struct hw_json_edit *edit, const struct hw_json_node *node) {
    if (!node || node->parent == NONE || node->end_node >= edit->nodes[node->parent].end_node) {
        return NULL;
    }
    return &edit->nodes[node->end_node];
}

struct hw_json_node *hw_json_member(const struct hw_json_edit *edit, const struct hw_json_node *object,
                                    const char *key) {
    struct hw_json_node *found = NULL;
    if (object && object->kind == HW_JSON_OBJECT) {
        for (struct hw_json_node *member = hw_json_first(edit, object); member; member = hw_json_next(edit, member)) {
            found = hw_view_equal(member->key, hw_view_of(key)) ? member : found;
        }
    }
    return found;
}

hw_view hw_json_raw_text(const struct hw_json_edit *edit, const struct hw_json_node *node) {
    return node ? (hw_view){edit->text.data + node->begin, node->end - node->begin} : HW_VIEW("");
}

bool hw_json_is(const struct hw_json_node *node, hw_view text) {
    return node && node->kind == HW_JSON_TEXT && hw_view_equal(node->text, text);
}

bool hw_json_integer(const struct hw_json_edit *edit, const struct hw_json_node *node, int64_t *out_number) {
    if (!node || node->kind != HW_JSON_NUMBER) {
        return false;
    }
    hw_view digits = hw_json_raw_text(edit, node);
    const bool negative = digits.data[0] == '-';
    digits = (hw_view){digits.data + negative, digits.size - negative};
    uint64_t number;
    if (!hw_whole_number_read(digits, &number) || number > (uint64_t)INT64_MAX + negative) {
        return false;
    }
    *out_number = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

void hw_json_remove(struct hw_json_edit *edit, struct hw_json_node *node) {
    node->removed = node->parent != NONE;
    edit->edited |= node->removed;
}

static enum hw_status json_keep(struct hw_json_edit *edit, hw_view json, hw_view *out_json, struct hw_error *err);
static enum hw_status text_quote(struct hw_json_edit *edit, hw_view text, hw_view *out_json, struct hw_error *err);

enum hw_status hw_json_replace(struct hw_json_edit *edit, struct hw_json_node *node, hw_view json,
                               struct hw_error *err) {
    HW_TRY(json_keep(edit, json, &node->new_value, err));
    edit->edited = true;
    return HW_OK;
}

static enum hw_status json_keep(struct hw_json_edit *edit, hw_view json, hw_view *out_json, struct hw_error *err) {
    char *copy = hw_arena_strndup(edit->arena, json.data, json.size);
    if (!copy) {
        return hw_fail_nomem(err, json.size);
    }
    *out_json = (hw_view){copy, json.size};
    return HW_OK;
}

enum hw_status hw_json_replace_text(struct hw_json_edit *edit, struct hw_json_node *node, hw_view text,
                                    struct hw_error *err) {
    HW_TRY(text_quote(edit, text, &node->new_value, err));
    edit->edited = true;
    return HW_OK;
}

enum hw_status hw_json_rename(struct hw_json_edit *edit, struct hw_json_node *member, hw_view key,
                              struct hw_error *err) {
    HW_TRY(text_quote(edit, key, &member->new_key, err));
    edit->edited = true;
    return HW_OK;
}

static enum hw_status text_quote(struct hw_json_edit *edit, hw_view text, hw_view *out_json, struct hw_error *err) {
    HW_AUTO(hw_buf) json = {0};
    HW_TRY(hw_json_text_append(text, &json, err));
    return json_keep(edit, hw_buf_view(&json), out_json, err);
}

/* The text that is written, and how far the old one has gone into it. */
struct splice {
    struct hw_buf *out;
    hw_view text;
    size_t at;
};

static enum hw_status splice_put(struct splice *splice, size_t begin, size_t end, hw_view text, struct hw_error *err);
static enum hw_status node_write(const struct hw_json_edit *edit, size_t i, struct splice *splice,
                                 struct hw_error *err);
static enum hw_status node_cut(const struct hw_json_edit *edit, size_t i, struct splice *splice, struct hw_error *err);
static size_t node_start(const struct hw_json_node *node);

enum hw_status hw_json_edit_write(struct hw_json_edit *edit, hw_view *out_text, struct hw_error *err) {
    HW_AUTO(hw_buf) out = {.limit = HW_FILE_PAIRS_BYTES_MAX};
    if (!edit->edited) {
        *out_text = edit->text;
        return HW_OK;
    }
    struct splice splice = {.out = &out, .text = edit->text};
    for (size_t i = 0; i < edit->count;) {
        const struct hw_json_node *node = &edit->nodes[i];
        if (node->removed) {
            HW_TRY(node_cut(edit, i, &splice, err));
        } else {
            HW_TRY(node_write(edit, i, &splice, err));
        }
        i = node->removed || node->new_value.data ? node->end_node : i + 1;
    }
    HW_TRY(splice_put(&splice, edit->text.size, edit->text.size, HW_VIEW(""), err));
    return json_keep(edit, hw_buf_view(&out), out_text, err);
}

/* Writes the old text up to `begin`, then a new text in the place of what goes to `end`. */
static enum hw_status splice_put(struct splice *splice, size_t begin, size_t end, hw_view text, struct hw_error *err) {
    HW_TRY(hw_buf_append(splice->out, splice->text.data + splice->at, begin - splice->at, err));
    HW_TRY(hw_buf_append(splice->out, text.data, text.size, err));
    splice->at = end;
    return HW_OK;
}

static enum hw_status node_write(const struct hw_json_edit *edit, size_t i, struct splice *splice,
                                 struct hw_error *err) {
    const struct hw_json_node *node = &edit->nodes[i];
    if (node->parent != NONE) {
        edit->nodes[node->parent].kept_end = node->end;
    }
    if (node->new_key.data) {
        HW_TRY(splice_put(splice, node->key_begin, node->key_end, node->new_key, err));
    }
    if (node->new_value.data) {
        HW_TRY(splice_put(splice, node->begin, node->end, node->new_value, err));
    }
    return HW_OK;
}

/*
 * A value goes with the comma before it, where a value before it stays; else with that behind it,
 * if there is one.
 */
static enum hw_status node_cut(const struct hw_json_edit *edit, size_t i, struct splice *splice, struct hw_error *err) {
    const struct hw_json_node *node = &edit->nodes[i];
    const struct hw_json_node *next = hw_json_next(edit, node);
    uint32_t *kept_end = &edit->nodes[node->parent].kept_end;
    size_t begin = node_start(node);
    size_t end = node->end;
    if (*kept_end > 0) {
        begin = *kept_end;
        *kept_end = node->end;
    } else if (next) {
        end = node_start(next);
    }
    return splice_put(splice, begin, end, HW_VIEW(""), err);
}

static size_t node_start(const struct hw_json_node *node) {
    return node->key_end > 0 ? node->key_begin : node->begin;
}

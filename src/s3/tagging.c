/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/tagging.h"

#include "net/uri.h"
#include "net/xml.h"

/* Takes what stands before the next `mark`, or all of it, from the front of `rest`. */
static hw_view front_take(hw_view *rest, char mark, bool *out_marked) {
    const char *end = rest->size > 0 ? memchr(rest->data, mark, rest->size) : NULL;
    hw_view front = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
    const size_t taken = front.size + (end != NULL);
    *out_marked = end != NULL;
    rest->data += taken;
    rest->size -= taken;
    return front;
}

/* The number of characters of a text in UTF-8. */
static size_t characters(hw_view text) {
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += ((uint8_t)text.data[i] & 0xc0) != 0x80;
    }
    return count;
}

static bool has_control_byte(hw_view text) {
    for (size_t i = 0; i < text.size; i++) {
        if ((uint8_t)text.data[i] < 0x20 || text.data[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

/* Returns what is wrong with a tag, or NULL. */
static const char *tag_fault(hw_view name, hw_view value, bool marked) {
    if (!marked) {
        return "has no '='";
    }
    if (name.size == 0) {
        return "has no name";
    }
    if (characters(name) > HW_S3_TAG_NAME_CHARS_MAX) {
        return "has a name of more than 128 characters";
    }
    if (characters(value) > HW_S3_TAG_VALUE_CHARS_MAX) {
        return "has a value of more than 256 characters";
    }
    if (has_control_byte(name) || has_control_byte(value)) {
        return "has a control byte";
    }
    return hw_view_starts(name, HW_VIEW("aws:")) ? "has a name that begins with aws:, which AWS keeps for itself"
                                                 : NULL;
}

/* Returns whether `tagging`, which is encoded, has a tag of this encoded name. */
static bool tag_there(hw_view tagging, hw_view name) {
    bool marked;
    while (tagging.size > 0) {
        hw_view tag = front_take(&tagging, '&', &marked);
        if (hw_view_equal(front_take(&tag, '=', &marked), name)) {
            return true;
        }
    }
    return false;
}

static enum hw_status tag_add(struct hw_buf *tagging, hw_view name, hw_view value, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(tagging, tagging->size > 0 ? "&" : "", err));
    HW_TRY(hw_uri_encode(name, false, tagging, err));
    HW_TRY(hw_buf_append_byte(tagging, '=', err));
    return hw_uri_encode(value, false, tagging, err);
}

static enum hw_status tag_encode(hw_view tag, struct hw_buf *tagging, struct hw_error *err) {
    HW_AUTO(hw_buf) name = {0};
    HW_AUTO(hw_buf) value = {0};
    HW_AUTO(hw_buf) encoded = {0};
    char quoted[HW_QUOTE_BYTES];
    bool marked;
    hw_view rest = tag;
    hw_quote(tag.data, tag.size, quoted, sizeof(quoted));
    hw_view before = front_take(&rest, '=', &marked);
    if (hw_uri_decode(before, &name, NULL) != HW_OK || hw_uri_decode(rest, &value, NULL) != HW_OK) {
        return hw_fail(err, HW_EUSAGE, "the tag %s has a '%%' without two hexadecimal digits behind it", quoted);
    }
    const char *fault = tag_fault(hw_buf_view(&name), hw_buf_view(&value), marked);
    if (fault) {
        return hw_fail(err, HW_EUSAGE, "the tag %s %s", quoted, fault);
    }
    HW_TRY(hw_uri_encode(hw_buf_view(&name), false, &encoded, err));
    if (tag_there(hw_buf_view(tagging), hw_buf_view(&encoded))) {
        return hw_fail(err, HW_EUSAGE, "the tag %s has the name of an earlier one", quoted);
    }
    return tag_add(tagging, hw_buf_view(&name), hw_buf_view(&value), err);
}

static enum hw_status tagging_hand_over(const struct hw_buf *tagging, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(out, tagging->size + 1, err));
    HW_TRY(hw_buf_append(out, hw_buf_view(tagging).data, tagging->size, err));
    return hw_buf_end_text(out, err);
}

enum hw_status hw_s3_tagging_encode(const char *text, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_buf) tagging = {0};
    hw_view rest = hw_view_of(text);
    bool marked = true;
    for (unsigned count = 0; marked; count++) {
        hw_view tag = front_take(&rest, '&', &marked);
        if (count == HW_S3_TAGS_MAX) {
            return hw_fail(err, HW_EUSAGE, "more than %d tags, which is what an object may have", HW_S3_TAGS_MAX);
        }
        HW_TRY(tag_encode(tag, &tagging, err));
    }
    return tagging_hand_over(&tagging, out, err);
}

static enum hw_status element_write(const char *element, hw_view encoded, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_uri_decode(encoded, &text, err));
    HW_TRY(hw_buf_printf(out, err, "<%s>", element));
    HW_TRY(hw_xml_escape(hw_buf_view(&text), out, err));
    return hw_buf_printf(out, err, "</%s>", element);
}

enum hw_status hw_s3_tagging_write(const char *tagging, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_buf) xml = {0};
    hw_view rest = hw_view_of(tagging);
    bool marked;
    HW_TRY(hw_buf_append_text(&xml, "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>", err));
    while (rest.size > 0) {
        hw_view value = front_take(&rest, '&', &marked);
        hw_view name = front_take(&value, '=', &marked);
        HW_TRY(hw_buf_append_text(&xml, "<Tag>", err));
        HW_TRY(element_write("Key", name, &xml, err));
        HW_TRY(element_write("Value", value, &xml, err));
        HW_TRY(hw_buf_append_text(&xml, "</Tag>", err));
    }
    HW_TRY(hw_buf_append_text(&xml, "</TagSet></Tagging>", err));
    return tagging_hand_over(&xml, out, err);
}

/* ------ reading a reply */

struct reading {
    struct hw_buf name;
    struct hw_buf value;
    struct hw_buf tagging;
    unsigned count;
};

static enum hw_status text_keep(struct hw_buf *buf, hw_view text, struct hw_error *err) {
    hw_buf_clear(buf);
    return text.size > 0 ? hw_buf_append(buf, text.data, text.size, err) : HW_OK;
}

static enum hw_status tag_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct reading *reading = ctx;
    (void)text;
    hw_buf_clear(&reading->name);
    hw_buf_clear(&reading->value);
    if (reading->count == HW_S3_TAGS_MAX) {
        return hw_fail(err, HW_EPROTOCOL, "a reply with more than %d tags", HW_S3_TAGS_MAX);
    }
    reading->count++;
    return HW_OK;
}

static enum hw_status tag_name(void *ctx, hw_view text, struct hw_error *err) {
    return text_keep(&((struct reading *)ctx)->name, text, err);
}

static enum hw_status tag_value(void *ctx, hw_view text, struct hw_error *err) {
    return text_keep(&((struct reading *)ctx)->value, text, err);
}

static enum hw_status tag_end(void *ctx, hw_view text, struct hw_error *err) {
    struct reading *reading = ctx;
    (void)text;
    if (reading->name.size == 0) {
        return hw_fail(err, HW_EPROTOCOL, "a tag without a name");
    }
    return tag_add(&reading->tagging, hw_buf_view(&reading->name), hw_buf_view(&reading->value), err);
}

enum hw_status hw_s3_tagging_read(const struct hw_http_response *response, struct hw_buf *out, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"Tagging/TagSet/Tag", tag_begin, tag_end},
        {"Tagging/TagSet/Tag/Key", NULL, tag_name},
        {"Tagging/TagSet/Tag/Value", NULL, tag_value},
    };
    struct reading reading = {0};
    enum hw_status status = hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), &reading, err);
    status = status ? status : tagging_hand_over(&reading.tagging, out, err);
    hw_buf_release(&reading.name);
    hw_buf_release(&reading.value);
    hw_buf_release(&reading.tagging);
    return status;
}

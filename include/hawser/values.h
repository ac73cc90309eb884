/* SPDX-License-Identifier: Apache-2.0 */
/* The forms that values have as text, where there is more than one. */
#ifndef HAWSER_VALUES_H
#define HAWSER_VALUES_H

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that are no text, of any length or of a fixed one. */
enum hw_binary_text {
    HW_BINARY_BASE64, /**< With padding (RFC 4648). */
    HW_BINARY_HEX,    /**< Lower-case digits. */
    HW_BINARY_UTF8    /**< The bytes are a text; HW_EDATA where they are not UTF-8. */
};

/** Structs, lists and maps, where rows are flat. */
enum hw_nested_text {
    HW_NESTED_JSON, /**< Each is a JSON text. */
    /** The fields of a struct are columns of their own, "a.b"; lists and maps are JSON. */
    HW_NESTED_FLATTEN,
    HW_NESTED_FAIL /**< HW_EUSAGE where a column is nested. */
};

#ifdef __cplusplus
}
#endif

#endif

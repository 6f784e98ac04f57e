/*
 * text.h: names from modules and command lines as text that is safe to show.
 *
 * A name may hold any byte: line ends, terminal control sequences, broken UTF-8.
 */
#ifndef SNAPIFY_SUPPORT_TEXT_H
#define SNAPIFY_SUPPORT_TEXT_H

#include "support/buf.h"

/* The length in bytes (1 to 4) of the UTF-8 character at `text`, of which `left` bytes exist; 0 if
 * they do not begin with one (RFC 3629: no overlong forms, no surrogates). */
size_t text_character_size(const char *text, size_t left);

/* Appends `text` with control characters and bytes that are not UTF-8 as \xNN. */
void text_append_visible(struct buf *out, const char *text);

#endif

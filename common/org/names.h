/*
 * How areas are named: a stem (吴都) and an ending (社区居委会) of some class.
 * The same stem with another ending of its class (吴都社区) is the same
 * place; of a class that is close to it (吴都村), perhaps. Only for the
 * address index.
 */
#ifndef WHISTLE_ORG_NAMES_H
#define WHISTLE_ORG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum ending {
	ENDING_NONE,
	ENDING_RESIDENTS, /* 社区, 居委会 */
	ENDING_VILLAGE,	  /* 村, 村委会 */
	ENDING_STREET,	  /* 街道, 街办 */
	ENDING_REGION,	  /* 地区, which any name may have in a text */
	ENDING_TOWN,	  /* 镇 */
	ENDING_TOWNSHIP,  /* 乡 */
	ENDING_ZONE,	  /* 开发区, 新区 */
	ENDING_DISTRICT,  /* 区 */
	ENDING_COUNTY,	  /* 县 */
	ENDING_CITY,	  /* 市 */
	ENDING_GRID,	  /* 网格 */
};

/* How well an ending in a text suits that of a unit. */
enum fit {
	FIT_NOT,
	FIT_BARE,  /* the text has no ending */
	FIT_NEAR,  /* a town called a street, a village a community */
	FIT_EXACT, /* the same class */
};

/* Bytes of the character at `text`, which is not at its end. Never past
 * `end`, whatever the bytes are. */
size_t char_bytes(const char *text, const char *end);
/* Bytes of the first `count` characters; 0 when there are fewer. */
size_t chars_bytes(const char *text, const char *end, size_t count);

/* The longest ending that begins at `text`; *len_out its bytes, 0 for
 * ENDING_NONE. */
enum ending ending_at(size_t *len_out, const char *text, const char *end);

/* Bytes of the stem of the name of `len` bytes, and its ending's class. A
 * stem has at least two characters: 郭村 is one, not 郭. */
size_t name_stem(enum ending *ending_out, const char *name, size_t len);

/* Is it one that a part of a longer name may have as well, as 滨湖花园社区
 * ends in 花园社区? */
bool ending_is_common(enum ending ending);

enum fit ending_fit(enum ending in_text, enum ending of_unit);

/* Ordinary words, which say a place only with an ending or right after the
 * unit above. */
bool stem_is_word(const char *stem, size_t len);
/* Words that 村 makes into other words: 新建村级公路, 中心村. */
bool stem_is_before_village(const char *stem, size_t len);

/* The number of the grid that begins at `text`: 第二网格, 2网格, 十一网格;
 * 0 when none does. *len_out its bytes. */
unsigned grid_number(size_t *len_out, const char *text, const char *end);

#endif

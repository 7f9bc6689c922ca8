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

/* Spelt in pinyin: these are endings of names and say no level. */
enum ending {
	ENDING_NONE,
	ENDING_SHEQU,	/* 社区, 居委会 */
	ENDING_CUN,	/* 村, 村委会 */
	ENDING_JIEDAO,	/* 街道, 街办 */
	ENDING_DIQU,	/* 地区, which any name may have in a text */
	ENDING_ZHEN,	/* 镇 */
	ENDING_XIANG,	/* 乡 */
	ENDING_KAIFAQU, /* 开发区, 新区 */
	ENDING_QU,	/* 区 */
	ENDING_XIAN,	/* 县 */
	ENDING_SHI,	/* 市 */
	ENDING_WANGGE,	/* 网格 */
};

/* How well an ending in a text suits that of a unit. */
enum fit {
	FIT_NOT,
	FIT_BARE,  /* the text has no ending */
	FIT_NEAR,  /* 某镇 called 某街道, 某村 called 某社区 */
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
bool stem_is_before_cun(const char *stem, size_t len);

/* The number of the part that begins at `text`: 第二网格, 2网格, 十一网格;
 * 0 when none does. *len_out its bytes. */
unsigned numbered_part(size_t *len_out, const char *text, const char *end);

#endif

#include "org/names.h"

#include <string.h>

struct row {
	const char *text;
	enum ending ending;
};

/* Longer before shorter where one ends or begins the other. */
static const struct row endings[] = {
	{ "社区居民委员会", ENDING_SHEQU },
	{ "社区居委会", ENDING_SHEQU },
	{ "社区居委", ENDING_SHEQU },
	{ "居民委员会", ENDING_SHEQU },
	{ "居委会", ENDING_SHEQU },
	{ "社区", ENDING_SHEQU },
	{ "村民委员会", ENDING_CUN },
	{ "村委会", ENDING_CUN },
	{ "村委", ENDING_CUN },
	{ "村", ENDING_CUN },
	{ "街道办事处", ENDING_JIEDAO },
	{ "地区办事处", ENDING_DIQU },
	{ "街道办", ENDING_JIEDAO },
	{ "办事处", ENDING_JIEDAO },
	{ "街道", ENDING_JIEDAO },
	{ "地区", ENDING_DIQU },
	{ "街办", ENDING_JIEDAO },
	{ "镇", ENDING_ZHEN },
	{ "满族蒙古族乡", ENDING_XIANG },
	{ "蒙古族乡", ENDING_XIANG },
	{ "土家族乡", ENDING_XIANG },
	{ "满族乡", ENDING_XIANG },
	{ "回族乡", ENDING_XIANG },
	{ "苗族乡", ENDING_XIANG },
	{ "瑶族乡", ENDING_XIANG },
	{ "侗族乡", ENDING_XIANG },
	{ "壮族乡", ENDING_XIANG },
	{ "彝族乡", ENDING_XIANG },
	{ "畲族乡", ENDING_XIANG },
	{ "乡", ENDING_XIANG },
	{ "高新技术产业开发区", ENDING_KAIFAQU },
	{ "经济技术开发区", ENDING_KAIFAQU },
	{ "高新技术开发区", ENDING_KAIFAQU },
	{ "经济开发区", ENDING_KAIFAQU },
	{ "旅游度假区", ENDING_KAIFAQU },
	{ "开发区", ENDING_KAIFAQU },
	{ "高新区", ENDING_KAIFAQU },
	{ "经开区", ENDING_KAIFAQU },
	{ "经济区", ENDING_KAIFAQU },
	{ "新区", ENDING_KAIFAQU },
	{ "自治县", ENDING_XIAN },
	{ "网格", ENDING_WANGGE },
	{ "县", ENDING_XIAN },
	{ "区", ENDING_QU },
	{ "市", ENDING_SHI },
};

enum { ENDINGS = sizeof(endings) / sizeof(endings[0]) };

/* Those before_cun come first. */
static const char *const words[] = { "新建", "中心", "花园", "新城", "城区",
	"小区", "学校", "医院", "市场", "车站", "码头", "广场", "公园", "工业",
	"高新", "虚拟", "大桥", "东方", "新华", "电商", "路口", "城关",
	"火车站", "建新", "新村", "新街", "新桥", "新屋", "团结", "太平",
	"幸福", "和平", "建设", "光明", "胜利", "人民", "解放", "中央", "移民",
	"平安", "文明", "新港", "北京", "上海" };

enum { WORDS = sizeof(words) / sizeof(words[0]), BEFORE_CUN = 16 };

size_t char_bytes(const char *text, const char *end)
{
	unsigned char first = (unsigned char)*text;
	size_t len = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	return len <= (size_t)(end - text) ? len : 1;
}

size_t chars_bytes(const char *text, const char *end, size_t count)
{
	const char *at = text;

	while (count > 0 && at < end) {
		at += char_bytes(at, end);
		count--;
	}
	return count == 0 ? (size_t)(at - text) : 0;
}

static bool begins(
    const char *text, const char *end, const char *word, size_t len)
{
	return len <= (size_t)(end - text) && memcmp(text, word, len) == 0;
}

enum ending ending_at(size_t *len_out, const char *text, const char *end)
{
	for (size_t i = 0; i < ENDINGS; i++) {
		size_t len = strlen(endings[i].text);

		if (begins(text, end, endings[i].text, len)) {
			*len_out = len;
			return endings[i].ending;
		}
	}
	*len_out = 0;
	return ENDING_NONE;
}

/* The ending that `name` has, of class `only` unless that is NONE. */
static const struct row *last_ending(
    const char *name, size_t len, enum ending only)
{
	for (size_t i = 0; i < ENDINGS; i++) {
		size_t tail = strlen(endings[i].text);

		if (tail < len &&
		    memcmp(name + len - tail, endings[i].text, tail) == 0 &&
		    (only == ENDING_NONE || endings[i].ending == only))
			return &endings[i];
	}
	return NULL;
}

size_t name_stem(enum ending *ending_out, const char *name, size_t len)
{
	const struct row *row = last_ending(name, len, ENDING_NONE);
	size_t stem = len;

	*ending_out = ENDING_NONE;
	/* Twice for 河北村村委会, which people call 河北村; but not 村 in
	 * 中关村社区, whose class is another. */
	while (row != NULL) {
		size_t shorter = stem - strlen(row->text);

		if (chars_bytes(name, name + shorter, 2) == 0)
			break;
		stem = shorter;
		*ending_out = row->ending;
		row = last_ending(name, stem, row->ending);
	}
	return stem;
}

static unsigned group_of(enum ending ending)
{
	switch (ending) {
	case ENDING_SHEQU:
	case ENDING_CUN:
		return 1;
	case ENDING_JIEDAO:
	case ENDING_DIQU:
	case ENDING_ZHEN:
	case ENDING_XIANG:
		return 2;
	case ENDING_QU:
	case ENDING_XIAN:
	case ENDING_SHI:
		return 3;
	default:
		return 0;
	}
}

bool ending_is_common(enum ending ending)
{
	return group_of(ending) == 1 || ending == ENDING_NONE;
}

enum fit ending_fit(enum ending in_text, enum ending of_unit)
{
	if (in_text == of_unit)
		return FIT_EXACT;
	if (in_text == ENDING_NONE)
		return FIT_BARE;
	if (in_text == ENDING_DIQU)
		return FIT_NOT;
	if (group_of(in_text) != 0 && group_of(in_text) == group_of(of_unit))
		return FIT_NEAR;
	return FIT_NOT;
}

static bool is_listed(const char *stem, size_t len, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(words[i]) == len && memcmp(words[i], stem, len) == 0)
			return true;
	}
	return false;
}

bool stem_is_word(const char *stem, size_t len)
{
	return is_listed(stem, len, WORDS);
}

bool stem_is_before_cun(const char *stem, size_t len)
{
	return is_listed(stem, len, BEFORE_CUN);
}

enum { PART_DIGITS_MAX = 4 };

/* The value of one numeral, Chinese, wide or plain; -1. */
static int numeral(size_t *len_out, const char *text, const char *end)
{
	static const char *const plain[] = { "零", "一", "二", "三", "四", "五",
		"六", "七", "八", "九", "十" };
	static const char *const wide[] = { "０", "１", "２", "３", "４", "５",
		"６", "７", "８", "９" };

	*len_out = 1;
	if (text < end && *text >= '0' && *text <= '9')
		return *text - '0';
	*len_out = strlen(plain[0]);
	for (int i = 0; i <= 10; i++) {
		if (begins(text, end, plain[i], *len_out))
			return i;
		if (i < 10 && begins(text, end, wide[i], *len_out))
			return i;
	}
	return -1;
}

unsigned numbered_part(size_t *len_out, const char *text, const char *end)
{
	static const char ordinal[] = "第", word[] = "网格";
	const char *at = text;
	unsigned tens = 0, ones = 0;
	size_t len;
	int value;

	*len_out = 0;
	if (begins(at, end, ordinal, sizeof(ordinal) - 1))
		at += sizeof(ordinal) - 1;
	for (int digits = 0; digits < PART_DIGITS_MAX; digits++) {
		value = numeral(&len, at, end);
		if (value < 0)
			break;
		if (value == 10) {
			tens = ones == 0 ? 10 : ones * 10;
			ones = 0;
		} else {
			ones = ones * 10 + (unsigned)value;
		}
		at += len;
	}
	if (!begins(at, end, word, sizeof(word) - 1))
		return 0;
	*len_out = (size_t)(at - text) + sizeof(word) - 1;
	return tens + ones;
}

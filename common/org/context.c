#include "org/context.h"

#include <string.h>
#include "org/names.h"

enum { ONE_CHAR = 3 }; /* bytes of a Chinese character */

/* Characters and words that may stand right before a name. */
static const char before[] =
    "在住是到去往于从由来和与及或对向请让找给跟我们咱家近址映诉望的离经过属归"
    "叫有路街巷号处边旁面说问约至位即放年月日天晚午夜期时了着把被将为因如像乘驾"
    "回"
    "进出该此但而且并就也还又都据";
static const char *const words_before[] = { "大道", "要求", "建议", "感谢",
	"表扬", "曝光", "举报", "求助", "咨询", "投诉", "每周", "上周", "下周",
	"目前", "以前", "之前", "长期", "一直", "经常", "多次", "关注", "支持",
	"解决", "处理", "帮助", "帮忙", "途径", "途经", "家乡", "农村", "代表",
	"打击", "影响", "导致", "通知", "联系", "作为", "坐落", "座落", "居住",
	"生活", "以来", "关于", "包括", "只有", "特别", "尤其", "全体", "了解",
	"一下", "以后", "之后", "听闻", "查处", "治理", "整治", "管管", "看看",
	"督促", "责令", "通过", "其中", "比如", "例如", "隔壁", "对面", "周边",
	"同是", "户籍", "户口", "本人", "领导", "现在", "今早", "刚才", "刚刚",
	"终于", "居然", "竟然", "发现", "看到", "目睹", "遇到", "路过",
	"租住" };

/* Characters that may stand right after a bare name. */
static const char after_bare[] =
    "组队湾塆的附旁边门内里这那有口号在一二三四五六七八九十和与及、";
static const char after_place[] =
    "这那边附旁周内里组队栋号一二三四五六七八九十";

static bool is_in(const char *list, const char *text, size_t len)
{
	const char *end = list + strlen(list);

	for (const char *at = list; at < end; at += char_bytes(at, end)) {
		if (char_bytes(at, end) == len && memcmp(at, text, len) == 0)
			return true;
	}
	return false;
}

/* Not a letter: ASCII but A-Z, or CJK and wide punctuation and digits. */
static bool is_separator(const char *text, size_t len)
{
	unsigned char first = (unsigned char)text[0];

	if (len == 1)
		return !((first | 32) >= 'a' && (first | 32) <= 'z');
	return len == ONE_CHAR && (memcmp(text, "\xe3\x80", 2) == 0 ||
				      memcmp(text, "\xef\xbc", 2) == 0 ||
				      memcmp(text, "\xe2\x80", 2) == 0);
}

static size_t previous_char(const char *text, const char *start)
{
	const char *at = text;

	do {
		at--;
	} while (at > start && ((unsigned char)*at & 0xc0) == 0x80);
	return (size_t)(text - at);
}

bool context_opens(const char *text, const char *name)
{
	size_t len;

	if (name == text)
		return true;
	len = previous_char(name, text);
	if (is_separator(name - len, len) || is_in(before, name - len, len))
		return true;
	for (size_t i = 0; i < sizeof(words_before) / sizeof(words_before[0]);
	     i++) {
		len = strlen(words_before[i]);
		if (len <= (size_t)(name - text) &&
		    memcmp(name - len, words_before[i], len) == 0)
			return true;
	}
	return false;
}

bool context_closes(const char *after, const char *end)
{
	size_t len;

	if (after == end)
		return true;
	len = char_bytes(after, end);
	return is_separator(after, len) || is_in(after_bare, after, len);
}

bool context_is_of_place(const char *after, const char *end)
{
	if (after == end)
		return false;
	return (*after >= '0' && *after <= '9') ||
	       is_in(after_place, after, char_bytes(after, end));
}

bool context_is_gap(const char *from, const char *to)
{
	for (const char *at = from; at < to;) {
		size_t len = char_bytes(at, to);

		if (!is_separator(at, len) || (*at >= '0' && *at <= '9'))
			return false;
		at += len;
	}
	return true;
}

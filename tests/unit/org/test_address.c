#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"
#include "org/address.h"

/* Real names that are hard: shared, short, common words, two in brackets. */
static const char units[] =
    "code,name,level,kind,parent\n"
    "4207,鄂州市,city,area,\n"
    "4207-zjj,市住建局,city,department,4207\n"
    "420702,梁子湖区,district,area,4207\n"
    "420703,华容区,district,area,4207\n"
    "420704,鄂城区,district,area,4207\n"
    "420702100,太和镇,street,area,420702\n"
    "420702101,东沟镇,street,area,420702\n"
    "420702400,梧桐湖新区,street,area,420702\n"
    "420703100,华容镇,street,area,420703\n"
    "420703101,葛店镇,street,area,420703\n"
    "420703400,葛店开发区,street,area,420703\n"
    "420704001,凤凰街道,street,area,420704\n"
    "420704002,古楼街道,street,area,420704\n"
    "420704003,西山街道,street,area,420704\n"
    "420704104,汀祖镇,street,area,420704\n"
    "420704105,燕矶镇,street,area,420704\n"
    "420704200,沙窝乡,street,area,420704\n"
    "420702100216,新建村委会,community,area,420702100\n"
    "420702101203,东沟村委会,community,area,420702101\n"
    "420702400205,东沟村委会,community,area,420702400\n"
    "420703100001,华容居委会,community,area,420703100\n"
    "420703101015,中心社区居委会,community,area,420703101\n"
    "420703101018,陶塘社区居委会,community,area,420703101\n"
    "420704001002,吴都社区,community,area,420704001\n"
    "420704001004,南塔社区,community,area,420704001\n"
    "420704001008,莲花山社区,community,area,420704001\n"
    "420704002012,花园社区,community,area,420704002\n"
    "420704003008,桂花园社区,community,area,420704003\n"
    "420704003015,月畔湾社区,community,area,420704003\n"
    "420704104203,凤凰村委会,community,area,420704104\n"
    "420704104208,卢湾村委会（长阳社区）,community,area,420704104\n"
    "420704105001,燕矶居委会,community,area,420704105\n"
    "420704105002,燕矶社区,community,area,420704105\n"
    "420704105212,四份村委会（含移民新区）,community,area,420704105\n"
    "420704105213,下凤村委会,community,area,420704105\n"
    "420704105216,河北村村委会,community,area,420704105\n"
    "420704001002001,第一网格,grid,area,420704001002\n"
    "420704001002002,第二网格,grid,area,420704001002\n"
    "420704001002012,十二网格,grid,area,420704001002\n"
    "420704001004001,1网格,grid,area,420704001004\n"
    "420704001004002,江边网格,grid,area,420704001004\n";

static const char nodes[] =
    "city: 鄂州市\nnodes:\n"
    "  - {name: a, level: city, serves: [4207], endpoint: 'ipc://a'}\n"
    "  - {name: b, level: district, serves: [4207], endpoint: 'ipc://b'}\n"
    "  - {name: c, level: street, serves: [4207], endpoint: 'ipc://c'}\n"
    "  - {name: d, level: community, serves: [4207], endpoint: 'ipc://d'}\n"
    "  - {name: e, level: grid, serves: [4207], endpoint: 'ipc://e'}\n";

static struct folder folder;
static struct address_index *places;

static int make(void **state)
{
	(void)state;
	folder_make(&folder);
	folder_write(&folder, "units.csv", units);
	folder_write(&folder, "nodes.yaml", nodes);
	folder_write(&folder, "operators.csv", "name,unit,role,public_key\n");
	folder_load(&folder);
	return address_index_open(&places, folder.org);
}

static int unmake(void **state)
{
	(void)state;
	address_index_close(&places);
	address_index_close(&places);
	folder_remove(&folder);
	return 0;
}

static const char *code_or_none(const struct unit *unit)
{
	return unit == NULL ? "" : unit->code.s;
}

/* What is said, the unit, and the hint where there is none. */
struct said {
	const char *text;
	const char *unit;
	const char *hint;
};

static void expect(
    const struct said *said, size_t count, bool is_address, const char *within)
{
	for (size_t i = 0; i < count; i++) {
		const struct unit *hint;
		const struct unit *unit =
		    address_find(&hint, places, is_address ? said[i].text : "",
			is_address ? "" : said[i].text,
			within == NULL ? NULL : unit_of(folder.org, within));

		if (strcmp(code_or_none(unit), said[i].unit) != 0 ||
		    (said[i].hint != NULL &&
			strcmp(code_or_none(hint), said[i].hint) != 0)) {
			print_error("%s: got %s, hint %s\n", said[i].text,
			    code_or_none(unit), code_or_none(hint));
			fail();
		}
	}
}

#define EXPECT(said, is_address)                                               \
	expect(said, sizeof(said) / sizeof(said[0]), is_address, NULL)

static void finds_names_with_every_ending(void **state)
{
	static const struct said said[] = {
		{ "鄂州市", "4207", NULL },
		{ "鄂城区", "420704", NULL },
		{ "凤凰街道", "420704001", NULL },
		{ "凤凰街办", "420704001", NULL },
		{ "凤凰街道办事处", "420704001", NULL },
		{ "吴都社区", "420704001002", NULL },
		{ "吴都社区居委会", "420704001002", NULL },
		{ "吴都居委会", "420704001002", NULL },
		{ "凤凰村", "420704104203", NULL },
		{ "凤凰村委会", "420704104203", NULL },
		{ "凤凰村民委员会", "420704104203", NULL },
		{ "河北村", "420704105216", NULL },
		{ "河北村村委会", "420704105216", NULL },
		{ "葛店开发区", "420703400", NULL },
		{ "葛店经济技术开发区", "420703400", NULL },
		{ "梧桐湖新区", "420702400", NULL },
	};

	(void)state;
	EXPECT(said, true);
	EXPECT(said, false);
}

static void follows_a_path_to_its_end(void **state)
{
	static const struct said said[] = {
		{ "鄂州市鄂城区凤凰街道吴都社区3栋", "420704001002", NULL },
		{ "鄂城区 凤凰街道，吴都社区", "420704001002", NULL },
		{ "汀祖镇凤凰村", "420704104203", NULL },
		{ "东沟镇东沟村", "420702101203", NULL },
		{ "梧桐湖新区东沟村", "420702400205", NULL },
		{ "燕矶镇燕矶社区", "420704105002", NULL },
		{ "古楼街道和平路12号", "420704002", NULL },
	};

	(void)state;
	EXPECT(said, true);
	EXPECT(said, false);
}

static void takes_bare_names_in_an_address(void **state)
{
	static const struct said said[] = {
		{ "吴都3栋2单元", "420704001002", NULL },
		{ "凤凰街道吴都", "420704001002", NULL },
		{ "葛店镇陶塘", "420703101018", NULL },
		{ "葛店陶塘", "420703101018", NULL },
		{ "燕矶", "420704105", NULL },
		{ "华容", "420703", NULL },
		{ "沙窝镇", "420704200", NULL },
		{ "长阳社区", "420704104208", NULL },
		{ "卢湾村", "420704104208", NULL },
		{ "移民新区", "420704105212", NULL },
	};

	(void)state;
	EXPECT(said, true);
}

static void takes_no_other_word_for_a_name(void **state)
{
	static const struct said said[] = {
		{ "凤凰路上有坑", "", "" },
		{ "在吴都公园散步", "", "" },
		{ "莲花山公园的灯坏了", "", "" },
		{ "花园小区漏水", "", "" },
		{ "滨湖花园社区漏水", "", NULL },
		{ "新建村级公路", "", NULL },
		{ "政务服务中心", "", "" },
		{ "中心村民反映", "", NULL },
		{ "梁子湖水位高", "", "" },
		{ "古楼街道花园小区", "420704002", NULL },
		{ "华容区政务服务中心", "420703", NULL },
		{ "鄂城区花园3栋", "420704", NULL },
		{ "凤凰社区", "", NULL },
		{ "某某地区", "", "" },
		{ "", "", "" },
		{ "区街道社区村镇乡", "", "" },
	};

	(void)state;
	EXPECT(said, false);
}

static void prefers_the_longest_name(void **state)
{
	static const struct said said[] = {
		{ "桂花园社区", "420704003008", NULL },
		{ "花园社区", "420704002012", NULL },
	};

	(void)state;
	EXPECT(said, true);
	EXPECT(said, false);
}

static void takes_a_long_bare_name_that_is_spoken_of_as_a_place(void **state)
{
	static const struct said said[] = {
		{ "月畔湾这边没有路灯", "420704003015", NULL },
		{ "我住月畔湾3栋", "420704003015", NULL },
		{ "月畔湾的开发商", "", "420704003015" },
		{ "吴都这边没有路灯", "", "420704001002" },
	};

	(void)state;
	EXPECT(said, false);
}

static void names_no_unit_where_two_are_meant(void **state)
{
	static const struct said said[] = {
		{ "吴都社区和南塔社区交界处", "", "420704001" },
		{ "凤凰街道与西山街道之间", "", "420704" },
		{ "华容区和鄂城区", "", "4207" },
		{ "东沟村", "", "420702" },
		{ "汀祖镇吴都社区", "", "420704" },
	};

	(void)state;
	EXPECT(said, true);
	EXPECT(said, false);
}

static void takes_a_zone_for_the_town_of_the_same_name(void **state)
{
	static const struct said said[] = {
		{ "葛店开发区陶塘社区", "420703101018", NULL },
		{ "葛店开发区", "420703400", NULL },
		{ "葛店镇", "420703101", NULL },
	};

	(void)state;
	EXPECT(said, true);
	EXPECT(said, false);
}

static void finds_names_in_running_text(void **state)
{
	static const struct said said[] = {
		{ "近期吴都社区里有条狗", "420704001002", NULL },
		{ "强烈要求吴都社区给个说法", "420704001002", NULL },
		{ "今天上午凤凰村一组", "420704104203", NULL },
		{ "投诉南塔社区居民", "420704001004", NULL },
		{ "据凤凰村村民说", "420704104203", NULL },
		{ "家住新建村的老人", "420702100216", NULL },
		{ "某某镇凤凰村", "", NULL },
		{ "某某街道吴都社区", "", NULL },
	};

	(void)state;
	EXPECT(said, false);
}

static void lets_no_bare_name_hide_one_with_an_ending(void **state)
{
	static const struct said said[] = {
		{ "关注一下凤凰村", "420704104203", NULL },
		{ "下凤村", "420704105213", NULL },
		{ "位于上花园社区", "", NULL },
	};

	(void)state;
	EXPECT(said, false);
}

static void counts_a_grid_only_in_its_community(void **state)
{
	static const struct said said[] = {
		{ "吴都社区第二网格", "420704001002002", NULL },
		{ "吴都社区二网格", "420704001002002", NULL },
		{ "吴都社区2网格", "420704001002002", NULL },
		{ "吴都社区第２网格", "420704001002002", NULL },
		{ "吴都社区12网格", "420704001002012", NULL },
		{ "吴都社区第十二网格", "420704001002012", NULL },
		{ "南塔社区第一网格", "420704001004001", NULL },
		{ "南塔社区江边网格", "420704001004002", NULL },
		{ "吴都社区第九网格", "420704001002", NULL },
		{ "吴都社区第一网格和第二网格", "420704001002", NULL },
		{ "凤凰街道第二网格", "420704001", NULL },
		{ "第二网格", "", "" },
		{ "吴都社区的网格员", "420704001002", NULL },
	};

	(void)state;
	EXPECT(said, true);
	EXPECT(said, false);
}

static void goes_on_in_the_text_from_where_the_address_ends(void **state)
{
	const struct unit *hint;
	const struct unit *unit;

	(void)state;
	unit =
	    address_find(&hint, places, "凤凰街道", "吴都社区有人噪音", NULL);
	assert_string_equal(code_or_none(unit), "420704001002");
	unit = address_find(&hint, places, "吴都社区", "第二网格", NULL);
	assert_string_equal(code_or_none(unit), "420704001002002");
	unit = address_find(&hint, places, "", "东沟镇的路，东沟村", NULL);
	assert_string_equal(code_or_none(unit), "420702101203");
	unit = address_find(&hint, places, "东沟村", "我们东沟镇", NULL);
	assert_true(unit == NULL || unit->depth == 2);
	unit = address_find(&hint, places, "凤凰街道", "花园社区", NULL);
	assert_string_equal(code_or_none(unit), "420704001");
	unit = address_find(NULL, places, "沿江大道", "汀祖镇凤凰村", NULL);
	assert_string_equal(code_or_none(unit), "420704104203");
}

static void stays_within_what_is_known(void **state)
{
	static const struct said inside[] = {
		{ "吴都社区", "420704001002", NULL },
		{ "花园社区", "", "" },
		{ "桂花园社区", "", "" },
		{ "东沟村", "", "" },
	};
	static const struct said east[] = { { "东沟村", "420702101203",
	    NULL } };
	static const struct said grids[] = { { "第二网格", "420704001002002",
	    NULL } };

	(void)state;
	expect(inside, 4, false, "420704001");
	expect(inside, 4, true, "420704001");
	expect(east, 1, false, "420702101");
	expect(grids, 1, false, "420704001002");
}

static void bears_whatever_bytes_come(void **state)
{
	static const char *const pieces[] = { "凤凰", "街道", "吴都", "社区",
		"第", "十", "网格", "\xe5", "\xe5\x87", "\xff", "\xf0\x9f",
		"村", "区", " ", "，", "一二三四五", "9", "东沟" };
	const struct unit *within = unit_of(folder.org, "420704");
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[128] = "";
		const struct unit *hint, *unit;

		for (int i = 0; i < 10; i++) {
			seed = seed * 1103515245U + 12345U;
			strcat(text, pieces[(seed >> 16) % 18]);
		}
		unit = address_find(&hint, places, text, text + 3,
		    round % 2 == 0 ? within : NULL);
		if (unit != NULL && round % 2 == 0)
			assert_true(unit_is_within(unit, within));
		assert_true(unit == NULL || hint == unit);
	}
}

static void reads_no_more_than_the_first_4096_bytes(void **state)
{
	static char text[8192];
	const struct unit *hint;

	(void)state;
	memset(text, ' ', 4094);
	strcpy(text + 4094, "吴都社区");
	assert_null(address_find(&hint, places, text, "", NULL));
	memcpy(text, "南塔社区", strlen("南塔社区"));
	assert_string_equal(
	    code_or_none(address_find(&hint, places, "", text, NULL)),
	    "420704001004");
}

static void bears_more_names_than_it_keeps(void **state)
{
	static char text[4096];
	const struct unit *hint;

	(void)state;
	text[0] = '\0';
	for (int i = 0; i < 200; i++)
		strcat(text, "吴都社区");
	assert_string_equal(
	    code_or_none(address_find(&hint, places, "", text, NULL)),
	    "420704001002");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_names_with_every_ending),
		cmocka_unit_test(follows_a_path_to_its_end),
		cmocka_unit_test(takes_bare_names_in_an_address),
		cmocka_unit_test(takes_no_other_word_for_a_name),
		cmocka_unit_test(prefers_the_longest_name),
		cmocka_unit_test(
		    takes_a_long_bare_name_that_is_spoken_of_as_a_place),
		cmocka_unit_test(names_no_unit_where_two_are_meant),
		cmocka_unit_test(takes_a_zone_for_the_town_of_the_same_name),
		cmocka_unit_test(finds_names_in_running_text),
		cmocka_unit_test(lets_no_bare_name_hide_one_with_an_ending),
		cmocka_unit_test(counts_a_grid_only_in_its_community),
		cmocka_unit_test(
		    goes_on_in_the_text_from_where_the_address_ends),
		cmocka_unit_test(stays_within_what_is_known),
		cmocka_unit_test(bears_whatever_bytes_come),
		cmocka_unit_test(reads_no_more_than_the_first_4096_bytes),
		cmocka_unit_test(bears_more_names_than_it_keeps),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}

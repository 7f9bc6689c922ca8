/*
 * A small city with a catalogue of seven items, one for each way that
 * routine can go.
 */
#ifndef WHISTLE_TESTS_CATALOGUE_CITY_H
#define WHISTLE_TESTS_CATALOGUE_CITY_H

#include "../org/folder.h"
#include "catalogue/triage.h"

static const char more_units[] =
    "4207-gaj,市公安局,city,department,4207\n"
    "420704-cgj,区城管局,district,department,420704\n"
    "420703-cgj,区城管局,district,department,420703\n";

static const char sound_catalogue[] =
    "version: 1\n"						      /* 1 */
    "name: 清单\n"						      /* 2 */
    "note: 示例\n"						      /* 3 */
    "returns: 2\n"						      /* 4 */
    "colours:\n"						      /* 5 */
    "  - {code: red, zh: 红, en: red, check_in: 30m, resolve: 24h}\n" /* 6 */
    "  - {code: yellow, zh: 黄, en: yellow, check_in: 4h, resolve: 3d}\n" /* 7
									   */
    "  - {code: blue, zh: 蓝, en: blue, check_in: 1d, resolve: 7d}\n" /* 8 */
    "domains:\n"						      /* 9 */
    "  - {code: safe, zh: 安全, en: Safety}\n"			      /* 10 */
    "departments:\n"						      /* 11 */
    "  - {code: zjj, zh: 住建局, en: Housing}\n"		      /* 12 */
    "  - {code: cgj, zh: 城管局, en: Urban management}\n"	      /* 13 */
    "  - {code: gaj, zh: 公安局, en: Police}\n"			      /* 14 */
    "items:\n"							      /* 15 */
    "  - {code: lamp, zh: 路灯, en: Lamps, domain: safe, keywords: [路灯, "
    "灯不亮], competent: street, direct: true, lead: cgj, assist: [gaj, zjj], "
    "whistle: auto, colour: yellow, accept: 2h, resolve: 2d}\n" /* 16 */
    "  - {code: paint, zh: 粉刷, en: Paint, domain: safe, keywords: [外墙, "
    "P2P], competent: street, lead: zjj, whistle: ask, colour: blue, accept: "
    "1d, resolve: 15d}\n" /* 17 */
    "  - {code: praise, zh: 表扬, en: Praise, domain: safe, keywords: [表扬], "
    "competent: community, direct: true, immediate: true, colour: blue, "
    "accept: 1d, resolve: 3d}\n" /* 18 */
    "  - {code: deed, zh: 房产证, en: Deeds, domain: safe, keywords: "
    "[房产证], competent: district, lead: zjj, colour: blue, accept: 1d, "
    "resolve: 15d}\n" /* 19 */
    "  - {code: bus, zh: 公交, en: Buses, domain: safe, keywords: [公交, "
    "公交车], competent: city, lead: gaj, colour: blue, accept: 1d, resolve: "
    "7d}\n" /* 20 */
    "  - {code: visit, zh: 探访, en: Visits, domain: safe, keywords: [独居], "
    "competent: grid, immediate: true, colour: blue, accept: 1h, resolve: "
    "1d}\n" /* 21 */
    "  - {code: plan, zh: 建议, en: Advice, domain: safe, competent: city, "
    "colour: blue, accept: 1d, resolve: 15d}\n" /* 22 */
    "areas:\n"					/* 23 */
    "  - {code: urban, zh: 城市, en: Urban}\n"	/* 24 */
    "situations:\n"				/* 25 */
    "  - {code: S1, area: urban, zh: 违建, en: Illegal building, kind: law, "
    "colour: red, lead: cgj, assist: [gaj]}\n"; /* 26 */

struct city {
	struct folder folder;
	struct catalogue *catalogue;
	struct address_index *places;
};

static inline void city_make(struct city *city)
{
	memset(city, 0, sizeof(*city));
	folder_make(&city->folder);
	folder_write_line(
	    &city->folder, "units.csv", sound_units, 0, more_units);
	folder_write(&city->folder, "catalogue.yaml", sound_catalogue);
	folder_load(&city->folder);
}

static inline void city_remove(struct city *city)
{
	catalogue_close(&city->catalogue);
	address_index_close(&city->places);
	folder_remove(&city->folder);
}

static inline void city_load(struct city *city)
{
	int err = catalogue_load(&city->catalogue, &city->folder.report,
	    city->folder.dir, city->folder.org);

	report_print(&city->folder.report, stderr);
	assert_int_equal(err, 0);
	assert_int_equal(
	    address_index_open(&city->places, city->folder.org), 0);
}

#endif

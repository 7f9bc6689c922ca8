/* What the rates weigh in a score, and whose ratings in a department's. */
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

static void complain_of(
    const struct making *making, const char *path, const char *text)
{
	report_add(making->report, making->path,
	    yaml_line(making->catalogue->yaml, "%s", path), "%s", text);
}

static void take_weights(
    struct catalogue_score *score, const struct making *making)
{
	const struct weights_row *row =
	    &making->catalogue->file->score->weights;

	score->response = row->response;
	score->completion = row->completion;
	score->satisfaction = row->satisfaction;
	if (row->response > SCORE_WEIGHT_MAX ||
	    row->completion > SCORE_WEIGHT_MAX ||
	    row->satisfaction > SCORE_WEIGHT_MAX)
		complain_of(making, "score.weights",
		    "a weight is more than 1000; write parts of a hundred");
	else if (row->response + row->completion + row->satisfaction == 0)
		complain_of(making, "score.weights",
		    "every weight is 0, so there is no score; give at least "
		    "one rate a weight");
}

static void take_mostly(
    struct catalogue_score *score, const struct making *making)
{
	static const char *const words[] = { "none", "half", "full" };
	const char *said = making->catalogue->file->score->mostly_satisfied;

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(said, words[i]) != 0)
			continue;
		score->mostly_halves = i;
		return;
	}
	report_add(making->report, making->path,
	    yaml_line(making->catalogue->yaml, "score.mostly_satisfied"),
	    "mostly_satisfied \"%s\" is none of full, half, none", SHOWN(said));
}

static bool has_departments(const struct org *org)
{
	for (size_t i = 0; i < org_unit_count(org); i++)
		if (org_unit_at(org, i)->kind == UNIT_DEPARTMENT)
			return true;
	return false;
}

/* Heping: the ratings of the level that whistles are at least 30 % of a
 * department's assessment. */
static void take_raters(
    struct catalogue_score *score, const struct making *making)
{
	const struct catalogue *catalogue = making->catalogue;
	const struct raters_row *row = catalogue->file->score->departments;
	unsigned depth;

	score->raters = "";
	if (row == NULL) {
		if (has_departments(catalogue->org))
			complain_of(making, "score",
			    "score has no departments; say whose ratings weigh "
			    "in a department's score, and how much: "
			    "departments: {raters: LEVEL, part: 30}");
		return;
	}
	if (org_level_depth(&depth, catalogue->org, row->raters) != 0)
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "score.departments.raters"),
		    "raters \"%s\" is no level of units.csv; name the level "
		    "that whistles for departments",
		    SHOWN(row->raters));
	if (row->part < CATALOGUE_RATERS_PART_LEAST || row->part > 100)
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "score.departments.part"),
		    "part %u: the ratings of level %s weigh at least %d and at "
		    "most 100 per cent of a department's score",
		    row->part, SHOWN(row->raters), CATALOGUE_RATERS_PART_LEAST);
	score->raters = row->raters;
	score->raters_part = row->part;
}

void make_score(const struct making *making)
{
	struct catalogue_score *score = &making->catalogue->score;

	*score = (struct catalogue_score){ .mostly_halves = 2, .raters = "" };
	if (making->catalogue->file->score == NULL)
		return;
	score->is_given = true;
	take_weights(score, making);
	take_mostly(score, making);
	take_raters(score, making);
}

const struct catalogue_score *catalogue_score(const struct catalogue *catalogue)
{
	return &catalogue->score;
}

/* The lines of a score as JSON. */
#include "score_lines.h"

json_t *score_rate_json(const struct score_rate *rate)
{
	json_t *value = rate->permille < 0
			    ? json_null()
			    : json_real((double)rate->permille / 1000.0);
	json_t *in = rate->halves % 2
			 ? json_real((double)rate->halves / 2.0)
			 : json_integer((json_int_t)(rate->halves / 2));
	return json_pack("{s:o,s:o,s:I}", "rate", value, "in", in, "of",
	    (json_int_t)rate->of);
}

json_t *score_formula_json(const struct score_formula *formula)
{
	static const char *const mostly[] = { "none", "half", "full" };
	json_t *weights = json_object();
	if (!formula->is_given)
		return json_null();
	for (unsigned i = 0; i < RATE_COUNT; i++)
		json_object_set_new(weights,
		    score_rate_name((enum score_rate_kind)i),
		    json_integer((json_int_t)formula->weights[i]));
	return json_pack("{s:o,s:s,s:o,s:i}", "weights", weights,
	    "mostly_satisfied", mostly[formula->mostly], "raters",
	    json_text(formula->raters), "raters_part",
	    (int)formula->raters_part);
}

static void set_score(json_t *object, const struct score_line *line)
{
	const struct score_whole *whole = &line->whole;
	json_object_set_new(object, "score",
	    whole->permille < 0 ? json_null()
				: json_real((double)whole->permille / 1000.0));
	json_object_set_new(object, "score_lacks",
	    whole->lack ? json_text(score_lack_name(whole->lack))
			: json_null());
}

json_t *score_line_json(const struct cli *cli, const struct score_line *line)
{
	const struct unit *unit = org_unit(cli->org, &line->unit);
	json_t *object = json_object(), *counts = json_object();
	json_t *shares = json_object();
	json_object_set_new(object, "unit", json_unit(&line->unit));
	json_object_set_new(
	    object, "name", unit ? json_text(unit->name) : json_null());
	json_object_set_new(object, "item", json_text(line->item));
	json_object_set_new(object, "domain", json_text(line->domain));
	json_object_set_new(object, "period", json_text(line->period));
	for (unsigned i = 0; i < RATE_COUNT; i++)
		json_object_set_new(object,
		    score_rate_name((enum score_rate_kind)i),
		    score_rate_json(&line->rates.of[i]));
	set_score(object, line);
	for (unsigned i = 0; i < SHARE_COUNT; i++) {
		struct score_rate share =
		    score_share(line->counts, (enum score_share_kind)i);
		json_object_set_new(shares,
		    score_share_name((enum score_share_kind)i),
		    score_rate_json(&share));
	}
	json_object_set_new(object, "shares", shares);
	for (unsigned i = 0; i < SCORE_COUNT; i++)
		json_object_set_new(counts,
		    score_count_name((enum score_count)i),
		    json_integer((json_int_t)line->counts[i]));
	json_object_set_new(object, "counts", counts);
	json_object_set_new(
	    object, "complete", json_boolean(!line->is_partial));
	return object;
}

#include "gatewayd/law_words.h"

#include <string.h>
#include "ticket/law.h"

static const struct {
	const char *en, *zh;
} words[REFUSAL_COUNT] = {
	[REFUSAL_WRONG_STATE] = {
		"That cannot be done in the ticket's present state; its state "
		"is told by GET on the order.",
		"工单当前状态下不能这样操作；查询该工单可知其状态。",
	},
	[REFUSAL_NOT_HOLDER] = {
		"Only the unit that holds the ticket can do that. Once the "
		"work is reported done the ticket is back with the hotline.",
		"只有承办单位可以这样操作；办结后工单回到热线。",
	},
	[REFUSAL_NOT_ORIGIN] = {
		"Only the unit that opened the ticket can do that.",
		"只有发起单位可以这样操作。",
	},
	[REFUSAL_NOT_ABOVE] = {
		"Only a unit above the one that holds the ticket can do that.",
		"只有承办单位的上级可以这样操作。",
	},
	[REFUSAL_NOT_INVOLVED] = {
		"Only units that opened or held the ticket, or stand above "
		"its holder, can do that.",
		"只有发起、承办过该工单的单位或承办单位的上级可以这样操作。",
	},
	[REFUSAL_NO_POWER] = {
		"A hotline has no power to do that. Note what is wanted, so "
		"that a unit that has it can see it.",
		"热线无此权限。可在工单上补充说明，由有权的单位处理。",
	},
	[REFUSAL_NO_ROLE] = {
		"The hotline's role does not allow that.",
		"热线的角色不允许这样操作。",
	},
	[REFUSAL_BAD_MASTER] = {
		"One more call can only be counted to an order of this "
		"hotline that has not ended and does not itself follow "
		"another. Send it without same_as.",
		"只能并入本热线的、尚未办结且自身未被并入其他工单的工单。"
		"请去掉 same_as 后重新提交。",
	},
	[REFUSAL_FOLLOWED] = {
		"Other callers' orders follow this one and would end with "
		"it. Note that this caller does not need it any more.",
		"已有其他来电人的工单并入本单，撤回会使它们一并终结。可在"
		"工单上注明该来电人不再需要办理。",
	},
	[REFUSAL_TOO_MANY] = {
		"The ticket's log has no room for more of this kind.",
		"该工单的此类记录已达上限。",
	},
	[REFUSAL_RATED_ALREADY] = {
		"The ticket has been rated. One issue has one rating, and it "
		"is never changed.",
		"该工单已评价。一事一评，评价不再更改。",
	},
	[REFUSAL_NOT_CALLOUT] = {
		"That is not for a callout between units.",
		"单位之间的哨单不能这样操作。",
	},
	[REFUSAL_NO_CONTACT] = {
		"The ticket has no caller's details, or they have been "
		"erased.",
		"该工单没有联系方式，或者联系方式已删除。",
	},
	[REFUSAL_RULED] = {
		"A ruling has settled whose it is.",
		"已有裁定确定其承办单位。",
	},
};

const char *law_words(const char *refusal, bool is_chinese)
{
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		if (strcmp(refusal_name((enum refusal)i), refusal) == 0)
			return is_chinese ? words[i].zh : words[i].en;
	return NULL;
}

/* What each problem is called, and its sentence. */
#include "gatewayd/problem_text.h"

const struct problem_text problem_texts[PROBLEM_COUNT] = {
	[PROBLEM_NONE] = { { "Done", "完成" }, { "", "" } },
	[PROBLEM_BAD_JSON] = {
		{ "Not a JSON object", "不是 JSON 对象" },
		{ "The body must be one JSON object in UTF-8 that names no "
		  "field twice.",
		    "请求体必须是一个 UTF-8 编码的 JSON 对象，且字段不重复。" },
	},
	[PROBLEM_BAD_FIELD] = {
		{ "A field is not right", "字段有误" },
		{ "A field is not right.", "字段有误。" },
	},
	[PROBLEM_BAD_REQUEST] = {
		{ "Not understood", "无法理解的请求" },
		{ "The request is not one that this server understands.",
		    "服务器无法理解该请求。" },
	},
	[PROBLEM_BAD_FORM] = {
		{ "Not a form", "不是有效的表单" },
		{ "The body must be a form in UTF-8 "
		  "(application/x-www-form-urlencoded) with at most 64 "
		  "fields, none of them twice.",
		    "请求体必须是 UTF-8 编码的表单"
		    "（application/x-www-form-urlencoded），最多 64 个字段，"
		    "且不重复。" },
	},
	[PROBLEM_NO_LOCATION] = {
		{ "No location", "缺少位置" },
		{ "A location is required: lat and long, address_string or "
		  "address_id.",
		    "须提供位置：lat 和 long、address_string 或 address_id。" },
	},
	[PROBLEM_TOO_WIDE] = {
		{ "Too wide", "时间范围过大" },
		{ "start_date and end_date may be at most 90 days apart, the "
		  "earlier first.",
		    "start_date 与 end_date 相距不得超过 90 天，且先后有序。" },
	},
	[PROBLEM_BAD_RECORD] = {
		{ "Not a record of CSV", "不是有效的 CSV 行" },
		{ "The row is no record of CSV: a quote that is not closed or "
		  "not doubled, bytes that are no text, or more than 256 KiB "
		  "or 64 fields.",
		    "该行不是有效的 CSV 记录：引号未配对或未双写、编码有误，"
		    "或超过 256 KiB、64 列。" },
	},
	[PROBLEM_NOT_CSV] = {
		{ "Not CSV", "不是 CSV" },
		{ "The body must be text/csv.",
		    "请求体的类型必须是 text/csv。" },
	},
	[PROBLEM_TOO_MUCH] = {
		{ "Too much to look through", "查找范围过大" },
		{ "Too many tickets lie in this range to look through. Ask "
		  "for a shorter time with start_date and end_date, or for "
		  "an earlier page.",
		    "该范围内工单过多，请用 start_date、end_date 缩小时间"
		    "范围，或取更靠前的页。" },
	},
	[PROBLEM_UNSIGNED] = {
		{ "Not signed", "请求未签名" },
		{ "A request to this path carries X-Whistle-Client, "
		  "X-Whistle-Time, X-Whistle-Nonce and X-Whistle-Signature; "
		  "one is missing or malformed.",
		    "该路径的请求须带有 X-Whistle-Client、X-Whistle-Time、"
		    "X-Whistle-Nonce 和 X-Whistle-Signature，其中有缺失或"
		    "格式不正确。" },
	},
	[PROBLEM_STALE] = {
		{ "Signed at another time", "签名时间不符" },
		{ "X-Whistle-Time is more than 300 seconds from the "
		  "server's clock. Set the clock right and sign again.",
		    "X-Whistle-Time 与服务器时间相差超过 300 秒。请校准时钟后"
		    "重新签名。" },
	},
	[PROBLEM_WRONG_SIGNATURE] = {
		{ "Wrong signature", "签名不正确" },
		{ "The client is not known here, or the signature is not "
		  "the one that its key makes for this request.",
		    "客户端未登记，或签名与其密钥对该请求的签名不一致。" },
	},
	[PROBLEM_NONCE_USED] = {
		{ "Nonce used before", "随机数已用过" },
		{ "X-Whistle-Nonce was used before. Sign every sending, "
		  "also of the same order, with a new one.",
		    "X-Whistle-Nonce 已被使用。每次发送（包括重发同一工单）都"
		    "须使用新的随机数签名。" },
	},
	[PROBLEM_FORBIDDEN] = {
		{ "Not permitted", "无权操作" },
		{ "This gateway may not do that.", "本网关无权进行该操作。" },
	},
	[PROBLEM_NO_API_KEY] = {
		{ "No API key", "缺少 API 密钥" },
		{ "api_key is missing, or is not one that this city gave out.",
		    "缺少 api_key，或该 api_key 未登记。" },
	},
	[PROBLEM_NOT_NOW] = {
		{ "Not in this state", "当前状态下不可操作" },
		{ "That cannot be done with the request as it stands now. "
		  "Once the work is reported done it can be closed or opened "
		  "again; once it is closed nothing more can be added.",
		    "该诉求当前状态下不能这样操作：办结后可以确认关闭或重新"
		    "打开，关闭后不能再补充。" },
	},
	[PROBLEM_NO_SCOPE] = {
		{ "Outside the client's scopes", "超出客户端权限" },
		{ "This client's key does not have the scope that the "
		  "request needs. Whoever runs the city gives scopes.",
		    "该客户端的密钥没有此请求所需的权限，请联系城市运维人员"
		    "开通。" },
	},
	[PROBLEM_NOT_LAWFUL] = {
		{ "The law says no", "规则不允许" },
		{ "The rules do not allow that for this ticket.",
		    "按规则不能对该工单这样操作。" },
	},
	[PROBLEM_CURSOR_GONE] = {
		{ "Cursor no longer good", "游标已失效" },
		{ "The node's store was made anew since this cursor was "
		  "given. Begin again with since.",
		    "给出该游标之后节点的存储已重建。请用 since 重新开始。" },
	},
	[PROBLEM_NO_SUCH_PATH] = {
		{ "No such path", "路径不存在" },
		{ "There is nothing at this path.", "该路径下没有内容。" },
	},
	[PROBLEM_NO_SUCH_TICKET] = {
		{ "No such ticket", "工单不存在" },
		{ "No ticket has this number.", "没有该编号的工单。" },
	},
	[PROBLEM_NO_SUCH_CALLBACK] = {
		{ "No such callback", "回调不存在" },
		{ "No callback has this id.", "没有该编号的回调。" },
	},
	[PROBLEM_NO_SUCH_FILE] = {
		{ "No such attachment", "附件不存在" },
		{ "No ticket that this client may see has an attachment with "
		  "this hash.",
		    "该客户端可以看到的工单中没有此哈希值的附件。" },
	},
	[PROBLEM_FILE_TOO_LARGE] = {
		{ "File too large", "文件过大" },
		{ "A file has at most 20 MiB, plain text at most 1 MiB.",
		    "文件最多 20 MiB，纯文本最多 1 MiB。" },
	},
	[PROBLEM_FILE_TYPE] = {
		{ "File type not taken", "文件类型不予接收" },
		{ "Only pictures (JPEG, PNG, GIF, WebP, HEIC), PDF, plain "
		  "UTF-8 text, video (MP4, MOV) and sound (M4A, MP3, WAV, "
		  "AMR) are taken; the content decides, not the name.",
		    "只接收图片（JPEG、PNG、GIF、WebP、HEIC）、PDF、UTF-8 "
		    "纯文本、视频（MP4、MOV）和录音（M4A、MP3、WAV、AMR），以"
		    "内容为准，与文件名无关。" },
	},
	[PROBLEM_NOT_HERE] = {
		{ "Not here yet", "附件尚未传到" },
		{ "The file has not come to this node yet; its neighbours "
		  "have been asked for it. Ask again.",
		    "附件尚未传到本节点，已向相邻节点索取。请稍后再取。" },
	},
	[PROBLEM_NO_SUCH_SERVICE] = {
		{ "No such service", "服务事项不存在" },
		{ "No service has this service_code.",
		    "没有该 service_code 的服务事项。" },
	},
	[PROBLEM_NO_SUCH_JURISDICTION] = {
		{ "No such jurisdiction", "辖区不存在" },
		{ "This server does not serve the jurisdiction_id.",
		    "本服务器不服务于该 jurisdiction_id。" },
	},
	[PROBLEM_WRONG_METHOD] = {
		{ "Method not allowed", "不支持的方法" },
		{ "This path does not take that method; Allow names those "
		  "that it takes.",
		    "该路径不支持此方法，支持的方法见 Allow。" },
	},
	[PROBLEM_TOO_SLOW] = {
		{ "Too slow", "请求过慢" },
		{ "The request was not complete in time.",
		    "请求未在规定时间内完整到达。" },
	},
	[PROBLEM_NO_LENGTH] = {
		{ "Length required", "缺少长度" },
		{ "The request must have Content-Length; chunks are taken "
		  "of an import alone.",
		    "请求须带有 Content-Length；只有批量导入可以分块传输。" },
	},
	[PROBLEM_NO_HASH] = {
		{ "Hash required", "缺少哈希值" },
		{ "A file of orders in chunks, or above 16 MiB, must be "
		  "announced with X-Whistle-Content-SHA256: the SHA-256 of the "
		  "body in 64 hex digits, the same that is signed.",
		    "分块传输或超过 16 MiB 的工单文件须先用 "
		    "X-Whistle-Content-SHA256 告知请求体的 SHA-256（64 位十六进制"
		    "数字，与签名所用相同）。" },
	},
	[PROBLEM_IMPORT_TOO_LARGE] = {
		{ "File of orders too large", "工单文件过大" },
		{ "The file is longer than this gateway takes: "
		  "import_max_mib in its gateway.yaml. Send it in parts, each "
		  "with the heading.",
		    "文件超过本网关的上限（gateway.yaml 中的 import_max_mib）。"
		    "请分成几份发送，每份都带表头。" },
	},
	[PROBLEM_TOO_LARGE] = {
		{ "Too large", "请求过大" },
		{ "The body is longer than 256 KiB.",
		    "请求体超过 256 KiB。" },
	},
	[PROBLEM_NOT_JSON] = {
		{ "Not JSON", "不是 JSON" },
		{ "The body must be application/json.",
		    "请求体的类型必须是 application/json。" },
	},
	[PROBLEM_NOT_FORM] = {
		{ "Not a form", "不是表单" },
		{ "The body must be application/x-www-form-urlencoded.",
		    "请求体的类型必须是 application/x-www-form-urlencoded。" },
	},
	[PROBLEM_REFUSED] = {
		{ "Refused", "不予受理" },
		{ "The order cannot be taken as it is.",
		    "该工单不能按此受理。" },
	},
	[PROBLEM_TOO_FAST] = {
		{ "Too many requests", "请求过多" },
		{ "Too many requests at once. Wait and send again with the "
		  "same number.",
		    "请求过于频繁。请稍候，用同一编号重发。" },
	},
	[PROBLEM_FAILED] = {
		{ "Failed", "处理失败" },
		{ "The node could not do it. Whoever runs it finds the "
		  "reason in its log. Sending again with the same number "
		  "is safe.",
		    "节点处理失败，原因见其日志。用同一编号重发是安全的。" },
	},
	[PROBLEM_BUSY] = {
		{ "Busy", "繁忙" },
		{ "Too much is under way. Nothing was done; send again with "
		  "the same number.",
		    "正在处理的请求过多，该请求未受理。请用同一编号重发。" },
	},
	[PROBLEM_STORE_FULL] = {
		{ "Store full", "存储已满" },
		{ "The node's store is full and takes no new tickets until "
		  "there is room. Nothing was done; send again later with "
		  "the same number.",
		    "节点存储已满，暂不受理新工单。该请求未受理，请稍后用"
		    "同一编号重发。" },
	},
	[PROBLEM_NOT_MIRRORED] = {
		{ "Not mirrored yet", "尚未送达上级节点" },
		{ "The order is on this node's disk; the node above does not "
		  "have it yet, so it is not acknowledged. Send it again with "
		  "the same number: it stays one ticket.",
		    "工单已在本节点落盘，但上级节点尚未收到，因此未予确认。"
		    "请用同一编号重发，不会重复建单。" },
	},
	[PROBLEM_RECOVERING] = {
		{ "Recovering", "正在恢复" },
		{ "The node is getting its tickets back and takes no new "
		  "ones until it has them. Nothing was done; send again "
		  "with the same number.",
		    "节点正在找回工单，其间不受理新工单。该请求未受理，请用"
		    "同一编号重发。" },
	},
	[PROBLEM_STOPPING] = {
		{ "Stopping", "正在停止" },
		{ "The server is stopping. Whether the order was taken is "
		  "not known; sending again with the same number is safe.",
		    "服务器正在停止，工单是否已受理未知。用同一编号重发是"
		    "安全的。" },
	},
	[PROBLEM_NOT_WELL] = {
		{ "Not well", "状态异常" },
		{ "The node's engine does not answer.", "节点引擎没有应答。" },
	},
	[PROBLEM_NO_ANSWER] = {
		{ "No answer in time", "未及时答复" },
		{ "The node did not answer in time. Whether the order was "
		  "taken is not known; sending again with the same number "
		  "is safe.",
		    "节点未及时答复，工单是否已受理未知。用同一编号重发是"
		    "安全的。" },
	},
};

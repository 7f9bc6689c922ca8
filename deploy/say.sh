# For the scripts of this folder: texts in two languages. To be sourced.

say_chinese=
case "${LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}" in
zh*) say_chinese=1 ;;
esac

# say_language zh|en
say_language() {
	case $1 in
	zh) say_chinese=1 ;;
	en) say_chinese= ;;
	*) fail_code=2 fail "--lang is zh or en." "--lang 只能是 zh 或 en。" ;;
	esac
	say_option=(--lang "$1")
}
if [ "$say_chinese" ]; then say_option=(--lang zh); else say_option=(--lang en); fi

# say ENGLISH CHINESE
say() {
	if [ "$say_chinese" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

# The same as a failure: to standard error, and out.
fail() {
	say "$@" >&2
	exit "${fail_code:-5}"
}

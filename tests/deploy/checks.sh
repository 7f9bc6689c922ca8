# For the scripts of this folder. To be sourced; $root is the clone.
#
# Each prints a line a check and, last, "N passed, N failed". Where something
# is missing that it cannot do without it says so and ends with 77, which
# ctest counts as skipped.

passed=0
failed=0
skipped=0

skip() {
	printf 'skipped: %s\n' "$1"
	exit 77
}

# need PROGRAM...: or nothing can be tried.
need() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null ||
			skip "there is no $program: deploy/prepare --deploy installs it"
	done
}

# check NAME COMMAND...: shows the end of what it said when it fails.
check() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1 </dev/null); then
		passed=$((passed + 1))
		printf '  ok      %s\n' "$name"
	else
		failed=$((failed + 1))
		printf '  FAILED  %s\n' "$name"
		tail -n 20 <<<"$said"
	fi
}

# left_out NAME WHY: a part of a script that cannot be tried here.
left_out() {
	skipped=$((skipped + 1))
	printf '  skipped %s: %s\n' "$1" "$2"
}

# patience COMMAND...: until it is true; four minutes at most.
patience() {
	local until=$((SECONDS + 240))
	while ((SECONDS < until)); do
		! "$@" || return 0
		sleep 0.5
	done
	return 1
}

# What follows makes no sense without what was before.
must_have_passed() { ((failed == 0)) || finish_checks; }

# The last line, and the code. A script of which a part could not be tried
# has not passed: with nothing failed it counts as skipped.
finish_checks() {
	local line="$passed passed, $failed failed"
	((skipped == 0)) || line="$line, $skipped skipped"
	printf '%s\n' "$line"
	((failed == 0)) || exit 1
	((skipped == 0)) || exit 77
}

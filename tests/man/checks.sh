# What these tests share. To be sourced; $build is set, and
# $scratch, an empty folder.
failures=0
man_dir=$build/share/man

# check NAME COMMAND...: one line that says whether COMMAND succeeded, and
# what it had to say if not.
check() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		echo "ok $name"
	else
		echo "not ok $name"
		printf '%s\n' "$said" | head -n 20 | sed 's/^/  /'
		failures=$((failures + 1))
	fi
}

# A page as plain text, every paragraph on one line. $scratch keeps it.
plain() {
	local copy=$scratch/${1//\//_}.txt
	[ -f "$copy" ] || groff -K utf8 -man -Tutf8 -P-cbou -rLL=20000n \
		-rLT=78n -rHY=0 "$1" | sed 's/‐/-/g' >"$copy"
	cat "$copy"
}

# True when standard input has $1 in it; else says what is missing.
has() {
	grep -qF -- "$1" && return
	echo "missing: $1"
	return 1
}

# The sample day against a city in containers: its orders and deeds flow in
# while containers are killed and replaced, and in the end all that was
# acknowledged is there once, with equal logs on all nodes. To be sourced.
# Before: $engine is podman or docker; `person WORDS…` runs a container with
# what a person's program needs (network, the city, keys); `desk WORDS…` is a
# whistle for questions; $container is the name of a node's container, with
# %s for the node; `is_city_up`.

image=localhost/whistle:latest
complaints=/usr/share/whistle/cities/ezhou/complaints.csv

# 393 orders in two minutes, and again, until stop_day.
start_day() {
	rm -rf "$folder/day"
	install -d -o 10345 -g 10345 -m 0700 "$folder/day"
	person -d --name day -v "$folder/day:/day" --entrypoint whistle-demo \
		"$image" --complaints "$complaints" --day 120 --lang en \
		--record /day/acknowledged --patience 120 &&
		patience is_more_than 0
}
acknowledged() { cat "$folder/day/acknowledged" 2>/dev/null | wc -l; }
# So many have been acknowledged since.
is_more_than() { [ "$(acknowledged)" -gt "$1" ]; }
goes_on() {
	local before
	before=$(acknowledged)
	patience is_more_than $((before + 10))
}
# It is evening: nothing new, and what is under way is finished.
stop_day() {
	local code
	$engine kill -s USR1 day && code=$($engine wait day) || return
	$engine logs day 2>&1 | tail -n 12
	$engine rm day >/dev/null
	[ "$code" = 0 ]
}
count_lines() { awk -v verb="$1" '($1 == "open") == (verb == "open")' "$folder/day/acknowledged" | wc -l; }

# What was acknowledged is there once, nothing else is, all logs are equal.
proves() {
	person --rm -v "$folder/day:/day:ro" --entrypoint whistle-demo \
		"$image" --check /day/acknowledged --lang en
}
# The check is one that can fail: with an acknowledgement that nobody gave.
sees_a_loss() {
	local id
	rm -rf "$folder/lost"
	install -d -o 10345 -g 10345 -m 0700 "$folder/lost"
	id=$(awk '$1 == "open" { print $2; exit }' "$folder/day/acknowledged")
	{ cat "$folder/day/acknowledged"; echo "note $id streetd 1 2 99"; } \
		>"$folder/lost/acknowledged"
	chown 10345:10345 "$folder/lost/acknowledged"
	! person --rm -v "$folder/lost:/day:ro" --entrypoint whistle-demo \
		"$image" --check /day/acknowledged --lang en 2>"$folder/said" &&
		grep 'there 0 times: note of' "$folder/said"
}
name_of() { printf "$container" "$1"; }
# Each store agrees with itself: by the node's own container.
stores_are_sound() {
	local node
	for node in "${nodes[@]}"; do
		$engine exec "$(name_of "$node")" whistle store check /data/store ||
			return
	done
}

# Every node runs, and every link between them is up.
all_linked() {
	desk node list --json >"$folder/nodes" 2>/dev/null &&
		[ "$(grep -c '"state": "running"' "$folder/nodes")" = "$1" ] &&
		! grep -q '"up": false' "$folder/nodes"
}

now_ms() { echo $(($(date +%s%N) / 1000000)); }
# The milliseconds from $1 to the first answer of what was said after that:
# by the node $2, or by anybody who opened a ticket.
answer_of() {
	awk -v at="$1" -v node="$2" '$3 == node && $4 > at {
		print $5 - at; exit }' "$folder/day/acknowledged"
}
order_after() {
	awk -v at="$1" '$1 == "open" && $4 > at { print $5 - at; exit }' \
		"$folder/day/acknowledged"
}
has_answered() { [ "$(answer_of "$1" "$2")" ] && [ "$(order_after "$1")" ]; }

# The longest time without another order taken since $1.
pause_since() {
	awk -v at="$1" '
		$1 == "open" && $5 > at {
			if (last && $5 - last > most)
				most = $5 - last
		}
		$1 == "open" { last = $5 }
		END { print most + 0 }' "$folder/day/acknowledged"
}

# away NODE WORDS…: does that to a node while the day goes on (setting `at`
# anew when it knows the moment better), and waits until all links are up and
# the node has answered what was said after that.
away() {
	local node=$1
	shift
	goes_on || return
	at=$(now_ms)
	"$@" || return
	patience is_city_up || return
	up=$(($(now_ms) - at))
	patience has_answered "$(($(now_ms) - 1))" "$node"
}

# As a crash would: 'kill' of the engine counts as a wish that it stay down.
crash() {
	local pid
	pid=$($engine inspect -f '{{.State.Pid}}' "$1") && at=$(now_ms) &&
		kill -9 "$pid"
}
# A line a node in $folder/times.
kill_each() {
	local node at up
	for node in "${nodes[@]}"; do
		away "$node" crash "$(name_of "$node")" || return
		printf '%s killed: its first answer after %d ms, the next order taken after %d ms, all links up after %d ms at most\n' \
			"$node" "$(answer_of "$at" "$node")" \
			"$(order_after "$at")" "$up" >>"$folder/times"
	done
}

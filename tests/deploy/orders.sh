# Orders that flow in while containers are killed: each is sent again until it
# is acknowledged, and what was acknowledged is there once in the end. To be
# sourced; `hotline WORDS…` runs podman with what the hotline's desk needs
# (network, volumes), `desk WORDS…` is a whistle for questions.

# In the container: a line "NUMBER ID BEGUN ENDED" for each acknowledgement,
# with the nanoseconds when the try that brought it began and ended.
order_loop='
n=0
until [ -e /tmp/enough ]; do
	n=$((n + 1))
	until at=$(date +%s%N) && said=$(whistle ticket open --as hotline --source hotline --timeout 5 \
		--number "F-$n" --title 楼栋停电 --address 凤凰街道滨湖社区3号楼 2>&1); do
		sleep 0.1
	done
	echo "F-$n ${said%% *} $at $(date +%s%N)"
done'

start_orders() {
	hotline -d --name orders --tmpfs /tmp --entrypoint sh \
		localhost/whistle:latest -c "$order_loop"
}
acknowledged() { podman logs orders 2>/dev/null | wc -l; }
# more_than COUNT: so many have been acknowledged since.
is_more_than() { [ "$(acknowledged)" -gt "$1" ]; }
stop_orders() {
	podman exec orders touch /tmp/enough
	podman wait orders >/dev/null
	podman logs orders >"$folder/acknowledged"
	podman rm orders >/dev/null
}

# As a crash would: 'podman kill' counts as a wish that it stay down. Sets
# `killed_at` to the time in nanoseconds.
kill_container() {
	local pid
	pid=$(podman inspect -f '{{.State.Pid}}' "$1")
	killed_at=$(date +%s%N)
	kill -9 "$pid"
}

# The milliseconds from $1 to the first acknowledgement of what was said after.
first_after() {
	podman logs orders | awk -v at="$1" '$3 > at {
		printf "%d", ($4 - at) / 1000000; exit }'
}

# Every node runs, and every link between them is up.
all_linked() {
	desk node list --json >"$folder/nodes" 2>/dev/null &&
		[ "$(grep -c '"state": "running"' "$folder/nodes")" = "$1" ] &&
		! grep -q '"up": false' "$folder/nodes"
}

# kill_in_turn FORMAT NODE...: one node's container (its name by FORMAT) after
# the other; orders are acknowledged before and after, and links come back.
# A line a node in $folder/times. Until is_city_up.
kill_in_turn() {
	local format=$1 node name before killed_at
	shift
	: >"$folder/times"
	for node in "$@"; do
		printf -v name "$format" "$node"
		before=$(acknowledged)
		patience is_more_than $((before + 5)) || return
		kill_container "$name"
		before=$(acknowledged)
		patience is_more_than $((before + 5)) || return
		patience is_city_up || return
		printf '%s: first order acknowledged %d ms after the kill, links up after %d ms at most\n' \
			"$node" "$(first_after "$killed_at")" \
			$((($(date +%s%N) - killed_at) / 1000000)) >>"$folder/times"
	done
}

# Each number that was acknowledged is there once, with the id that was
# acknowledged, at the gateway and at the city; nothing else is.
has_each_once() {
	local who
	for who in hotline city; do
		desk ticket export --as $who >"$folder/export.$who" || return
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
			{ print $at["number"] }' "$folder/export.$who" |
			grep '^F-' | sort >"$folder/there.$who"
		awk '{ print $1 }' "$folder/acknowledged" | sort |
			diff - "$folder/there.$who" || return
	done
}

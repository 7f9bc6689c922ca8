# The nodes of a city folder as processes: which they are, starting, stopping,
# finding out. To be sourced; $dir is the city folder, $bin the programs.

# ---- the city's nodes ----

# Lines "NAME DAEMON ENDPOINT HTTP" ("-": none) of the city folder $1.
nodes_of() {
	sed 's/ #.*//; s/[][{},]/\n/g' "$1/nodes.yaml" |
		sed 's/^[- ]*//; s/"//g; s/ *$//' |
		awk -F': +' '
			function flush() {
				if (name != "")
					print name, daemon, endpoint, http
				http = "-"
			}
			$1 == "name" { flush(); name = $2 }
			$1 == "level" { daemon = $2 == "hotline" ? "gatewayd" : $2 "d" }
			$1 == "endpoint" { endpoint = $2 }
			$1 == "http" { http = $2 }
			END { flush() }'
}

# True when somebody listens at HOST:PORT.
is_taken() {
	(exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null
}

# The first of the addresses of the nodes (lines of nodes_of on standard
# input) that is taken.
first_taken() {
	local name daemon endpoint http address
	while read -r name daemon endpoint http; do
		for address in "${endpoint#tcp://}" "$http"; do
			case $address in
			- | ipc:*) ;;
			*) ! is_taken "$address" || { echo "$address"; return; } ;;
			esac
		done
	done
}

# ---- daemons ----

# The pid of node $1, if the process of its pid file is that very daemon.
pid_of() {
	local pid words
	pid=$(cat "$dir/pid/$1" 2>/dev/null) || return 1
	mapfile -d '' -t words 2>/dev/null <"/proc/$pid/cmdline" || return 1
	[[ ${words[0]-} == */bin/*d && "${words[*]:1}" == "--home $dir --node $1" ]] ||
		return 1
	echo "$pid"
}

# Starts node $1, daemon $2, in a session of its own: a key pressed here does
# not reach it.
start_node() {
	nohup setsid "$bin/$2" --home "$dir" --node "$1" \
		>>"$dir/log/$1.log" 2>&1 </dev/null 9>&- &
	echo $! >"$dir/pid/$1"
}

# Ends the nodes named, all at once, and waits until they have drained.
stop_nodes() {
	local name pid i pids=()
	for name in "$@"; do
		if pid=$(pid_of "$name"); then
			kill -TERM "$pid"
			pids+=("$pid")
		fi
	done
	for ((i = 0; i < 300; i++)); do
		for pid in "${pids[@]}"; do
			[ ! -e "/proc/$pid" ] || is_zombie "$pid" || { sleep 0.1; continue 2; }
		done
		for name in "$@"; do rm -f "$dir/pid/$name"; done
		return 0
	done
	return 1
}

# Whether the process in the pid file of node $1 is still there.
is_alive() {
	local pid
	pid=$(cat "$dir/pid/$1") && [ -e "/proc/$pid" ] && ! is_zombie "$pid"
}

is_zombie() { grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

stop_city() {
	local names=() name running=()
	if [ -d "$dir/pid" ]; then
		for name in "$dir"/pid/*; do
			[ -e "$name" ] && names+=("${name##*/}")
		done
	fi
	for name in "${names[@]}"; do
		if pid_of "$name" >/dev/null; then running+=("$name"); fi
	done
	if ((${#running[@]} == 0)); then
		((${#names[@]} == 0)) || rm -f "${names[@]/#/$dir/pid/}"
		say "Nothing runs from $dir." "$dir 没有正在运行的守护进程。"
		return 0
	fi
	stop_nodes "${names[@]}" || fail \
		"Some daemons of $dir have not stopped after 30 seconds; see $dir/log." \
		"$dir 的部分守护进程 30 秒后仍未停止，见 $dir/log。"
	say "Stopped: ${running[*]}. What they stored is still in $dir." \
		"已停止：${running[*]}。数据仍在 $dir。"
}

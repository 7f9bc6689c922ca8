# A Docker daemon for a script of this folder: everything of it in $folder, in
# the mount namespace of containers.sh, and no rules in the machine's
# firewall. To be sourced after that one.

# Where there is none, deploy/prepare --deploy takes it out of its packages:
# installed whole they would start a server.
need_docker() {
	export PATH=$PATH:$root/build/docker/usr/bin:$root/build/docker/usr/sbin
	need dockerd containerd runc docker docker-compose
	# A shell's own settings would lead elsewhere.
	unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
	# Short: a socket's path has a hundred bytes.
	socket=$(mktemp -d)
	export DOCKER_HOST=unix://$socket/docker DOCKER_CONFIG=$folder/docker/config
}

answers_docker() { docker version >/dev/null 2>&1; }

# Its images are those that tests/deploy/image made.
start_docker() {
	local tag
	mkdir -p "$folder/docker/config"
	dockerd --host "$DOCKER_HOST" --data-root "$folder/docker/data" \
		--exec-root "$socket/exec" --pidfile "$socket/pid" \
		--containerd-namespace whistletest \
		--containerd-plugins-namespace whistletest-plugins \
		--iptables=false --ip6tables=false --bridge none \
		>"$folder/docker/log" 2>&1 </dev/null &
	docker_pid=$!
	patience answers_docker_or_ended
	answers_docker || {
		leave_no_docker
		skip "Docker does not run here: $(tail -n 1 "$folder/docker/log")"
	}
	for tag in latest next; do
		podman save --quiet "localhost/whistle:$tag" | docker load --quiet
	done
}
answers_docker_or_ended() { ! kill -0 "$docker_pid" 2>/dev/null || answers_docker; }

leave_no_docker() {
	rm -rf "$socket"
	docker_pid=
}
stop_docker() {
	[ "${docker_pid-}" ] || return 0
	kill -TERM "$docker_pid" 2>/dev/null || true
	wait "$docker_pid" 2>/dev/null || true
	leave_no_docker
	rm -rf "$folder/docker/data"
}

# Containers for the scripts of this folder: podman and buildah with storage
# of their own in $folder, in a mount namespace that ends with the script. To
# be sourced after checks.sh, with "$@" of the script.
#
# Nothing outside of $folder is touched but /run/containers and the bridges
# that podman makes.

folder=$build/deploy

# Once outside and once inside: the script calls itself.
enter_containers() {
	((EUID == 0)) || skip "only root can make containers here"
	need podman catatonit buildah podman-compose crun mmdebstrap unshare
	if [ -z "${WHISTLE_INSIDE-}" ]; then
		unshare --mount --propagation private true 2>/dev/null ||
			skip "no mount namespaces here"
		WHISTLE_INSIDE=1 exec unshare --mount --propagation private \
			"$(readlink -f "$0")" "$@"
	fi
	# podman stumbles over the second hierarchy where both are mounted.
	umount /sys/fs/cgroup/unified 2>/dev/null || true
	mkdir -p "$folder/bin"
	# What a run that was killed left; images are elsewhere.
	rm -rf "$folder/root/libpod" "$folder/root/volumes" "$folder/runroot"
	write_settings
	export PATH=$folder/bin:$PATH CONTAINERS_CONF=$folder/containers.conf
	podman info >"$folder/info" 2>&1 ||
		skip "podman does not work here: $(tail -n 1 "$folder/info")"
	podman ps --all --external -q | xargs -r podman rm -f >/dev/null 2>&1 || true
}

# Programs of the same names that know where the storage is.
write_settings() {
	local program path
	cat >"$folder/containers.conf" <<-END
		[containers]
		default_ulimits = ["nofile=16384:16384", "nproc=4096:4096"]
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
	END
	for program in podman buildah; do
		path=$(PATH=${PATH//$folder\/bin:/} command -v $program)
		cat >"$folder/bin/$program" <<-END
			#!/bin/sh
			exec $path --root $folder/root --runroot $folder/runroot --storage-driver overlay "\$@"
		END
		chmod +x "$folder/bin/$program"
	done
}

# The clone as it is, committed or not, but nothing of what is ignored: no
# build folder goes into the image.
take_source() {
	rm -rf "$folder/source"
	mkdir -p "$folder/source"
	(cd "$root" && git ls-files -z --cached --others --exclude-standard |
		tar -c --null --ignore-failed-read -T -) |
		tar -x -C "$folder/source"
}

# make_image TAG ARGUMENT...: of that source.
make_image() {
	local tag=$1
	shift
	buildah bud --isolation chroot --format docker --no-cache \
		--build-arg BASE=localhost/debian:bookworm-slim "$@" \
		-t "localhost/whistle:$tag" \
		-f "$folder/source/deploy/container/Containerfile" "$folder/source"
}

make_base() {
	local container
	podman image exists localhost/debian:bookworm-slim && return
	mmdebstrap --quiet --variant=minbase bookworm "$folder/base.tar"
	container=$(buildah from scratch)
	buildah add "$container" "$folder/base.tar" /
	buildah commit --rm "$container" localhost/debian:bookworm-slim
	rm -f "$folder/base.tar"
}

# For those that only use it.
need_image() {
	podman image exists "localhost/whistle:$1" ||
		skip "there is no image: tests/deploy/image makes it"
}

/*
 * What kubectl kustomize made of an overlay, as `podman play kube` of podman
 * 4.3 can run it, which knows pods but no StatefulSets, Services and policies,
 * and Secrets and memory volumes in another way:
 *
 *   a StatefulSet, the desk's Deployment   its pod, under its own name
 *   its volumeClaimTemplates, emptyDir     volumes NAME-NODE, to be made
 *   a Secret                               a volume, with the same files
 *
 * Everything inside a pod stays as it was rendered.
 *
 *   node pods.js SCHEMAS RENDERED.yaml FOLDER
 *
 * Writes FOLDER/pods.yaml, FOLDER/volumes (names) and FOLDER/secrets/VOLUME/KEY.
 */
"use strict";
const fs = require("fs");
const path = require("path");

const [schemas, rendered, folder] = process.argv.slice(2);
const yaml = require(require.resolve("js-yaml",
	{ paths: [path.resolve(schemas)] }));

const objects = yaml.loadAll(fs.readFileSync(rendered, "utf8")).filter(Boolean);
const volumes = [];

/* What a mounted Secret shows, as the files of a volume to be made. */
function writeSecret(name, volume) {
	const secret = objects.find((o) =>
		o.kind === "Secret" && o.metadata.name === name);
	const to = path.join(folder, "secrets", volume);
	fs.mkdirSync(to, { recursive: true, mode: 0o700 });
	for (const [key, value] of Object.entries(secret.data))
		fs.writeFileSync(path.join(to, key), Buffer.from(value, "base64"),
			{ mode: 0o600 });
}

/* Kept when it has ended: removing it then, that podman comes too early. */
const annotations = { "io.podman.annotations.init.container.type": "always" };

function podOf(object, out) {
	const name = object.metadata.name;
	const { metadata, spec } = object.spec.template;
	const own = (volume) => {
		volumes.push(`${volume}-${name}`);
		return { name: volume,
			persistentVolumeClaim: { claimName: `${volume}-${name}` } };
	};
	for (const volume of spec.volumes.filter((v) => v.secret))
		writeSecret(volume.secret.secretName, `${volume.name}-${name}`);
	spec.volumes = spec.volumes.map((volume) =>
		volume.configMap ? volume : own(volume.name));
	for (const template of object.spec.volumeClaimTemplates || [])
		spec.volumes.push(own(template.metadata.name));
	/* It would take them of the machine. */
	for (const container of spec.containers)
		delete container.ports;
	out.push({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, labels: metadata.labels, annotations },
		/* With "Always" it starts what laid out the city again and
		 * again, too. */
		spec: { ...spec, restartPolicy: "OnFailure" },
	});
}

const out = objects.filter((o) => o.kind === "ConfigMap");
for (const object of objects)
	if (object.kind === "StatefulSet" || object.kind === "Deployment")
		podOf(object, out);

fs.writeFileSync(path.join(folder, "volumes"), volumes.join("\n") + "\n");
fs.writeFileSync(path.join(folder, "pods.yaml"),
	out.map((o) => yaml.dump(o, { noRefs: true })).join("---\n"));

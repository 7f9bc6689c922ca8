/*
 * What kubectl kustomize made of an overlay, held against the schemas of
 * Kubernetes and against the city that it was made from.
 *
 *   node manifests.js SCHEMAS RENDERED.yaml NODES.json MEASURED_MIB
 *
 * SCHEMAS is a folder with node_modules, RENDERED what kustomize wrote,
 * NODES what `whistle city nodes --json` says, and MEASURED_MIB the memory
 * that a daemon was measured to have of its own. Prints what is wrong, one a
 * line, and ends with 1 when there is anything. Then it breaks what it read,
 * in each of the ways below, and ends with 1 when one goes unnoticed.
 */
"use strict";
const fs = require("fs");
const path = require("path");

const [schemas, rendered, nodesFile, measured] = process.argv.slice(2);
const load = (name) =>
	require(require.resolve(name, { paths: [path.resolve(schemas)] }));
const yaml = load("js-yaml");

/* ---- the schemas ---- */

/*
 * The published validators check types and what must be there, and let pass
 * what they do not know. But they read every field that they know: what they
 * have not read, they do not know.
 */
function watch(value, reads) {
	if (value === null || typeof value !== "object")
		return value;
	const seen = new Set();
	const inside = new Map();
	reads.set(value, { seen, inside });
	return new Proxy(value, {
		get(target, key) {
			const field = target[key];
			if (typeof key !== "string" || !Object.hasOwn(target, key))
				return field;
			seen.add(key);
			if (!inside.has(key))
				inside.set(key, watch(field, reads));
			return inside.get(key);
		},
	});
}

function unread(value, reads, at, out) {
	if (value === null || typeof value !== "object")
		return;
	const { seen } = reads.get(value) || { seen: new Set() };
	for (const key of Object.keys(value)) {
		if (!seen.has(key))
			out.push(`${at}/${key}: no such field`);
		else
			unread(value[key], reads, `${at}/${key}`, out);
	}
}

function validatorOf(object) {
	const model = load(`kubernetes-models/${object.apiVersion}/${object.kind}`);
	const name = Object.keys(model).find((key) => key.startsWith("Io"));
	/* By its path: the package exports the models alone. */
	return require(path.resolve(schemas,
		`node_modules/kubernetes-models/_schemas/${name}.js`)).validate;
}

function checkSchema(object, out) {
	const at = nameOf(object);
	let validate;
	try {
		validate = validatorOf(object);
	} catch (error) {
		out.push(`${at}: no such kind: ${error.message.split("\n")[0]}`);
		return;
	}
	const reads = new Map();
	if (!validate(watch(object, reads)))
		for (const error of validate.errors)
			out.push(`${at}${error.instancePath}: ` +
				`${error.keyword} ${JSON.stringify(error.params)}`);
	unread(object, reads, at, out);
}

const nameOf = (object) =>
	`${object.kind}/${object.metadata && object.metadata.name}`;

/* ---- pods ---- */

const podOf = (object) => object.spec.template;
const hasPods = (object) =>
	object.kind === "StatefulSet" || object.kind === "Deployment";

function checkContainer(container, at, out) {
	const security = container.securityContext || {};
	if (security.allowPrivilegeEscalation !== false ||
	    security.readOnlyRootFilesystem !== true ||
	    String((security.capabilities || {}).drop) !== "ALL" ||
	    (security.capabilities || {}).add || security.privileged)
		out.push(`${at}: may do more than it needs`);
	const { requests = {}, limits = {} } = container.resources || {};
	if (!requests.cpu || !requests.memory || !limits.memory)
		out.push(`${at}: asks for no resources, or has no limit`);
}

function checkPod(object, byName, out) {
	const at = nameOf(object);
	const spec = podOf(object).spec;
	const security = spec.securityContext || {};
	if (security.runAsNonRoot !== true || !security.runAsUser ||
	    security.fsGroup !== security.runAsGroup ||
	    (security.seccompProfile || {}).type !== "RuntimeDefault" ||
	    spec.automountServiceAccountToken !== false || spec.hostNetwork ||
	    spec.hostPID || spec.hostIPC)
		out.push(`${at}: the pod may do more than it needs`);
	for (const container of [...spec.initContainers, ...spec.containers])
		checkContainer(container, `${at}/${container.name}`, out);
	const named = [["ServiceAccount", spec.serviceAccountName]];
	for (const volume of spec.volumes) {
		if (volume.hostPath)
			out.push(`${at}: uses the machine's files`);
		if (volume.secret)
			named.push(["Secret", volume.secret.secretName]);
		if (volume.configMap)
			named.push(["ConfigMap", volume.configMap.name]);
	}
	for (const [kind, name] of named)
		if (!byName.has(`${kind}/${name}`))
			out.push(`${at}: there is no ${kind} ${name}`);
}

/* ---- what was measured ---- */

const units = { Ki: 1 / 1024, Mi: 1, Gi: 1024, Ti: 1024 * 1024 };
function mebibytes(quantity) {
	const [, number, unit] = /^(\d+)([KMGT]i)$/.exec(quantity) || [];
	return number ? number * units[unit] : NaN;
}

/* A node is promised twice what it was measured to take of its own, and the
 * scheduler is told no more than that a limit keeps one from taking all. */
function checkMeasured(node, container, out) {
	const { requests = {}, limits = {} } = container.resources || {};
	if (!(mebibytes(requests.memory) >= 2 * Number(measured)))
		out.push(`node ${node.node}: ${requests.memory} is less than ` +
			`twice the ${measured} MiB that were measured`);
	if (!(mebibytes(limits.memory) >= mebibytes(requests.memory)))
		out.push(`node ${node.node}: its limit is below its request`);
}

/* ---- one writer ---- */

/* One pod, one volume of one writer, which outlives the pod and is mounted
 * nowhere else. (Two volumes of one name would be two claims of one set.) */
function checkWriter(node, set, out) {
	const claims = set.spec.volumeClaimTemplates;
	const modes = claims.map((c) => String(c.spec.accessModes));
	const policy = set.spec.persistentVolumeClaimRetentionPolicy || {};
	if (claims.length !== 1 ||
	    !["ReadWriteOnce", "ReadWriteOncePod"].includes(modes[0]))
		out.push(`node ${node.node}: its store may have two writers`);
	if (policy.whenDeleted !== "Retain" || policy.whenScaled !== "Retain")
		out.push(`node ${node.node}: its store may be deleted with its pod`);
	if (podOf(set).spec.volumes.some((v) => v.persistentVolumeClaim))
		out.push(`node ${node.node}: it shares somebody's volume`);
	if ((set.spec.updateStrategy || {}).type === "OnDelete")
		out.push(`node ${node.node}: a new version would not arrive`);
}

/* ---- nodes ---- */

function checkNode(node, byName, out) {
	const set = byName.get(`StatefulSet/${node.node}`);
	const service = byName.get(`Service/${node.node}`);
	const at = `node ${node.node}`;
	if (!set || !service) {
		out.push(`${at}: it has no StatefulSet or no Service`);
		return;
	}
	const spec = podOf(set).spec;
	const container = spec.containers[0];
	const listen = container.env.find((e) => e.name === "WHISTLE_LISTEN");
	const port = service.spec.ports[0].port;
	if (set.spec.replicas !== 1 || set.spec.serviceName !== node.node)
		out.push(`${at}: one pod, and its name is the service's`);
	if (String(container.args) !== `node,run,${node.node}`)
		out.push(`${at}: the pod runs ${container.args}`);
	if (node.endpoint !== `tcp://${node.node}:${port}` ||
	    listen.value !== `tcp://0.0.0.0:${port}`)
		out.push(`${at}: it does not listen where others look for it`);
	if (service.spec.clusterIP !== "None" ||
	    service.spec.publishNotReadyAddresses !== true)
		out.push(`${at}: it cannot be found while it recovers`);
	for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
		if (!container[probe])
			out.push(`${at}: no ${probe}`);
	if (set.spec.volumeClaimTemplates.length !== 1 ||
	    !container.volumeMounts.some((m) =>
		m.name === "data" && m.mountPath === "/data"))
		out.push(`${at}: its store is on no volume`);
	checkSecrets(node, spec, byName, out);
	checkMeasured(node, container, out);
	checkWriter(node, set, out);
}

/* A node has its own key; only one with HTTP has others, and no node has an
 * operator's. */
function checkSecrets(node, spec, byName, out) {
	const names = spec.volumes.filter((v) => v.secret)
		.map((v) => v.secret.secretName);
	const secret = byName.get(`Secret/${names[0]}`);
	const expected = node.http ? "keys.tar.gz,node.key" : "node.key";
	if (names.length !== 1 || !secret ||
	    !secret.metadata.name.startsWith(`${node.node}-`) ||
	    String(Object.keys(secret.data).sort()) !== expected)
		out.push(`node ${node.node}: it does not have just its own keys`);
}

/* ---- who may speak to whom ---- */

function matches(selector, labels) {
	const wanted = Object.entries(selector.matchLabels || {});
	return wanted.every(([key, value]) => labels[key] === value) &&
		(selector.matchExpressions || []).every((e) =>
			e.operator === "Exists" ? e.key in labels :
			e.operator === "In" ? e.values.includes(labels[e.key]) :
			false);
}

/* Whether a rule of a policy's direction lets `other` and the port through. */
function isAllowed(policies, labels, direction, peers, other, port) {
	return policies.some((policy) =>
		matches(policy.spec.podSelector, labels) &&
		(policy.spec[direction] || []).some((rule) =>
			(rule.ports || []).some((p) => p.port === port) &&
			(rule[peers] || []).some((peer) =>
				peer.podSelector && !peer.namespaceSelector &&
				matches(peer.podSelector, other))));
}

function isShut(policies, labels, direction) {
	return policies.some((policy) =>
		matches(policy.spec.podSelector, labels) &&
		policy.spec.policyTypes.includes(direction));
}

function checkLinks(objects, nodes, out) {
	const policies = objects.filter((o) => o.kind === "NetworkPolicy");
	const pods = objects.filter(hasPods).map((object) => ({
		name: object.metadata.name,
		labels: podOf(object).metadata.labels,
	}));
	const expected = new Set();
	for (const node of nodes) {
		expected.add(`desk ${node.node}`);
		if (node.parent)
			expected.add(`${node.node} ${node.parent}`);
	}
	for (const from of pods) {
		if (!isShut(policies, from.labels, "Ingress") ||
		    !isShut(policies, from.labels, "Egress"))
			out.push(`${from.name}: no policy shuts it in`);
		for (const to of pods) {
			const link = `${from.name} ${to.name}`;
			const is = isAllowed(policies, from.labels, "egress", "to",
					to.labels, 8300) &&
				isAllowed(policies, to.labels, "ingress", "from",
					from.labels, 8300);
			if (is !== expected.has(link))
				out.push(`${link}: ${is ? "is" : "is not"} let through`);
		}
	}
	checkRules(policies, out);
	checkOpen(policies, nodes, out);
}

/* A rule names its ports and whom it is about; there is no other port than
 * these, and out of the namespace nothing but names. */
function checkRules(policies, out) {
	const ports = { ingress: [8300, 8311], egress: [8300, 53] };
	const peers = { ingress: "from", egress: "to" };
	for (const policy of policies)
		for (const direction of ["ingress", "egress"])
			for (const rule of policy.spec[direction] || [])
				checkRule(nameOf(policy), rule.ports || [],
					rule[peers[direction]] || [],
					direction === "egress",
					ports[direction], out);
}

function checkRule(at, ports, peers, isOut, known, out) {
	const numbers = ports.map((p) => p.port);
	if (!ports.length || !peers.length ||
	    ports.some((p) => p.endPort || !known.includes(p.port)))
		out.push(`${at}: a rule for more than the ports of a node`);
	if (peers.some((p) => p.ipBlock))
		out.push(`${at}: a rule for addresses`);
	const isNames = numbers.every((n) => n === 53);
	for (const peer of peers) {
		const space = peer.namespaceSelector;
		if (isOut && isNames !== Boolean(space))
			out.push(`${at}: leads out of the city`);
		if (isOut && space && (space.matchLabels || {})
			["kubernetes.io/metadata.name"] !== "kube-system")
			out.push(`${at}: asks somebody else for names`);
		if (!isOut && space && numbers.some((n) => n !== 8311))
			out.push(`${at}: lets others in to more than HTTP`);
	}
}

/* From other namespaces only to HTTP, and only from those that are named. */
function checkOpen(policies, nodes, out) {
	const gateways = nodes.filter((n) => n.http).map((n) => n.node);
	for (const policy of policies)
		for (const rule of policy.spec.ingress || []) {
			const inside = (rule.from || []).every((p) =>
				p.podSelector && !p.namespaceSelector);
			const node = policy.spec.podSelector.matchLabels || {};
			if (!rule.from || rule.from.some((p) => p.ipBlock ||
			    (p.namespaceSelector &&
			     !Object.keys(p.namespaceSelector).length)))
				out.push(`${nameOf(policy)}: lets everybody in`);
			if (!inside && !gateways.includes(node["whistle-node"]))
				out.push(`${nameOf(policy)}: opens what is no gateway`);
		}
}

/* ---- all of it ---- */

function check(objects, nodes) {
	const out = [];
	const byName = new Map(objects.map((o) => [nameOf(o), o]));
	if (byName.size !== objects.length)
		out.push("two objects have one name");
	for (const object of objects)
		checkSchema(object, out);
	for (const object of objects.filter(hasPods))
		checkPod(object, byName, out);
	for (const node of nodes)
		checkNode(node, byName, out);
	const sets = objects.filter((o) => o.kind === "StatefulSet");
	if (sets.length !== nodes.length)
		out.push(`${sets.length} StatefulSets for ${nodes.length} nodes`);
	const budgets = objects.filter((o) => o.kind === "PodDisruptionBudget");
	for (const set of sets)
		if (!budgets.some((b) => b.spec.maxUnavailable === 1 &&
			matches(b.spec.selector, podOf(set).metadata.labels)))
			out.push(`${nameOf(set)}: no PodDisruptionBudget`);
	for (const map of objects.filter((o) => o.kind === "ConfigMap"))
		if (Object.keys(map.data).some((key) => /key|tar/.test(key)))
			out.push(`${nameOf(map)}: has a key in it`);
	checkLinks(objects, nodes, out);
	return out;
}

/* ---- it can fail ---- */

const first = (objects, kind) => objects.find((o) => o.kind === kind);
const breaks = {
	"an unknown field": (o) => {
		podOf(first(o, "StatefulSet")).spec.containers[0]
			.securityContext.readonlyRootFilesystem = true;
	},
	"an unknown field of a policy": (o) => {
		first(o, "NetworkPolicy").spec.ingres = [];
	},
	"a number that is none": (o) => {
		first(o, "StatefulSet").spec.replicas = "one";
	},
	"a kind of another version": (o) => {
		first(o, "PodDisruptionBudget").apiVersion = "policy/v2";
	},
	"a field that is missing": (o) => {
		delete first(o, "StatefulSet").spec.selector;
	},
	"a root file system that can be written": (o) => {
		delete podOf(first(o, "StatefulSet")).spec.containers[0]
			.securityContext.readOnlyRootFilesystem;
	},
	"a link too many": (o) => {
		o.find((p) => nameOf(p) === "NetworkPolicy/desk").spec.podSelector = {};
		first(o, "NetworkPolicy").spec.ingress[0].from = [{ podSelector: {} }];
	},
	"a link too few": (o, nodes) => {
		const leaf = nodes.find((n) => n.parent).node;
		o.find((p) => nameOf(p) === `NetworkPolicy/${leaf}`).spec.egress = [];
	},
	"another node's key": (o, nodes) => {
		const [a, b] = o.filter((s) => s.kind === "StatefulSet");
		const secret = (s) => podOf(s).spec.volumes.find((v) => v.secret);
		secret(a).secret = secret(b).secret;
	},
	"two pods for a node": (o) => {
		first(o, "StatefulSet").spec.replicas = 2;
	},
	"a volume of many writers": (o) => {
		first(o, "StatefulSet").spec.volumeClaimTemplates[0]
			.spec.accessModes = ["ReadWriteMany"];
	},
	"a volume that goes with its pod": (o) => {
		first(o, "StatefulSet").spec
			.persistentVolumeClaimRetentionPolicy.whenScaled = "Delete";
	},
	"a store in another's volume": (o) => {
		podOf(first(o, "StatefulSet")).spec.volumes.push({ name: "more",
			persistentVolumeClaim: { claimName: "data-cityd-0" } });
	},
	"no budget": (o) => {
		first(o, "PodDisruptionBudget").spec.selector
			.matchExpressions[0].key = "other";
	},
	"a budget of two": (o) => {
		first(o, "PodDisruptionBudget").spec.maxUnavailable = 2;
	},
	"less memory than was measured": (o) => {
		podOf(first(o, "StatefulSet")).spec.containers[0]
			.resources.requests.memory = "32Mi";
	},
	"a rule for all ports": (o, nodes) => {
		const leaf = nodes.find((n) => n.parent).node;
		delete o.find((p) => nameOf(p) === `NetworkPolicy/${leaf}`)
			.spec.egress[0].ports;
	},
	"a way out": (o) => {
		o.find((p) => nameOf(p) === "NetworkPolicy/desk").spec.egress
			.push({ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }],
				ports: [{ protocol: "TCP", port: 8300 }] });
	},
	"names by anybody": (o) => {
		delete o.find((p) => nameOf(p) === "NetworkPolicy/names")
			.spec.egress[0].to[0].namespaceSelector.matchLabels;
	},
	"links from other namespaces": (o, nodes) => {
		const gateway = nodes.find((n) => n.http).node;
		o.find((p) => nameOf(p) === `NetworkPolicy/${gateway}-http`)
			.spec.ingress[0].ports[0].port = 8300;
	},
	"links for another pod": (o, nodes) => {
		const child = nodes.find((n) => n.parent).node;
		o.find((p) => nameOf(p) === `NetworkPolicy/${child}`).spec
			.egress[0].to[0].podSelector.matchLabels["whistle-node"] =
			child;
	},
};

/* Base64 is wrapped, which the schema's format does not know. */
function unwrap(object) {
	if (object.kind === "Secret")
		for (const key of Object.keys(object.data))
			object.data[key] = object.data[key].replace(/\s/g, "");
	return object;
}

const objects = yaml.loadAll(fs.readFileSync(rendered, "utf8"))
	.filter(Boolean).map(unwrap);
const nodes = JSON.parse(fs.readFileSync(nodesFile, "utf8"));
const problems = check(objects, nodes);
for (const problem of problems)
	console.log(problem);
let unnoticed = 0;
for (const [what, breakIt] of Object.entries(breaks)) {
	const broken = structuredClone(objects);
	breakIt(broken, nodes);
	let found;
	try {
		found = check(broken, nodes);
	} catch (error) {
		found = [String(error)];
	}
	if (found.length <= problems.length) {
		unnoticed++;
		console.log(`goes unnoticed: ${what}`);
	}
}
console.log(`${objects.length} objects, ${nodes.length} nodes: ` +
	`${problems.length} problems; ${Object.keys(breaks).length} ways to ` +
	`break them, ${unnoticed} unnoticed`);
process.exit(problems.length || unnoticed ? 1 : 0);

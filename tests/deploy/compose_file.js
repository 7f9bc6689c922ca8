/*
 * What deploy/compose/compose.yaml says of each node.
 *
 *   node compose_file.js SCHEMAS COMPOSE.yaml NODES.json
 *
 * The last line is "N passed, N failed".
 */
"use strict";
const fs = require("fs");
const path = require("path");

const [schemas, file, nodesFile] = process.argv.slice(2);
const yaml = require(require.resolve("js-yaml",
	{ paths: [path.resolve(schemas)] }));

const { services, volumes } = yaml.load(fs.readFileSync(file, "utf8"));
const nodes = JSON.parse(fs.readFileSync(nodesFile, "utf8"));
let passed = 0;
let failed = 0;

function check(name, is) {
	if (is)
		passed++;
	else
		failed++;
	console.log(`  ${is ? "ok     " : "FAILED "} ${name}`);
}

const namesOf = (service) => service.volumes.map((v) => v.split(":")[0]);

check("every node of the sample city is a service",
	nodes.every((n) => services[n.node]));
check("and nothing else but what makes the city, and the desk",
	Object.keys(services).length === nodes.length + 2 &&
	services.city && services.desk);
check("each runs the node that it is called", nodes.every(({ node }) =>
	String(services[node].command) === `node,run,${node}` &&
	services[node].environment.WHISTLE_NODE === node));
check("each has its own store and key, and only those",
	nodes.every(({ node }) =>
		String(services[node].volumes) ===
		`city:/city:ro,${node}-key:/keys:ro,${node}:/data`));
check("no node has the operators' keys", nodes.every(({ node }) =>
	!namesOf(services[node]).includes("keys")));
check("the city's maker lays out every node's key", nodes.every(({ node }) =>
	services.city.volumes.includes(`${node}-key:/nodes/${node}`)));
check("every volume is declared", Object.values(services).every((s) =>
	namesOf(s).every((name) => name in volumes)));
check("all are read-only, without capabilities, and of no other user",
	nodes.every(({ node }) => {
		const s = services[node];
		return s.read_only === true && String(s.cap_drop) === "ALL" &&
			!s.cap_add && !s.user && !s.privileged &&
			s.security_opt.includes("no-new-privileges");
	}));
check("each is asked how it is, comes back, and has time to stop",
	nodes.every(({ node }) => {
		const s = services[node];
		return s.healthcheck.test.includes("check") &&
			s.restart === "unless-stopped" && s.stop_grace_period &&
			s.mem_limit;
	}));
check("only the gateway's HTTP is published, to this machine",
	Object.entries(services).every(([name, s]) =>
		(s.ports || []).every((port) =>
			nodes.find((n) => n.node === name).http &&
			port.includes("127.0.0.1:8311"))));

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

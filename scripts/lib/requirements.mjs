import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Problem } from './problem.mjs';

/** What each thing is needed for, and how to get it, in one sentence where it is missing. */
const CHECKS = { node: checkNode, java: checkJava, maven: checkMaven };

/**
 * Looks for what has to be on the machine beforehand.
 * @param {(keyof typeof CHECKS)[]} names
 * @throws {Problem} naming everything that is missing and the way out
 */
export function require(...names) {
  const missing = names.map((name) => CHECKS[name]()).filter((sentence) => sentence !== undefined);
  if (missing.length > 0) throw new Problem(missing.join(' '));
}

/** The Java that Maven would use as well. */
export function java() {
  return process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java';
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    return `Node 20 or later is needed, and this is ${process.version}: install one from your system's packages.`;
}

function checkJava() {
  const wayOut = 'install one (Debian: `apt-get install openjdk-17-jdk-headless`) or point JAVA_HOME to it.';
  const said = ask(java(), '-version');
  if (said === undefined) return `Java 17 or later is needed, and there is none: ${wayOut}`;
  const version = /version "(?:1\.)?(\d+)/.exec(said)?.[1];
  if (version !== undefined && Number(version) < 17)
    return `Java 17 or later is needed, and this is ${version}: ${wayOut}`;
  const compiler = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/javac') : 'javac';
  if (ask(compiler, '-version') === undefined)
    return `A JDK is needed, and this Java has no compiler: ${wayOut}`;
}

function checkMaven() {
  if (ask('mvn', '--version') === undefined) {
    return 'Maven is needed, and there is none (or it finds no Java): install it (Debian: `apt-get install maven`).';
  }
}

function ask(command, argument) {
  const answer = spawnSync(command, [argument], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout + answer.stderr : undefined;
}
